import type { TraceIdOptions } from '@waybill/reference'
import { personHash } from '../store/personHash.ts'
import type { Store } from '../store/Store.ts'
import { findReferences } from './findReferences.ts'
import type { LookUpAnswer, Match } from './Match.ts'
import { byBrowser, byServer, openTrails } from './openTrails.ts'
import { suggestTrails } from './suggestTrails.ts'
import { valuesIn } from './valuesIn.ts'

/**
 * Finds trails by anything a person has. A reference in the text is the surest thing in it: when one of them is known,
 * only those are answered. Otherwise every number in it is looked up, as a job, span, session, foreign trace, noted fact,
 * and, hashed, as the customer's own id; first by servers' word, then by browsers'. Several trails are several matches; none
 * is chosen.
 */
export async function lookUp(text: string, options: LookUpOptions): Promise<LookUpAnswer> {
  const { store, identity, limit, keepDays } = options
  const references = findReferences(text, identity)
  const named = references.map((reference) => ({ reference, foundBy: 'reference' }))
  const stated = newestFirst(await openTrails(named, options))
  if (stated.length > 0) {
    return {
      matches: stated.slice(0, limit),
      more: stated.length > limit,
      claims: 0,
      person: null,
      suggestions: [],
      searched: { references, numbers: 0 },
      keepDays,
    }
  }

  const values = valuesIn(text)
  const hashes = values.map((value) => personHash(value, store.secret))
  const keys = [...values, ...hashes]
  const confirmed = await store.find(keys, { limit: limit + 1 })
  const claims = await store.findClaims(keys, { limit })
  const matches = [
    ...newestFirst(await openTrails(confirmed.slice(0, limit).map(byServer), options)),
    ...(await openTrails(claims.found.map(byBrowser), options)),
  ]
  return {
    matches,
    more: confirmed.length > limit,
    claims: claims.count,
    person: await personBehind(matches, { hashes, store }),
    suggestions: matches.length === 0 && options.suggest ? await suggestTrails(text, options) : [],
    searched: { references, numbers: values.length },
    keepDays,
  }
}

export interface LookUpOptions {
  readonly store: Store
  readonly identity: TraceIdOptions
  /** Matches at most by servers' word, and as many by browsers'. */
  readonly limit: number
  /** Whether a person at a screen asks, who may be offered what they perhaps meant. */
  readonly suggest: boolean
  readonly keepDays: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

function newestFirst(matches: readonly Match[]): Match[] {
  return matches.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))
}

/** The one person whose id, and nothing else, led to all matches. */
async function personBehind(matches: readonly Match[], { hashes, store }: PersonOptions): Promise<string | null> {
  if (matches.length === 0 || !matches.every(({ foundBy }) => /^(claimed-)?person$/.test(foundBy))) return null
  const known = await Promise.all(hashes.map((hash) => store.personFrom(hash)))
  const [person, ...others] = known.filter((each) => each !== undefined)
  return others.length === 0 ? (person ?? null) : null
}

interface PersonOptions {
  readonly hashes: readonly string[]
  readonly store: Store
}
