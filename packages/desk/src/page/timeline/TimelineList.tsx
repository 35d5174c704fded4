import { FoldedItem } from './FoldedItem.tsx'
import { RestItem } from './RestItem.tsx'
import type { RowContext } from './RowContext.ts'
import { StepItem } from './StepItem.tsx'
import type { TimelineRow } from './timelineRows.ts'
import { WaitItem } from './WaitItem.tsx'

/** Rows of a time line, also those inside an unfolded row. */
export function TimelineList({ rows, ...shared }: TimelineListProps) {
  return (
    <ol className="rows">
      {rows.map((row) => {
        switch (row.kind) {
          case 'step':
            return <StepItem key={row.key} row={row} {...shared} />
          case 'attempts':
          case 'batch':
            return (
              <FoldedItem key={row.key} row={row} {...shared}>
                <TimelineList rows={row.rows} {...shared} />
              </FoldedItem>
            )
          case 'wait':
            return <WaitItem key={row.key} row={row} scale={shared.scale} />
          case 'rest':
            return <RestItem key={row.key} row={row} />
          default:
            return row satisfies never
        }
      })}
    </ol>
  )
}

export interface TimelineListProps extends RowContext {
  readonly rows: readonly TimelineRow[]
}
