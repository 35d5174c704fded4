import type { TraceIdOptions } from '@waybill/reference'
import { personHash } from '../store/personHash.ts'
import type { FoundReference, Store } from '../store/Store.ts'
import { findReferences } from './findReferences.ts'
import type { LookUpAnswer, Match } from './Match.ts'
import { matchOf } from './matchOf.ts'
import { valuesIn } from './valuesIn.ts'

/**
 * Finds trails by anything a person has. A reference in the text is the surest thing in it: when one of them is known,
 * only those are answered. Otherwise every number in it is looked up, as a job, span, session, foreign trace, noted fact,
 * and, hashed, as the customer's own id. Several trails are several matches; none is chosen.
 */
export async function lookUp(text: string, options: LookUpOptions): Promise<LookUpAnswer> {
  const { store, identity, limit, now } = options
  const open = async (found: readonly Found[]): Promise<Match[]> => {
    const { namespace = '' } = identity
    const matches = await Promise.all(
      found.map(async ({ reference, kind }) =>
        matchOf(await store.trail(reference), {
          reference,
          foundBy: kind,
          namespace,
          now,
          evicted: await store.evictedFrom(reference),
        }),
      ),
    )
    return matches.filter((match) => match !== null).toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))
  }
  const stated = await open(findReferences(text, identity).map((reference) => ({ reference, kind: 'reference' })))
  if (stated.length > 0) return { matches: stated.slice(0, limit), more: stated.length > limit }
  const values = valuesIn(text)
  const keys = [...values, ...values.map((value) => personHash(value, store.secret))]
  const found = await store.find(keys, { limit: limit + 1 })
  return { matches: await open(found.slice(0, limit)), more: found.length > limit }
}

export interface LookUpOptions {
  readonly store: Store
  readonly identity: TraceIdOptions
  /** Matches at most. */
  readonly limit: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

interface Found {
  readonly reference: FoundReference['reference']
  readonly kind: FoundReference['kind'] | 'reference'
}
