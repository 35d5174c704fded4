import { useId, useState } from 'react'
import type { FormEvent } from 'react'
import type { DeskClient } from '../createDeskClient.ts'
import { LogTable } from './LogTable.tsx'
import { MoreButton } from '../person/MoreButton.tsx'
import { Notice } from '../Notice.tsx'
import { useFocusOnce } from '../useFocusOnce.ts'
import { useLog } from './useLog.ts'

/** Who looked up what kind of thing, when and from where, newest first; of everybody, or of one. */
export function LogView({ client, onSignedOut }: LogViewProps) {
  const heading = useFocusOnce<HTMLHeadingElement>()
  const [who, setWho] = useState('')
  const log = useLog({ client, who, onSignedOut })
  const { entries, next, status, more } = log
  const [from, setFrom] = useState<number>()
  const id = useId()
  const names = [...new Set(entries.map((entry) => entry.who))]
  const isWell = status === 'idle' || status === 'busy'
  // What another question brought is no answer to this one.
  const isAnswered = log.who === who

  const choose = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget).get('who')
    setFrom(undefined)
    setWho(typeof typed === 'string' ? typed.trim() : '')
  }
  const showMore = async (): Promise<void> => {
    setFrom(entries.length)
    await more()
  }
  if (status === 'no-admin') return <Notice kind={status} onRetry={onSignedOut} />
  return (
    <section className="log" aria-busy={status === 'busy'}>
      <div className="view-head">
        <h1 ref={heading} tabIndex={-1}>
          Who looked up what
        </h1>
        <form onSubmit={choose}>
          <label htmlFor={id}>Only of</label>{' '}
          <input
            id={id}
            name="who"
            list={`${id}-names`}
            placeholder="everybody"
            autoComplete="off"
            spellCheck={false}
          />
          <datalist id={`${id}-names`}>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </datalist>{' '}
          <button type="submit" className="second-button">
            Show
          </button>
        </form>
      </div>
      <p>Every look-up of people and programs, whether it found something or not. What they typed is not kept.</p>
      {status === 'busy' && entries.length === 0 && <div className="skeleton" aria-hidden="true" />}
      {isAnswered && entries.length > 0 && <LogTable entries={entries} focused={from} />}
      {isAnswered && status === 'idle' && entries.length === 0 && (
        <p className="log-none">
          {who === '' ? 'Nothing was looked up yet.' : 'Nothing is written down of this name.'}
        </p>
      )}
      {!isWell && <Notice kind={status} onRetry={more} />}
      {isWell && isAnswered && next !== null && <MoreButton status={status} onMore={() => void showMore()} />}
      <output className="unseen">
        {status === 'busy' && 'Looking'}
        {status === 'idle' && `${entries.length} entries shown${next === null ? '' : ', there are more'}`}
      </output>
    </section>
  )
}

export interface LogViewProps {
  readonly client: Pick<DeskClient, 'log'>
  readonly onSignedOut: () => void
}
