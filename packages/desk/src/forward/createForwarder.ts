import { randomBytes } from 'node:crypto'
import type { Reserve } from '../createByteBudget.ts'
import { claimedBody } from './claimedBody.ts'
import { createTeller } from './createTeller.ts'
import type { Signal } from '../intake/signals.ts'
import type { ForwardTarget } from './forwardTarget.ts'
import { sendToCollector } from './sendToCollector.ts'
import type { BodyToSend, Sent } from './sendToCollector.ts'
import { waitBeforeRetry } from './waitBeforeRetry.ts'

/**
 * Sends on to a collector what the desk took in. Bodies wait in memory, up to a number of bytes, and are sent in order, a few at a time; while
 * the collector has no time or is away they are tried again, less and less often. Nothing here is ever waited for by who sent them.
 */
export function createForwarder(options: ForwarderOptions): Forwarder {
  const { target, secret, onError, now = Date.now, random = Math.random } = options
  const { onSent = () => {}, onDropped = () => {} } = options
  const { firstWaitMs = 1000, timeoutMs = 30_000, flushMs = 5000 } = options
  const self = `waybill-${randomBytes(8).toString('hex')}`
  const tell = createTeller({ target, onError })
  const abort = new AbortController()
  /** In order of arrival, and each until it is done, so that what is on its way counts as well. */
  const queue = new Set<Queued>()
  const counts = { sent: 0, dropped: 0, failed: 0, rejected: 0 }
  let queueBytes = 0
  let onTheWay = 0
  let failures = 0
  let pause: NodeJS.Timeout | undefined
  let onEmpty: (() => void) | undefined

  function remove(body: Queued): void {
    if (queue.delete(body)) queueBytes -= sizeOf(body)
    if (queue.size === 0) onEmpty?.()
  }

  function drop(body: Queued): void {
    if (!queue.has(body)) return
    giveUp(body)
    remove(body)
  }

  function giveUp({ signal }: Pick<Queued, 'signal'>): void {
    counts.dropped++
    onDropped(signal)
  }

  function add(body: Queued): void {
    if (abort.signal.aborted || sizeOf(body) > target.queueBytes) return giveUp(body)
    queue.add(body)
    queueBytes += sizeOf(body)
    for (const oldest of queue) {
      if (queueBytes <= target.queueBytes) break
      if (oldest.state === 'waiting') drop(oldest)
    }
    sendNext()
  }

  function sendNext(): void {
    // After a failure one body alone finds out whether the collector is back.
    const most = failures > 0 ? 1 : IN_PARALLEL
    for (const body of queue) {
      if (pause || onTheWay >= most || abort.signal.aborted) return
      if (body.state === 'waiting') void send(body)
    }
  }

  async function send(body: Queued): Promise<void> {
    body.state = 'on-the-way'
    onTheWay++
    // A body that no code was prepared for is given up, and not the forwarding.
    const sent = await deliver(body).catch(() => null)
    onTheWay--
    body.state = 'waiting'
    if (!sent) drop(body)
    else if (sent.outcome === 'later') waitAfter(sent)
    else {
      const isTaken = sent.outcome === 'taken'
      failures = 0
      counts[isTaken ? 'sent' : 'failed']++
      const count = isTaken ? onSent : onDropped
      count(body.signal)
      if (isTaken) counts.rejected += sent.rejected
      remove(body)
      if (isTaken) tell.works(counts.dropped)
      else tell.refuses(sent.status)
    }
    sendNext()
  }

  /** Null where nothing in it can go out. */
  async function deliver(body: Queued): Promise<Sent | null> {
    const sendOptions = { target, via: body.via, abort: abort.signal, timeoutMs, now }
    if (!body.claimed) return await sendToCollector(body, sendOptions)
    // Reading it takes the processor a moment, and many in a row must let other requests through.
    await new Promise((resolve) => setImmediate(resolve))
    const bytes = claimedBody(body, secret)
    return bytes && (await sendToCollector({ signal: body.signal, bytes, encoding: 'json' }, sendOptions))
  }

  function waitAfter({ why, waitMs }: { readonly why: string; readonly waitMs: number }): void {
    if (abort.signal.aborted) return
    tell.waits(why)
    // Others that were on their way at the same time have said the same.
    if (pause) return
    pause = setTimeout(resume, waitBeforeRetry({ failures, askedMs: waitMs, firstMs: firstWaitMs, random }))
    failures++
    pause.unref()
  }

  function resume(): void {
    clearTimeout(pause)
    pause = undefined
    sendNext()
  }

  return {
    hold({ bytes, via, reserve, ...body }) {
      const hops = via?.split(',') ?? []
      if (bytes.byteLength === 0) return () => {}
      if (hops.length >= MOST_HOPS || hops.some((hop) => hop.trim().split(/\s+/)[1] === self)) return () => {}
      if (reserve(bytes.byteLength) !== 'reserved') return () => giveUp(body)
      const held: Queued = { ...body, bytes: new Uint8Array(bytes), via: viaAfter(via), state: 'waiting' }
      return () => add(held)
    },
    stats: () => ({ ...counts, queueBytes }),
    async stop() {
      const end = setTimeout(() => onEmpty?.(), flushMs)
      await new Promise<void>((resolve) => {
        onEmpty = resolve
        failures = 0
        if (queue.size === 0) resolve()
        else resume()
      })
      clearTimeout(end)
      clearTimeout(pause)
      abort.abort()
      for (const body of queue) drop(body)
    },
  }

  function viaAfter(via: string | null): string {
    return via ? `${via}, 1.1 ${self}` : `1.1 ${self}`
  }
}

