import type { Action } from '@waybill/browser'

/**
 * Ends the actions that mutations began, each once: when the last mutation in it has settled, as failed if one of them failed.
 * Actions that somebody else began are left to them.
 */
export function createSharedEnd(): SharedEnd {
  const owned = new WeakMap<Action, { pending: number; failure?: Failure | undefined }>()
  return {
    own(action) {
      if (!owned.has(action)) owned.set(action, { pending: 0 })
    },
    join(action) {
      const shared = owned.get(action)
      if (shared) shared.pending++
    },
    leave(action, failure) {
      const shared = owned.get(action)
      if (!shared) return
      shared.failure ??= failure
      if (--shared.pending > 0) return
      if (shared.failure) action.fail(shared.failure.error)
      else action.succeed()
      shared.failure = undefined
    },
  }
}

interface SharedEnd {
  /** From now on the action ends here. */
  own(action: Action): void
  join(action: Action): void
  leave(action: Action, failure?: Failure): void
}

interface Failure {
  readonly error: unknown
}
