import { traceIdOf } from '@waybill/reference'
import type { Reference, TraceIdOptions } from '@waybill/reference'
import { decodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { sealStep } from '../intake/sealStep.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import type { Unseen } from '../store/Unseen.ts'
import type { SpanReader, SpanStore, TimeWindow } from './SpanReader.ts'

/**
 * What the stores of spans hold of a trail, beyond the steps that the desk has itself. All are asked at once and have the same time. Their spans become steps as
 * those do that are delivered to the desk: persons are hashed, and what a browser says stays a claim.
 */
export function createTrailSpans({
  readers,
  secret,
  identity,
  mostDays,
  now,
  patienceMs = 5000,
}: TrailSpansOptions): TrailSpans {
  return async (reference, kept) => {
    const own = traceIdOf(reference, identity)
    const traceIds = [...new Set([own, ...kept.map(({ traceId }) => traceId)])].slice(0, MOST_TRACES)
    const window = windowOf(kept)
    const signal = AbortSignal.timeout(patienceMs)
    const found = await Promise.all(
      readers.map(async (reader) => ({
        where: reader.where,
        ...(await reader.read({ traceIds, window, mostDays, now: now(), signal })),
      })),
    )
    const known = new Set(kept.map(({ id }) => id))
    const steps: SpanStep[] = []
    for (const { where, resourceSpans } of found) {
      for (const step of stepsIn(resourceSpans, { reference, traceIds })) {
        if (known.has(step.id)) continue
        known.add(step.id)
        steps.push({ ...step, source: where })
      }
    }
    return {
      steps,
      unseen: found.flatMap(({ unseen }) => unseen),
      searched: found.flatMap(({ where, searched }) => (searched ? [{ where, ...searched }] : [])),
    }
  }

  function stepsIn(resourceSpans: readonly unknown[], { reference, traceIds }: TracesOf): StoredStep[] {
    const foreign = new Set(traceIds)
    return [false, true].flatMap((claimed) => {
      const group = resourceSpans.filter((each) => isClaimed(each) === claimed)
      const { steps } = decodeOtlp(
        { resourceSpans: group },
        { ...identity, claimed, referenceOfAlias: (traceId) => (foreign.has(traceId) ? reference : undefined) },
      )
      return steps
        .filter((step) => step.reference === reference)
        .map((step) => seal(step, claimed || step.hop === 'browser'))
        .filter((step): step is StoredStep => step !== null)
    })
  }

  function seal(step: Step, claimed: boolean): StoredStep | null {
    return sealStep(step, { secret, claimed, now: now(), leaveOut: () => {} })
  }
}

export type TrailSpans = (reference: Reference, kept: readonly StoredStep[]) => Promise<FoundSteps>

export interface FoundSteps {
  /** Those that the desk does not have itself. */
  readonly steps: readonly SpanStep[]
  readonly unseen: readonly Unseen[]
  readonly searched: readonly SearchedSpans[]
}

export interface SpanStep extends StoredStep {
  /** Where it was read. */
  readonly source: SpanStore
}

export interface SearchedSpans extends TimeWindow {
  readonly where: SpanStore
}

export interface TrailSpansOptions {
  readonly readers: readonly SpanReader[]
  /** The store's. */
  readonly secret: Uint8Array
  readonly identity: TraceIdOptions
  /** So far back a trail is searched of which the desk knows nothing. */
  readonly mostDays: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** For all of them together. @default 5000 */
  readonly patienceMs?: number | undefined
}

interface TracesOf {
  readonly reference: Reference
  readonly traceIds: readonly string[]
}

const MOST_TRACES = 20

function windowOf(kept: readonly StoredStep[]): TimeWindow | undefined {
  if (kept.length === 0) return undefined
  return {
    from: Math.min(...kept.map(({ at }) => at)),
    to: Math.max(...kept.map(({ at, durationMs }) => at + durationMs)),
  }
}

/** Whether the desk itself sent it there as what a browser said; see `claimedBody`. */
function isClaimed(resourceSpans: unknown): boolean {
  const attributes: unknown = Object(Object(resourceSpans).resource).attributes
  return (Array.isArray(attributes) ? attributes : []).some(
    ({ key, value }) => key === CLAIMED && Object(value).boolValue === true,
  )
}

const CLAIMED = 'waybill.claimed'
