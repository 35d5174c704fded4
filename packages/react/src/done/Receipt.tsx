'use client'
import { forwardRef } from 'react'
import type { ComponentPropsWithoutRef, ReactNode } from 'react'
import type { Reference } from '@waybill/reference'
import { spellReference } from '../code/spellReference.ts'
import type { Labels } from '../labels/Labels.ts'
import { ReferenceCode } from '../code/ReferenceCode.tsx'
import { ReferenceNote } from '../code/ReferenceNote.tsx'
import { RECEIPT_TEXTS } from '../labels/receiptTexts.ts'
import { useLabels } from '../labels/useLabels.ts'
import { LocalTime } from './LocalTime.tsx'
import { ReferenceQr } from './ReferenceQr.tsx'

/** A receipt that prints: title, rows, date and time with zone, and the reference. Its rows are `ReceiptRow`s. */
export const Receipt = forwardRef<HTMLElement, ReceiptProps>(function Receipt(
  { reference, title, at, lookUpUrl, labels, children, ...rest },
  ref,
) {
  const texts = useLabels(RECEIPT_TEXTS, labels)
  const link = reference && lookUpUrl && linkOf(reference, lookUpUrl)
  return (
    <section {...rest} ref={ref} data-waybill="receipt">
      <h2 data-part="title">{title}</h2>
      {children && <dl data-part="rows">{children}</dl>}
      <dl data-part="facts">
        <div>
          <dt>{texts.date}</dt>
          <dd>
            <LocalTime at={at} locale={texts.locale} />
          </dd>
        </div>
        {reference && (
          <div>
            <dt>{texts.reference}</dt>
            <dd>
              <ReferenceCode reference={reference} labels={labels} />
            </dd>
          </div>
        )}
      </dl>
      {link && (
        <ReferenceQr
          text={link}
          name={texts.qrCode.replace('{reference}', spellReference(reference))}
          caption={texts.scanToLookUp}
        />
      )}
      <ReferenceNote reference={reference} labels={labels} />
    </section>
  )
})

export interface ReceiptProps extends Omit<ComponentPropsWithoutRef<'section'>, 'title'> {
  readonly reference: Reference | undefined
  readonly title: ReactNode
  /** When it happened. Shown in the reader's own time zone once the page is theirs, in UTC in server-rendered HTML. */
  readonly at: Date
  /**
   * The address of the page that shows what happened with a reference. Printed as a QR code; the stylesheet keeps it off the
   * screen. @default none
   */
  readonly lookUpUrl?: ((reference: Reference) => string) | undefined
  /** Texts that differ here. */
  readonly labels?: Partial<Labels> | undefined
  /** `ReceiptRow`s. */
  readonly children?: ReactNode | undefined
}

/** A receipt whose address cannot be made is still a receipt. */
function linkOf(reference: Reference, lookUpUrl: (reference: Reference) => string): string | undefined {
  try {
    return lookUpUrl(reference)
  } catch {
    return undefined
  }
}
