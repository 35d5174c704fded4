import { isThenable } from './isThenable.ts'

/**
 * Whose code is running: set for the synchronous part of `run`, and for the microtasks that follow a promise settled by
 * `settle`. Everything else has no owner here. `null` is a window that is deliberately nobody's.
 */
export function createScope<Owner extends object>(): Scope<Owner> {
  let held: Owner | null | undefined
  let window: { owner: Owner | null } | undefined
  let hopsLeft = 0
  const waiting: { readonly owner: Owner | null; readonly done: () => void }[] = []

  function open(owner: Owner | null, done: () => void): void {
    window = { owner }
    hopsLeft = HOPS
    done()
  }

  async function closeInTime(): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- counting microtasks is the point
      while (hopsLeft-- > 0) await hop
      window = undefined
      const next = waiting.shift()
      if (!next) return
      open(next.owner, next.done)
    }
  }

  return {
    current: () => (held === undefined ? window?.owner : held),

    run(owner, fn) {
      const before = held
      const doubtful = window && window.owner !== owner ? window : undefined
      let isAsync = false
      // Ahead of any microtask that `fn` queues: what it resumes after a foreign promise cannot be told from the window's own
      // code any more, and nobody's is better than another's.
      if (doubtful) queueMicrotask(() => void (isAsync && (doubtful.owner = null)))
      held = owner
      try {
        const result = fn()
        isAsync = isThenable(result)
        return result
      } finally {
        held = before
      }
    },

    settle(owner, done) {
      if (!window) {
        open(owner, done)
        void closeInTime()
      } else if (window.owner === owner) {
        hopsLeft = HOPS
        done()
      } else {
        waiting.push({ owner, done })
      }
    },
  }
}

export interface Scope<Owner> {
  current(): Owner | null | undefined
  run<T>(owner: Owner, fn: () => T): T
  /**
   * Calls `done`, which settles a promise, with `owner` in force until the microtasks that follow have run. A second owner
   * that comes meanwhile waits: two chains of continuations never interleave.
   */
  settle(owner: Owner | null, done: () => void): void
}

const hop = Promise.resolve()

/** What comes after ky's `HTTPError`, the longest way from our promise to the caller's code yet, takes 18. Each costs well below a microsecond. */
const HOPS = 64
