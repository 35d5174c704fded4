import { useId } from 'react'
import type { FailureGroup } from '../../failures/FailuresAnswer.ts'
import { useTexts } from '../texts/useTexts.ts'
import { Failure } from './Failure.tsx'
import { LongList } from './LongList.tsx'
import { partsOfFailures } from './partsOfFailures.ts'

/** All groups, each part under its own heading. */
export function FailureParts({ groups, unfolded, onToggle, onOpen }: FailurePartsProps) {
  const { start } = useTexts()
  const id = useId()
  return partsOfFailures(groups).map(({ part, groups: own, trails }) => (
    <section key={part} className="failure-part" data-part={part} aria-labelledby={`${id}${part}`}>
      <h3 id={`${id}${part}`}>
        {start.parts[part].title} <span>{start.partCount(trails)}</span>
      </h3>
      <p>{start.parts[part].text}</p>
      <LongList items={own} keyOf={idOf} estimatePx={170} className="failure-list" label={start.parts[part].title}>
        {(group) => (
          <Failure
            group={group}
            isUnfolded={unfolded.has(group.id)}
            onToggle={() => onToggle(group.id)}
            onOpen={onOpen}
          />
        )}
      </LongList>
    </section>
  ))
}

export interface FailurePartsProps {
  readonly groups: readonly FailureGroup[]
  /** Ids of those whose trails are shown. */
  readonly unfolded: ReadonlySet<string>
  readonly onToggle: (id: string) => void
  readonly onOpen: (reference: string) => void
}

function idOf({ id }: FailureGroup): string {
  return id
}
