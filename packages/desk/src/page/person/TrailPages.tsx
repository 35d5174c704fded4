import { useState } from 'react'
import { TrailList } from '../find/TrailList.tsx'
import { Notice } from '../Notice.tsx'
import { useTexts } from '../texts/useTexts.ts'
import { DayHeading } from './DayHeading.tsx'
import { daysOf } from './daysOf.ts'
import { MoreButton } from './MoreButton.tsx'
import type { TrailPagesState } from './useTrailPages.ts'

/** A list by days that grows a page at a time; focus goes on to the first entry that came. */
export function TrailPages({ pages, opened, onOpen }: TrailPagesProps) {
  const { person } = useTexts()
  const { trails, next, status, more } = pages
  const days = daysOf(trails)
  const [from, setFrom] = useState<number>()
  const showMore = async (): Promise<void> => {
    setFrom(trails.length)
    await more()
  }
  const isWell = status === 'idle' || status === 'busy'
  const isEnd = from !== undefined && next === null && status === 'idle'
  return (
    <>
      {days.map((day, index) => (
        <section key={new Date(day.at).toDateString()} className="day-trails">
          <DayHeading day={day} isWhole={next === null || index < days.length - 1} />
          <TrailList
            trails={day.trails}
            focused={from === undefined ? opened : trails[from]?.reference}
            onOpen={onOpen}
          />
        </section>
      ))}
      {status === 'busy' && trails.length === 0 && <div className="skeleton" aria-hidden="true" />}
      {!isWell && <Notice kind={status} onRetry={more} />}
      {isWell && next !== null && <MoreButton status={status} onMore={() => void showMore()} />}
      {isEnd && (
        <p className="more" tabIndex={-1} ref={from === trails.length ? focus : undefined}>
          {person.all}
        </p>
      )}
      <output className="unseen">
        {status === 'busy' && person.lookingNow}
        {status === 'idle' && person.shown(trails.length, next === null)}
      </output>
    </>
  )
}

export interface TrailPagesProps {
  readonly pages: TrailPagesState
  /** The one that was looked at before Back led here. */
  readonly opened: string | undefined
  readonly onOpen: (reference: string) => void
}

function focus(element: HTMLElement | null): void {
  element?.focus()
}
