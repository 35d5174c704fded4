'use client'
import { Component, useEffect } from 'react'
import type { ErrorInfo, ReactNode } from 'react'
import type { Action } from '@waybill/browser'
import type { Reference } from '@waybill/reference'
import { ErrorBoundaryContext } from 'react-error-boundary'
import { WaybillContext } from '../WaybillProvider.tsx'
import type { WaybillContextValue } from '../WaybillProvider.tsx'
import { ErrorNotice } from './ErrorNotice.tsx'
import { failedAction } from './failedAction.ts'
import { tryAgain } from './tryAgain.ts'

/**
 * Catches what the components below throw while rendering, or hand over with react-error-boundary's `useErrorBoundary`, and
 * shows an `ErrorNotice` with the reference of exactly that error. A crash that belongs to no action begins and fails one,
 * once React has committed the fallback, so that support finds it. "Try again" renders anew as the next attempt, which has succeeded
 * after two seconds without a crash.
 */
export class WaybillBoundary extends Component<WaybillBoundaryProps, Crash> {
  static override contextType = WaybillContext
  declare context: WaybillContextValue
  override state: Crash = NOTHING
  /** The action that "Try again" has taken up, until it has ended. */
  private retried: Action | undefined
  private timer: ReturnType<typeof setTimeout> | undefined

  static getDerivedStateFromError(error: unknown): Crash {
    return { didCatch: true, error, reference: undefined }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    const { waybill } = this.context
    const { name = 'Show page', onError } = this.props
    const again = this.retried
    this.retried = undefined
    if (waybill && !waybill.referenceOf(error)) {
      const known = again ?? waybill.current()
      this.setState({ reference: failedAction(waybill, error, { name, known, during: 'render' }).reference })
    } else {
      // Its call failed, or whatever else it belongs to, and not the drawing.
      again?.fail(error)
    }
    onError?.(error, info)
  }

  override componentDidUpdate(before: WaybillBoundaryProps, { didCatch }: Crash): void {
    if (didCatch && isChanged(before.resetKeys, this.props.resetKeys)) this.reset()
  }

  private readonly endLater = (error?: unknown): void => {
    clearTimeout(this.timer)
    const action = this.retried
    if (!action) return
    this.timer = setTimeout(() => {
      this.retried = undefined
      if (error) action.fail(error)
      else action.succeed()
    }, SILENCE_MS)
  }

  /** The same function for good, for react-error-boundary's hook depends on it. */
  private readonly reset = (): void => {
    if (!this.state.didCatch) return
    this.props.onReset?.()
    this.setState(NOTHING)
  }

  override render(): ReactNode {
    const { didCatch, error } = this.state
    return (
      <ErrorBoundaryContext.Provider value={{ didCatch, error, resetErrorBoundary: this.reset }}>
        {didCatch ? this.failure(error) : this.props.children}
        <Attempt isShown={!didCatch} endLater={this.endLater} />
      </ErrorBoundaryContext.Provider>
    )
  }

  private failure(error: unknown): ReactNode {
    const { waybill } = this.context
    const { title, fallback } = this.props
    const reference = this.state.reference ?? waybill?.referenceOf(error)
    const retry = (): void => {
      this.retried = reference && waybill?.actionOf(reference)
      tryAgain(waybill, reference, this.reset)
    }
    if (fallback) return fallback({ error, reference, retry })
    return <ErrorNotice variant="page" title={title} reference={reference} onRetry={retry} />
  }
}

export interface WaybillBoundaryProps {
  /** What did not happen: "This page could not be shown." */
  readonly title: ReactNode
  /** Replaces the notice. */
  readonly fallback?: ((failure: BoundaryFailure) => ReactNode) | undefined
  /** The name of the action that a crash without one begins. @default 'Show page' */
  readonly name?: string | undefined
  /** Is told every crash, once the fallback is there. */
  readonly onError?: ((error: unknown, info: ErrorInfo) => void) | undefined
  /** Is told before the children render anew. */
  readonly onReset?: (() => void) | undefined
  /** When one of these changes, the children render anew. */
  readonly resetKeys?: readonly unknown[] | undefined
  readonly children?: ReactNode | undefined
}

export interface BoundaryFailure {
  readonly error: unknown
  readonly reference: Reference | undefined
  /** Renders the children anew, as the next attempt. */
  readonly retry: () => void
}

interface Crash {
  readonly didCatch: boolean
  readonly error: unknown
  /** Of a crash that belonged to no action. */
  readonly reference: Reference | undefined
}

/** The silence that also ends a drop-in action: what was rendered anew may load first, and crash then. */
const SILENCE_MS = 2000

/** By a passive effect, because a Suspense above undoes the others while it hides what loads, and that is no end. */
function Attempt({ isShown, endLater }: AttemptProps): null {
  useEffect(() => {
    if (isShown) endLater()
    return () => endLater(new DOMException('', 'AbortError'))
  }, [isShown, endLater])
  return null
}

interface AttemptProps {
  readonly isShown: boolean
  readonly endLater: (error?: unknown) => void
}

const NOTHING: Crash = { didCatch: false, error: undefined, reference: undefined }

function isChanged(before: readonly unknown[] = [], now: readonly unknown[] = []): boolean {
  return before.length !== now.length || before.some((key, at) => !Object.is(key, now[at]))
}
