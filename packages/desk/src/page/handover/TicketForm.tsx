import { useId, useState } from 'react'
import type { FormEvent } from 'react'
import type { Match } from '../../lookup/Match.ts'
import type { DeskClient } from '../createDeskClient.ts'
import { textIn } from '../textIn.ts'
import { useTexts } from '../texts/useTexts.ts'
import type { AttachTicketResult } from './attachTicket.ts'

/** Asks for a ticket's number and ties the trail to it. */
export function TicketForm({ match, client, mayLink, onAttached, onCopyFields }: TicketFormProps) {
  const texts = useTexts().handover
  const [result, setResult] = useState<AttachTicketResult | 'idle' | 'busy'>('idle')
  const id = useId()
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const [number = '', address = ''] = ['number', 'address'].map((name) => textIn(fields, name))
    setResult('busy')
    const answer = await client.attachTicket(match.reference, { number, address })
    setResult(answer)
    if (answer === 'attached') onAttached(number)
  }
  const faults = {
    'no-link': texts.mayOnlyRead,
    refused: texts.badTicket,
    full: texts.trailFull,
    offline: texts.attachOffline,
    'signed-out': texts.attachSignedOut,
    'too-often': texts.attachTooOften,
    failed: texts.attachFailed,
  }
  const fault = result === 'idle' || result === 'busy' || result === 'attached' ? null : faults[result]
  return (
    <form className="ticket-form" aria-label={texts.ticketTitle} onSubmit={(event) => void submit(event)}>
      <label>
        {texts.ticketNumber}
        <input
          name="number"
          required
          maxLength={200}
          autoComplete="off"
          disabled={!mayLink}
          ref={(field) => field?.focus()}
        />
      </label>
      <label className="wide">
        {texts.ticketAddress}
        <input name="address" type="url" maxLength={1000} autoComplete="off" disabled={!mayLink} />
      </label>
      <button
        type="submit"
        className="main-button"
        disabled={!mayLink || result === 'busy'}
        aria-describedby={`${id}-fault`}
      >
        {texts.attachNow}
      </button>
      <button type="button" className="second-button" onClick={onCopyFields}>
        {texts.ticketFields}
      </button>
      <p id={`${id}-fault`} role="alert" className="refusal">
        {mayLink ? fault : texts.mayOnlyRead}
      </p>
    </form>
  )
}

export interface TicketFormProps {
  readonly match: Match
  readonly client: Pick<DeskClient, 'attachTicket'>
  /** Whether whoever is signed in may note something. */
  readonly mayLink: boolean
  readonly onAttached: (number: string) => void
  readonly onCopyFields: () => void
}
