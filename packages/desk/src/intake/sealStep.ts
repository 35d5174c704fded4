import type { Step } from '@waybill/trail'
import { normalValue } from '../store/aliasesOf.ts'
import { personHash } from '../store/personHash.ts'
import type { StoredStep } from '../store/StoredStep.ts'

/**
 * A step made fit to be kept: the person's id becomes its keyed hash, also where an application noted the same value as a
 * fact; a browser's step becomes a claim, whatever it says of itself; long texts are cut. Null when its time cannot be
 * true, which also keeps dates that no calendar has out of every later answer.
 */
export function sealStep(step: Step, { secret, claimed, now }: SealOptions): StoredStep | null {
  if (!(step.at > 0) || step.at > now + DAY_MS || !(step.durationMs >= 0 && step.durationMs < 366 * DAY_MS)) return null
  const { person, facts, error, ...rest } = step
  const kept = Object.entries(facts ?? {}).filter(([, value]) => !person || normalValue(value) !== normalValue(person))
  const sealed: StoredStep = {
    ...rest,
    name: cut(step.name),
    service: cut(step.service),
    ...(error && { error: { type: cut(error.type), ...(error.message && { message: cut(error.message) }) } }),
    ...(person && { personHash: personHash(person, secret) }),
    ...(kept.length > 0 && {
      facts: Object.fromEntries(kept.slice(0, MOST_FACTS).map(([name, value]) => [name, cut(value)])),
    }),
    ...(step.attributes && {
      attributes: Object.fromEntries(
        Object.entries(step.attributes).map(([name, value]) => [name, typeof value === 'string' ? cut(value) : value]),
      ),
    }),
    claimed: claimed || undefined,
  }
  return sealed
}

export interface SealOptions {
  /** The store's secret. */
  readonly secret: Uint8Array
  /** Whether it came with a browser key. */
  readonly claimed: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

const DAY_MS = 86_400_000
const MOST_FACTS = 32

/** At most 2 kB of UTF-8 for one text, without half a character at the end. */
function cut(text: string): string {
  const bytes = Buffer.from(text)
  return bytes.length <= 2048
    ? text
    : bytes
        .subarray(0, 2045)
        .toString()
        .replace(/\uFFFD$/, '') + '…'
}
