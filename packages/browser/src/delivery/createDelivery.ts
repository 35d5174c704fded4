import { encodeOtlp } from '@waybill/trail'
import type { Batch } from './createOutbox.ts'

/**
 * Brings steps to an OTLP/HTTP endpoint, as JSON, until it acknowledges them: one request at a time, waiting longer after
 * each failure and as long as `Retry-After` asks. Nobody waits for it, and its failures reach `onError` only.
 */
export function createDelivery({ url, fetch, sendBeacon, next, after, now, onError }: DeliveryOptions): Delivery {
  /** Steps under way, given to a beacon, or refused: not to be taken again for now. */
  const skip = new Set<string>()
  let limit = MOST_STEPS
  let failures = 0
  let pausedUntil = 0
  let dueAt = Infinity
  let cancel: (() => void) | undefined
  let running = Promise.resolve()

  function wake(ms: number): void {
    const at = Math.max(now() + ms, pausedUntil)
    if (at >= dueAt) return
    cancel?.()
    dueAt = at
    cancel = after(at - now(), () => void run())
  }

  function run(): Promise<void> {
    cancel?.()
    dueAt = Infinity
    running = running.then(deliver).catch(onError)
    return running
  }

  async function deliver(): Promise<void> {
    if (now() < pausedUntil) return wake(0)
    for (let batch = next(limit, skip); batch; batch = batch.hasMore ? next(limit, skip) : undefined) {
      // oxlint-disable-next-line no-await-in-loop -- one request at a time
      const verdict = await post(batch)
      if (verdict.isAcknowledged) {
        failures = 0
        limit = Math.min(MOST_STEPS, limit * 2)
        continue
      }
      const backOffMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++) * (0.5 + Math.random() / 2)
      pausedUntil = now() + (verdict.retryAfterMs ?? backOffMs)
      onError(verdict.error)
      return wake(0)
    }
  }

  async function post({ steps, acknowledge }: Batch): Promise<Verdict> {
    const body = JSON.stringify(encodeOtlp(steps))
    for (const { id } of steps) skip.add(id)
    let isRefused = false
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        keepalive: body.length < LARGEST_KEEPALIVE,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const { ok, status, headers } = response
      const text = await response.text()
      if (ok && isAnswer(text)) {
        acknowledge()
        return { isAcknowledged: true }
      }
      if (status === 400 || status === 413 || status === 422) {
        // One of them is at fault. Ever smaller batches tell which, and that one stays on the device.
        isRefused = steps.length === 1
        limit = Math.ceil(steps.length / 2)
      }
      const retryAfterMs = delayIn(headers.get('retry-after'), now())
      return { isAcknowledged: false, retryAfterMs, error: new Error(`${NOT_ACCEPTED} Answer: ${status}.`) }
    } catch (cause) {
      return { isAcknowledged: false, error: new Error(NOT_ACCEPTED, { cause }) }
    } finally {
      if (!isRefused) for (const { id } of steps) skip.delete(id)
    }
  }

  return {
    wake: (isUrgent) => wake(isUrgent ? 0 : GATHER_MS),
    flush() {
      pausedUntil = 0
      return run()
    },
    leave() {
      for (let batch = next(MOST_STEPS, skip); batch; batch = next(MOST_STEPS, skip)) {
        // A string goes as text/plain, which needs no preflight: there is no time for one.
        if (!sendBeacon(url, JSON.stringify(encodeOtlp(batch.steps)))) return
        for (const { id } of batch.steps) skip.add(id)
      }
    },
    comeBack() {
      // Nobody acknowledges a beacon, so what it took is sent again.
      skip.clear()
      wake(0)
    },
    stop: () => cancel?.(),
  }
}

export interface Delivery {
  /** There is something to deliver: now, or with what else comes in the next three seconds. */
  wake(isUrgent: boolean): void
  /** Tries now, whatever the back-off; resolves when the attempt is over, never rejects. */
  flush(): Promise<void>
  /** The page goes: the rest by beacon. Unacknowledged, so it stays in the session store as well. */
  leave(): void
  comeBack(): void
  stop(): void
}

export interface DeliveryOptions {
  readonly url: string
  readonly fetch: typeof fetch
  readonly sendBeacon: (url: string, body: string) => boolean
  readonly next: (limit: number, skip: ReadonlySet<string>) => Batch | undefined
  readonly after: (ms: number, fn: () => void) => () => void
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

type Verdict =
  | { readonly isAcknowledged: true }
  | { readonly isAcknowledged: false; readonly retryAfterMs?: number | undefined; readonly error: Error }

/** What the desk takes in one request: 50 steps, 64 kB. */
const MOST_STEPS = 50
/** Characters. Browsers allow 64 KiB of keepalive bodies in flight, the page's own among them. */
const LARGEST_KEEPALIVE = 40_000
const GATHER_MS = 3000
const TIMEOUT_MS = 20_000
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000
const NOT_ACCEPTED =
  '[waybill] Steps were not accepted, so support cannot find them yet. They are kept and sent again; if it goes on, check deliverTo and key.'

/** OTLP answers with a JSON object, some collectors with nothing. A web page with status 200 is a proxy's, and nobody has the steps. */
function isAnswer(text: string): boolean {
  return text === '' || JSON.parse(text) instanceof Object
}

/** `Retry-After` in its two forms, seconds and date; at most an hour. */
function delayIn(header: string | null, now: number): number | undefined {
  const ms = header ? Number(header) * 1000 || Date.parse(header) - now : 0
  return ms > 0 ? Math.min(ms, 3_600_000) : undefined
}
