import { useId, useRef, useState } from 'react'
import type { FormEvent } from 'react'
import { normalValue } from '../../store/aliasesOf.ts'
import type { DeskClient, LookUpFailure } from '../createDeskClient.ts'
import { useTexts } from '../texts/useTexts.ts'

/**
 * Leads to all trails of a customer by their e-mail address or id. What is typed goes to the desk in a request's body and stays in
 * the field: in no address, no history, no storage.
 */
export function FindCustomer({ client, onCustomer, onSearch, onSignedOut }: FindCustomerProps) {
  const { find } = useTexts().person
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [state, setState] = useState<FindState>({ is: 'idle' })
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (state.is === 'busy') return
    const typed = normalValue(field.current?.value ?? '')
    if (typed === '') {
      setState({ is: 'blank' })
      field.current?.focus()
      return
    }
    setState({ is: 'busy' })
    const result = await client.lookUp(typed)
    if (!result.ok) {
      if (result.reason === 'signed-out') onSignedOut()
      else setState({ is: 'failed', reason: result.reason })
      return
    }
    const { person, matches, complete } = result.answer
    if (person !== null) {
      // Where it is the customer who is shown already, this form stays.
      setState({ is: 'idle' })
      if (field.current) field.current.value = ''
      onCustomer(person)
    } else if (matches.length > 0) setState({ is: 'otherwise', trails: matches.length, typed })
    else setState({ is: complete ? 'unknown' : 'unseen' })
  }
  return (
    <form className="find-customer" aria-labelledby={`${id}title`} onSubmit={(event) => void submit(event)}>
      <h2 id={`${id}title`}>{find.title}</h2>
      <label htmlFor={id}>{find.label}</label>
      <div>
        <input
          id={id}
          ref={field}
          type="text"
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          aria-describedby={`${id}hint`}
          aria-invalid={state.is === 'blank'}
        />
        <button type="submit" className="second-button" aria-disabled={state.is === 'busy'}>
          {find.submit}
        </button>
      </div>
      <p id={`${id}hint`} className="hint">
        {find.hint}
      </p>
      <output className="find-customer-answer">
        <FindAnswer state={state} onSearch={onSearch} />
      </output>
    </form>
  )
}

export interface FindCustomerProps {
  readonly client: Pick<DeskClient, 'lookUp'>
  /** Shows all trails of a customer, by the keyed hash of their id. */
  readonly onCustomer: (person: string) => void
  /** Looks for everything that a text leads to. */
  readonly onSearch: (text: string) => void
  readonly onSignedOut: () => void
}

/** `otherwise`: what was typed leads to trails, but not as a customer's id, or not only. */
type FindState =
  | { readonly is: 'idle' | 'busy' | 'blank' | 'unknown' | 'unseen' }
  | { readonly is: 'otherwise'; readonly trails: number; readonly typed: string }
  | { readonly is: 'failed'; readonly reason: Exclude<LookUpFailure, 'signed-out'> }

function FindAnswer({ state, onSearch }: { readonly state: FindState; readonly onSearch: (text: string) => void }) {
  const texts = useTexts().person
  const { find } = texts
  switch (state.is) {
    case 'idle':
      return null
    case 'busy':
      return texts.lookingNow
    case 'blank':
    case 'unknown':
    case 'unseen':
      return find[state.is]
    case 'failed':
      return find.failures[isNamed(state.reason) ? state.reason : 'failed']
    case 'otherwise':
      return (
        <>
          <span>{find.otherwise(state.trails)}</span>
          <button type="button" className="second-button" onClick={() => onSearch(state.typed)}>
            {find.search}
          </button>
        </>
      )
    default:
      return state satisfies never
  }
}

function isNamed(reason: LookUpFailure): reason is 'offline' | 'too-often' | 'too-long' {
  return reason === 'offline' || reason === 'too-often' || reason === 'too-long'
}
