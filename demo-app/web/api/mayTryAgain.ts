import { isRefusal } from './isRefusal.ts'
import { NotSentError } from './NotSentError.ts'

/**
 * Whether the same call again is safe and can help. What was never sent can be sent. What the API has said no to is no again. Of
 * the rest nobody knows whether it was done, so only what is repeatable may be done again: reading, and writing that counts once.
 */
export function mayTryAgain(error: unknown, { repeatable }: { repeatable: boolean }): boolean {
  return error instanceof NotSentError || (repeatable && !isRefusal(error))
}
