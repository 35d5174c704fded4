import { canWait, tellable } from '../actions/Entry.ts'
import type { Entry, Span } from '../actions/Entry.ts'
import type { Kit } from '../Kit.ts'
import type { SessionStore } from '../session/SessionStore.ts'
import { attributesOf, spanOf } from './spanOf.ts'

/**
 * Brings steps to an OTLP/HTTP endpoint, as JSON, until it acknowledges them. One request at a time, waiting longer after each
 * failure and as long as `Retry-After` asks; where no answer comes at all, the next goes to the other address. Nobody
 * waits for it, and its failures reach `onError` only.
 */
export function createDelivery(kit: DeliveryOptions): Delivery {
  const { service, deliverTo, fallbackTo, key, fetch, entries, acknowledge, adopt, after, now, onError, guard } = kit
  const addresses = [deliverTo, fallbackTo].flatMap((base) =>
    base === undefined ? [] : `${base.replace(/\/$/, '')}/v1/traces${key ? `?key=${encodeURIComponent(key)}` : ''}`,
  )
  /** Sent as the page went, or refused: not to be taken again for now. */
  const skip = new Set<Span>()
  let limit = MOST_STEPS
  let failures = 0
  let triedAt = 0
  /** The pause under way; a later one outlasts an earlier one's timer. */
  let pause: object | undefined
  /** 1: due with what else comes, 2: at once. */
  let due = 0
  let running = Promise.resolve()

  function wake(isUrgent: boolean): void {
    if (pause || due > 1) return
    const level = isUrgent || waiting().length >= MOST_STEPS ? 2 : 1
    if (level <= due) return
    due = level
    // Bounded on both sides, for clocks are set.
    const urgentMs = Math.min(URGENT_GAP_MS, Math.max(0, triedAt + URGENT_GAP_MS - now()))
    after(level > 1 ? urgentMs : GATHER_MS, () => due && flush(true))
  }

  function flush(isPatient?: boolean): Promise<void> {
    due = 0
    // Only then is it known whether the desk asked for a pause.
    running = running.then(() => (isPatient && pause ? undefined : deliver())).catch(onError)
    return running
  }

  /** What is not acknowledged. */
  function waiting(): readonly Waiting[] {
    const found: Waiting[] = []
    for (const entry of entries())
      for (const span of entry.spans) {
        const told = tellable(span)
        if (span.sent < told && !skip.has(span) && !(told < 2 && canWait(entry))) found.push({ entry, span, told })
      }
    return found
  }

  function skipAll(taken: readonly Waiting[]): void {
    for (const { span } of taken) skip.add(span)
  }

  /** At most `limit` steps of it, and no more than a request holds. */
  function next(): Batch | undefined {
    const all = waiting()
    let count = Math.min(limit, all.length)
    if (!count) return undefined
    const { timeZone } = guard(() => Intl.DateTimeFormat().resolvedOptions()) ?? {}
    for (;;) {
      const taken = all.slice(0, count)
      const spans = taken.map(({ entry, span }) => spanOf(entry, span, timeZone))
      const attributes = attributesOf({ 'service.name': service, 'telemetry.sdk.language': 'webjs' })
      const body = JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] })
      const isSmall = new TextEncoder().encode(body).length <= LARGEST_BYTES
      if (isSmall || count < 2) return { taken, body, isSmall, hasMore: all.length > count }
      count >>= 1
    }
  }

  async function deliver(): Promise<void> {
    pause = undefined
    for (
      let batch = next() ?? (adopt() ? next() : undefined);
      batch;
      batch = batch.hasMore || adopt() ? next() : undefined
    ) {
      // oxlint-disable-next-line no-await-in-loop -- one request at a time
      const pauseMs = await post(batch)
      if (!pauseMs) continue
      const mine = (pause = {})
      after(pauseMs, () => pause === mine && flush())
      return
    }
  }

  /** A redirect is an error: most would turn it into a GET, whose answer acknowledges nothing. */
  function send({ body, isSmall: keepalive }: Batch, init?: RequestInit): Promise<Response> {
    return fetch(addresses[0]!, {
      method: 'POST',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      body,
      keepalive,
      ...init,
    })
  }

  /** Milliseconds to wait before the next; 0 when these were acknowledged. */
  async function post(batch: Batch): Promise<number> {
    const { taken } = batch
    let pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++) * (0.5 + Math.random() / 2)
    let cause: unknown
    triedAt = now()
    try {
      const headers = { 'content-type': 'application/json' }
      const response = await send(batch, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
      cause = response.status
      const text = await response.text()
      // OTLP answers with a JSON object, some collectors with nothing. A web page with status 200 is a proxy's, and nobody has the steps.
      const answer = response.ok && JSON.parse(text || '{}')
      if (answer instanceof Object) {
        const { rejectedSpans, errorMessage } = Object(answer.partialSuccess)
        const rejected = Number(rejectedSpans)
        // With nothing rejected a message is OTLP's way to warn.
        if (rejected > 0 || errorMessage) onError(new Error(LEFT_OUT, { cause: errorMessage }))
        // Which, if not all of them, it does not say.
        if (rejected >= taken.length) skipAll(taken)
        else {
          for (const { span, told } of taken) span.sent = told
          acknowledge(taken.map(({ entry }) => entry))
        }
        failures = 0
        limit = Math.min(MOST_STEPS, limit * 2)
        return 0
      }
      if (/4(00|13|22)/.test(`${response.status}`)) {
        // One of them is at fault. Sent in halves they tell which, and that one stays on the device. No reason to spare who answers.
        if (taken.length < 2) skipAll(taken)
        limit = Math.ceil(taken.length / 2)
        failures = 0
        pauseMs = REFUSED_PAUSE_MS
      }
      pauseMs = delayIn(response.headers.get('retry-after'), now()) || pauseMs
    } catch (error) {
      cause ??= error
      // Blocked, perhaps, where the other address is not.
      if (addresses.push(addresses.shift()!) > failures) pauseMs = 1
    }
    onError(new Error(NOT_ACCEPTED, { cause }))
    return pauseMs
  }

  return {
    wake,
    flush,
    leave() {
      // A string goes as text/plain, which needs no preflight: there is no time for one. Not a beacon, which tells the page's address.
      for (let batch = next(); batch; batch = next()) {
        send(batch).catch(onError)
        skipAll(batch.taken)
      }
    },
    comeBack() {
      // Nobody waited for an answer, so what was sent then is sent again.
      skip.clear()
      wake(true)
    },
  }
}

