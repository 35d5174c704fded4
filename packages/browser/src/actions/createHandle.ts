import { TRACE_ATTEMPT, TRACE_REFERENCE, traceparentOf } from '@waybill/reference'
import { noteFacts } from '@waybill/trail'
import type { Action } from './Action.ts'
import type { Actions } from './createActions.ts'
import type { Attribution } from '../attribution/createAttribution.ts'
import { roundOf, stateAfter } from './Entry.ts'
import type { Entry } from './Entry.ts'
import type { Ownership } from '../fetch/createOwnership.ts'
import { errorType } from '../fetch/errorType.ts'
import type { TracedFetch } from '../fetch/createTracedFetch.ts'
import type { Kit } from '../Kit.ts'
import type { SessionStore } from '../session/SessionStore.ts'

/** What the application holds of an action. */
export function createHandle(entry: Entry, kit: HandleOptions): Action {
  const { record, end, retry, run, resume, settle, tracedFetch, blame, changed, guard, onError, sampledShare } = kit
  const { reference } = entry
  return {
    reference,
    get name() {
      return entry.name
    },
    get state() {
      return entry.spans.length ? roundOf(entry).state : 'open'
    },
    get repeatable() {
      return !!entry.repeatable
    },
    fetch: tracedFetch(entry),
    run: (fn) => run(entry, fn),
    // The inner promise makes a rejection of what it throws.
    resume: (fn) => new Promise((resolve) => settle(entry, () => resolve(new Promise((go) => go(fn()))))),
    headers() {
      record(entry)
      const { id, attempt } = roundOf(entry)
      return {
        traceparent: traceparentOf(entry.traceId, { spanId: id, sampledShare }),
        [TRACE_REFERENCE]: reference,
        [TRACE_ATTEMPT]: `${attempt}`,
      }
    },
    note(noted) {
      record(entry)
      guard(() => noteFacts(roundOf(entry).sent > 1 ? undefined : entry.facts, noted, onError))
      changed(entry, 1)
    },
    succeed: () => end(entry, { state: 'succeeded' }),
    fail(error, options) {
      blame(error, entry)
      const type = error === undefined ? undefined : errorType(error)
      const failure = options?.during === 'render' ? 'render' : undefined
      end(entry, { state: type && !failure ? stateAfter(type) : 'failed', error: type, failure })
    },
    retry() {
      resume(entry)
      retry(entry)
    },
  }
}

export interface HandleOptions extends Kit, Actions, Attribution, Ownership, Pick<SessionStore, 'changed'> {
  readonly tracedFetch: TracedFetch
}
