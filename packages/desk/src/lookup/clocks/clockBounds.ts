import { ATTRIBUTES, isCutShort } from '@waybill/trail'
import type { Step } from '@waybill/trail'

/**
 * What causes and answers tell of the clocks of two machines, for each two of which they tell anything. Nothing begins before its cause. A
 * server begins to answer a call before the call has its answer, and mostly ends before it, too; not where the answer is a stream, for a
 * call ends with the answer's headers.
 */
export function clockBounds(steps: readonly Step[], machineOf: ReadonlyMap<Step, number>): ClockBound[] {
  const told = tellingsOf(steps)
  const sent = sendingsOf(steps)
  const bounds = new Map<number, Bound>()
  for (const step of steps) {
    if (!isTimed(step)) continue
    for (const cause of [told.get(step.parentId ?? ''), sent.get(jobOf(step) ?? '')]) {
      if (!cause || !isTimed(cause)) continue
      const [from, to] = [machineOf.get(cause)!, machineOf.get(step)!]
      if (from === to) continue
      const key = from * machineOf.size + to
      const bound = bounds.get(key) ?? { from, to, least: -Infinity, most: Infinity, mostByEnds: Infinity }
      bounds.set(key, bound)
      bound.least = Math.max(bound.least, leastOf(cause, step))
      if (!isAnswered(cause) || !isServed(step)) continue
      const end = cause.at + cause.durationMs + ROUNDING_MS
      bound.most = Math.min(bound.most, end - step.at)
      if (step.status !== 'running' && !isCutShort(step))
        bound.mostByEnds = Math.min(bound.mostByEnds, end - step.at - step.durationMs)
    }
  }
  return Array.from(bounds.values(), settled)
}

/**
 * Between two clocks. What has to be added to the times of `to` after as much as is right was added to those of `from` is not below `least`
 * and not above `most`, in milliseconds.
 */
export interface ClockBound {
  /** The machine of the causes. */
  readonly from: number
  readonly to: number
  readonly least: number
  readonly most: number
}

/**
 * Differences up to this are left as they are. Servers that keep time by NTP differ by a few milliseconds, a browser rounds its clock and
 * begins a call a little before it leaves; and less than this nobody sees in a time line.
 */
export const TOLERANCE_MS = 50

interface Bound {
  readonly from: number
  readonly to: number
  least: number
  /** By when servers began to answer. */
  most: number
  /** By when they ended. */
  mostByEnds: number
}

/** The ends make it narrower, but are heeded only where a clock is wrong anyway: a stream's end, which comes late, looks like a wrong clock. */
function settled({ from, to, least, most, mostByEnds }: Bound): ClockBound {
  const isRight = least <= TOLERANCE_MS && most >= -TOLERANCE_MS
  const chosen = !isRight && least <= mostByEnds + TOLERANCE_MS ? mostByEnds : most
  return { from, to, least, most: chosen }
}

/** By ids, of two tellings of one step the one that says most: a server's before a browser's, an end before a beginning. */
function tellingsOf(steps: readonly Step[]): Map<string, Step> {
  const told = new Map<string, Step>()
  for (const step of steps) {
    const id = step.startedFor ?? step.id
    const known = told.get(id)
    if (!known || weightOf(step) > weightOf(known)) told.set(id, step)
  }
  return told
}

function weightOf({ claimed, status }: Step): number {
  return (claimed ? 0 : 2) + (status === 'running' ? 0 : 1)
}

/** By jobs what first sent them; a message that is set aside is sent once more. */
function sendingsOf(steps: readonly Step[]): Map<string, Step> {
  const sent = new Map<string, Step>()
  for (const step of steps) {
    if (step.hop !== 'queue' || step.claimed || !step.jobId) continue
    const known = sent.get(step.jobId)
    if (!known || step.at < known.at) sent.set(step.jobId, step)
  }
  return sent
}

function jobOf({ hop, claimed, jobId }: Step): string | undefined {
  return hop === 'worker' && !claimed ? jobId : undefined
}

/** Alerts and tickets have times of other systems, and a log line tells nothing that the step around it does not. */
function isTimed({ hop }: Step): boolean {
  return hop !== 'log' && hop !== 'alert' && hop !== 'support'
}

/**
 * A page begins before the server that rendered it, which some tracers call its cause, and so may a call that waits for a message; of those
 * it is certain only that they end after it begins.
 */
function leastOf(cause: Step, step: Step): number {
  const mayBeginBefore = (step.claimed && !cause.claimed) || step.attributes?.[ATTRIBUTES.side] === 'client'
  if (!mayBeginBefore) return cause.at - step.at
  return step.status === 'running' ? -Infinity : cause.at - step.at - step.durationMs
}

/** Whether it is a call that ended with an answer, whatever that said. */
function isAnswered(call: Step): boolean {
  const { hop, action, status, error, attributes } = call
  const isCall = hop === 'browser' ? action === undefined : attributes?.[ATTRIBUTES.side] === 'client'
  if (!isCall || status === 'running' || isCutShort(call)) return false
  return status === 'ok' || attributes?.[ATTRIBUTES.statusCode] !== undefined || /^\d{3}$/.test(error?.type ?? '')
}

function isServed({ hop, claimed, attributes }: Step): boolean {
  return !claimed && (hop === 'api' || hop === 'webhook') && attributes?.[ATTRIBUTES.side] === undefined
}

/** Of a beginning and of an end that are told in whole milliseconds. */
const ROUNDING_MS = 2
