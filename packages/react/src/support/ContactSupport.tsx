'use client'
import { forwardRef, useContext, useState } from 'react'
import type { ElementType, HTMLAttributes, MouseEvent } from 'react'
import type { HandoverResult, SupportChannel } from '@waybill/browser/support'
import type { Reference } from '@waybill/reference'
import { ReferenceCode } from '../code/ReferenceCode.tsx'
import { CONTACT_TEXTS } from '../labels/contactTexts.ts'
import type { Labels } from '../labels/Labels.ts'
import { useLabels } from '../labels/useLabels.ts'
import { ContactContext } from './ContactContext.ts'
import { useHandover } from './useHandover.ts'

/**
 * Opens support with the reference in hand: a link where the channel has an address, else a button. Beside it stands the region
 * that says what came of it. Given to `WaybillProvider` as `contact`, it stands in every error notice and has that notice's
 * reference; by itself it shows the code where it did not get through. `data-contact-state` is `idle`, how the reference was
 * handed over (`field`, `text`, `copied`, `shared`), or why it was not (`missing`, `refused`).
 */
export const ContactSupport = forwardRef<HTMLElement, ContactSupportProps>(function ContactSupport(props, ref) {
  const { channel, reference: own, labels, children, onClick, ...rest } = props
  const place = useContext(ContactContext)
  const reference = own ?? place?.reference
  const texts = useLabels(CONTACT_TEXTS, labels)
  const { handover, address, open } = useHandover(channel, reference, texts)
  const [last, setLast] = useState<Attempt>()
  const result = last?.reference === reference ? last?.result : undefined
  const contact = async (event: MouseEvent<HTMLElement>): Promise<void> => {
    onClick?.(event)
    if (event.defaultPrevented || address !== undefined) return
    const result = await open()
    setLast((before) => ({ reference, result, count: (before?.count ?? 0) + 1 }))
  }
  const Root = (address === undefined ? 'button' : 'a') as ElementType
  const sentence = result && sentenceFor(result, handover !== undefined)
  return (
    <>
      <Root
        {...(address === undefined ? { type: 'button' } : { href: address })}
        {...rest}
        ref={ref}
        data-contact-state={result ? (result.ok ? result.how : result.reason) : 'idle'}
        onClick={contact}
      >
        {children ?? texts.contactSupport}
      </Root>
      {address === undefined && (
        <output data-part="handover">{sentence && texts[sentence] + '\u00a0'.repeat((last?.count ?? 0) % 2)}</output>
      )}{' '}
      {!place && result?.ok === false && <ReferenceCode reference={reference} labels={labels} />}
    </>
  )
})

export interface ContactSupportProps extends HTMLAttributes<HTMLElement> {
  /** How support is reached: one of `@waybill/browser/support`, or your own by its `customChannel`. */
  readonly channel: SupportChannel
  /** @default that of the notice or panel it stands in */
  readonly reference?: Reference | undefined
  /** Texts that differ here. */
  readonly labels?: Partial<Labels> | undefined
}

interface Attempt {
  readonly reference: Reference | undefined
  readonly result: HandoverResult
  readonly count: number
}

function sentenceFor(result: HandoverResult, isHandover: boolean) {
  if (!result.ok) return isHandover ? 'notHandedOver' : 'notOpened'
  if (!isHandover) return undefined
  return ({ field: 'handedOver', text: 'handedOver', copied: 'handedOverCopied', shared: 'handedOverShared' } as const)[
    result.how
  ]
}
