'use client'
import type { JSX } from 'react'
import type { Reference } from '@waybill/reference'
import type { Labels } from '../labels/Labels.ts'
import { NOTICE_TEXTS } from '../labels/noticeTexts.ts'
import { useLabels } from '../labels/useLabels.ts'
import { useLastingDelivery } from './useLastingDelivery.ts'

/** What stands under a code: who can see it by now, announced when that changes, and that it is safe to share. */
export function ReferenceNote({ reference, labels, isAttached }: ReferenceNoteProps): JSX.Element | null {
  const texts = useLabels(NOTICE_TEXTS, labels)
  const delivery = useLastingDelivery(reference)
  if (!reference) return null
  const sentence = delivery && delivery !== 'pending' && delivery !== 'local-only' ? texts[delivery] : ''
  return (
    <div data-part="note">
      <output data-delivery={delivery}>
        {delivery === 'delivered' && isAttached ? `${sentence} ${texts.attached}` : sentence}
      </output>
      <details>
        <summary>{texts.whatIsThis}</summary>
        <p>{texts.safeToShare}</p>
      </details>
    </div>
  )
}

interface ReferenceNoteProps {
  readonly reference: Reference | undefined
  readonly labels: Partial<Labels> | undefined
  /** Whether the way to support that stands beside gives it the reference. @default false */
  readonly isAttached?: boolean | undefined
}
