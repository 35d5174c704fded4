import { AsyncLocalStorage } from 'node:async_hooks'
import type { Step } from '@waybill/trail'
import { deskEndpoint } from '../desk/deskEndpoint.ts'
import { createDelivery } from './createDelivery.ts'
import { packSteps } from './parcel.ts'

/**
 * Reports steps to the desk in the background, in batches. What the desk does not take for now (down, busy, restarting, a wrong
 * key) waits and is sent again; only when more than `maxWaiting` steps wait are the oldest dropped, and counted. Nothing here
 * throws into its caller or keeps a process alive: call `stop` before exit.
 *
 * @throws TypeError when `deliverTo` is not an http or https address.
 */
export function createReporter({ deliverTo, key, maxWaiting = 100_000, onFault }: ReporterOptions): Reporter {
  // A report is nobody's action, and what waits for its time must not keep a request's context alive.
  const outside = AsyncLocalStorage.snapshot()
  const closing = new AbortController()
  const tell = (message: string, cause?: unknown): void =>
    onFault(new Error(`[waybill] ${message}`, cause ? { cause } : {}))
  const delivery = createDelivery({
    endpoint: deskEndpoint('deliverTo', deliverTo, '/v1/traces'),
    key,
    signal: closing.signal,
    tell,
    onTaken: tellOfDropped,
    onTooLarge: (count) => void (mostInBatch = Math.max(LEAST_IN_BATCH, Math.ceil(count / 2))),
  })
  let mostInBatch = MOST_IN_BATCH
  let batch: Step[] = []
  /** Batches to be packed, the oldest first. */
  const full: Step[][] = []
  /** Steps in those. */
  let waiting = 0
  let dropped = 0
  let gathering: NodeJS.Timeout | undefined
  let starting: NodeJS.Immediate | undefined
  let packing: Promise<void> | undefined
  let stopping: Promise<void> | undefined

  const left = (): number => batch.length + waiting + delivery.waiting()

  /** While the desk takes nothing, batches fill up, however long that takes. */
  function gather(): void {
    gathering = delivery.trouble() ? setTimeout(gather, DELAY_MS).unref() : undefined
    if (gathering) return
    closeBatch()
    void pack()
  }

  function closeBatch(): void {
    if (batch.length === 0) return
    full.push(batch)
    waiting += batch.length
    batch = []
  }

  /** One batch after the other, so that the service's own work comes in between. */
  function pack(): Promise<void> {
    packing ??= packAll().finally(() => {
      packing = undefined
      // What came in between its last look and now.
      return full.length > 0 ? pack() : undefined
    })
    return packing
  }

  async function packAll(): Promise<void> {
    for (let steps = full.shift(); steps; steps = full.shift()) {
      waiting -= steps.length
      try {
        delivery.add(await packSteps(steps))
      } catch (error) {
        tell(`${steps.length} steps cannot be written as JSON, so they are lost.`, error)
      }
    }
  }

  function dropOldest(): void {
    const count = delivery.waiting() > 0 ? delivery.dropOldest(left() - maxWaiting) : dropStep()
    if (count > 0 && dropped === 0) {
      const trouble = delivery.trouble()
      tell(
        trouble
          ? `More than ${maxWaiting} steps wait for the desk, which takes none (${trouble}), so the oldest are dropped. Check its address and key.`
          : `More than ${maxWaiting} steps wait, because they come faster than they can be sent, so the oldest are dropped. Give the desk a faster machine, or a burst a larger maxWaiting.`,
      )
    }
    dropped += count
  }

  function dropStep(): number {
    const [oldest] = full
    ;(oldest ?? batch).shift()
    if (oldest) waiting--
    if (oldest?.length === 0) full.shift()
    return 1
  }

  /** Not before there is room again, or the two messages would alternate. */
  function tellOfDropped(): void {
    if (dropped === 0 || left() > maxWaiting / 2) return
    tell(`The desk has caught up. ${dropped} steps were dropped before, so trails of that time have gaps.`)
    dropped = 0
  }

  async function flush(): Promise<void> {
    closeBatch()
    await pack()
    await delivery.settle()
  }

  async function close(): Promise<void> {
    const deadline = setTimeout(() => closing.abort(), STOP_MS)
    do {
      await flush()
    } while (left() > 0 && (await pause(delivery.retryMs(), closing.signal)))
    clearTimeout(deadline)
    clearTimeout(gathering)
    if (dropped > 0) tell(`${dropped} steps were dropped, so trails of that time have gaps.`)
    if (left() > 0)
      tell(`The desk did not answer until the end, so ${left()} steps are lost. Stop services before the desk.`)
    delivery.stop()
  }

  return {
    record(step) {
      if (stopping) return
      batch.push(step)
      if (batch.length >= mostInBatch) {
        closeBatch()
        starting ??= outside(() =>
          setImmediate(() => {
            starting = undefined
            void pack()
          }).unref(),
        )
      } else gathering ??= outside(() => setTimeout(gather, DELAY_MS).unref())
      if (left() > maxWaiting) outside(dropOldest)
    },
    flush: () => outside(flush),
    stop: () => (stopping ??= outside(close)),
  }
}

export interface Reporter {
  record(step: Step): void
  /** Resolves when everything is delivered, or one try has failed; never rejects. */
  flush(): Promise<void>
  /** Resolves when everything is delivered, or after 5 seconds. */
  stop(): Promise<void>
}

/** As of `createWaybill`. */
interface ReporterOptions {
  readonly deliverTo: string
  readonly key?: string | undefined
  readonly maxWaiting?: number | undefined
  readonly onFault: (error: unknown) => void
}

/** Some 500 kB, compressed a tenth of it, where collectors take 20 MB. Under load a request costs more than the steps in it, so few are better. */
const MOST_IN_BATCH = 1024
/** Where a proxy takes little. A lone giant must not make each step a request of its own. */
const LEAST_IN_BATCH = 32
/** Soon enough for a person who is on the phone. */
const DELAY_MS = 250
const STOP_MS = 5_000

/** Whether there is time for another try: false as soon as the signal ends the wait. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false)
    const timer = setTimeout(() => resolve(true), ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve(false)), { once: true })
  })
}
