/**
 * How often a call was sent before: the same method and URL again, in the same context, after a try that failed. Each failure counts
 * for one later try only, and time plays no part, so of calls that run side by side none is taken for the retry of another.
 */
export function createResendCounter(): ResendCounter {
  const failures = new WeakMap<object, Map<string, number[]>>()
  return {
    begin(context, call) {
      const calls = failures.get(context) ?? new Map<string, number[]>()
      failures.set(context, calls)
      const resends = (calls.get(call)?.shift() ?? -1) + 1
      return {
        resends,
        failed() {
          // A context that calls a thousand addresses is no retry loop.
          if (calls.size < MOST_CALLS || calls.has(call)) calls.set(call, [...(calls.get(call) ?? []), resends])
        },
      }
    },
  }
}

export interface ResendCounter {
  begin(context: object, call: string): Try
}

export interface Try {
  /** From 0. */
  readonly resends: number
  /** Says, once, that it got no answer or one that refuses. */
  failed(): void
}

const MOST_CALLS = 100
