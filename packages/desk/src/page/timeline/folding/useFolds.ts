import { useCallback, useState } from 'react'
import type { RowPlace } from './shownRows.ts'
import type { TimelineRow } from './timelineRows.ts'

/**
 * Which rows show what is under them. What a step led to is open, unless it is very long and nothing in it failed; attempts, batches
 * and log lines are closed. While the rows are narrowed all are open, and what is turned then is forgotten with the filter.
 */
export function useFolds(filterKey: string): Folds {
  const [turned, setTurned] = useState(NOTHING)
  const [narrowed, setNarrowed] = useState({ filterKey, turned: NOTHING })
  const isNarrowed = filterKey !== ''
  const now = isNarrowed ? (narrowed.filterKey === filterKey ? narrowed.turned : NOTHING) : turned
  const isOpen = useCallback(
    (row: TimelineRow, place: RowPlace) => now.get(row.key) ?? (isNarrowed || opensFirst(row, place)),
    [now, isNarrowed],
  )
  return {
    isOpen,
    turn: (keys, open) => {
      const next = new Map([...now, ...keys.map((key) => [key, open] as const)])
      if (isNarrowed) setNarrowed({ filterKey, turned: next })
      else setTurned(next)
    },
    openAll: (keys) => {
      const opened = (all: ReadonlyMap<string, boolean>) =>
        new Map([...all, ...keys.map((key) => [key, true] as const)])
      setTurned(opened)
      setNarrowed(({ filterKey, turned }) => ({ filterKey, turned: opened(turned) }))
    },
  }
}

export interface Folds {
  /** Another function whenever it would answer differently. */
  readonly isOpen: (row: TimelineRow, place: RowPlace) => boolean
  readonly turn: (keys: readonly string[], open: boolean) => void
  /** Opens these, whether the rows are narrowed or not. */
  readonly openAll: (keys: readonly string[]) => void
}

const NOTHING: ReadonlyMap<string, boolean> = new Map()

function opensFirst(row: TimelineRow, { isAlone }: RowPlace): boolean {
  // What is all there is at its level would leave nothing to see.
  return row.kind === 'step' && (row.stepCount <= MOST_OPEN || row.failedCount > 0 || isAlone)
}

const MOST_OPEN = 200
