import { HOPS } from './hop.ts'
import { isCutShort } from './isCutShort.ts'
import type { Step } from './Step.ts'

/**
 * The steps of one trail as they happened: each once, in order of time, and none before the step that caused it, however
 * far the clocks of two machines are apart. A `started` marker gives way to the step it announced; while that step is
 * missing, the marker stands for it and reads `running`.
 */
export function orderSteps(steps: readonly Step[]): Step[] {
  const byId = new Map<string, Step>()
  for (const step of steps) {
    const settled = step.startedFor ? { ...step, id: step.startedFor, startedFor: undefined } : step
    const known = byId.get(settled.id)
    if (!known || weight(settled) > weight(known)) byId.set(settled.id, settled)
  }
  const places = new Map<string, Place>()
  const placed = Array.from(byId.values(), (step) => ({ step, ...placeOf(step, byId, places) }))
  placed.sort((a, b) => a.at - b.at || a.depth - b.depth || HOPS.indexOf(a.step.hop) - HOPS.indexOf(b.step.hop))
  return placed.map(({ step }) => step)
}

interface Place {
  readonly at: number
  readonly depth: number
}

/** Of two tellings of one step a server's counts before any browser's claim, then a finished one, rather with a real end than cut short. */
function weight(step: Step): number {
  const end = step.status === 'running' ? 0 : isCutShort(step) ? 1 : 2
  return end + (step.claimed ? 0 : 3)
}

/** When a step is shown: its own start, but not before its cause's. A circle of causes, which only bad input has, ends where it began. */
function placeOf(step: Step, byId: ReadonlyMap<string, Step>, places: Map<string, Place>): Place {
  const path: Step[] = []
  const seen = new Set<string>()
  for (let each: Step | undefined = step; each && !places.has(each.id) && !seen.has(each.id);) {
    path.push(each)
    seen.add(each.id)
    each = each.parentId ? byId.get(each.parentId) : undefined
  }
  for (const each of path.toReversed()) {
    const cause = each.parentId ? places.get(each.parentId) : undefined
    places.set(each.id, { at: Math.max(each.at, cause?.at ?? each.at), depth: (cause?.depth ?? -1) + 1 })
  }
  return places.get(step.id) ?? { at: step.at, depth: 0 }
}
