import { TRACE_ATTEMPT, TRACE_REFERENCE, traceparentOf } from '@waybill/reference'
import type { Action } from './Action.ts'
import type { Actions } from './createActions.ts'
import type { Attribution } from '../attribution/createAttribution.ts'
import type { ErrorReferences } from '../fetch/createErrorReferences.ts'
import type { TracedFetch } from '../fetch/createTracedFetch.ts'
import { lastRound } from './Entry.ts'
import { errorOf } from '../fetch/errorOf.ts'
import type { LiveAction } from './LiveAction.ts'

/** What the application holds of an action. */
export function createHandle(action: LiveAction, options: HandleOptions): Action {
  const { actions, attribution, fetch, sampledShare, errors, onError } = options
  const { entry, traceId } = action
  return {
    reference: entry.reference,
    get name() {
      return entry.name
    },
    get state() {
      return lastRound(entry).state
    },
    fetch: (...args) => fetch(action, ...args),
    run: (fn) => attribution.run(action, fn),
    resume: (fn) =>
      new Promise((resolve, reject) => {
        attribution.settle(action, () => {
          try {
            resolve(fn())
          } catch (error) {
            reject(error)
          }
        })
      }),
    headers() {
      actions.record(action)
      const { id, attempt } = lastRound(entry)
      return {
        traceparent: traceparentOf(traceId, { spanId: id, sampledShare }),
        [TRACE_REFERENCE]: entry.reference,
        [TRACE_ATTEMPT]: String(attempt),
      }
    },
    note(facts) {
      const allowed = Object.entries(facts)
        .filter(([name, value]) => /^[\w.-]{1,40}$/.test(name) && isShort(value))
        .slice(0, MOST_FACTS - Object.keys(entry.facts).length)
      actions.note(action, Object.fromEntries(allowed))
      if (allowed.length < Object.keys(facts).length) onError(new TypeError(FACT_REFUSED))
    },
    succeed: () => actions.end(action, 'succeeded'),
    fail(error) {
      // An error that is a call's keeps the call's reference.
      if (!errors.find(error)) errors.set(error, entry.reference)
      actions.end(action, 'failed', error === undefined ? undefined : errorOf(error))
    },
    retry() {
      attribution.resume(action)
      actions.retry(action)
    },
  }
}

export interface HandleOptions {
  readonly actions: Pick<Actions, 'record' | 'note' | 'end' | 'retry'>
  readonly attribution: Pick<Attribution, 'run' | 'resume' | 'settle'>
  readonly fetch: TracedFetch<LiveAction>
  readonly sampledShare?: number | undefined
  readonly errors: ErrorReferences
  readonly onError: (error: unknown) => void
}

const MOST_FACTS = 16
const FACT_REFUSED =
  '[waybill] A fact was left out, so the action cannot be found by it. Use names of up to 40 characters [A-Za-z0-9_.-] and texts of up to 200.'

function isShort(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 200
}
