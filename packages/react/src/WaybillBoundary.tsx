'use client'
import { useContext, useEffect, useRef, useState } from 'react'
import type { ErrorInfo, JSX, ReactNode, RefObject } from 'react'
import type { Action, Waybill } from '@waybill/browser'
import type { Reference } from '@waybill/reference'
import { ErrorBoundary } from 'react-error-boundary'
import type { ErrorBoundaryProps, FallbackProps } from 'react-error-boundary'
import { ErrorNotice } from './ErrorNotice.tsx'
import { tryAgain } from './tryAgain.ts'
import { WaybillContext } from './WaybillProvider.tsx'

/**
 * Catches what the components below throw while rendering, or hand over with react-error-boundary's `useErrorBoundary`, and
 * shows an `ErrorNotice` with the reference of exactly that error. A crash that belongs to no action begins and fails one,
 * once React has committed the fallback, so that support finds it. "Try again" renders anew as the next attempt.
 */
export function WaybillBoundary(props: WaybillBoundaryProps): JSX.Element {
  const { title, fallback, name = 'Show page', onError, children, ...rest } = props
  const { waybill } = useContext(WaybillContext)
  const [crash, setCrash] = useState<Crash>()
  const retriedRef = useRef<Action>(undefined)

  const caught = (error: unknown, info: ErrorInfo): void => {
    const again = retriedRef.current
    retriedRef.current = undefined
    if (waybill && !waybill.referenceOf(error)) {
      const action = again ?? actionInForce(waybill) ?? waybill.begin(name)
      action.fail(error)
      setCrash({ error, reference: action.reference })
    } else {
      again?.fail(error)
    }
    onError?.(error, info)
  }

  const showFailure = ({ error, resetErrorBoundary }: FallbackProps): ReactNode => {
    const reference = crash?.error === error ? crash?.reference : waybill?.referenceOf(error)
    const retry = (): void => {
      retriedRef.current = reference && waybill?.actionOf(reference)
      tryAgain(waybill, reference, resetErrorBoundary)
    }
    if (fallback) return fallback({ error, reference, retry })
    return <ErrorNotice variant="page" title={title} reference={reference} onRetry={retry} />
  }

  return (
    <ErrorBoundary {...rest} onError={caught} fallbackRender={showFailure}>
      {children}
      <Recovered retriedRef={retriedRef} />
    </ErrorBoundary>
  )
}

export interface WaybillBoundaryProps extends Pick<ErrorBoundaryProps, 'onError' | 'onReset' | 'resetKeys'> {
  /** What did not happen: "This page could not be shown." */
  readonly title: ReactNode
  /** Replaces the notice. */
  readonly fallback?: ((failure: BoundaryFailure) => ReactNode) | undefined
  /** The name of the action that a crash without one begins. @default 'Show page' */
  readonly name?: string | undefined
  readonly children?: ReactNode | undefined
}

export interface BoundaryFailure {
  readonly error: unknown
  readonly reference: Reference | undefined
  /** Renders the children anew, as the next attempt. */
  readonly retry: () => void
}

interface Crash {
  readonly error: unknown
  readonly reference: Reference
}

/** The crash is the end of what the customer was doing, if that has a name already. */
function actionInForce(waybill: Waybill): Action | undefined {
  const action = waybill.current()
  return action?.name ? action : undefined
}

/** Its effect runs only once everything beside it has rendered: the retried crash is over. */
function Recovered({ retriedRef }: { readonly retriedRef: RefObject<Action | undefined> }): null {
  useEffect(() => {
    retriedRef.current?.succeed()
    retriedRef.current = undefined
  }, [retriedRef])
  return null
}
