import type { FoundReference } from '../store/Store.ts'
import type { CustomerTrails, Match, TrailSummary } from './Match.ts'
import { byBrowser, byServer, openTrails } from './openTrails.ts'
import type { OpenOptions } from './openTrails.ts'
import { summaryOf } from './summaryOf.ts'

/**
 * One page of a customer's trails, by the beginning of the keyed hash of their id. Looks at 200 trails at most: where many
 * only read something, a page may hold fewer than `limit`, or none, and still have a `next`.
 */
export async function customerTrails(beginning: string, options: CustomerOptions): Promise<CustomerTrails> {
  const { store, said, limit, after, keepDays } = options
  const unseen = await store.unseen()
  const person = await store.personFrom(beginning)
  if (!person) return { trails: [], next: null, claims: 0, keepDays, unseen }
  const { count } = await store.findClaims([person], { limit: 0 })
  const trails: TrailSummary[] = []
  let looked = 0
  let place = after
  for await (const each of inTurn(person, options)) {
    if (trails.length === limit || looked === MOST_LOOKED_AT)
      return { trails, next: place ?? null, claims: count, keepDays, unseen }
    const [match] = await openTrails([said === 'by-server' ? byServer(each) : byBrowser(each)], {
      ...options,
      deskUnseen: unseen,
    })
    if (match && !onlyReads(match)) trails.push(summaryOf(match))
    looked++
    place = each.place
  }
  return { trails, next: null, claims: count, keepDays, unseen }
}

async function* inTurn(person: string, { store, said, after }: CustomerOptions): AsyncGenerator<FoundReference> {
  let found: readonly FoundReference[]
  let place = after
  do {
    const page = { limit: CHUNK, after: place }
    found = said === 'by-server' ? await store.find([person], page) : (await store.findClaims([person], page)).found
    yield* found
    place = found.at(-1)?.place
  } while (found.length === CHUNK)
}

export interface CustomerOptions extends OpenOptions {
  /** By whose word they are the customer's: a server's, or browsers' alone. */
  readonly said: 'by-server' | 'by-browser'
  /** Trails at most. */
  readonly limit: number
  /** `next` of the page before. @default the first page */
  readonly after?: number | undefined
  readonly keepDays: number
}

const CHUNK = 50
const MOST_LOOKED_AT = 200

/**
 * Whether all that happened was that something was read, and no trouble came of it: what pages do by themselves all day. Where the
 * page says that a gesture of the customer led to it, it is none of those.
 */
function onlyReads({ steps }: Match): boolean {
  const told = steps.filter(({ part }) => part === 'own' || part === 'page')
  if (told.some(({ background }) => background === false)) return false
  return (told.length > 0 ? told : steps).every((step) => {
    // An action without a name of its own has its first call's.
    const reads = step.hop === 'database' || /^(GET|HEAD|OPTIONS) /.test(step.name)
    return reads && (step.status === 'ok' || LEFT.has(step.error?.type))
  })
}

/** What becomes of a read whose page went on before it was over. */
const LEFT: ReadonlySet<string | undefined> = new Set(['page_left', 'AbortError', 'aborted'])
