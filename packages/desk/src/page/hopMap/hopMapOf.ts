import type { Hop } from '@waybill/trail'
import type { Match, MatchStep } from '../../lookup/Match.ts'

/**
 * The places that one trail passed through, in the order met, and what led from one to the other; where it broke, what goes on there now,
 * and what waits there. Only what counts in the answer: nothing that strangers sent under the reference.
 */
export function hopMapOf(match: Match): HopMap {
  const steps = stepsOf(match)
  const places: MutablePlace[] = []
  const numbers = new Map<string, number>()
  const placeOf = new Map<string, number>()
  const senders = new Map<string, number>()
  const causes = new Set(steps.map(({ parentId }) => parentId))
  for (const step of steps) {
    const { claimed, hop, service, isOutside } = whereOf(step, { isAnswered: causes.has(step.id) })
    const key = JSON.stringify([claimed, hop, service, isOutside])
    const place = numbers.get(key) ?? places.length
    if (place === places.length) {
      numbers.set(key, place)
      places.push({ claimed, hop, service, isOutside, times: 0, failed: 0, state: 'passed', ways: [] })
    }
    placeOf.set(step.id, place)
    if (step.hop === 'queue' && step.jobId !== null && !senders.has(step.jobId)) senders.set(step.jobId, place)
    const sender = step.hop === 'worker' ? senders.get(step.jobId ?? '') : undefined
    const cause = placeOf.get(step.parentId ?? '') ?? sender
    // What went on inside of a place is the same visit.
    if (cause === place) continue
    const visited = places[place]!
    visited.times++
    if (step.status === 'error') visited.failed++
    if (cause === undefined) continue
    const way = visited.ways.find(({ from }) => from === cause)
    if (way) way.times++
    else visited.ways.push({ from: cause, times: 1 })
  }
  for (const { stepId, state } of statesOf(match, steps)) {
    const place = places[placeOf.get(stepId) ?? -1]
    if (place && rankOf(state) > rankOf(place.state)) place.state = state
  }
  return foldedMap(places)
}

export interface HopMap {
  readonly places: readonly HopPlace[]
  /** How many places are left out. */
  readonly more: number
}

export interface HopPlace {
  /** Of a system that tells nothing itself: the address at which it was called. */
  readonly service: string
  readonly hop: Hop
  /** Whether it is such a system, of which only calls are known. */
  readonly isOutside: boolean
  /** Whether a browser told of it. */
  readonly claimed: boolean
  /** How often it was come to. */
  readonly times: number
  /** How many of those failed. */
  readonly failed: number
  readonly state: HopState
  /** From the places that led here, the first one first; none where it began by itself. */
  readonly ways: readonly HopWay[]
}

export interface HopWay {
  /** Its place in `places`. */
  readonly from: number
  /** How often it was taken. */
  readonly times: number
}

/**
 * `passed`: nothing more is to be said of it. `silent`: the last that was heard came from there. `waiting`: what was queued there has not been
 * taken up. `held`: it was left there for a person. `reported`: the servers went on, and the customer's page says that it failed. `failed`: what the answer says failed, failed there.
 */
export type HopState = 'passed' | 'silent' | 'running' | 'waiting' | 'held' | 'reported' | 'failed'

/** More than these are no picture any more. */
export const MOST_PLACES = 12

interface MutablePlace extends Omit<HopPlace, 'state' | 'times' | 'failed' | 'ways'> {
  state: HopState
  times: number
  failed: number
  readonly ways: { from: number; times: number }[]
}

/** A server's call that no step answered leads to a system that tells nothing itself. */
function whereOf(
  { service, hop, claimed, attributes }: MatchStep,
  { isAnswered }: { readonly isAnswered: boolean },
): Pick<HopPlace, 'service' | 'hop' | 'claimed' | 'isOutside'> {
  const address = attributes['span.kind'] === 'client' ? attributes['server.address'] : undefined
  const isOutside = hop === 'api' && !claimed && !isAnswered && typeof address === 'string'
  return { service: isOutside ? address : service, hop, claimed, isOutside }
}

/** Tickets, alerts and log lines are about the trail, and no place that it went through. */
function stepsOf({ steps }: Match): MatchStep[] {
  const counts = steps.some(({ part }) => part === 'own') ? COUNTING : ['claims', ...COUNTING]
  return steps.filter(({ part, hop }) => counts.includes(part) && !BESIDE.includes(hop))
}

const COUNTING: readonly MatchStep['part'][] = ['own', 'page', 'later']
const BESIDE: readonly Hop[] = ['log', 'alert', 'support']

interface PlaceState {
  readonly stepId: string
  readonly state: HopState
}

function statesOf(match: Match, steps: readonly MatchStep[]): PlaceState[] {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const told = [match.outcome, ...match.later].flatMap(({ state, stepId }): PlaceState[] => {
    const step = byId.get(stepId ?? '')
    if (!step || state === 'succeeded') return []
    if (state === 'unknown') return [{ stepId: step.id, state: 'silent' }]
    if (state === 'failed') return [{ stepId: step.id, state: 'failed' }]
    return [{ stepId: step.id, state: step.hop === 'queue' && step.status !== 'running' ? 'waiting' : 'running' }]
  })
  const isDone = match.handling?.state === 'done' && !match.handling.isOutdated
  const isOpen = match.waitsFor === 'person' && !isDone
  const held = isOpen ? steps.filter(({ effect, deadLetter }) => effect === 'held' || deadLetter) : []
  const round = steps.findLast(({ part, action }) => part === 'page' && action !== null)
  if (match.outcome.pageFailure !== null && round) told.push({ stepId: round.id, state: 'reported' })
  return [...told, ...held.map(({ id }): PlaceState => ({ stepId: id, state: 'held' }))]
}

function rankOf(state: HopState): number {
  return RANKS.indexOf(state)
}

const RANKS: readonly HopState[] = ['passed', 'silent', 'running', 'waiting', 'held', 'reported', 'failed']

/** Those that something is said of stay, with the way that led there; then the first ones. */
function foldedMap(places: readonly HopPlace[]): HopMap {
  const kept = new Set<number>()
  const keep = (place: number): void => {
    const path: number[] = []
    for (let each: number | undefined = place; each !== undefined && !kept.has(each) && !path.includes(each);) {
      path.push(each)
      each = places[each]!.ways[0]?.from
    }
    // What led here is kept as far as there is room, from where it broke backwards.
    for (const each of path) if (kept.size < MOST_PLACES) kept.add(each)
  }
  const pressing = [...places.keys()].filter((each) => places[each]!.state !== 'passed')
  for (const each of pressing.toSorted((a, b) => rankOf(places[b]!.state) - rankOf(places[a]!.state))) keep(each)
  for (const each of places.keys()) keep(each)
  const order = [...kept].toSorted((a, b) => a - b)
  const numbers = new Map(order.map((each, index) => [each, index]))
  return {
    more: places.length - order.length,
    places: order.map((each) => ({
      ...places[each]!,
      ways: places[each]!.ways.flatMap(({ from, times }) => {
        const number = numbers.get(from)
        return number === undefined ? [] : [{ from: number, times }]
      }),
    })),
  }
}
