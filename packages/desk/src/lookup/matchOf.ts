import { traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { orderSteps, outcomeOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { StoredStep } from '../store/StoredStep.ts'
import type { Match, MatchStep } from './Match.ts'

/** The answer for one trail, or null when nothing is kept under its reference. */
export function matchOf(
  stored: readonly StoredStep[],
  { reference, foundBy, namespace, now }: MatchOptions,
): Match | null {
  const trusted = withoutOverruled(stored)
  const steps: readonly StoredStep[] = orderSteps(trusted)
  const [first] = steps
  if (!first) return null
  const traceId = traceIdOf(reference, { namespace })
  // Servers last, so that what they state counts.
  const byTrust = steps.toSorted((a, b) => Number(b.claimed ?? false) - Number(a.claimed ?? false))
  return {
    reference,
    traceId,
    aliases: [...new Set(steps.map((step) => step.traceId))].filter((each) => each !== traceId),
    startedAt: isoTime(Math.min(...steps.map((step) => step.at))),
    action: (steps.find((step) => step.action) ?? first).name,
    outcome: outcomeOf(trusted, { now }),
    session: byTrust.findLast((step) => step.session)?.session ?? null,
    person: byTrust.findLast((step) => step.personHash)?.personHash ?? null,
    facts: Object.assign({}, ...byTrust.map((step) => step.facts)),
    remains: byTrust.findLast((step) => step.remains)?.remains ?? null,
    claimed: steps.every((step) => step.claimed),
    foundBy,
    steps: steps.map(matchStepOf),
  }
}

export interface MatchOptions {
  readonly reference: Reference
  readonly foundBy: string
  readonly namespace: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** A browser's telling of a step that a server told itself, finished or not, does not count. */
function withoutOverruled(steps: readonly StoredStep[]): readonly StoredStep[] {
  const own = new Set(steps.filter((step) => !step.claimed).map((step) => step.startedFor ?? step.id))
  return steps.filter((step) => !step.claimed || !own.has(step.startedFor ?? step.id))
}

function matchStepOf(step: Step): MatchStep {
  return {
    id: step.id,
    parentId: step.parentId ?? null,
    hop: step.hop,
    service: step.service,
    name: step.name,
    at: isoTime(step.at),
    durationMs: step.durationMs,
    status: step.status,
    attempt: step.attempt ?? null,
    maxAttempts: step.maxAttempts ?? null,
    jobId: step.jobId ?? null,
    error: step.error ? { type: step.error.type, message: step.error.message ?? null } : null,
    effect: step.effect ?? null,
    remains: step.remains ?? null,
    action: step.action ?? null,
    facts: step.facts ?? {},
    attributes: step.attributes ?? {},
    claimed: step.claimed ?? false,
  }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