export interface Delivery {
  /** There is something to deliver: now, also where it fills a request, or with what else comes in the next five seconds. */
  wake(isUrgent: boolean): void
  /** Tries now, unless `isPatient` whatever the pause that was asked for; resolves when the attempt is over, never rejects. */
  flush(isPatient?: boolean): Promise<void>
  /** The page goes: the rest is sent, whatever comes of it. Unacknowledged, so it stays in the session store as well. */
  leave(): void
  comeBack(): void
}

export interface DeliveryOptions extends Kit, Pick<SessionStore, 'entries' | 'acknowledge' | 'adopt'> {}

interface Waiting {
  readonly entry: Entry
  readonly span: Span
  /** What there was to tell of it then, as `sent` counts it. */
  readonly told: number
}

interface Batch {
  readonly taken: readonly Waiting[]
  readonly body: string
  /** Enough to be sent while the page goes. */
  readonly isSmall: boolean
  /** Whether it is worth asking for the next at once; what comes meanwhile waits for its own time. */
  readonly hasMore: boolean
}

/** What the desk takes in one request: 50 steps, 64 kB. */
const MOST_STEPS = 50
/** Browsers allow 64 KiB of keepalive bodies in flight, the page's own among them. */
const LARGEST_BYTES = 40_000
const REFUSED_PAUSE_MS = 250
const GATHER_MS = 5000
/** A click is told at once, a burst of them once a second. */
const URGENT_GAP_MS = 1000
const TIMEOUT_MS = 20_000
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000
const NOT_ACCEPTED = '[waybill] Steps were not accepted, so support cannot find them yet.'
const LEFT_OUT = '[waybill] The desk left something out.'

/** `Retry-After` in its two forms, seconds and date; at most an hour, 0 for none. */
function delayIn(header: string | null, now: number): number {
  const ms = header ? Number(header) * 1000 || Date.parse(header) - now : 0
  return ms > 0 ? Math.min(ms, 3_600_000) : 0
}
