import { isDatabaseFault } from '../store/DatabaseFault.ts'

/**
 * Passes faults on, but of those that the desk's database is at fault for the same one once in ten seconds: while it is away every request meets it, and their senders come again
 * and again.
 */
export function createErrorFilter({
  onError,
  elapsed = () => performance.now(),
}: ErrorFilterOptions): (error: unknown) => void {
  const told = new Map<string, number>()
  return (error) => {
    const cause = error instanceof Error ? error.cause : undefined
    const fault = isDatabaseFault(error) ? error : isDatabaseFault(cause) ? cause : undefined
    if (fault) {
      const last = told.get(fault.message)
      if (last !== undefined && elapsed() - last < QUIET_MS) return
      told.set(fault.message, elapsed())
    }
    onError(error)
  }
}

export interface ErrorFilterOptions {
  readonly onError: (error: unknown) => void
  /** Milliseconds of a clock that nobody sets back. @default performance.now */
  readonly elapsed?: (() => number) | undefined
}

const QUIET_MS = 10_000
