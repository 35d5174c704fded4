import type { Reference } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import type { OtlpTraces } from '@waybill/trail'
import { matchOf } from '../lookup/matchOf.ts'
import { summaryFor } from '../page/handover/summaryFor.ts'
import { stepsAbout } from '../store/stepsAbout.ts'
import type { Store, Whom } from '../store/Store.ts'

/**
 * One trail to be handed out, in words and as OTLP; null when nothing is kept of it. For a person only what is about them: of a trail that servers
 * tie to several, their part, and of one that only a browser ties to them, what browsers told, because anybody who holds the public key and
 * a reference can say that it is theirs.
 */
export async function exportTrail(reference: Reference, options: ExportTrailOptions): Promise<ExportedTrail | null> {
  const { store, whom, namespace, now } = options
  const kept = await store.trail(reference)
  const steps = 'reference' in whom ? kept : stepsOf(whom.personHash, kept)
  const match = matchOf(steps, {
    reference,
    foundBy: 'reference' in whom ? 'reference' : 'person',
    namespace,
    now,
    unseen: await store.unseen(),
    secret: store.secret,
  })
  if (!match) return null
  return {
    reference,
    summary: summaryFor(match, { address: `/trail/${reference}` }).split('\n'),
    otlp: encodeOtlp(
      steps.map(({ personHash, ...step }) => ({
        ...step,
        ...(personHash && { attributes: { ...step.attributes, 'user.hash': personHash } }),
      })),
    ),
  }
}

export interface ExportTrailOptions {
  readonly store: Pick<Store, 'trail' | 'unseen' | 'secret'>
  readonly whom: Whom
  readonly namespace: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface ExportedTrail {
  readonly reference: Reference
  /** For people, a line each: what the desk says of the trail, its facts, then every step with its time in UTC. */
  readonly summary: readonly string[]
  /** For programs: the body of a request to `/v1/traces`. A person is in it as `user.hash`. */
  readonly otlp: OtlpTraces
}

function stepsOf(person: string, kept: Awaited<ReturnType<Store['trail']>>): typeof kept {
  const isOwn = kept.some(({ claimed, personHash }) => !claimed && personHash === person)
  const about = stepsAbout(person, kept)
  return isOwn ? about : about.filter(({ claimed }) => claimed)
}