export interface Forwarder {
  /**
   * Holds a body that the desk is about to take in: copies its bytes at once, because whoever takes them may give them away to another thread. Call
   * what it gives when the desk has taken the body; then it is sent on. Neither waits, nor throws.
   */
  readonly hold: (body: BodyToForward) => () => void
  readonly stats: () => ForwardStats
  /** Sends what waits for a few seconds at most, then drops the rest. */
  readonly stop: () => Promise<void>
}

export interface BodyToForward {
  readonly signal: Signal
  /** Not packed. */
  readonly bytes: Uint8Array
  readonly encoding: 'json' | 'protobuf'
  /** Whether it came with a browser key. */
  readonly claimed: boolean
  /** The `Via` header it came with. What this desk itself sent on is not sent on again. */
  readonly via: string | null
  /** For the copy, until the body is taken. */
  readonly reserve: Reserve
}

/** Since the start. */
export interface ForwardStats {
  /** What waits or is on its way now, with what keeping it costs. */
  readonly queueBytes: number
  /** Bodies that the collector took. */
  readonly sent: number
  /** Bodies given up because the queue or the memory for bodies under way was full, the desk stopped, or nothing in them can go out. */
  readonly dropped: number
  /** Bodies that the collector refused for good. */
  readonly failed: number
  /** Spans, log records and data points that it did not keep of bodies it took. */
  readonly rejected: number
}

export interface ForwarderOptions {
  readonly target: ForwardTarget
  /** The store's, for persons' hashes. */
  readonly secret: Uint8Array
  /** Hears once when the collector takes nothing, and once when it does again. */
  readonly onError: (error: unknown) => void
  /** Hears of each body that the collector took. Must not throw. @default nobody */
  readonly onSent?: ((signal: Signal) => void) | undefined
  /** Hears of each body that was given up or refused. Must not throw. @default nobody */
  readonly onDropped?: ((signal: Signal) => void) | undefined
  /** Doubled after every failure, up to a minute. @default 1000 */
  readonly firstWaitMs?: number | undefined
  /** Of one request. @default 30000 */
  readonly timeoutMs?: number | undefined
  /** What `stop` waits at most. @default 5000 */
  readonly flushMs?: number | undefined
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** From 0 up to 1. @default Math.random */
  readonly random?: (() => number) | undefined
}

interface Queued extends BodyToSend {
  readonly claimed: boolean
  readonly via: string
  state: 'waiting' | 'on-the-way'
}

const IN_PARALLEL = 4
/** Longer than any sensible chain of proxies and desks, and the end of a circle through proxies that change what is in `Via`. */
const MOST_HOPS = 16

/** With what an entry costs besides its bytes, or a queue of tiny bodies would be many times as large as it says. */
function sizeOf({ bytes }: Queued): number {
  return bytes.byteLength + 400
}
