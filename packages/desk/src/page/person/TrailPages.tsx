import { useState } from 'react'
import { countText } from '../countText.ts'
import { MoreButton } from './MoreButton.tsx'
import { Notice } from '../Notice.tsx'
import { TrailList } from '../find/TrailList.tsx'
import type { TrailPagesState } from './useTrailPages.ts'

/** A list that grows a page at a time; focus goes on to the first entry that came. */
export function TrailPages({ pages, opened, onOpen }: TrailPagesProps) {
  const { trails, next, status, more } = pages
  const [from, setFrom] = useState<number>()
  const showMore = async (): Promise<void> => {
    setFrom(trails.length)
    await more()
  }
  const isWell = status === 'idle' || status === 'busy'
  const isEnd = from !== undefined && next === null && status === 'idle'
  return (
    <>
      {trails.length > 0 && (
        <TrailList trails={trails} focused={from === undefined ? opened : trails[from]?.reference} onOpen={onOpen} />
      )}
      {status === 'busy' && trails.length === 0 && <div className="skeleton" aria-hidden="true" />}
      {!isWell && <Notice kind={status} onRetry={more} />}
      {isWell && next !== null && <MoreButton status={status} onMore={() => void showMore()} />}
      {isEnd && (
        <p className="more" tabIndex={-1} ref={from === trails.length ? focus : undefined}>
          These are all.
        </p>
      )}
      <output className="unseen">
        {status === 'busy' && 'Looking'}
        {status === 'idle' && `${countText(trails.length, 'trail')} shown${next === null ? '' : ', there are more'}`}
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
