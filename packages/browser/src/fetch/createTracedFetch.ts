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
  const { own, guard, ledBy, untracedPaths = [] } = kit
  // Made when they are needed: the platform's classes take their time when they are first touched.
  let membersOf: ReturnType<typeof createMemberReader> | undefined
  let trace: ResponseTracing | undefined
  const tracing = {
    ...kit,
    follow: <T>(owner: Entry, promise: Promise<T>) => follow(current() ?? owner, promise, owner),
  }

  /** What the caller gave, as far as it goes to an origin of ours. Throws where fetch will not have it either. */
  function read([input, init]: Parameters<typeof fetch>): GivenCall | undefined {
    // What the platform itself knows of a request, also of one from another realm; a polyfill's has it as properties of its own.
    const known = (name: string): unknown =>
      property(Request.prototype, name, input) ?? (input instanceof Request ? property(input, name) : undefined)
    const requested = Object(input) === input ? (known('url') as string | undefined) : undefined
    const request = requested === undefined ? undefined : (input as Request)
    // An object's text may be another one each time it is asked for.
    const address = requested ?? `${input as string | URL}`
    const url = new URL(address, document.baseURI)
    const isOurs = url.protocol.startsWith('http') && origins.has(url.origin)
    if (!isOurs || untracedPaths.some((path) => isBelow(url, path))) return undefined
    membersOf ??= createMemberReader()
    const members = membersOf(request, init ?? {})
    const { method = (request && known('method')) ?? 'GET', signal = request && known('signal') }: Members = members
    // A copy, ours to write on.
    const headers = new Headers(
      (members.headers === undefined ? request && known('headers') : members.headers) as HeadersInit,
    )
    const verb = String(method).toUpperCase()
    return {
      request,
      address,
      url,
      members,
      headers,
      verb,
      isAborted: property(AbortSignal.prototype, 'aborted', signal),
    }
  }

  function start(handle: Entry | undefined, { request, address, url, members, headers, verb }: GivenCall): StartedCall {
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
    const isFree = isForeign && carried && !entry.spans.some(({ id }) => id === carried.spanId)
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

  /** A stand-in for the platform's may throw, or answer at once. */
  async function ask(...args: Parameters<typeof fetch>): Promise<Response> {
    return fetch(...args)
  }

  function send(handle: Entry | undefined, args: Parameters<typeof fetch>): Promise<Response> {
    const init = args[1] ?? {}
    let given: GivenCall | undefined
    try {
      given = origins.size && args.length && Object(init) === init ? read(args) : undefined
    } catch {
      // What fetch is going to refuse, it refuses in its own words.
    }
    if (!given) return fetchUntraced(...args)
    // Nothing is going to be sent.
    if (given.isAborted) return ask(given.request ?? given.address, given.members)
    const started = guard(() => start(handle, given))
    if (!started) return fetchUntraced(...args)
    const { entry, call, fetchArgs } = started
    return follow(entry, ask(...fetchArgs), entry, call)
  }

  return (handle) =>
    Object.defineProperties((...args: Parameters<typeof fetch>) => send(handle, args), {
      // As the platform's own, which others look at.
      length: { value: 1 },
      name: { value: 'fetch' },
    })
}

/** Gives the stand-in of a handle, or that of the page. */
export type TracedFetch = (handle: Entry | undefined) => typeof fetch

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

/** What a caller gives, which may be anything. */
interface Members {
  readonly method?: unknown
  readonly signal?: unknown
}

interface GivenCall {
  /** Given instead of an address. */
  readonly request: Request | undefined
  readonly address: string
  readonly url: URL
  readonly members: RequestInit
  /** A copy of theirs. */
  readonly headers: Headers
  /** In capitals. */
  readonly verb: string
  /** Whether it is, before it began. */
  readonly isAborted: unknown
}

interface StartedCall {
  readonly entry: Entry
  readonly call: Call
  readonly fetchArgs: [RequestInfo, RequestInit]
}

/** The path itself, too; both as the platform writes them. */
function isBelow(url: URL, path: string): boolean {
  const above = new URL(url)
  above.pathname = path.replace(/\/?$/, '/')
  return `${url.pathname}/`.startsWith(above.pathname)
}

const TRACEPARENT = 'traceparent'
