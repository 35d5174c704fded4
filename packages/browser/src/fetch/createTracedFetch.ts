import {
  mintSpanId,
  parseTraceparent,
  referenceOfTraceId,
  TRACE_ATTEMPT,
  TRACE_REFERENCE,
  traceparentOf,
} from '@waybill/reference'
import { maskPath } from '@waybill/trail'
import type { Actions } from '../actions/createActions.ts'
import type { Call, Entry } from '../actions/Entry.ts'
import type { Attribution } from '../attribution/createAttribution.ts'
import type { Ownership } from './createOwnership.ts'
import { createResponseTracing } from './createResponseTracing.ts'
import type { ResponseTracing } from './createResponseTracing.ts'
import { errorType } from './errorType.ts'
import type { Kit } from '../Kit.ts'
import type { SessionStore } from '../session/SessionStore.ts'
import { property } from './property.ts'
import { createMemberReader } from './createMemberReader.ts'

/**
 * A stand-in for `fetch`: a call to our own origins is put under its action, sent with that action's headers and seen to end; all
 * others are nothing but `fetch`.
 */
export function createTracedFetch(kit: TracedFetchOptions): TracedFetch {
  const { fetch, fetchUntraced, origins, sampledShare, begin, startCall, endCall, current, find, settle } = kit
  const { own, guard, ledBy } = kit
  // Made when they are needed: the platform's classes take their time when they are first touched.
  let membersOf: ReturnType<typeof createMemberReader> | undefined
  let trace: ResponseTracing | undefined
  const tracing = {
    ...kit,
    follow: <T>(owner: Entry, promise: Promise<T>) => follow(current() ?? owner, promise, owner),
  }

  function start(handle: Entry | undefined, [input, init]: Parameters<typeof fetch>): StartedCall | undefined {
    // What the platform itself knows of a request, also of one from another realm.
    const known = (name: string): unknown => property(Request.prototype, name, input)
    const requested = Object(input) === input ? (known('url') as string | undefined) : undefined
    const request = requested === undefined ? undefined : (input as Request)
    // An object's text may be another one each time it is asked for.
    const address = requested ?? `${input as string | URL}`
    const url = new URL(address, document.baseURI)
    if (!url.protocol.startsWith('http') || !origins.has(url.origin)) return undefined
    membersOf ??= createMemberReader()
    const members = membersOf(request, init ?? {})
    // A copy, ours to write on.
    const headers = new Headers(
      (members.headers === undefined ? request && known('headers') : members.headers) as HeadersInit,
    )
    const stated = headers.get(TRACE_REFERENCE)
    const written = headers.get(TRACEPARENT)
    const carried = parseTraceparent(written)
    const reference = carried ? referenceOfTraceId(carried.traceId, kit)?.reference : undefined
    // Whoever wrote a traceparent that decodes has said which action it is; ours beside it would contradict.
    const isForeign = written !== null && (!reference || reference !== stated)
    const named = reference ?? (handle ? null : stated)
    const entry =
      (named && find(named)) ||
      (reference && begin({ reference })) ||
      handle ||
      current() ||
      begin({ background: true, links: ledBy() })
    const { method = (request && known('method')) ?? 'GET' }: { method?: unknown } = members
    const isFree = isForeign && carried && !entry.spans.some(({ id }) => id === carried.spanId)
    const verb = String(method).toUpperCase()
    const call = startCall(entry, `${verb} ${url.href}`, {
      id: isFree ? carried.spanId : mintSpanId(),
      method: verb,
      path: maskPath(url.pathname),
      traceId: isForeign ? carried?.traceId : undefined,
    })
    if (!isForeign) headers.set(TRACEPARENT, traceparentOf(entry.traceId, { spanId: call.id, sampledShare }))
    headers.set(TRACE_REFERENCE, entry.reference)
    headers.set(TRACE_ATTEMPT, `${call.attempt}`)
    own(request, entry)
    members.headers = headers
    return { entry, call, fetchArgs: [request ?? address, members] }
  }

  /** A promise of ours for the same, whose continuation belongs to the action; a call's own ends it. An error is the owner's. */
  function follow<T>(entry: Entry, promise: Promise<T>, owner: Entry, call?: Call): Promise<T> {
    return new Promise((resolve, reject) => {
      const fulfil = (value: T): void => {
        guard(() => {
          if (!call) return
          const { status } = Object(value)
          call.status = status || undefined
          endCall(entry, call, status >= 400 ? `${status}` : undefined)
          trace ??= createResponseTracing(tracing)
          trace(value, entry)
        })
        settle(entry, () => resolve(value))
      }
      const fail = (error: unknown): void => {
        guard(() => {
          const type = errorType(error)
          // By exclusion, for a caller may abort with any reason.
          if (call) endCall(entry, call, /^(Type|Syntax|Timeout)Error$/.test(type) ? type : 'AbortError')
          own(error, owner)
        })
        settle(entry, () => reject(error))
      }
      promise.then(fulfil, fail)
    })
  }

  // A stand-in for the platform's may throw, or answer at once.
  const send = async (args: StartedCall['fetchArgs']): Promise<Response> => fetch(...args)

  return (handle, ...args) => {
    const given = args[1] ?? {}
    // What fetch is going to refuse, it refuses in its own words.
    const isSound = origins.size && args.length && Object(given) === given
    const started = isSound ? guard(() => start(handle, args)) : undefined
    if (!started) return fetchUntraced(...args)
    const { entry, call, fetchArgs } = started
    return follow(entry, send(fetchArgs), entry, call)
  }
}

export type TracedFetch = (handle: Entry | undefined, ...args: Parameters<typeof fetch>) => Promise<Response>

export interface TracedFetchOptions
  extends
    Kit,
    Pick<Actions, 'startCall' | 'endCall'>,
    Pick<Attribution, 'current' | 'ledBy' | 'settle'>,
    Pick<SessionStore, 'find'>,
    Ownership {
  readonly origins: ReadonlySet<string>
  readonly begin: Actions['begin']
}

interface StartedCall {
  readonly entry: Entry
  readonly call: Call
  readonly fetchArgs: [RequestInfo, RequestInit]
}

const TRACEPARENT = 'traceparent'
