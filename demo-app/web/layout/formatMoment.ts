const moment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
})

/** Day and time of an ISO time in the visitor's own zone: `4 November at 10:14`. */
export function formatMoment(iso: string): string {
  return moment.format(new Date(iso))
}
