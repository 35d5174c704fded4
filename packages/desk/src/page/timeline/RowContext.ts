import type { TimeScale } from './Bar.tsx'

/** What every row needs of the time line it stands in. */
export interface RowContext {
  readonly scale: TimeScale
  /** Keys of the rows that are open. */
  readonly open: ReadonlySet<string>
  readonly onToggle: (key: string) => void
}
