import { orderSteps, partsOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { MapEdge, MapEnd, MapPlace, PathMap } from './PathMap.ts'

/**
 * Adds trails up to a map, one at a time. Requests that no known call of the action caused count in it as what they are; reports of
 * browsers that caused nothing count as claims, apart. Keeps no trail.
 */
export function createMapMaker() {
  const places = new Map<string, OpenPlace>()
  const edges = new Map<string, OpenEdge>()
  const ends = new Map<string, { place: OpenPlace; note: string | null; trails: number }>()
  const counts = { trails: 0, claimedTrails: 0, leftOut: 0 }

  function placeOf(step: Step, isClaimed: boolean): OpenPlace | undefined {
    const key = JSON.stringify([step.hop, step.service, isClaimed])
    const known = places.get(key)
    if (known) return known
    // With the public key anybody can make places up; those must not crowd out what servers told.
    const taken = [...places.values()].filter((place) => place.claimed === isClaimed).length
    if (taken >= (isClaimed ? MOST_CLAIMED : MOST_PLACES)) {
      counts.leftOut++
      return undefined
    }
    const place: OpenPlace = {
      key,
      service: step.service,
      hop: step.hop,
      claimed: isClaimed,
      steps: 0,
      failed: 0,
      refs: 0,
      depths: 0,
    }
    places.set(key, place)
    return place
  }

  return {
    add(steps: readonly Step[]): void {
      // A line written in passing is no station of the way.
      const ordered = orderSteps(steps.filter(({ hop }) => hop !== 'log'))
      if (ordered.length === 0) return
      counts.trails++
      const parts = partsOf(ordered)
      const isOnlyClaimed = ordered.every((step) => step.claimed)
      if (isOnlyClaimed) counts.claimedTrails++
      const claims = new Set(parts.claims)
      const causes = causesOf(ordered)
      const depthOf = depthsOf(ordered, causes)
      const seen = new Set<unknown>()
      const once = (counted: { refs: number }): void => {
        if (!seen.has(counted)) counted.refs++
        seen.add(counted)
      }
      for (const step of ordered) {
        const place = placeOf(step, claims.has(step))
        if (!place) continue
        place.steps++
        place.depths += depthOf(step)
        if (step.status === 'error') place.failed++
        once(place)
        const cause = causes.get(step)
        const from = cause && placeOf(cause, claims.has(cause))
        if (!from || from === place) continue
        const key = `${from.key} ${place.key}`
        const edge = edges.get(key) ?? { from, to: place, steps: 0, failed: 0, refs: 0, lastAt: 0 }
        if (!edges.has(key) && edges.size >= MOST_EDGES) {
          counts.leftOut++
          continue
        }
        edges.set(key, edge)
        edge.steps++
        if (step.status === 'error') edge.failed++
        edge.lastAt = Math.max(edge.lastAt, step.at)
        once(edge)
      }
      // A stranger's request, whenever it comes, is no part of the way.
      const strange = new Set(parts.apart)
      const told = ordered.filter((step) => !step.claimed && !strange.has(step))
      const last = told.at(-1) ?? ordered.at(-1)!
      const place = placeOf(last, claims.has(last))
      if (!place) return
      const note = isOnlyClaimed ? 'no server told of it' : noteOf(last)
      const key = `${place.key} ${note}`
      const end = ends.get(key) ?? { place, note, trails: 0 }
      end.trails++
      ends.set(key, end)
    },

    map({ since, more }: { readonly since: number; readonly more: boolean }): PathMap {
      const inOrder = [...places.values()].toSorted(
        (a, b) => Number(a.claimed) - Number(b.claimed) || a.depths / a.steps - b.depths / b.steps || b.steps - a.steps,
      )
      const indexOf = new Map(inOrder.map((place, index) => [place, index]))
      const at = (place: OpenPlace): number => indexOf.get(place) ?? 0
      return {
        since: new Date(since).toISOString(),
        ...counts,
        more,
        places: inOrder.map(({ service, hop, steps, failed, refs, claimed }): MapPlace => ({
          service,
          hop,
          steps,
          failed,
          trails: refs,
          claimed,
        })),
        edges: [...edges.values()]
          .map(({ from, to, steps, failed, refs, lastAt }): MapEdge => {
            const claimed = from.claimed || to.claimed
            return {
              from: at(from),
              to: at(to),
              steps,
              failed,
              trails: refs,
              lastAt: new Date(lastAt).toISOString(),
              claimed,
            }
          })
          .toSorted((a, b) => a.from - b.from || b.steps - a.steps || a.to - b.to),
        ends: [...ends.values()]
          .map(({ place, note, trails }): MapEnd => ({ place: at(place), trails, note }))
          .toSorted((a, b) => b.trails - a.trails || a.place - b.place),
      }
    },
  }
}

interface OpenPlace {
  readonly key: string
  readonly service: string
  readonly hop: Step['hop']
  readonly claimed: boolean
  steps: number
  failed: number
  /** Trails. */
  refs: number
  /** The sum of how many causes stood before each step. */
  depths: number
}

interface OpenEdge {
  readonly from: OpenPlace
  readonly to: OpenPlace
  steps: number
  failed: number
  refs: number
  lastAt: number
}

const MOST_PLACES = 100
const MOST_CLAIMED = 20
const MOST_EDGES = 400

/** By parent links; a worker whose message carried the reference only, by its job. */
function causesOf(steps: readonly Step[]): ReadonlyMap<Step, Step> {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const jobs = new Map<string, Step>()
  // The first: a dead letter of the same job is what the worker led to.
  for (const step of steps) if (step.hop === 'queue' && step.jobId && !jobs.has(step.jobId)) jobs.set(step.jobId, step)
  const causes = new Map<Step, Step>()
  for (const step of steps) {
    const cause = byId.get(step.parentId ?? '') ?? (step.hop === 'worker' ? jobs.get(step.jobId ?? '') : undefined)
    if (cause && cause !== step) causes.set(step, cause)
  }
  return causes
}

/** How many causes stand before a step. A circle, which only bad input has, ends where it began. */
function depthsOf(steps: readonly Step[], causes: ReadonlyMap<Step, Step>): (step: Step) => number {
  const depths = new Map<Step, number>()
  for (const step of steps) {
    const path: Step[] = []
    const seen = new Set<Step>()
    let each: Step | undefined = step
    for (; each && !depths.has(each) && !seen.has(each); each = causes.get(each)) {
      path.push(each)
      seen.add(each)
    }
    let depth = each === undefined ? -1 : (depths.get(each) ?? -1)
    for (const one of path.toReversed()) depths.set(one, ++depth)
  }
  return (step) => depths.get(step) ?? 0
}

function noteOf({ hop, deadLetter, status }: Step): string | null {
  if (deadLetter) return 'given up, as a dead letter'
  if (hop === 'queue') return 'no worker step followed'
  if (status === 'running') return 'still running, or it ended without a word'
  return null
}
