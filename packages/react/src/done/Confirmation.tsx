'use client'
import { forwardRef, useId } from 'react'
import type { ComponentPropsWithoutRef, ReactNode } from 'react'
import type { Reference } from '@waybill/reference'
import type { Labels } from '../labels/Labels.ts'
import { ReferenceCode } from '../code/ReferenceCode.tsx'
import { ReferenceNote } from '../code/ReferenceNote.tsx'
import { RECEIPT_TEXTS } from '../labels/receiptTexts.ts'
import { useLabels } from '../labels/useLabels.ts'
import { useShown } from '../session/useShown.ts'

/**
 * Says what was done and asks to keep the reference; what happens next, and by when, goes inside. With `state="pending"` it
 * says that the work still goes on and shows the reference at once, not after the wait.
 */
export const Confirmation = forwardRef<HTMLElement, ConfirmationProps>(function Confirmation(
  { reference, title, state = 'done', labels, children, ...rest },
  ref,
) {
  const texts = useLabels(RECEIPT_TEXTS, labels)
  const titleId = useId()
  const shown = title ?? texts.stillWorking
  useShown(reference, shown, state)
  return (
    <section
      aria-labelledby={rest['aria-label'] ? undefined : titleId}
      {...rest}
      ref={ref}
      data-waybill="confirmation"
      data-state={state}
      aria-busy={state === 'pending'}
    >
      <h2 id={titleId} data-part="title">
        <output>{shown}</output>
      </h2>
      {reference && (
        <p data-part="code">
          <span data-part="label">{texts.keepThisReference}</span>{' '}
          <ReferenceCode reference={reference} labels={labels} />
        </p>
      )}
      {children && <div data-part="message">{children}</div>}
      <ReferenceNote reference={reference} labels={labels} />
    </section>
  )
})

export type ConfirmationProps = ConfirmationBaseProps &
  (
    | {
        /** What was done: "Refund requested". */
        readonly title: ReactNode
        /** @default 'done' */
        readonly state?: 'done' | undefined
      }
    | {
        readonly state: 'pending'
        /** @default "Still working on it" */
        readonly title?: ReactNode | undefined
      }
  )

interface ConfirmationBaseProps extends Omit<ComponentPropsWithoutRef<'section'>, 'title'> {
  readonly reference: Reference | undefined
  /** Texts that differ here. */
  readonly labels?: Partial<Labels> | undefined
  /** What happens next, by when. */
  readonly children?: ReactNode | undefined
}
