import { isChatter } from '@waybill/trail'
import { useId, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import type { MatchStep } from '../../lookup/Match.ts'
import { TimelineList } from './TimelineList.tsx'
import { timelineRows } from './timelineRows.ts'
import { useShortcut } from '../useShortcut.ts'

/** How it came about, row by row; many log lines are folded apart. While focus is inside, arrow keys walk the rows, right and left open and close one. */
export function Timeline({ steps, title, children }: TimelineProps) {
  const titleId = useId()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const section = useRef<HTMLElement>(null)
  const toggle = (key: string): void =>
    setOpen((now) => (now.has(key) ? new Set([...now].filter((each) => each !== key)) : new Set([...now, key])))

  const rowsShown = (): HTMLElement[] =>
    [...(section.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])].filter((row) => row.checkVisibility())
  const walk = (by: 1 | -1) => (event: KeyboardEvent) => {
    const rows = rowsShown()
    const current = rows.findIndex((row) => row === document.activeElement)
    const next = current < 0 && by < 0 ? rows.at(-1) : rows[current + by]
    if (!next) return
    event.preventDefault()
    next.focus()
  }
  const turn = (toOpen: boolean) => () => {
    const key = rowsShown().find((row) => row === document.activeElement)?.dataset['row']
    if (key !== undefined && open.has(key) !== toOpen) toggle(key)
  }
  useShortcut('ArrowDown', walk(1), { within: section })
  useShortcut('ArrowUp', walk(-1), { within: section })
  useShortcut('ArrowRight', turn(true), { within: section })
  useShortcut('ArrowLeft', turn(false), { within: section })

  const begun = Math.min(...steps.map((step) => Date.parse(step.at)))
  const ended = Math.max(...steps.map((step) => Date.parse(step.at) + step.durationMs))
  const scale = { begun, lengthMs: Math.max(1, ended - begun) }
  const chatter = steps.filter(isChatter)
  const isFolded = chatter.length > MOST_CHATTER
  const listed = isFolded ? steps.filter((step) => !isChatter(step)) : steps
  return (
    <section className="timeline" ref={section} aria-labelledby={titleId}>
      <h2 id={titleId}>{title}</h2>
      {children}
      <TimelineList rows={timelineRows(listed)} scale={scale} open={open} onToggle={toggle} />
      {isFolded && (
        <details className="apart">
          <summary>{`Log lines and events below a warning (${chatter.length})`}</summary>
          <TimelineList rows={timelineRows(chatter)} scale={scale} open={open} onToggle={toggle} />
        </details>
      )}
    </section>
  )
}

/** Lines beyond these are folded, all of them, so that they do not hide the steps that tell. */
const MOST_CHATTER = 5

export interface TimelineProps {
  readonly steps: readonly MatchStep[]
  readonly title: ReactNode
  /** What is to be known before the rows. @default nothing */
  readonly children?: ReactNode
}
