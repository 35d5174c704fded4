import type { TrailSummary } from '../../lookup/Match.ts'
import { dayAndTime } from '../clockTime.ts'
import { followInPage } from '../followInPage.ts'
import { OutcomeMark } from '../OutcomeMark.tsx'

/** Trails side by side, each with what tells it from the others. A person chooses; none is opened by guess. */
export function TrailList({ trails, focused, onOpen }: TrailListProps) {
  return (
    <ul>
      {trails.map((trail) => (
        <li key={trail.reference}>
          <a
            href={`/trail/${trail.reference}`}
            ref={trail.reference === focused ? focus : undefined}
            onClick={followInPage(() => onOpen(trail.reference))}
          >
            <span className="match-head">
              <OutcomeMark state={trail.outcome.state} />
              <code dir="ltr">{trail.reference}</code>
            </span>
            <b>{trail.action}</b>
            <time dateTime={trail.startedAt}>{dayAndTime(trail.startedAt)}</time>
            <span className="match-sentence">{trail.outcome.sentence}</span>
            {Object.entries(trail.facts).map(([name, value]) => (
              <span key={name} className="badge">
                {name} {value}
              </span>
            ))}
            {trail.noted.map(({ kind, value }) => (
              <span key={`${kind} ${value}`} className="badge">
                {kind} {value}
              </span>
            ))}
            {trail.claimed && <span className="claim">reported by the customer’s browser</span>}
          </a>
        </li>
      ))}
    </ul>
  )
}

export interface TrailListProps {
  readonly trails: readonly TrailSummary[]
  /** The one that gets focus when the list appears. @default none */
  readonly focused?: string | undefined
  readonly onOpen: (reference: string) => void
}

function focus(link: HTMLElement | null): void {
  link?.focus()
}
