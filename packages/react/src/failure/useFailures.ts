'use client'
import { useCallback, useContext, useEffect, useId, useRef, useState } from 'react'
import type { Action, FailOptions } from '@waybill/browser'
import type { Reference } from '@waybill/reference'
import { WaybillContext } from '../WaybillProvider.tsx'
import { failedAction } from './failedAction.ts'

/**
 * Brings failures that no error boundary sees, those of event handlers and promises, to notices. Each is an entry of its own with
 * its own reference, whatever overlaps; spread one onto an `ErrorNotice`. A failure that belongs to no action begins and fails one.
 *
 * ```tsx
 * const { failures, guard } = useFailures({ name: 'Save address' })
 * <button onClick={guard(() => save(address))}>Save</button>
 * {failures.map((failure) => <ErrorNotice key={failure.id} {...failure} title="Your address was not saved." />)}
 * ```
 */
export function useFailures({
  name = 'Use page',
  catches = 'handed-over',
}: UseFailuresOptions = {}): UseFailuresResult {
  const { waybill } = useContext(WaybillContext)
  const [failures, setFailures] = useState<readonly Failure[]>([])
  const prefix = useId()
  const count = useRef(0)

  const show = useCallback(
    (error: unknown, reference: Reference | undefined, again?: () => void): void => {
      const id = `${prefix}-${++count.current}`
      const onDismiss = () => setFailures((all) => all.filter((each) => each.id !== id))
      const onRetry = again && (() => (onDismiss(), again()))
      // What fails twice under one reference is one failure.
      const isOther = (each: Failure) => (reference ? each.reference !== reference : each.error !== error)
      setFailures((all) => [...all.filter(isOther), { id, error, reference, onRetry, onDismiss }])
    },
    [prefix],
  )

  useEffect(() => {
    if (!waybill || catches !== 'unhandled') return undefined
    const onError = (event: ErrorEvent | PromiseRejectionEvent): void => {
      const error: unknown = 'reason' in event ? event.reason : event.error
      const reference = waybill.referenceOf(error)
      if (reference && !isAbort(error)) show(error, reference)
    }
    addEventListener('error', onError)
    addEventListener('unhandledrejection', onError)
    return () => {
      removeEventListener('error', onError)
      removeEventListener('unhandledrejection', onError)
    }
  }, [waybill, catches, show])

  const report: UseFailuresResult['report'] = useCallback(
    (error, { onRetry, during } = {}) => {
      const known = waybill?.referenceOf(error)
      const begin = () => waybill && failedAction(waybill, error, { name, known: waybill.current(), during }).reference
      show(error, known ?? begin(), onRetry)
    },
    [waybill, name, show],
  )

  /** `own` is the action that this failed before and now tries again: its end is to be told here too. */
  const attempt = async (fn: () => unknown, own?: Action): Promise<void> => {
    const inForce = waybill?.current()
    try {
      await fn()
      own?.succeed()
    } catch (error) {
      const isForeign = !waybill || waybill.referenceOf(error) !== undefined
      if (isForeign || isAbort(error)) own?.fail(error)
      if (isAbort(error)) return
      const failed = isForeign ? own : failedAction(waybill, error, { name, known: own ?? inForce })
      show(error, waybill?.referenceOf(error) ?? failed?.reference, () => void attempt(fn, failed))
    }
  }

  return {
    failures,
    report,
    guard:
      (fn) =>
      (...args) =>
        void attempt(() => fn(...args)),
  }
}

export interface UseFailuresOptions {
  /** The name of the action that a failure without one begins. @default 'Use page' */
  readonly name?: string | undefined
  /**
   * `unhandled`: also what nobody handled on the whole page (`error` and `unhandledrejection`), if its reference is certain. For
   * one place in the app, usually beside `Toasts`. @default 'handed-over'
   */
  readonly catches?: 'handed-over' | 'unhandled' | undefined
}

export interface UseFailuresResult {
  /** Oldest first, until dismissed or tried again. One entry for each reference. */
  readonly failures: readonly Failure[]
  /** Shows a failure that was caught elsewhere: `promise.catch(report)`. The same function from render to render. */
  readonly report: (error: unknown, options?: ReportOptions) => void
  /** A function whose failure, thrown or rejected, is shown instead, with the way to try again. Cancelled work is no failure. */
  readonly guard: <Args extends readonly unknown[]>(fn: (...args: Args) => unknown) => (...args: Args) => void
}

export interface ReportOptions extends FailOptions {
  /** Shows "Try again". */
  readonly onRetry?: (() => void) | undefined
}

/** Props of an `ErrorNotice`. */
export interface Failure {
  readonly id: string
  readonly error: unknown
  readonly reference: Reference | undefined
  readonly onRetry: (() => void) | undefined
  readonly onDismiss: () => void
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
