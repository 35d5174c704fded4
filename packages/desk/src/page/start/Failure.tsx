import { useId } from 'react'
import type { FailedTrail as FailedTrailAnswer, FailureGroup } from '../../failures/FailuresAnswer.ts'
import { dayAndTime } from '../dayAndTime.ts'
import { HopIcon } from '../HopIcon.tsx'
import { OutcomeMark } from '../OutcomeMark.tsx'
import { useTexts } from '../texts/useTexts.ts'
import { FailedTrail } from './FailedTrail.tsx'
import { LongList } from './LongList.tsx'
import { ownerText } from '../../owners/ownerText.ts'
import { OwnerName } from '../OwnerName.tsx'
import { shortTime } from '../shortTime.ts'

/** The same failure at the same place: what, where, what to do, who, how often. Unfolds to its trails. */
export function Failure({ group, isUnfolded, onToggle, onOpen }: FailureProps) {
  const { start } = useTexts()
  const id = useId()
  const { hop, service, sentence, todo, state, owner, firstAt, lastAt, trails } = group
  return (
    <article className="failure" aria-labelledby={id} data-outcome={state}>
      <h4>
        <button type="button" id={id} aria-expanded={isUnfolded} onClick={onToggle}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M6 4l4 4-4 4" />
          </svg>
          {sentence}
        </button>
      </h4>
      <p className="failure-place">
        <OutcomeMark state={state} />
        <span>
          <HopIcon hop={hop} /> {service}
        </span>
        <b>{start.counts(group)}</b>
        {group.count === 1 ? (
          <Moment words={start.once} at={lastAt} />
        ) : (
          <>
            <Moment words={start.first} at={firstAt} />
            <Moment words={start.last} at={lastAt} />
          </>
        )}
      </p>
      <dl>
        <div>
          <dt>{start.todo}</dt>
          <dd>{todo}</dd>
        </div>
        <div>
          <dt>{start.who}</dt>
          <dd>
            {owner ? <OwnerName url={owner.url}>{ownerText({ ...owner, url: null })}</OwnerName> : start.nobodyNamed}
          </dd>
        </div>
      </dl>
      {isUnfolded && (
        <LongList items={trails} keyOf={referenceOf} estimatePx={44} className="failed-trails" label={start.trailsOf}>
          {(trail) => <FailedTrail trail={trail} onOpen={onOpen} />}
        </LongList>
      )}
    </article>
  )
}

export interface FailureProps {
  readonly group: FailureGroup
  /** Whether its trails are shown. */
  readonly isUnfolded: boolean
  readonly onToggle: () => void
  readonly onOpen: (reference: string) => void
}

function Moment({ words, at }: { readonly words: string; readonly at: string }) {
  return (
    <span>
      {words}{' '}
      <time dateTime={at} title={dayAndTime(at)}>
        {shortTime(at)}
      </time>
    </span>
  )
}

function referenceOf({ reference }: FailedTrailAnswer): string {
  return reference
}
