import type { Store } from '../store/Store.ts'

/**
 * Whether requests should come here: while the desk runs and its store writes and reads. The store is really asked, once a second at most however
 * many ask, and one that does not answer within two seconds is not ready.
 */
export function createReadiness({ store, onError, elapsed = () => performance.now() }: ReadinessOptions): Readiness {
  let isStopping = false
  let hasFailed = false
  let last: { readonly at: number; readonly result: Promise<'ready' | 'store-failed'> } | undefined

  async function ask(): Promise<'ready' | 'store-failed'> {
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(SLOW)), PATIENCE_MS)
    })
    try {
      await Promise.race([store.check(), patience])
      hasFailed = false
      return 'ready'
    } catch (error) {
      // A store that is down is told once, not at every question.
      if (!hasFailed) onError(error)
      hasFailed = true
      return 'store-failed'
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async state() {
      if (isStopping) return 'stopping'
      const at = elapsed()
      if (!last || at - last.at >= FRESH_MS) last = { at, result: ask() }
      const result = await last.result
      return isStopping ? 'stopping' : result
    },
    stopping() {
      isStopping = true
    },
  }
}

export interface Readiness {
  state(): Promise<ReadinessState>
  /** From now on it is not ready, whatever the store says. */
  stopping(): void
}

export type ReadinessState = 'ready' | 'store-failed' | 'stopping'

export interface ReadinessOptions {
  readonly store: Pick<Store, 'check'>
  /** Hears why the store failed, once until it works again. */
  readonly onError: (error: unknown) => void
  /** Milliseconds of a clock that nobody sets back. @default performance.now */
  readonly elapsed?: (() => number) | undefined
}

const FRESH_MS = 1000
const PATIENCE_MS = 2000

const SLOW =
  '[waybill] The store did not write and read a value within two seconds, so this desk is not ready. Check its disk, and whether something else holds the database.'
