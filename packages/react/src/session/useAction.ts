'use client'
import { useRef, useState } from 'react'
import type { Action } from '@waybill/browser'
import type { Reference } from '@waybill/reference'
import { takeUp } from '../failure/tryAgain.ts'
import { useWaybill } from './useWaybill.ts'

/**
 * Turns a function into a customer action: each `run` begins exactly one action and runs the function inside it, with the
 * action's handle as its first argument. The reference is there at once, while it is still pending. `retry` runs it again with
 * the same arguments as the next attempt of the same action; so does a `run` that "Try again" of an `ErrorNotice` makes.
 * When runs overlap, the hook shows the last one, and the promises of the others still end with their own.
 *
 * ```tsx
 * const refund = useAction('Request refund', (action, id: string) => action.fetch(`/api/orders/${id}/refund`, { method: 'POST' }))
 * ```
 */
export function useAction<Args extends readonly unknown[], T>(
  name: string,
  fn: (action: Action, ...args: Args) => T | Promise<T>,
  { repeatable }: UseActionOptions = {},
): UseActionResult<Args, T> {
  const waybill = useWaybill()
  const [state, setState] = useState<ActionRun<T>>(IDLE)
  const last = useRef<{ readonly action: Action; readonly args: Args }>(undefined)

  const attempt = async (action: Action, args: Args): Promise<SettledRun<T>> => {
    const mine = { action, args }
    last.current = mine
    newest.set(action, mine)
    const isNewest = () => newest.get(action) === mine
    const { reference } = action
    setState({ status: 'pending', data: undefined, error: undefined, reference, action })
    let settled: SettledRun<T>
    try {
      const data = await action.run(() => fn(action, ...args))
      if (isNewest()) action.succeed()
      settled = { status: 'succeeded', data, error: undefined, reference, action }
    } catch (thrown) {
      // Of nothing no notice would show.
      const error = thrown ?? new Error('Failed without an error.', { cause: thrown })
      if (isNewest()) action.fail(error)
      settled = { status: 'failed', data: undefined, error, reference, action }
    }
    if (last.current === mine) setState(settled)
    return settled
  }

  const again = (action: Action, args: Args): Promise<SettledRun<T>> => {
    takeUp(waybill, action)
    return attempt(action, args)
  }

  return {
    ...state,
    run: (...args) => {
      const action = last.current?.action
      return action && waybill.current()?.reference === action.reference
        ? again(action, args)
        : attempt(waybill.begin(name, { repeatable }), args)
    },
    retry: () => last.current && again(last.current.action, last.current.args),
    reset: () => {
      last.current = undefined
      setState(IDLE)
    },
  }
}

export interface UseActionOptions {
  /**
   * The customer may do it again whatever became of this one, as with a request that the server takes once however often it comes. The
   * desk then advises to try again, and a notice may show "Try again" though no answer came. @default false
   */
  readonly repeatable?: boolean | undefined
}

export type UseActionResult<Args extends readonly unknown[], T> = ActionRun<T> & {
  /** Begins an action and runs the function in it. The promise never rejects: it resolves to how the run ended. */
  readonly run: (...args: Args) => Promise<SettledRun<T>>
  /** The last run again, under its reference. Does nothing before the first run. */
  readonly retry: () => Promise<SettledRun<T>> | undefined
  /** Forgets the last run; what is still under way goes on unseen. */
  readonly reset: () => void
}

/** Where a run stands. `error` is whatever the function threw; an `Error` with it as its `cause` where that was null or undefined. */
export type ActionRun<T> =
  | ({ readonly status: 'idle'; readonly data: undefined; readonly error: undefined } & Record<keyof Begun, undefined>)
  | ({ readonly status: 'pending'; readonly data: undefined; readonly error: undefined } & Begun)
  | SettledRun<T>

export type SettledRun<T> = Begun &
  (
    | { readonly status: 'succeeded'; readonly data: T; readonly error: undefined }
    | { readonly status: 'failed'; readonly data: undefined; readonly error: unknown }
  )

interface Begun {
  readonly reference: Reference
  readonly action: Action
}

/** The last attempt of each action: an earlier one that is still under way does not end it. */
const newest = new WeakMap<Action, object>()

const IDLE = { status: 'idle', data: undefined, error: undefined, reference: undefined, action: undefined } as const
