/** Puts a contender's calls at the bench's disposal, made in the ways an application makes them. */
export function offer({ fetch, act = (_, fn) => fn(fetch), flush, clear, startMs = 0 }: Contender): void {
  let path = 0
  let syncMs = 0
  let settled = Promise.resolve()

  async function call(fetch: Fetch): Promise<void> {
    const begun = performance.now()
    const answering = fetch(`/api/orders/${1000 + (path++ % 500)}/lines?page=2`, HEADERS)
    syncMs += performance.now() - begun
    const response = await answering
    await response.json()
  }

  async function calls(count: number, fetch: Fetch): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- one after another is what is measured
    for (let i = 0; i < count; i++) await call(fetch)
  }

  document.querySelector('button')?.addEventListener('click', () => {
    settled = calls(CALLS_PER_ACTION, fetch)
  })

  Object.assign(window, {
    bench: {
      async background(count) {
        for (let i = 0; i < count; i++) {
          // oxlint-disable-next-line no-await-in-loop -- a poller's next call comes in a task of its own
          await task()
          // oxlint-disable-next-line no-await-in-loop -- one after another is what is measured
          await call(fetch)
        }
      },
      async actions(count) {
        for (let i = 0; i < count; i += CALLS_PER_ACTION) {
          // oxlint-disable-next-line no-await-in-loop -- the next action comes in a task of its own
          await task()
          // oxlint-disable-next-line no-await-in-loop -- one after another is what is measured
          await act('Request refund', (fetch) => calls(CALLS_PER_ACTION, fetch))
        }
      },
      settled: () => settled,
      async flush() {
        await flush?.()
      },
      clear() {
        clear?.()
      },
      takeSyncMs() {
        const taken = syncMs
        syncMs = 0
        return taken
      },
      startMs,
    } satisfies Bench,
  })
}

/** The next task, without the delay that timers get. */
function task(): Promise<void> {
  return new Promise((go) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      go()
    })
    port1.start()
    port2.postMessage(null)
  })
}

export type Fetch = typeof globalThis.fetch

export interface Contender {
  /** What the application calls; the page's own where a contender patches it. */
  readonly fetch: Fetch
  /** An explicit action (span, transaction) around calls, where the contender has such a thing. */
  readonly act?: (name: string, fn: (fetch: Fetch) => Promise<void>) => Promise<unknown>
  /** Sends what waits. */
  readonly flush?: () => PromiseLike<unknown>
  /** Lets go of what is kept for support. */
  readonly clear?: () => void
  /** What setting it up took. */
  readonly startMs?: number
}

export interface Bench {
  /** Calls that nothing led to, each in a task of its own. */
  background(count: number): Promise<void>
  /** Calls in explicit actions of three. */
  actions(count: number): Promise<void>
  /** The calls of the last click. */
  settled(): Promise<void>
  flush(): Promise<void>
  clear(): void
  /** Milliseconds inside `fetch(…)` until it returned its promise, since last taken. */
  takeSyncMs(): number
  readonly startMs: number
}

declare global {
  interface Window {
    readonly bench: Bench
  }
}

export const CALLS_PER_ACTION = 3

/** Read like any other caller's, never written to. */
const HEADERS = { headers: { accept: 'application/json', 'x-shop': 'eu' } }
