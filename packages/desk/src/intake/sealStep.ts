import type { Step } from '@waybill/trail'
import { normalValue } from '../store/aliasesOf.ts'
import { personHash } from '../store/personHash.ts'
import type { StoredStep } from '../store/StoredStep.ts'

/**
 * A step made fit to be kept: the person's id becomes its keyed hash, and a fact in which an application noted the same value is left
 * out; a browser's step becomes a claim, whatever it says of itself, and links to no other trail. Null when its time cannot be true, which also keeps dates that no
 * calendar has out of every later answer.
 */
export function sealStep(step: Step, { secret, claimed, now, leaveOut }: SealOptions): StoredStep | null {
  if (!(step.at > 0) || step.at > now + DAY_MS || !(step.durationMs >= 0 && step.durationMs < 366 * DAY_MS)) return null
  const { person, facts = {}, links, ...rest } = step
  const all = Object.entries(facts)
  const kept = all.filter(([, value]) => !person || normalValue(value) !== normalValue(person))
  if (kept.length < all.length) leaveOut("a fact that is the person's own id, which is kept as a hash only")
  return {
    ...rest,
    ...(person && { personHash: personHash(person, secret) }),
    ...(kept.length > 0 && { facts: Object.fromEntries(kept) }),
    // Whoever holds the public key could put a trail of their own beside anybody's.
    ...(links && !claimed && { links }),
    claimed: claimed || undefined,
  }
}

export interface SealOptions {
  /** The store's secret. */
  readonly secret: Uint8Array
  /** Whether it came with a browser key. */
  readonly claimed: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Hears what is not kept of a step that is. */
  readonly leaveOut: (what: string) => void
}

const DAY_MS = 86_400_000
