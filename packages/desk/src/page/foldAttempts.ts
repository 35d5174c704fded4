import type { MatchStep } from '../lookup/Match.ts'

/** The steps in order, the attempts of one piece of work drawn together at the place of the first, with what happened inside them. */
export function foldAttempts(steps: readonly MatchStep[]): TimelinePart[] {
  const works = new Map<string, MatchStep[]>()
  for (const step of steps) {
    const key = workOf(step)
    works.set(key, [...(works.get(key) ?? []), step])
  }
  const folded = new Set<string>()
  const parts: TimelinePart[] = []
  for (const step of steps) {
    if (folded.has(step.id)) continue
    const attempts = works.get(workOf(step)) ?? []
    if (new Set(attempts.map((each) => each.attempt ?? 1)).size < 2) {
      parts.push({ kind: 'step', step })
      continue
    }
    const inside = new Set(attempts.map((each) => each.id))
    // A parent comes before its children, so one pass finds them all.
    for (const each of steps) if (!STANDS_APART.has(each.hop) && inside.has(each.parentId ?? '')) inside.add(each.id)
    for (const id of inside) folded.add(id)
    parts.push({ kind: 'attempts', attempts, members: steps.filter((each) => inside.has(each.id)) })
  }
  return parts
}

export type TimelinePart =
  | { readonly kind: 'step'; readonly step: MatchStep }
  | { readonly kind: 'attempts'; readonly attempts: readonly MatchStep[]; readonly members: readonly MatchStep[] }

/** What was attempted: a job, or a call made again by the same step. One without a number is a first attempt. */
function workOf({ hop, service, name, jobId, parentId }: MatchStep): string {
  return jobId === null ? `${hop} ${service} ${name} of ${parentId}` : `${hop} ${name} of job ${jobId}`
}

/** Work that begins where its cause ends; it is told on its own, wherever it was caused. */
const STANDS_APART: ReadonlySet<string> = new Set(['queue', 'worker', 'schedule', 'webhook', 'alert', 'support'])
