import { useDeferredValue, useId, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import type { MatchStep } from '../../lookup/Match.ts'
import { useTexts } from '../texts/useTexts.ts'
import { NO_FILTER, filterKey, wantedSteps } from './filter/stepFilter.ts'
import { TimelineFilter } from './filter/TimelineFilter.tsx'
import { pathTo, shownRows } from './folding/shownRows.ts'
import type { ShownRow } from './folding/shownRows.ts'
import { timelineRows } from './folding/timelineRows.ts'
import { useFolds } from './folding/useFolds.ts'
import type { RowContext } from './rows/RowContext.ts'
import { rowSpan } from './rows/rowSpan.ts'
import { TimelineRows } from './rows/TimelineRows.tsx'
import type { RowTarget } from './rows/TimelineRows.tsx'
import { aliveUntilOf } from './time/spanOf.ts'
import { TimeAxis } from './time/TimeAxis.tsx'
import type { ZoomStep } from './time/TimeAxis.tsx'
import { timeScale } from './time/timeScale.ts'
import { useZoom } from './time/useZoom.ts'
import type { Zones } from './time/zonesFor.ts'
import { useStepAddress } from './useStepAddress.ts'
import { useTimelineKeys } from './useTimelineKeys.ts'

/** How it came about, row by row, each under what caused it. */
export function Timeline({ steps, title, now, zones, zone, children }: TimelineProps) {
  const titleId = useId()
  const texts = useTexts().timeline
  const section = useRef<HTMLElement>(null)
  const [detailed, setDetailed] = useState<ReadonlySet<string>>(new Set())
  const [current, setCurrent] = useState<string | null>(null)
  const [target, setTarget] = useState<RowTarget | null>(null)
  const [filter, setFilter] = useState(NO_FILTER)
  const [askedFor, setAskedFor] = useState<string | null>(null)
  const [said, say] = useState('')

  // Typing goes on while thousands of rows are still being narrowed.
  const settled = useDeferredValue(filter)
  const wanted = useMemo(() => wantedSteps(steps, settled), [steps, settled])
  const folds = useFolds(filterKey(settled))
  const usual = useMemo(() => usualRows(steps), [steps])
  const rows = useMemo(() => {
    const asked = new Set([...(wanted ?? []), askedFor ?? ''].filter((id) => usual.without.has(id)))
    return asked.size === 0 ? usual.rows : timelineRows(steps, { asked })
  }, [steps, usual, wanted, askedFor])
  const { isOpen } = folds
  const shown = useMemo(() => shownRows(rows, { isOpen, wanted }), [rows, wanted, isOpen])
  const aliveUntil = useMemo(() => aliveUntilOf(steps, now), [steps, now])
  const scale = useMemo(() => timeScale(steps, { aliveUntil }), [steps, aliveUntil])
  const zoom = useZoom(scale)

  const fold = ({ row }: ShownRow, open: boolean): void => {
    if (!('inside' in row)) return
    folds.turn([row.key], open)
    say(open ? texts.shownAgain(row.stepCount) : texts.hidden(row.stepCount, row.failedCount))
  }
  const detail = (key: string, open: boolean): void =>
    setDetailed((now) => new Set(open ? [...now, key] : [...now].filter((each) => each !== key)))
  const rowOf = (key: string): ShownRow | undefined => shown.find(({ row }) => row.key === key)
  const onFold = (key: string): void => {
    const row = rowOf(key)
    if (row) fold(row, row.state === 'closed')
  }
  const focusOn = (key: string): void => {
    setCurrent(key)
    setTarget({ key, block: 'nearest' })
  }
  const onZoom = (to: ZoomStep): void => {
    const row = current === null ? undefined : rowOf(current)
    const view =
      to === 'whole' ? zoom.whole() : zoom.by(to === 'in' ? 2 : 0.5, row ? rowSpan(row.row, { aliveUntil }) : null)
    say(texts.seen(scale, view))
  }
  useStepAddress((id) => {
    if (!steps.some((step) => step.id === id)) return
    const path = pathTo(id, timelineRows(steps, { asked: new Set([id]) }))
    if (!path) return
    for (let around = section.current?.closest('details'); around; around = around.parentElement?.closest('details'))
      around.open = true
    if (wanted?.has(id) === false) setFilter(NO_FILTER)
    setAskedFor(id)
    folds.openAll(path)
    detail(id, true)
    setCurrent(id)
    setTarget({ key: id, block: 'center' })
  })
  useTimelineKeys({ section, shown, detailed, fold, detail, focusOn, onZoom })

  const context: RowContext = {
    scale,
    view: zoom.view,
    aliveUntil,
    zones,
    zone,
    detailed,
    onFold,
    onTurn: (key) => (rowOf(key)?.row.kind === 'step' ? detail(key, !detailed.has(key)) : onFold(key)),
    onFocus: (key) => {
      setCurrent(key)
      const row = rowOf(key)
      const span = row && rowSpan(row.row, { aliveUntil })
      if (span) zoom.follow(span)
    },
  }
  return (
    <section className="timeline" ref={section} aria-labelledby={titleId}>
      <div className="timeline-head">
        <h2 id={titleId}>{title}</h2>
        {steps.length >= FILTERED_FROM && (
          <TimelineFilter
            steps={steps}
            filter={filter}
            wantedCount={wanted?.size ?? steps.length}
            onChange={setFilter}
          />
        )}
      </div>
      {children}
      <div className="chart">
        {steps.length > 1 && <TimeAxis scale={scale} view={zoom.view} onZoom={onZoom} />}
        <TimelineRows rows={shown} context={context} current={current} target={target} />
      </div>
      <output className="unseen">{said}</output>
    </section>
  )
}

/** The rows as they are at first, and the steps that have none there because their batch is large. */
function usualRows(steps: readonly MatchStep[]) {
  const rows = timelineRows(steps)
  const shown = new Set(shownRows(rows, { isOpen: () => true, wanted: null }).map(({ row }) => row.key))
  return { rows, without: new Set(steps.map(({ id }) => id).filter((id) => !shown.has(id))) }
}

/** Fewer are read sooner than narrowed. */
const FILTERED_FROM = 20

export interface TimelineProps {
  /** The same array as long as nothing in it changes. */
  readonly steps: readonly MatchStep[]
  readonly title: ReactNode
  /** Milliseconds since the epoch: until then is drawn what goes on. */
  readonly now: number
  readonly zones: Zones
  /** The zone in which times are shown; undefined is the reader's. */
  readonly zone: string | undefined
  /** What is to be known before the rows. @default nothing */
  readonly children?: ReactNode
}
