import type { HopMap } from './hopMapOf.ts'

/**
 * The places as they are drawn: runs of one after the other, each with the runs into which it parted at its end. Where several ways lead to a
 * place, it stands behind the first of them that does not lead in a circle; the others are told beside it.
 */
export function hopRuns({ places }: HopMap): HopRun[] {
  const followers = new Map<number | null, number[]>()
  for (const [place, { ways }] of places.entries()) {
    // What comes later in the list was met later, and did not lead here first.
    const before = ways.find(({ from }) => from < place)?.from ?? null
    followers.set(before, [...(followers.get(before) ?? []), place])
  }
  const runFrom = (first: number): HopRun => {
    const run = [first]
    let next = followers.get(first) ?? []
    while (next.length === 1) {
      run.push(next[0]!)
      next = followers.get(next[0]!) ?? []
    }
    return { places: run, parts: next.map(runFrom) }
  }
  return (followers.get(null) ?? []).map(runFrom)
}

export interface HopRun {
  /** Places in the map's list, at least one. */
  readonly places: readonly number[]
  readonly parts: readonly HopRun[]
}
