import { traceIdOf } from '@waybill/reference'
import type { Reference, TraceIdOptions } from '@waybill/reference'
import { decodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { sealStep } from '../intake/sealStep.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import type { Unseen } from '../store/Unseen.ts'
import { spanFaultOf } from './SpanFault.ts'
import { MOST_SPANS } from './SpanReader.ts'
import type { AskedSpans, FoundSpans, SpanReader, SpanStore, TimeWindow } from './SpanReader.ts'

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
    const servers = kept.filter(({ claimed }) => !claimed)
    const told = [...servers, ...kept].map(({ traceId }) => traceId)
    const traceIds = [...new Set([traceIdOf(reference, identity), ...told])].slice(0, MOST_TRACES)
    const asked = {
      traceIds,
      window: windowOf(kept, now()),
      mostDays,
      now: now(),
      signal: AbortSignal.timeout(patienceMs),
    }
    const found = await Promise.all(
      readers.map(async (reader) => ({ where: reader.where, ...(await readInTime(reader, asked)) })),
    )
    const vouched = new Set(servers.map(({ traceId }) => traceId))
    const known = new Set(kept.map(({ id }) => id))
    const steps: SpanStep[] = []
    const cut: Unseen[] = []
    for (const { where, resourceSpans } of found) {
      const all = stepsIn(resourceSpans, { reference, vouched })
      if (all.length > MOST_SPANS) cut.push({ where, reason: 'over-budget', from: null, to: null })
      for (const step of all.slice(0, MOST_SPANS)) {
        if (known.has(step.id)) continue
        known.add(step.id)
        steps.push({ ...step, source: where })
      }
    }
    return {
      steps,
      unseen: [...found.flatMap(({ unseen }) => unseen), ...cut],
      searched: found.flatMap(({ where, searched }) => (searched ? [{ where, ...searched }] : [])),
    }
  }

  /**
   * A span under a foreign trace-id that names no reference is the trail's where a server's step or span says so of its trace, and none says otherwise. A browser's word
   * is not enough, or it could put anybody's trace under a reference of its own.
   */
  function stepsIn(resourceSpans: readonly unknown[], { reference, vouched }: TrailOf): StoredStep[] {
    const [ofServers, ofBrowsers] = [false, true].map((claimed) => ({
      resourceSpans: resourceSpans.filter((each) => isClaimed(each) === claimed),
    }))
    const own = new Set(vouched)
    const { steps: stated } = decodeOtlp(ofServers, { ...identity, claimed: false })
    for (const step of stated) if (step.reference === reference && step.hop !== 'browser') own.add(step.traceId)
    for (const step of stated) if (step.reference !== reference) own.delete(step.traceId)
    return [false, true].flatMap((claimed) => {
      const { steps } = decodeOtlp(claimed ? ofBrowsers : ofServers, {
        ...identity,
        claimed,
        referenceOfAlias: (traceId) => (!claimed && own.has(traceId) ? reference : undefined),
      })
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

interface TrailOf {
  readonly reference: Reference
  /** Trace-ids that servers' steps have. */
  readonly vouched: ReadonlySet<string>
}

const MOST_TRACES = 20
const DAY_MS = 86_400_000

/** A reader that breaks its word, and throws or goes on when the time is over, takes nothing from the answer. */
async function readInTime(reader: SpanReader, asked: AskedSpans): Promise<FoundSpans> {
  const { signal } = asked
  const over = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(reject, GRACE_MS, signal.reason).unref(), { once: true })
  })
  try {
    return await Promise.race([reader.read(asked), over])
  } catch (error) {
    const { reason } = spanFaultOf(error)
    return { resourceSpans: [], searched: null, unseen: [{ where: reader.where, reason, from: null, to: null }] }
  }
}

/** For what a reader has found by then. */
const GRACE_MS = 250

/**
 * When a trail was, by servers' steps; the clocks of browsers count only where there is nothing else, and may be a day wrong. Retries and replays come hours after, so a day more is
 * looked through.
 */
function windowOf(kept: readonly StoredStep[], now: number): TimeWindow | undefined {
  if (kept.length === 0) return undefined
  const servers = kept.filter(({ claimed }) => !claimed)
  const told = servers.length > 0 ? servers : kept
  const from = Math.min(...told.map(({ at }) => at))
  const to = Math.max(...told.map(({ at, durationMs }) => at + durationMs))
  return { from: servers.length > 0 ? from : from - DAY_MS, to: Math.max(to, Math.min(to + DAY_MS, now)) }
}

/** Whether the desk itself sent it there as what a browser said; see `claimedBody`. */
function isClaimed(resourceSpans: unknown): boolean {
  const attributes: unknown = Object(Object(resourceSpans).resource).attributes
  return (Array.isArray(attributes) ? attributes : []).some(
    ({ key, value }) => key === CLAIMED && Object(value).boolValue === true,
  )
}

const CLAIMED = 'waybill.claimed'
