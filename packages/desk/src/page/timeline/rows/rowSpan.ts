import type { TimelineRow } from '../folding/timelineRows.ts'
import { spanOf } from '../time/spanOf.ts'
import type { SpanOptions } from '../time/spanOf.ts'
import type { Stretch } from '../time/timeScale.ts'

/** From when to when what a row tells took place; null for one that stands for no time of its own. */
export function rowSpan(row: TimelineRow, options: SpanOptions): Stretch | null {
  if (row.kind === 'step') return spanOf(row.step, options)
  if (row.kind !== 'attempts' && row.kind !== 'batch') return null
  const spans = row.heads.map((step) => spanOf(step, options))
  return {
    from: spans.reduce((least, { from }) => Math.min(least, from), Infinity),
    to: spans.reduce((most, { to }) => Math.max(most, to), 0),
  }
}
