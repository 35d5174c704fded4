import { isRefusal } from './isRefusal.ts'
import { NotSentError } from './NotSentError.ts'

/** Whether a failed write surely changed nothing: it never left, or the API said no. Of any other nobody knows. */
export function changedNothing(error: unknown): boolean {
  return error instanceof NotSentError || isRefusal(error)
}
