/** @throws TypeError when it is no number of days. */
export function checkKeepLogDays(keepLogDays: number | undefined): void {
  if (keepLogDays === undefined || (Number.isInteger(keepLogDays) && keepLogDays >= 1)) return
  throw new TypeError(
    '[waybill] keepLogDays is a whole number of days, at least 1, or nobody could read who looked at what.',
  )
}
