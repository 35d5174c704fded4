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
export function ReferenceNote({ reference, labels, isAttached }: ReferenceNoteProps): JSX.Element | null {
  const texts = useLabels(NOTICE_TEXTS, labels)
  const isOnline = useOnline()
  const delivery = useLastingDelivery(reference, isOnline)
  if (!reference) return null
  const attached = `${texts.delivered} ${texts.attached}`
  const sentences: Readonly<Record<DeliveryState, string>> = {
    pending: '',
    saved: isOnline ? texts.sending : texts.savedOffline,
    delivered: isAttached ? attached : texts.delivered,
    memory: texts.memory,
    'local-only': texts.localOnly,
  }
  // The longest that may come takes its room from the first paint, so that nothing below moves when one does.
  const longest = isAttached === undefined ? texts.delivered : attached
  const possible = new Set([longest, texts.sending, texts.savedOffline, texts.localOnly, texts.memory])
  return (
    <div data-part="note">
      <div data-part="delivery">
        <output data-delivery={delivery}>{delivery && sentences[delivery]}</output>
        {[...possible].map((text) => (
          // Not as text of the page, where it would be found, copied, heard, and without the stylesheet seen.
          <span key={text} data-reserve={text} />
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
  /** Whether the way to support that stands beside gives it the reference, as far as is known yet. @default there is none */
  readonly isAttached?: boolean | undefined
}
