/** The time of day with the zone it is told in, `14:03:05 CET`: said once for all times that stand without. */
export function timeWithZone(iso: string): string {
  return FORMAT.format(new Date(iso))
}

// British English, like the page's words.
const FORMAT = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
})
