import type { Step } from '@waybill/trail'
import { postSteps } from './postSteps.ts'
import { retryDelayMs } from './retryDelay.ts'

/**
 * Sends steps to the desk in batches, in the background, one request at a time. What the desk did not take for now (down,
 * busy, restarting, a wrong key) waits and is sent again; only when more than `maxWaiting` steps wait are the oldest dropped.
 * Nothing here throws into its caller or keeps a process alive: call `stop` before exit.
 *
 * @throws TypeError when `deliverTo` is not an http or https address.
 */
export function createReporter({ deliverTo, key, maxWaiting = 10_000, onFault }: ReporterOptions): Reporter {
  const endpoint = endpointOf(deliverTo)
  const closing = new AbortController()
  const waiting: Step[] = []
  let inHand: Step[] = []
  let failures = 0
  let dropped = 0
  let warning = ''
  let retryMs = 0
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined
  let stopping: Promise<void> | undefined

  const left = (): number => inHand.length + waiting.length
  const tell = (message: string, cause?: string): void =>
    onFault(new Error(`[waybill] ${message}`, cause ? { cause } : {}))

  function sendIn(ms: number): void {
    timer ??= setTimeout(() => void send(), ms).unref()
  }

  function send(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    sending ??= sendAll().finally(() => {
      sending = undefined
      if (left() > 0 && !stopping) sendIn(failures > 0 ? retryMs : DELAY_MS)
    })
    return sending
  }

  /** Batch after batch, until nothing is left or one has to wait. */
  async function sendAll(): Promise<void> {
    while (left() > 0) {
      if (inHand.length === 0) inHand = waiting.splice(0, BATCH)
      const result = await postSteps(inHand, { endpoint, key, signal: closing.signal })
      switch (result.verdict) {
        case 'later':
          retryMs = retryDelayMs(++failures, { retryAfter: result.retryAfter })
          if (failures === 1)
            tell(
              `The desk did not take steps (${result.reason}). They wait and are sent again; check its address and key.`,
            )
          return
        case 'too large':
          if (inHand.length > 1) {
            waiting.unshift(...inHand.splice(Math.ceil(inHand.length / 2)))
            break
          }
          tell('The desk finds a single step too large, so it is lost. Note fewer or shorter facts.')
          inHand = []
          break
        case 'refused':
          tell(
            `The desk refused ${inHand.length} steps for good (${result.reason}), so they are lost. Check that both sides have one version.`,
          )
          inHand = []
          break
        case 'taken':
          if (result.refused > 0)
            tell(
              `The desk could not read ${result.refused} steps, so they are lost. Check that the namespace is the same on both sides.`,
              result.message,
            )
          else if (result.message && result.message !== warning) {
            warning = result.message
            tell('The desk took the steps, but not all that they hold.', warning)
          }
          inHand = []
          failures = 0
          dropped = 0
          break
        default:
          result satisfies never
      }
    }
  }

  async function close(): Promise<void> {
    const deadline = setTimeout(() => closing.abort(), STOP_MS)
    do {
      await send()
    } while (left() > 0 && (await pause(retryMs, closing.signal)))
    clearTimeout(deadline)
    if (left() > 0)
      tell(`The desk did not answer until the end, so ${left()} steps are lost. Stop services before the desk.`)
    waiting.length = inHand.length = 0
  }

  return {
    record(step) {
      if (stopping) return
      waiting.push(step)
      if (waiting.length > maxWaiting) {
        waiting.shift()
        if (dropped++ === 0)
          tell(`More than ${maxWaiting} steps wait for the desk, so the oldest are dropped. Bring it back.`)
      }
      if (waiting.length >= BATCH && failures === 0 && !sending) void send()
      else if (!sending) sendIn(DELAY_MS)
    },
    flush: send,
    stop: () => (stopping ??= close()),
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

/** Small enough for an intake that takes 64 kB a request, and soon enough for a person who is on the phone. */
const BATCH = 50
const DELAY_MS = 250
const STOP_MS = 5_000

function endpointOf(deliverTo: string): string {
  const { protocol } = URL.parse(deliverTo) ?? {}
  if (protocol === 'http:' || protocol === 'https:') return `${deliverTo.replace(/\/+$/, '')}/v1/traces`
  throw new TypeError('[waybill] The desk needs an address to report to. Pass deliverTo: "https://desk.shop.example".')
}

/** Whether there is time for another try: false as soon as the signal ends the wait. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false)
    const timer = setTimeout(() => resolve(true), ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve(false)), { once: true })
  })
}
