'use client'
import type { JSX } from 'react'
import type { DeliveryState } from '@waybill/browser'
import type { Reference } from '@waybill/reference'
import type { Labels } from '../labels/Labels.ts'
import { NOTICE_TEXTS } from '../labels/noticeTexts.ts'
import { useLabels } from '../labels/useLabels.ts'
import { useOnline } from '../session/useOnline.ts'
import { useLastingDelivery } from './useLastingDelivery.ts'

/** What stands under a code: who can see it by now, announced when that changes, and what the code is. */
export function ReferenceNote({ reference, labels, contact }: ReferenceNoteProps): JSX.Element | null {
  const texts = useLabels(NOTICE_TEXTS, labels)
  const isOnline = useOnline()
  const delivery = useLastingDelivery(reference, isOnline)
  if (!reference) return null
  const attached = `${texts.delivered} ${texts.attached}`
  const name = sentenceFor(delivery, isOnline)
  const sentence = name === 'delivered' && contact === 'attached' ? attached : name && texts[name]
  // The longest that may come takes its room from the first paint, so that nothing below moves when one does.
  const longest = contact === undefined ? texts.delivered : attached
  const possible = new Set([longest, texts.sending, texts.savedOffline, texts.localOnly, texts.memory])
  return (
    <div data-part="note">
      <div data-part="delivery">
        <output data-delivery={delivery}>{sentence}</output>
        {[...possible].map((text) => (
          // Not as text of the page, where it would be found, copied, and without the stylesheet seen.
          <span key={text} data-reserve={text} aria-hidden="true" />
        ))}
      </div>
      <details>
        <summary>{texts.whatIsThis}</summary>
        <p>{delivery === 'local-only' ? texts.explanationLocalOnly : texts.explanation}</p>
      </details>
    </div>
  )
}

interface ReferenceNoteProps {
  readonly reference: Reference | undefined
  readonly labels: Partial<Labels> | undefined
  /** The way to support that stands beside: whether it gives support the reference, as far as is known yet. @default none */
  readonly contact?: 'attached' | 'unattached' | undefined
}

function sentenceFor(delivery: DeliveryState | undefined, isOnline: boolean) {
  switch (delivery) {
    case 'saved':
      return isOnline ? 'sending' : 'savedOffline'
    case 'local-only':
      return 'localOnly'
    case 'delivered':
    case 'memory':
      return delivery
    case 'pending':
    case undefined:
      return undefined
  }
  return delivery satisfies never
}
