/** What is left of a pause of `ms`, of which so much has passed. Bounded on both sides, for clocks are set. */
export function restOf(ms: number, passedMs: number): number {
  return Math.min(ms, Math.max(0, ms - passedMs))
}
