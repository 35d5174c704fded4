import {
  mintSpanId,
  parseReference,
  parseTraceparent,
  referenceOfTraceId,
  TRACE_ATTEMPT,
  TRACE_REFERENCE,
  traceparentOf,
} from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { maskPath } from '@waybill/trail'
import type { StepError } from '@waybill/trail'
import type { Actions } from '../actions/createActions.ts'
import type { CallTarget, StartedFetch } from './createTracedFetch.ts'
import { errorOf } from './errorOf.ts'
import type { LiveAction } from '../actions/LiveAction.ts'

/** Puts a call under its action, writes its headers, and sees it end. */
export function createCalls(options: CallsOptions): Calls {
  const { namespace, sampledShare, actions, find, current, settle, remember, own, guard } = options

  /** By the handle it was made with, our own headers on it, the code that runs; else nobody's, with a reference of its own. */
  function actionFor(headers: Headers, handle: LiveAction | undefined, stated: Reference | undefined): LiveAction {
    const named = parseReference(headers.get(TRACE_REFERENCE))
    const reference = stated ?? (handle || !named.ok ? undefined : named.reference)
    if (!reference) return handle ?? current() ?? actions.begin({ background: true })
    return find(reference) ?? actions.begin({ reference, attempt: Number(headers.get(TRACE_ATTEMPT)) || 1 })
  }

  function start({ url, method, headers, request }: CallTarget, handle: LiveAction | undefined): StartedFetch {
    const carried = parseTraceparent(headers.get('traceparent'))
    const decoded = carried && referenceOfTraceId(carried.traceId, { namespace })?.reference
    const isOurs = decoded !== null && decoded === headers.get(TRACE_REFERENCE)
    const isForeign = headers.has('traceparent') && !isOurs
    // Whoever wrote a traceparent that decodes has said which action it is; ours beside it would contradict.
    const action = actionFor(headers, handle, (isForeign && decoded) || undefined)
    const { entry, traceId } = action
    const isFree = isForeign && carried && !entry.calls.some(({ id }) => id === carried.spanId)
    const id = isFree ? carried.spanId : mintSpanId()
    const key = `${method} ${url.href}`
    const call = actions.startCall(action, {
      id,
      method,
      path: maskPath(url.pathname),
      key,
      traceId: isForeign ? carried?.traceId : undefined,
    })
    if (!isForeign) headers.set('traceparent', traceparentOf(traceId, { spanId: id, sampledShare }))
    headers.set(TRACE_REFERENCE, entry.reference)
    headers.set(TRACE_ATTEMPT, String(call.attempt))
    remember(request, entry.reference)
    return {
      follow: (promise) =>
        follow(action, promise, (outcome) => {
          const { response } = outcome
          if (response) own(response, action)
          actions.endCall(action, call, { key, status: response?.status || undefined, error: failureOf(outcome) })
        }),
    }
  }

  /** A promise of ours for the same, whose continuation belongs to the action. */
  function follow<T>(action: LiveAction, promise: Promise<T>, ended?: (outcome: Outcome<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const fulfil = (value: T): void => {
        guard(() => ended?.({ response: value }))
        settle(action, () => resolve(value))
      }
      const fail = (error: unknown): void => {
        guard(() => ended?.({ error }))
        remember(error, action.entry.reference)
        // An abort rejects while the code that aborted still runs, so the microtasks that follow are of two parties.
        settle(isAborted(error) ? null : action, () => reject(error))
      }
      promise.then(fulfil, fail)
    })
  }

  return { start: (target, handle) => guard(() => start(target, handle)), follow }
}

export interface Calls {
  start(target: CallTarget, handle: LiveAction | undefined): StartedFetch | undefined
  follow<T>(action: LiveAction, promise: Promise<T>): Promise<T>
}

export interface CallsOptions {
  readonly namespace?: string | undefined
  readonly sampledShare?: number | undefined
  readonly actions: Pick<Actions, 'begin' | 'startCall' | 'endCall'>
  /** The action of a reference, when this session knows it. */
  readonly find: (reference: Reference) => LiveAction | undefined
  readonly current: () => LiveAction | undefined
  readonly settle: (action: LiveAction | null, done: () => void) => void
  /** Keeps what `referenceOf` will be asked about. */
  readonly remember: (subject: unknown, reference: Reference) => void
  readonly own: (response: Response, action: LiveAction) => void
  /** Runs ours so that its faults are not the page's. */
  readonly guard: <T>(fn: () => T) => T | undefined
}

interface Outcome<T> {
  readonly response?: T
  readonly error?: unknown
}

function failureOf({ response, error }: Outcome<Response>): StepError | undefined {
  if (response) return response.status >= 400 ? errorOf(response) : undefined
  return isAborted(error) ? { type: 'AbortError' } : errorOf(error)
}

/** By name, for a caller may abort with any reason. A timeout is not given up by anybody, and comes in a task of its own. */
function isAborted(error: unknown): boolean {
  return !/^(?:Type|Syntax|Timeout)Error$/.test(errorOf(error).type)
}
