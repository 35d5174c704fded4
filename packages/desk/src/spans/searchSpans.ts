import type { Unseen } from '../store/Unseen.ts'
import { spanFaultOf } from './SpanFault.ts'
import type { AskedSpans, FoundSpans, SpanStore, TimeWindow } from './SpanReader.ts'

/**
 * Searches a store of spans. Where it is known when the spans began, once, with an hour on both sides for clocks that differ and spans that came late. Else
 * the newest day first, and then backwards, two days, four days and so on, until the time is over or everything is searched.
 */
export async function searchSpans(asked: AskedSpans, { where, ask }: SearchOptions): Promise<FoundSpans> {
  const { window, mostDays, now, signal } = asked
  const ranges = window
    ? [{ from: window.from - SLACK_MS, to: window.to + SLACK_MS }]
    : [...backwards({ now, mostDays })]
  const resourceSpans: unknown[] = []
  const unseen: Unseen[] = []
  const done: TimeWindow[] = []

  for (const [index, range] of ranges.entries()) {
    const rest = { from: ranges.at(-1)!.from, to: range.to }
    if (signal.aborted) {
      unseen.push(unseenIn(rest, { where, reason: index === 0 ? 'timed-out' : 'over-budget' }))
      break
    }
    try {
      const found = await ask(range)
      resourceSpans.push(...found.resourceSpans)
      if (found.isCut) unseen.push(unseenIn(range, { where, reason: 'over-budget' }))
      done.push(range)
    } catch (error) {
      const { reason } = spanFaultOf(error)
      // A day that holds too much says nothing of the day before; whatever else is wrong is so there, too.
      const goesOn = reason === 'over-budget'
      unseen.push(
        unseenIn(goesOn ? range : rest, {
          where,
          reason: index > 0 && reason === 'timed-out' ? 'over-budget' : reason,
        }),
      )
      if (!goesOn) break
    }
  }
  const [first] = done
  return { resourceSpans, searched: first ? { from: done.at(-1)!.from, to: first.to } : null, unseen }
}

export interface SearchOptions {
  readonly where: SpanStore
  /** @throws SpanFault */
  readonly ask: (range: TimeWindow) => Promise<SpansInRange>
}

export interface SpansInRange {
  readonly resourceSpans: readonly unknown[]
  /** Whether there are more. */
  readonly isCut: boolean
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SLACK_MS = HOUR_MS

/** The newest first. The first reaches a little into the future, for clocks that are ahead. */
function* backwards({ now, mostDays }: { readonly now: number; readonly mostDays: number }): Generator<TimeWindow> {
  const end = now - mostDays * DAY_MS
  let to = now + SLACK_MS
  for (let days = 1; to > end; days *= 2) {
    const from = Math.max(end, Math.min(to, now) - days * DAY_MS)
    yield { from, to }
    to = from
  }
}

function unseenIn({ from, to }: TimeWindow, { where, reason }: Pick<Unseen, 'where' | 'reason'>): Unseen {
  return { where, reason, from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}
