import type { Reference, TraceIdOptions } from '@waybill/reference'
import type { Directory } from '../owners/createDirectory.ts'
import type { SearchedSpans, TrailSpans } from '../spans/createTrailSpans.ts'
import { personHash } from '../store/personHash.ts'
import type { Store } from '../store/Store.ts'
import type { TraceLinks } from '../traceLinks/createTraceLinks.ts'
import type { Unseen } from '../store/Unseen.ts'
import { findReferences } from './findReferences.ts'
import type { LookUpAnswer, Match, Searched } from './Match.ts'
import { byBrowser, byServer, openTrails, openTrailsEverywhere } from './openTrails.ts'
import { suggestTrails } from './suggestTrails.ts'
import { valuesIn } from './valuesIn.ts'

/**
 * Finds trails by anything a person has. A reference in the text is the surest thing in it: when one of them is known,
 * only those are answered. Otherwise every number in it is looked up, as a job, span, session, foreign trace, noted fact,
 * and, hashed, as the customer's own id; first by servers' word, then by browsers'. Several trails are several matches; none
 * is chosen. Where spans are kept elsewhere, too, a trail that stands alone is completed from there, and a reference that the desk does not know is looked for there.
 */
export async function lookUp(text: string, options: LookUpOptions): Promise<LookUpAnswer> {
  const { store, identity, limit, keepDays } = options
  const references = findReferences(text, identity)
  const named = references.map((reference) => ({ reference, foundBy: 'reference' }))
  const stated = await openStated(named, options)
  const base = { keepDays, searched: searchedIn(stated.searched, references) }
  if (stated.matches.length > 0) {
    return {
      ...base,
      ...(await completeness(stated.unseen, store)),
      matches: newestFirst(stated.matches).slice(0, limit),
      more: stated.matches.length > limit,
      claims: 0,
      person: null,
      suggestions: [],
    }
  }

  const values = valuesIn(text)
  const hashes = values.map((value) => personHash(value, store.secret))
  const keys = [...values, ...hashes]
  const confirmed = await store.find(keys, { limit: limit + 1 })
  const claims = await store.findClaims(keys, { limit })
  const kept = [
    ...newestFirst(await openTrails(confirmed.slice(0, limit).map(byServer), options)),
    ...(await openTrails(claims.found.map(byBrowser), options)),
  ]
  const { matches, unseen, searched } = await completed(kept, options)
  return {
    ...(await completeness([...stated.unseen, ...unseen], store)),
    matches,
    more: confirmed.length > limit,
    claims: claims.count,
    person: await personBehind(matches, { hashes, store }),
    suggestions: matches.length === 0 && options.suggest ? await suggestTrails(text, options) : [],
    searched: { ...searchedIn([...stated.searched, ...searched], references), numbers: values.length },
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
  /** What stores of spans hold of a trail. @default there are none */
  readonly spans?: TrailSpans | undefined
  /** @default none */
  readonly traceLinks?: TraceLinks | undefined
  /** Who looks after what. @default nobody */
  readonly directory?: Directory | undefined
}

interface Opened {
  readonly matches: readonly Match[]
  readonly unseen: readonly Unseen[]
  readonly searched: readonly SearchedSpans[]
}

/** Those among the references that are known, by the desk or else where spans are kept. */
async function openStated(named: readonly Named[], options: LookUpOptions): Promise<Opened> {
  const { store, spans } = options
  const known = new Set(await store.known(named.map(({ reference }) => reference)))
  const kept = named.filter(({ reference }) => known.has(reference))
  if (!spans || named.length === 0) return { matches: await openTrails(kept, options), unseen: [], searched: [] }
  // A text in which a person wrote one code may be read as several; the likelier ones come first.
  const asked = (kept.length > 0 ? kept : named).slice(0, MOST_ASKED_ELSEWHERE)
  const opened = await openTrailsEverywhere(asked, { ...options, spans })
  const rest = kept.slice(MOST_ASKED_ELSEWHERE)
  return rest.length > 0 ? { ...opened, matches: [...opened.matches, ...(await openTrails(rest, options))] } : opened
}

interface Named {
  readonly reference: Reference
  readonly foundBy: string
}

const MOST_ASKED_ELSEWHERE = 4

/** A trail that stands alone is read whole; of several, from which a person chooses first, what the desk knows is enough. */
async function completed(matches: readonly Match[], options: LookUpOptions): Promise<Opened> {
  const { spans } = options
  const [only, ...others] = matches
  if (!spans || !only || others.length > 0) return { matches, unseen: [], searched: [] }
  const { reference, foundBy } = only
  return await openTrailsEverywhere([{ reference, foundBy }], { ...options, spans })
}

/** What the desk itself could not read is missing from every answer. */
async function completeness(
  elsewhere: readonly Unseen[],
  store: Store,
): Promise<Pick<LookUpAnswer, 'complete' | 'unseen'>> {
  const all = [...(await store.unseen()), ...elsewhere]
  const unseen = [...new Map(all.map((each) => [JSON.stringify(each), each])).values()]
  return { complete: unseen.length === 0, unseen }
}

function searchedIn(spans: readonly SearchedSpans[], references: readonly Reference[]): Searched {
  const times = spans.map(({ where, from, to }) => ({ where, from: isoTime(from), to: isoTime(to) }))
  return { references, numbers: 0, spans: [...new Map(times.map((each) => [JSON.stringify(each), each])).values()] }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
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
