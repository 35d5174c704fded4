/** Whether a failed attempt was the last one there will be. */
export function isFinal({ attempt, maxAttempts }: Attempt): boolean {
  return (attempt ?? 1) >= (maxAttempts ?? 1)
}

/** Absent is undefined or null. */
interface Attempt {
  readonly attempt?: number | null | undefined
  readonly maxAttempts?: number | null | undefined
}
