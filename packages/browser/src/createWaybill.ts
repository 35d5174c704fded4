import { mintSpanId } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import type { Action } from './actions/Action.ts'
import { checkTraffic } from './checkTraffic.ts'
import { createActions } from './actions/createActions.ts'
import { createAttribution } from './attribution/createAttribution.ts'
import { createCalls } from './fetch/createCalls.ts'
import { createDelivery } from './delivery/createDelivery.ts'
import { createErrorReferences } from './fetch/createErrorReferences.ts'
import { createHandle } from './actions/createHandle.ts'
import { createOutbox } from './delivery/createOutbox.ts'
import { createResponseTracing } from './fetch/createResponseTracing.ts'
import { createRun } from './actions/createRun.ts'
import { createSessionStore } from './session/createSessionStore.ts'
import { createTabRecords } from './session/createTabRecords.ts'
import type { TabRecords } from './session/createTabRecords.ts'
import { createTracedFetch } from './fetch/createTracedFetch.ts'
import { createUserEvents } from './attribution/createUserEvents.ts'
import { watchPage } from './watchPage.ts'
import type { Waybill } from './Waybill.ts'
import { checkOptions } from './WaybillOptions.ts'
import type { WaybillOptions } from './WaybillOptions.ts'
import type { LiveAction } from './actions/LiveAction.ts'

/**
 * The one object an application makes: its `fetch` puts every call under the customer's action it belongs to, and what
 * happened is kept on the device and delivered. Nothing global is patched. On a server it traces and stores nothing.
 *
 * @throws TypeError when an option cannot be right.
 */
export function createWaybill(options: WaybillOptions): Waybill {
  checkOptions(options)
  checkTraffic(options)
  const { service, deliverTo, key, tracedOrigins = [], namespace, prefix, sampledShare } = options
  const { now = Date.now, onError = () => {}, after = later, fetch = globalThis.fetch.bind(globalThis) } = options
  const page = typeof document === 'undefined' ? undefined : document

  function guard<T>(fn: () => T): T | undefined {
    try {
      return fn()
    } catch (error) {
      onError(error)
      return undefined
    }
  }

  const records = page && guard(() => openRecords(options, now))
  const store = createSessionStore({
    records,
    now,
    after,
    mint: mintSpanId,
    onSaved: (isUrgent) => delivery?.wake(isUrgent),
    onError,
  })
  const outbox = createOutbox({
    source: { service, namespace },
    entries: store.entries,
    changed: store.changed,
    leftBehind: () => guard(() => records?.leftBehind()) ?? [],
  })
  const delivery =
    page && deliverTo !== undefined
      ? createDelivery({
          url: `${deliverTo.replace(/\/$/, '')}/v1/traces${key ? `?key=${encodeURIComponent(key)}` : ''}`,
          fetch,
          sendBeacon: (url, body) => navigator.sendBeacon(url, body),
          next: outbox.next,
          after,
          now,
          onError,
        })
      : undefined

  const actions = createActions({
    ...options,
    now,
    after,
    session: store.session,
    onChange: store.changed,
    onRecord: store.add,
  })
  const events = createUserEvents({ target: page && globalThis, after })
  const attribution = createAttribution({ events, begin: actions.begin, rename: actions.rename })
  const errors = createErrorReferences()

  const find = (reference: Reference): LiveAction | undefined => {
    const entry = store.find(reference)
    return entry && actions.of(entry)
  }
  const calls = createCalls({
    namespace,
    sampledShare,
    actions,
    find,
    current: attribution.current,
    settle: attribution.settle,
    remember: errors.set,
    own: (response, action) => ownResponse?.(response, action),
    guard,
  })
  const ownResponse =
    page &&
    createResponseTracing<LiveAction>({
      follow: (action, promise) => calls.follow(attribution.current() ?? action, promise),
      onResponse: (part, action) => errors.set(part, action.entry.reference),
    })
  const origins = new Set(page ? [origin, ...tracedOrigins] : [])
  const tracedFetch = createTracedFetch<LiveAction>({
    fetch,
    origins,
    baseUrl: () => page?.baseURI,
    start: calls.start,
  })

  const handles = new WeakMap<LiveAction, Action>()
  function handleOf(action: LiveAction): Action {
    const known = handles.get(action)
    if (known) return known
    const handle = createHandle(action, { actions, attribution, fetch: tracedFetch, sampledShare, errors, onError })
    handles.set(action, handle)
    return handle
  }

  const leave = (): void => {
    store.leave()
    delivery?.leave()
  }
  const flush = (): Promise<void> => {
    store.write()
    return delivery?.flush() ?? Promise.resolve()
  }
  const unwatch =
    page &&
    watchPage({
      onLeave: () => guard(leave),
      onComeBack() {
        guard(store.comeBack)
        delivery?.comeBack()
      },
      onHide: () => void flush(),
      onOnline: () => void flush(),
    })
  delivery?.wake(true)
  // By then a tab that crashed just before this page came counts as gone, and what it left is delivered from here.
  const cancelSecondLook = after(SECOND_LOOK_MS, () => delivery?.wake(true))

  return {
    fetch: (...args) => tracedFetch(undefined, ...args),
    begin: (name) => handleOf(attribution.begin(name)),
    run: createRun((name) => handleOf(attribution.begin(name))),
    current() {
      const action = attribution.current()
      return action && handleOf(action)
    },
    identify: (personId) => actions.identify(personId ?? undefined),
    referenceOf: errors.find,
    actionOf(reference) {
      const action = find(reference)
      return action && handleOf(action)
    },
    session: {
      get id() {
        return store.session()
      },
      actions: store.snapshot,
      subscribe: store.subscribe,
      clear: store.clear,
    },
    prefix,
    flush,
    stop() {
      origins.clear()
      cancelSecondLook()
      unwatch?.()
      events.stop()
      store.stop()
      delivery?.stop()
    },
  }
}

const SECOND_LOOK_MS = 20_000

function openRecords({ service, storage }: WaybillOptions, now: () => number): TabRecords {
  const { profile = localStorage, tab = sessionStorage } = storage ?? {}
  return createTabRecords({ service, now, profile, tab })
}

function later(ms: number, fn: () => void): () => void {
  const timer = setTimeout(fn, ms)
  return () => clearTimeout(timer)
}
