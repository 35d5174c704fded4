import type { MatchStep } from '../../../lookup/Match.ts'

/** From when to when a step ran, as far as is known. Work that goes on is drawn to now, unless nothing was heard for too long. */
export function spanOf({ at, durationMs, status }: MatchStep, { aliveUntil }: SpanOptions): Span {
  const from = Date.parse(at)
  const to = from + durationMs
  if (status !== 'running') return { from, to, course: 'ended' }
  return aliveUntil === null
    ? { from, to, course: 'silent' }
    : { from, to: Math.max(to, aliveUntil), course: 'going-on' }
}

export interface SpanOptions {
  /** Until when work without an end is taken to go on, milliseconds since the epoch; null where nothing was heard for too long. */
  readonly aliveUntil: number | null
}

export interface Span {
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  /** `silent`: it has no end, and nobody knows whether it goes on. */
  readonly course: 'ended' | 'going-on' | 'silent'
}

/** See `SpanOptions`. The same hour as in the verdict, which then says that nobody knows how it ended. */
export function aliveUntilOf(steps: readonly MatchStep[], now: number): number | null {
  const lastSign = steps.reduce((last, { at, durationMs }) => Math.max(last, Date.parse(at) + durationMs), 0)
  return now - lastSign > SILENT_MS ? null : now
}

const SILENT_MS = 3_600_000
