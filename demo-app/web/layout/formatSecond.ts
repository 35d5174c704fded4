const second = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** Day and time to the second, for what happened twice in one minute: `4 November at 10:14:03`. */
export function formatSecond(iso: string): string {
  return second.format(new Date(iso))
}
