import { useRef, useState } from 'react'
import { dayAndTime } from '../dayAndTime.ts'
import type { DeskClient } from '../createDeskClient.ts'
import { Incomplete } from '../Incomplete.tsx'
import { Notice } from '../Notice.tsx'
import { useTexts } from '../texts/useTexts.ts'
import { FailureFilters } from './FailureFilters.tsx'
import { FailureParts } from './FailureParts.tsx'
import { NoFailures } from './NoFailures.tsx'
import { momentText } from '../momentText.ts'
import { useFailureFilter } from './useFailureFilter.ts'
import { useFailures } from './useFailures.ts'
import type { FailuresMemory } from './useFailures.ts'

/** What failed of late, in groups of the same failure, first what waits for somebody at the company. */
export function Failures({ client, memory, onOpen, onSignedOut }: FailuresProps) {
  const { start } = useTexts()
  const { filter, change } = useFailureFilter()
  const { heard, status, refresh } = useFailures({ client, filter, memory, onSignedOut })
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(() => new Set(memory.unfolded))
  const isBusy = status === 'busy'
  const isWell = isBusy || status === 'idle'

  const title = useRef<HTMLHeadingElement>(null)
  /** What was pressed goes away with the state that it stood in; focus stays with this part of the page. */
  const stay = (): void => title.current?.focus({ preventScroll: true })
  const again = (): void => {
    stay()
    void refresh()
  }
  const toggle = (id: string): void => {
    if (!memory.unfolded.delete(id)) memory.unfolded.add(id)
    setUnfolded(new Set(memory.unfolded))
  }
  return (
    <section className="failures" aria-labelledby="failures-title" aria-busy={isBusy}>
      <div className="failures-head">
        <h2 id="failures-title" ref={title} tabIndex={-1}>
          {start.failures}
        </h2>
        <FailureFilters filter={filter} services={heard?.answer.services ?? []} onChange={change} />
        <div className="failures-updated">
          {heard && (
            <time dateTime={heard.at} title={dayAndTime(heard.at)}>
              {start.updated(momentText(heard.at, { as: 'seconds, zone' }))}
            </time>
          )}
          <button
            type="button"
            className="second-button"
            aria-disabled={isBusy}
            onClick={() => {
              if (!isBusy) void refresh()
            }}
          >
            {isBusy ? start.refreshing : start.refresh}
          </button>
        </div>
      </div>
      <output className="unseen">
        {isBusy ? start.looking : heard && isWell ? start.shown(heard.answer.groups.length, heard.answer.trails) : ''}
      </output>
      {!isWell && <Notice kind={status} level="h3" onRetry={again} />}
      {!isWell && heard && <p className="failures-note">{start.stale}</p>}
      {isBusy && heard === null && <div className="skeleton" aria-hidden="true" />}
      {heard && <Incomplete unseen={heard.answer.unseen} text={start.incomplete} />}
      {heard?.answer.more && (
        <p className="failures-note" role="note">
          {start.more}
        </p>
      )}
      {heard && heard.answer.groups.length > 0 && (
        <FailureParts groups={heard.answer.groups} unfolded={unfolded} onToggle={toggle} onOpen={onOpen} />
      )}
      {heard && heard.answer.groups.length === 0 && isWell && (
        <NoFailures
          filter={filter}
          isWhole={heard.answer.unseen.length === 0 && !heard.answer.more}
          onChange={(changes) => {
            stay()
            change(changes)
          }}
        />
      )}
    </section>
  )
}

export interface FailuresProps {
  readonly client: Pick<DeskClient, 'failures'>
  readonly memory: FailuresMemory
  readonly onOpen: (reference: string) => void
  readonly onSignedOut: () => void
}
