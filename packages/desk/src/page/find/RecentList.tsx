/* oxlint-disable jsx-a11y/prefer-tag-over-role -- no select stands open under a text box, and no datalist shows more than a line of text */
import { dayAndTime } from '../dayAndTime.ts'
import { OutcomeMark } from '../OutcomeMark.tsx'
import { useTexts } from '../texts/useTexts.ts'
import type { RecentLookUp } from './recentLookUps.ts'

/** Recent look-ups to choose from, under the search box, which keeps focus and says which one is meant. */
export function RecentList({ id, lookUps, active, onChoose }: RecentListProps) {
  const { find } = useTexts()
  return (
    <div id={id} role="listbox" aria-label={find.recent} className="recent">
      {lookUps.map(({ reference, action, startedAt, outcome }, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- keys act in the box, which keeps focus
        <div
          key={reference}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === active}
          // Focus stays in the box.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(reference)}
          ref={index === active ? showWhole : undefined}
        >
          <code dir="ltr">{reference}</code> <span>{action ?? find.noAction}</span> <OutcomeMark state={outcome} />{' '}
          <time dateTime={startedAt}>{dayAndTime(startedAt)}</time>
        </div>
      ))}
    </div>
  )
}

export interface RecentListProps {
  readonly id: string
  readonly lookUps: readonly RecentLookUp[]
  /** The place of the one that Enter chooses; -1 for none. */
  readonly active: number
  readonly onChoose: (reference: string) => void
}

/** By which the box names an entry. */
export function optionId(id: string, index: number): string {
  return `${id}-${index}`
}

function showWhole(entry: HTMLElement | null): void {
  entry?.scrollIntoView({ block: 'nearest' })
}
