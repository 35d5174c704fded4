import type { TrailSummary } from '../../lookup/Match.ts'

/** Trails by the day on which they began, where the reader is; the newest first, in each day as well. */
export function daysOf(trails: readonly TrailSummary[]): Day[] {
  const days = new Map<string, TrailSummary[]>()
  for (const trail of trails.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))) {
    const day = new Date(trail.startedAt).toDateString()
    days.set(day, [...(days.get(day) ?? []), trail])
  }
  return Array.from(days.values(), (own) => ({ at: own[0]!.startedAt, trails: own }))
}

export interface Day {
  /** When the last of them began. */
  readonly at: string
  readonly trails: readonly TrailSummary[]
}
