'use client'
import { forwardRef, useContext, useId, useMemo, useRef, useState } from 'react'
import type { ComponentPropsWithoutRef, ReactNode } from 'react'
import type { Reference } from '@waybill/reference'
import { ReferenceCode } from '../code/ReferenceCode.tsx'
import { ReferenceNote } from '../code/ReferenceNote.tsx'
import type { Labels } from '../labels/Labels.ts'
import { NOTICE_TEXTS } from '../labels/noticeTexts.ts'
import { useLabels } from '../labels/useLabels.ts'
import { ContactContext } from '../support/ContactContext.ts'
import { useShown } from '../session/useShown.ts'
import { WaybillContext } from '../WaybillProvider.tsx'
import { tryAgain } from './tryAgain.ts'

/**
 * Says what did not happen, shows the reference of exactly that failure, and offers what to do next. "Try again" runs
 * `onRetry` inside the failed action, so that whatever it calls keeps the reference and counts the next attempt. Renders
 * nothing while `error` is given but empty. Its title is a heading and names the region, so that a focus that is put on it, by
 * `tabIndex={-1}`, lands on something with a name. Never throws and never waits.
 */
export const ErrorNotice = forwardRef<HTMLElement, ErrorNoticeProps>(function ErrorNotice(props, ref) {
  const { error, reference: given, title, onRetry, onDismiss, onFocus, onKeyDown, ...others } = props
  const { waybill, contact: shared } = useContext(WaybillContext)
  const { variant = 'inline', contact = shared, primaryAction, labels, children, ...rest } = others
  const texts = useLabels(NOTICE_TEXTS, labels)
  const isEmpty = 'error' in props && !given && (error === null || error === undefined)
  const reference = given ?? waybill?.referenceOf(error)
  useShown(reference, title, error)
  const [isAttached, setAttached] = useState(false)
  const place = useMemo(() => ({ reference, setAttached }), [reference])
  const cameFrom = useRef<Element>(undefined)
  const titleId = useId()
  if (isEmpty) return null
  const dismiss = (): void => {
    onDismiss?.()
    if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus()
  }
  const Title = variant === 'page' ? 'h1' : 'h2'
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it hears what bubbles up from its own buttons
    <section
      // Two of the same title are no two landmarks.
      role={variant === 'toast' ? 'group' : undefined}
      aria-labelledby={rest['aria-label'] ? undefined : titleId}
      {...rest}
      ref={ref}
      data-waybill="error-notice"
      data-variant={variant}
      onFocus={(event) => {
        onFocus?.(event)
        const { currentTarget, relatedTarget } = event
        if (relatedTarget && !currentTarget.contains(relatedTarget)) cameFrom.current = relatedTarget
      }}
      onKeyDown={(event) => {
        onKeyDown?.(event)
        if (variant !== 'toast' || event.key !== 'Escape' || event.defaultPrevented) return
        // A dialog around it would close as well.
        event.preventDefault()
        dismiss()
      }}
    >
      <div role="alert">
        <Title id={titleId} data-part="title">
          {title}
        </Title>
        {children && <div data-part="message">{children}</div>}
      </div>
      {reference && (
        <p data-part="code">
          <span data-part="label">{texts.reference}</span> <ReferenceCode reference={reference} labels={labels} />
        </p>
      )}
      <ReferenceNote reference={reference} labels={labels} isAttached={contact ? isAttached : undefined} />
      {(primaryAction || onRetry || onDismiss || contact) && (
        <div data-part="actions">
          {primaryAction && <span data-part="primary">{primaryAction}</span>}{' '}
          {onRetry && (
            <button type="button" data-part="retry" onClick={() => tryAgain(waybill, reference, onRetry)}>
              {texts.tryAgain}
            </button>
          )}{' '}
          <ContactContext.Provider value={place}>{contact}</ContactContext.Provider>{' '}
          {onDismiss && (
            <button type="button" data-part="dismiss" onClick={dismiss}>
              {texts.dismiss}
            </button>
          )}
        </div>
      )}
    </section>
  )
})

export type ErrorNoticeProps = ErrorNoticeBaseProps &
  (
    | {
        /** `page`: the failure is all there is to see, and its title is the page's heading. @default 'inline' */
        readonly variant?: 'inline' | 'page' | undefined
        /** Shows "Dismiss". */
        readonly onDismiss?: (() => void) | undefined
      }
    | {
        /** Stays in a corner, inside `Toasts`, until it is dismissed by its button or by Escape. It does not take the focus. */
        readonly variant: 'toast'
        readonly onDismiss: () => void
      }
  )

interface ErrorNoticeBaseProps extends Omit<ComponentPropsWithoutRef<'section'>, 'title'> {
  /** What failed; its reference is looked up. While it is null or undefined nothing failed, so nothing shows. */
  readonly error?: unknown
  /** Shown instead of the error's own. */
  readonly reference?: Reference | undefined
  /** What did not happen: "Your refund was not requested." */
  readonly title: ReactNode
  /**
   * A link or a button for what helps instead of the same again, such as "Use another card". It stands first and stands out.
   * @default none
   */
  readonly primaryAction?: ReactNode | undefined
  /**
   * Shows "Try again". Give it only where doing the same again is safe and can help: after reading, after a write that surely changed
   * nothing, or one that may be repeated whatever became of the first (see `repeatable` of `useAction`). Where nobody knows whether
   * a write was done, or the server has said no (404, 410, 422, a declined card), leave it out. @default none
   */
  readonly onRetry?: (() => void) | undefined
  /** The way to support; null for none. @default the provider's */
  readonly contact?: ReactNode | undefined
  /** Texts that differ here. */
  readonly labels?: Partial<Labels> | undefined
  /** What it means for the customer, below the title. */
  readonly children?: ReactNode | undefined
}
