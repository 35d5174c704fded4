/** How long ago it was, as people say it: `just now`, `2 minutes ago`, `3 days ago`. */
export function agoText(iso: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return WORDS.format(-minutes, 'minute')
  if (minutes < 48 * 60) return WORDS.format(-Math.floor(minutes / 60), 'hour')
  return WORDS.format(-Math.floor(minutes / 60 / 24), 'day')
}

const WORDS = new Intl.RelativeTimeFormat('en-GB')
