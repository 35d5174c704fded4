import type { MatchStep } from '../../../lookup/Match.ts'
import type { TimeScale } from '../time/timeScale.ts'
import type { SpanOptions } from '../time/spanOf.ts'
import type { View } from '../time/useZoom.ts'
import type { Zones } from '../time/zonesFor.ts'

/** What every row needs of the time line it stands in. */
export interface RowContext extends SpanOptions {
  readonly scale: TimeScale
  readonly view: View
  readonly zones: Zones
  /** The zone in which the rows' times are; undefined is the reader's. */
  readonly zone: string | undefined
  /** Ids of the steps whose details are seen. */
  readonly detailed: ReadonlySet<MatchStep['id']>
  readonly onFocus: (key: string) => void
  /** Opens or closes what a row's line opens: the details of a step, or the rows under it. */
  readonly onTurn: (key: string) => void
  /** Shows or hides what stands under a row. */
  readonly onFold: (key: string) => void
}
