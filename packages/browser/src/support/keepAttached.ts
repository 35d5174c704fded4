import type { Reference } from '@waybill/reference'
import type { Waybill } from '../Waybill.ts'
import type { Handover } from './Handover.ts'
import { handoverOf } from './handoverOf.ts'
import type { HandoverResult, SupportChannel } from './SupportChannel.ts'
import type { SupportLabels } from './SupportLabels.ts'

/**
 * Keeps a channel in step with the action whose reference the customer sees: attached while that action is open, failed or
 * given up; cleared when it succeeds, when the session is cleared, and by the returned stop. A vendor that loads later
 * gets it then. Where several are kept on one channel, it has the one that was begun last and still needs it.
 *
 * ```ts
 * const stop = keepAttached(waybill, { channel, reference }) // as the notice appears
 * stop() // as it goes
 * ```
 */
export function keepAttached(
  waybill: Pick<Waybill, 'session' | 'prefix'>,
  { channel, reference, labels, onAttach, after = later }: KeepAttachedOptions,
): () => void {
  const line = lineOf(channel)
  const place: Place = { handover: undefined, onAttach, after }
  line.places.push(place)
  if (line.result) onAttach?.(line.result)

  function update(): void {
    const record = waybill.session.actions().find((each) => each.reference === reference)
    const isNeeded = record !== undefined && record.state !== 'succeeded'
    place.handover = isNeeded ? handoverOf(waybill, reference, labels) : undefined
    line.update()
  }

  const unsubscribe = waybill.session.subscribe(update)
  update()
  return () => {
    unsubscribe()
    line.places = line.places.filter((each) => each !== place)
    line.update()
  }
}

export interface KeepAttachedOptions {
  readonly channel: SupportChannel
  /** What is on the screen, taken from the failed call or the action itself; never guessed. */
  readonly reference: Reference
  readonly labels?: Partial<SupportLabels> | undefined
  /** Is told whether the channel takes references, as it was last seen, and again whenever that is seen anew. @default none */
  readonly onAttach?: ((result: HandoverResult) => void) | undefined
  /** Calls `fn` after `ms` milliseconds unless the returned function was called. @default `setTimeout` */
  readonly after?: ((ms: number, fn: () => void) => () => void) | undefined
}

interface Place {
  handover: Handover | undefined
  readonly onAttach: KeepAttachedOptions['onAttach']
  readonly after: NonNullable<KeepAttachedOptions['after']>
}

/** Everybody who keeps something on one channel, which can hold but one reference. */
interface Line {
  places: Place[]
  /** What came of the last attachment. */
  result: HandoverResult | undefined
  update(): void
}

const lines = new WeakMap<SupportChannel, Line>()

function lineOf(channel: SupportChannel): Line {
  const known = lines.get(channel)
  if (known) return known
  const line = createLine(channel)
  lines.set(channel, line)
  return line
}

function createLine(channel: SupportChannel): Line {
  /** The text of what the channel was given. */
  let held: string | undefined
  let isBusy = false
  let cancelWait: (() => void) | undefined

  /** One step at a time, so that a slow `attach` cannot land after the `clear` that follows it. */
  async function bringInStep(waitMs: number): Promise<void> {
    if (isBusy) return
    isBusy = true
    for (let top = topOf(line); top?.handover?.text !== held; top = topOf(line)) {
      cancelWait?.()
      held = top?.handover?.text
      // oxlint-disable-next-line no-await-in-loop -- one step at a time
      const result = await stepOf(channel, top?.handover)
      if (result) {
        line.result = result
        for (const { onAttach } of line.places) onAttach?.(result)
      }
      const isMissing = result && !result.ok && result.reason === 'missing'
      // Chats load late: behind a consent, or when the page is idle.
      if (top && isMissing && waitMs <= LONGEST_WAIT_MS) {
        cancelWait = top.after(waitMs, () => {
          held = undefined
          void bringInStep(waitMs * 2)
        })
      }
    }
    isBusy = false
  }

  const line: Line = { places: [], result: undefined, update: () => void bringInStep(FIRST_WAIT_MS) }
  return line
}

/** A channel that is no `customChannel` may throw. */
async function stepOf(channel: SupportChannel, handover: Handover | undefined): Promise<HandoverResult | void> {
  try {
    return await (handover ? channel.attach(handover) : channel.clear())
  } catch {
    return handover && { ok: false, reason: 'refused' }
  }
}

function topOf({ places }: Line): Place | undefined {
  return places.findLast(({ handover }) => handover)
}

const FIRST_WAIT_MS = 1000
/** The last look comes after about nine minutes; `open` looks again in any case. */
const LONGEST_WAIT_MS = 256_000

function later(ms: number, fn: () => void): () => void {
  const timer = setTimeout(fn, ms)
  return () => clearTimeout(timer)
}
