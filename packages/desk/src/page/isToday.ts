/** Whether a moment is on the day that it is now, where the reader is. */
export function isToday(iso: string, now = new Date()): boolean {
  return new Date(iso).toDateString() === now.toDateString()
}
