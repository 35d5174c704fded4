/** Whether `step` went through, for where a second way is open when the first one throws. */
export function tried(step: () => unknown): boolean {
  try {
    step()
    return true
  } catch {
    return false
  }
}
