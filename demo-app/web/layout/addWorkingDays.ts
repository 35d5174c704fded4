/** The ISO time so many days later, Saturdays and Sundays not counted. */
export function addWorkingDays(iso: string, days: number): string {
  const date = new Date(iso)
  for (let left = days; left > 0;) {
    date.setDate(date.getDate() + 1)
    if (date.getDay() % 6 !== 0) left--
  }
  return date.toISOString()
}
