'use client'
import { forwardRef } from 'react'
import type { ComponentPropsWithoutRef, ReactNode } from 'react'
import type { Reference } from '@waybill/reference'
import { LocalTime } from './LocalTime.tsx'
import type { Labels } from './Labels.ts'
import { ReferenceCode } from './ReferenceCode.tsx'
import { ReferenceNote } from './ReferenceNote.tsx'
import { useLabels } from './useLabels.ts'

/** A receipt that prints: title, rows, date and time with zone, and the reference. Its rows are `ReceiptRow`s. */
export const Receipt = forwardRef<HTMLElement, ReceiptProps>(function Receipt(
  { reference, title, at, labels, children, ...rest },
  ref,
) {
  const texts = useLabels(labels)
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
      <ReferenceNote reference={reference} labels={texts} attached={false} />
    </section>
  )
})

export interface ReceiptProps extends Omit<ComponentPropsWithoutRef<'section'>, 'title'> {
  readonly reference: Reference | undefined
  readonly title: ReactNode
  /** When it happened. Shown in the reader's own time zone once the page is theirs, in UTC in server-rendered HTML. */
  readonly at: Date
  /** Texts that differ here. */
  readonly labels?: Partial<Labels> | undefined
  /** `ReceiptRow`s. */
  readonly children?: ReactNode | undefined
}
