import { createHash } from 'node:crypto'
import type { Match } from '../lookup/Match.ts'
import type { OpenOptions } from '../lookup/openTrails.ts'
import { recentMatches } from '../lookup/recentMatches.ts'
import type { FailedTrail, FailureGroup, FailureOutcome, FailuresAnswer } from './FailuresAnswer.ts'
import { failuresOf } from './failuresOf.ts'
import type { Failure } from './failuresOf.ts'

/**
 * What failed since then, or waits for somebody, in groups: the same step of the same service failed in the same way, and the same is to be done. Numbers in the words part no groups; whether only
 * browsers tell of it does, and those groups come last, so that nobody with the public key can crowd the others out. A trail is in one group, that of what presses most, or in none where it ended well; see `failuresOf` for what
 * counts. Looks at 2000 trails at most, those of servers first, for two seconds, and lets other requests through between them; where that was not enough, `more` says so.
 */
export async function findFailures(options: FindFailuresOptions): Promise<FailuresAnswer> {
  const { store, outcome = null, service, directory, clock = () => performance.now() } = options
  const until = clock() + LONGEST_MS
  const unseen = await store.unseen()
  const groups = new Map<string, Group>()
  const services = new Set<string>()
  const matches = recentMatches({ ...options, foundBy: 'failures', most: MOST_LOOKED_AT, deskUnseen: unseen })
  let isMore = true
  let looked = 0
  for (let turn = await matches.next(); clock() < until && looked < MOST_LOOKED_AT; turn = await matches.next()) {
    if (turn.done) {
      isMore = turn.value
      break
    }
    looked++
    const match = turn.value
    const asked = failuresOf(match, outcome)
    const all = outcome === null ? asked : [...asked, ...failuresOf(match, null)]
    for (const { step } of all) if (!step.claimed || step.part === 'page') services.add(step.service)
    const failure = asked.find((each) => service === undefined || each.service === service)
    if (!failure) continue
    const key = keyOf(match, failure)
    const group = groups.get(key) ?? { key, members: [] }
    groups.set(key, group)
    group.members.push({ match, failure })
  }
  const told = Array.from(groups.values(), (group) => toldGroup(group, directory)).toSorted(inOrder)
  return {
    groups: told,
    trails: told.reduce((sum, { count }) => sum + count, 0),
    more: isMore,
    services: [...services].toSorted((a, b) => a.localeCompare(b)),
    unseen,
  }
}

export interface FindFailuresOptions extends OpenOptions {
  /** Milliseconds since the epoch. */
  readonly since: number
  /** Only what stands so. @default what failed, and what nobody knows the end of */
  readonly outcome?: FailureOutcome | null | undefined
  /** Only what failed, or is, at this service. @default any */
  readonly service?: string | undefined
  /** Milliseconds that only ever grow. @default performance.now */
  readonly clock?: (() => number) | undefined
}

const MOST_LOOKED_AT = 2000
const LONGEST_MS = 2000

interface Group {
  readonly key: string
  readonly members: Member[]
}

interface Member {
  readonly match: Match
  readonly failure: Failure
}

function keyOf({ claimed }: Match, { outcome, waitsFor, hop, service, step }: Failure): string {
  const { state, advice, pageFailure, todo } = outcome
  // An id that is written into a name is not what the step is called.
  const name = step.name.replaceAll(/[\da-f]{8}-[\da-f-]{27}|[\da-f]{16,}|\d{4,}/gi, '#')
  const todoWords = todo.replaceAll(/\d+/g, '#')
  const how = [state, step.error?.type ?? null, pageFailure]
  return JSON.stringify([claimed, hop, service, name, ...how, waitsFor, advice, todoWords])
}

function toldGroup({ key, members }: Group, directory: OpenOptions['directory']): FailureGroup {
  const newestFirst = members.toSorted((a, b) => b.failure.at - a.failure.at)
  const { failure } = newestFirst[0]!
  const { hop, service, sentence, outcome, waitsFor, at } = failure
  const inState = (state: string): number =>
    members.filter(({ match: { handling } }) => handling?.state === state && !handling.isOutdated).length
  return {
    id: createHash('sha256').update(key).digest('hex').slice(0, 16),
    hop,
    service,
    sentence,
    todo: outcome.todo,
    state: outcome.state,
    waitsFor,
    owner: directory?.ownerOf({ service, hop }) ?? null,
    count: members.length,
    handled: inState('done'),
    taken: inState('taken'),
    firstAt: new Date(newestFirst.at(-1)!.failure.at).toISOString(),
    lastAt: new Date(at).toISOString(),
    trails: newestFirst.map(({ match }) => toldTrail(match)),
  }
}

function toldTrail({ reference, action, startedAt, facts, claimed, handling }: Match): FailedTrail {
  return { reference, action, startedAt, facts, claimed, handling }
}

function inOrder(a: FailureGroup, b: FailureGroup): number {
  return rankOf(a) - rankOf(b) || b.lastAt.localeCompare(a.lastAt) || a.id.localeCompare(b.id)
}

/** First what waits for a person and nobody handles; last what only browsers tell. */
function rankOf({ waitsFor, count, handled, taken, trails }: FailureGroup): number {
  if (trails[0]?.claimed) return 2
  return waitsFor === 'person' && handled + taken < count ? 0 : 1
}
