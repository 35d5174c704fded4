import type { MatchStep } from '../../../lookup/Match.ts'
import { spanOf } from './spanOf.ts'
import type { SpanOptions } from './spanOf.ts'

/**
 * The scale of a trail's bars. It is even, but for gaps in which nothing ran and that are longer than all the rest: a day in a queue
 * would crush the work around it to nothing. Such a gap is squeezed and marked as a break.
 */
export function timeScale(steps: readonly MatchStep[], options: SpanOptions): TimeScale {
  const spans = steps.map((step) => spanOf(step, options))
  const parents = new Set(steps.map(({ parentId }) => parentId))
  const begun = spans.reduce((first, { from }) => Math.min(first, from), Infinity)
  const ended = Math.max(
    begun + 1,
    spans.reduce((last, { to }) => Math.max(last, to), 0),
  )
  // A step around others is no sign of life while they rest, so of it only the beginning counts.
  const moments = spans
    .map(({ from, to }, at) => ({ from, to: parents.has(steps[at]!.id) ? from : to }))
    .toSorted((a, b) => a.from - b.from)
  return scaleOf({ begun, ended, breaks: squeezed(gapsBetween(moments), ended - begun) })
}

export interface TimeScale {
  /** Milliseconds since the epoch. */
  readonly begun: number
  readonly ended: number
  /** The gaps that are squeezed, in order. */
  readonly breaks: readonly Stretch[]
  /** In order, without holes; a break is one of them. */
  readonly segments: readonly Segment[]
  /** Where a moment stands, 0 for the beginning, 1 for the end. */
  readonly shareOf: (moment: number) => number
  /** The moment that stands there. */
  readonly momentAt: (share: number) => number
}

export interface Stretch {
  readonly from: number
  readonly to: number
}

export interface Segment extends Stretch {
  readonly kind: 'even' | 'break'
  readonly fromShare: number
  readonly toShare: number
}

function gapsBetween(moments: readonly Stretch[]): Stretch[] {
  const gaps: Stretch[] = []
  let quietSince = moments[0]?.from ?? 0
  for (const { from, to } of moments) {
    if (from > quietSince) gaps.push({ from: quietSince, to: from })
    quietSince = Math.max(quietSince, to)
  }
  return gaps
}

function squeezed(gaps: readonly Stretch[], lengthMs: number): Stretch[] {
  const byLength = gaps.toSorted((a, b) => a.to - a.from - (b.to - b.from))
  let rest = lengthMs - gaps.reduce((sum, { from, to }) => sum + to - from, 0)
  const first = byLength.findIndex(({ from, to }) => {
    const ms = to - from
    if (ms > LEAST_SQUEEZED_MS && ms > rest) return true
    rest += ms
    return false
  })
  return first < 0 ? [] : byLength.slice(first).toSorted((a, b) => a.from - b.from)
}

/** Shorter waits may be longer than the work and are seen as they are. */
const LEAST_SQUEEZED_MS = 10_000

function scaleOf({ begun, ended, breaks }: Pick<TimeScale, 'begun' | 'ended' | 'breaks'>): TimeScale {
  const squeezedMs = breaks.reduce((sum, { from, to }) => sum + to - from, 0)
  const breakShare = Math.min(BREAK_SHARE, ALL_BREAKS_SHARE / Math.max(1, breaks.length))
  const sharePerMs = (1 - breakShare * breaks.length) / Math.max(1, ended - begun - squeezedMs)
  const segments: Segment[] = []
  let [at, share] = [begun, 0]
  const add = (kind: Segment['kind'], to: number, width: number): void => {
    if (to > at) segments.push({ kind, from: at, to, fromShare: share, toShare: share + width })
    share += to > at ? width : 0
    at = Math.max(at, to)
  }
  for (const { from, to } of breaks) {
    add('even', from, (from - at) * sharePerMs)
    add('break', to, breakShare)
  }
  add('even', ended, (ended - at) * sharePerMs)
  const between = (value: number, [a, b]: Pair, [c, d]: Pair): number => c + ((value - a) / (b - a)) * (d - c)
  return {
    begun,
    ended,
    breaks,
    segments,
    shareOf(moment) {
      const { from, to, fromShare, toShare } = segments.find((each) => moment <= each.to) ?? segments.at(-1)!
      return between(moment, [from, to], [fromShare, toShare])
    },
    momentAt(share) {
      const { from, to, fromShare, toShare } = segments.find((each) => share <= each.toShare) ?? segments.at(-1)!
      return between(share, [fromShare, toShare], [from, to])
    },
  }
}

type Pair = readonly [number, number]

/** Of the whole scale: one break, and all of them. */
const BREAK_SHARE = 0.08
const ALL_BREAKS_SHARE = 0.3
