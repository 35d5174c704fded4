'use client'
import { forwardRef, useContext } from 'react'
import type { ComponentPropsWithoutRef, ReactNode } from 'react'
import type { Reference } from '@waybill/reference'
import type { Labels } from './Labels.ts'
import { ReferenceCode } from './ReferenceCode.tsx'
import { ReferenceNote } from './ReferenceNote.tsx'
import { tryAgain } from './tryAgain.ts'
import { useLabels } from './useLabels.ts'
import { WaybillContext } from './WaybillProvider.tsx'
import type { ContactAddress } from './WaybillProvider.tsx'

/**
 * Says what did not happen, shows the reference of exactly that failure, and offers what to do next. "Try again" runs
 * `onRetry` inside the failed action, so that whatever it calls keeps the reference and counts the next attempt. Renders
 * nothing while `error` is given but empty. Never throws and never waits.
 */
export const ErrorNotice = forwardRef<HTMLElement, ErrorNoticeProps>(function ErrorNotice(props, ref) {
  const { error, reference: given, title, onRetry, contact: own, variant = 'inline', labels, children, ...rest } = props
  const { waybill, contact: shared } = useContext(WaybillContext)
  const contact = own ?? shared
  const texts = useLabels(labels)
  const reference = given ?? waybill?.referenceOf(error)
  if ('error' in props && !given && (error === null || error === undefined)) return null
  const Title = variant === 'page' ? 'h1' : 'p'
  return (
    <section {...rest} ref={ref} data-waybill="error-notice" data-variant={variant}>
      <div role="alert">
        <Title data-part="title">{title}</Title>
        {children && <div data-part="message">{children}</div>}
      </div>
      {reference && (
        <p data-part="code">
          <span data-part="label">{texts.reference}</span> <ReferenceCode reference={reference} labels={labels} />
        </p>
      )}
      <ReferenceNote reference={reference} labels={texts} attached={contact !== undefined} />
      {(onRetry || contact) && (
        <p data-part="actions">
          {onRetry && (
            <button type="button" data-part="retry" onClick={() => tryAgain(waybill, reference, onRetry)}>
              {texts.tryAgain}
            </button>
          )}{' '}
          {contact && (
            <a data-part="contact" href={contact(reference)}>
              {texts.contactSupport}
            </a>
          )}
        </p>
      )}
    </section>
  )
})

export interface ErrorNoticeProps extends Omit<ComponentPropsWithoutRef<'section'>, 'title'> {
  /** What failed; its reference is looked up. While it is null or undefined nothing failed, so nothing shows. */
  readonly error?: unknown
  /** Shown instead of the error's own. */
  readonly reference?: Reference | undefined
  /** What did not happen: "Your refund was not requested." */
  readonly title: ReactNode
  /** Shows "Try again". */
  readonly onRetry?: (() => void) | undefined
  /** Shows "Contact support". @default the provider's */
  readonly contact?: ContactAddress | undefined
  /** `page`: the failure is all there is to see, and its title is the page's heading. @default 'inline' */
  readonly variant?: 'inline' | 'page' | undefined
  /** Texts that differ here. */
  readonly labels?: Partial<Labels> | undefined
  /** What it means for the customer, below the title. */
  readonly children?: ReactNode | undefined
}
