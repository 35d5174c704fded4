import { useRef, useState } from 'react'
import type { Match } from '../../lookup/Match.ts'
import { beganBy } from '../answer/beganBy.ts'
import type { DeskClient } from '../createDeskClient.ts'
import { useSingleKeys } from '../singleKeys.ts'
import { useTexts } from '../texts/useTexts.ts'
import { useShortcut } from '../useShortcut.ts'
import { CustomerPanel } from './CustomerPanel.tsx'
import { customerText } from './customerText.ts'
import { storedLanguage, storeLanguage } from './storedLanguage.ts'
import { summaryFor } from './summaryFor.ts'
import { TicketForm } from './TicketForm.tsx'
import { ticketFieldsText } from './ticketFieldsText.ts'
import { useClipboard } from './useClipboard.ts'

/** The ways to hand a trail on: to the customer, to engineering, as a link, to a ticket. */
export function Handover({ match, client, mayLink, onChanged }: HandoverProps) {
  const texts = useTexts().handover
  const hasKeys = useSingleKeys()
  const [isOpen, setOpen] = useState<'customer' | 'ticket' | null>(null)
  const [edited, setEdited] = useState<EditedText | null>(null)
  const [language, setLanguage] = useState(storedLanguage)
  const [attached, setAttached] = useState<string | null>(null)
  const { last, copy } = useClipboard<keyof typeof copiedTexts>()
  const box = useRef<HTMLTextAreaElement>(null)
  const proposed = customerText(match, { language })
  const text = edited?.text ?? proposed
  const address = `${location.origin}/trail/${match.reference}`
  const copiedTexts = {
    customer: texts.customerCopied,
    engineering: texts.summaryCopied,
    link: texts.linkCopied,
    fields: texts.fieldsCopied,
  }
  const copyForCustomer = (): void => {
    setOpen('customer')
    copy('customer', text)
  }
  const copyForEngineering = (): void => copy('engineering', summaryFor(match, { address }))
  useShortcut('c', copyForEngineering)
  useShortcut('C', copyForCustomer)

  // Of a run, a webhook or an alert a customer is told only where one asked.
  const isCustomers = beganBy(match) === null
  const isRefused = last?.state === 'refused'
  const nameOf = (what: keyof typeof copiedTexts, name: string): string =>
    last?.what === what && last.state === 'copied' ? texts.copied : name
  return (
    <section className="handover" aria-labelledby="handover-title">
      <h2 id="handover-title">{texts.title}</h2>
      <div className="choices">
        <button
          type="button"
          className={isCustomers ? 'main-button' : 'second-button'}
          aria-keyshortcuts={hasKeys ? 'Shift+C' : undefined}
          onClick={copyForCustomer}
        >
          {texts.forCustomer} {hasKeys && <kbd aria-hidden="true">⇧C</kbd>}
        </button>
        <button
          type="button"
          className={isCustomers ? 'second-button' : 'main-button'}
          aria-keyshortcuts={hasKeys ? 'c' : undefined}
          onClick={copyForEngineering}
        >
          {nameOf('engineering', texts.forEngineering)} {hasKeys && <kbd aria-hidden="true">c</kbd>}
        </button>
        <button type="button" className="second-button" onClick={() => copy('link', address)}>
          {nameOf('link', texts.link)}
        </button>
        <button
          type="button"
          className="second-button"
          aria-expanded={isOpen === 'ticket'}
          onClick={() => setOpen(isOpen === 'ticket' ? null : 'ticket')}
        >
          {texts.attach}
        </button>
      </div>
      <output className="told">
        {last?.state === 'copied' && copiedTexts[last.what]}
        {isRefused && texts.copyRefused}
        {attached !== null && texts.attached(attached)}
      </output>
      {isOpen === 'customer' && (
        <CustomerPanel
          box={box}
          draft={{ language, text, isStale: edited !== null && edited.from !== proposed }}
          onChange={(changed) =>
            setEdited(changed === proposed ? null : { text: changed, from: edited?.from ?? proposed })
          }
          onLanguage={(chosen) => {
            storeLanguage(chosen)
            setLanguage(chosen)
            setEdited(null)
          }}
          onAnew={() => {
            setEdited(null)
            box.current?.focus()
          }}
          onCopy={() => copy('customer', text)}
          onClose={() => setOpen(null)}
        />
      )}
      {isOpen === 'ticket' && (
        <TicketForm
          match={match}
          client={client}
          mayLink={mayLink}
          onAttached={(number) => {
            setOpen(null)
            setAttached(number)
            onChanged()
          }}
          onCopyFields={() => copy('fields', ticketFieldsText(match, { address }))}
        />
      )}
      {isRefused && (
        <label className="by-hand">
          {texts.byHand}
          <textarea key={last.text} readOnly rows={6} value={last.text} ref={(area) => area?.select()} />
        </label>
      )}
    </section>
  )
}

export interface HandoverProps {
  readonly match: Match
  readonly client: Pick<DeskClient, 'attachTicket'>
  /** Whether whoever is signed in may note something. */
  readonly mayLink: boolean
  /** Asks for the trail again. */
  readonly onChanged: () => void
}

interface EditedText {
  readonly text: string
  /** What was proposed when the editing began. */
  readonly from: string
}
