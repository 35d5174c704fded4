import type { Store } from '../store/Store.ts'
import type { Metrics } from './createMetrics.ts'

/** The same store, with its writes timed and counted, and how many steps wait in it. */
export function watchStore(store: Store, onWrite: Metrics['write']): WatchedStore {
  let waiting = 0
  return {
    waitingSteps: () => waiting,
    store: {
      ...store,
      async append(steps) {
        waiting += steps.length
        const begun = performance.now()
        const done = (ok: boolean): void => onWrite({ ok, durationMs: performance.now() - begun })
        try {
          const appended = await store.append(steps)
          // What was too much was not written.
          if (appended.ok) done(true)
          return appended
        } catch (error) {
          done(false)
          throw error
        } finally {
          waiting -= steps.length
        }
      },
    },
  }
}

export interface WatchedStore {
  readonly store: Store
  /** Steps that were handed over and are not durable yet. */
  readonly waitingSteps: () => number
}
