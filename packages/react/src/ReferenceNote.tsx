'use client'
import type { JSX } from 'react'
import type { Reference } from '@waybill/reference'
import type { Labels } from './Labels.ts'
import { useLastingDelivery } from './useLastingDelivery.ts'

/** What stands under a code: who can see it by now, announced when that changes, and that it is safe to share. */
export function ReferenceNote({ reference, labels, attached }: ReferenceNoteProps): JSX.Element | null {
  const delivery = useLastingDelivery(reference)
  if (!reference) return null
  const sentence = {
    pending: '',
    saved: labels.saved,
    delivered: attached ? `${labels.delivered} ${labels.attached}` : labels.delivered,
    memory: labels.memory,
  }[delivery ?? 'pending']
  return (
    <div data-part="note">
      <output data-delivery={delivery}>{sentence}</output>
      <details>
        <summary>{labels.whatIsThis}</summary>
        <p>{labels.safeToShare}</p>
      </details>
    </div>
  )
}

interface ReferenceNoteProps {
  readonly reference: Reference | undefined
  readonly labels: Labels
  /** Whether a way to contact support that carries the reference stands beside. */
  readonly attached: boolean
}
