'use client'
import { forwardRef, useState } from 'react'
import type { ElementType, HTMLAttributes, MouseEvent } from 'react'
import type { HandoverResult, SupportChannel } from '@waybill/browser/support'
import type { Reference } from '@waybill/reference'
import { ReferenceCode } from '../code/ReferenceCode.tsx'
import type { Labels } from '../labels/Labels.ts'
import { NOTICE_TEXTS } from '../labels/noticeTexts.ts'
import { useLabels } from '../labels/useLabels.ts'
import { handOver } from './handOver.ts'
import { useSupport } from './useSupport.ts'

/**
 * Opens support with the reference in hand: a link where the channel has an address, else a button. Beside it stands the region
 * that says what came of it; where the reference did not get through, it is shown there to be copied. Nothing without a channel.
 * `data-contact-state` is `idle`, how the reference was handed over (`field`, `text`, `copied`, `shared`), or why it was not
 * (`missing`, `refused`).
 */
export const ContactSupport = forwardRef<HTMLElement, ContactSupportProps>(function ContactSupport(props, ref) {
  const { reference, support, code = 'when-refused', labels, children, onClick, ...rest } = props
  const texts = useLabels(NOTICE_TEXTS, labels)
  const { waybill, channel, handover, address } = useSupport(reference, support)
  const [last, setLast] = useState<Attempt>()
  if (!channel) return null
  const result = last?.reference === reference ? last?.result : undefined
  const open = async (event: MouseEvent<HTMLElement>): Promise<void> => {
    onClick?.(event)
    if (event.defaultPrevented || address) return
    const result = await handOver('open', channel, handover, waybill)
    setLast((before) => ({ reference, result, count: (before?.count ?? 0) + 1 }))
  }
  const Root: ElementType = address ? 'a' : 'button'
  const sentence = result && sentenceFor(result, handover !== undefined)
  return (
    <>
      <Root
        {...(address ? { href: address } : { type: 'button' })}
        {...rest}
        ref={ref}
        data-contact-state={result ? (result.ok ? result.how : result.reason) : 'idle'}
        onClick={open}
      >
        {children ?? texts.contactSupport}
      </Root>
      {!address && (
        <output data-part="handover">{sentence && texts[sentence] + '\u00a0'.repeat((last?.count ?? 0) % 2)}</output>
      )}
      {code === 'when-refused' && result?.ok === false && <ReferenceCode reference={reference} labels={labels} />}
    </>
  )
})

export interface ContactSupportProps extends HTMLAttributes<HTMLElement> {
  readonly reference: Reference | undefined
  /** How support is reached. @default the provider's */
  readonly support?: SupportChannel | undefined
  /** `elsewhere`: the code stands beside already, and is not shown again. @default 'when-refused' */
  readonly code?: 'when-refused' | 'elsewhere' | undefined
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
