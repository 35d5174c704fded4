const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

/** The day of an ISO time in the visitor's own zone: `4 November 2026`. */
export function formatDay(iso: string): string {
  return day.format(new Date(iso))
}
