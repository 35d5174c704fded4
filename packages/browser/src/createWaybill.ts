import { cleanText } from '@waybill/trail'
import { parseTraceparent, referenceOfTraceId } from '@waybill/reference'
import { carryPoint } from './attribution/carryPoint.ts'
import { checkOptions } from './checkOptions.ts'
import { createActions } from './actions/createActions.ts'
import { createAttribution } from './attribution/createAttribution.ts'
import { createDelivery } from './delivery/createDelivery.ts'
import { createOwnership } from './fetch/createOwnership.ts'
import { createHandle } from './actions/createHandle.ts'
import { createRun } from './actions/createRun.ts'
import { createSessionStore } from './session/createSessionStore.ts'
import { createTaskQueue } from './attribution/createTaskQueue.ts'
import { createTracedFetch } from './fetch/createTracedFetch.ts'
import { pageFetch } from './doctor/pageFetch.ts'
import { sharedGesture } from './attribution/sharedGesture.ts'
import { warnLocalOnly } from './warnLocalOnly.ts'
import type { Action } from './actions/Action.ts'
import { roundOf } from './actions/Entry.ts'
import type { Entry } from './actions/Entry.ts'
import type { Waybill } from './Waybill.ts'
import type { Consent, WaybillOptions } from './WaybillOptions.ts'

/**
 * The one object an application makes: its `fetch` puts every call under the customer's action it belongs to, and what
 * happened is kept on the device and delivered. Nothing global is patched. On a server it traces and stores nothing.
 *
 * @throws TypeError, in development, when an option cannot be right.
 */
export function createWaybill(options: WaybillOptions): Waybill {
  checkOptions(options)
  warnLocalOnly(options)
  const { prefix, deliverTo, tracedOrigins = [] } = options
  const timers = new Set<unknown>()
  const { now = Date.now, after = startTimer } = options
  const ending = new AbortController()
  const { signal } = ending
  const page = typeof document === 'undefined' ? undefined : globalThis

  function startTimer(ms: number, fn: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      fn()
    }, ms)
    timers.add(timer)
  }

  function onError(error: unknown): void {
    try {
      options.onError?.(error)
    } catch {
      // The page's own, which is not to be told the page.
    }
  }

  function guard<T>(fn: () => T): T | undefined {
    try {
      return fn()
    } catch (error) {
      onError(error)
      return undefined
    }
  }

  const kit = {
    ...options,
    ...pageFetch(options),
    now,
    after: (ms: number, fn: () => void) => after(ms, () => signal.aborted || fn()),
    onError,
    guard,
    signal,
  }
  const store = createSessionStore({ ...kit, onSaved: (isUrgent) => delivery?.wake(isUrgent) })
  const delivery = page && deliverTo !== undefined ? createDelivery({ ...kit, ...store }) : undefined
  const setConsent = (consent: Consent = 'granted'): void => store.keep(!!page && consent === 'granted')
  setConsent(options.consent)

  const actions = createActions({ ...kit, ...store })
  const inTask = createTaskQueue({ page, signal })
  const shared = sharedGesture(page)
  const carrying = carryPoint(page)
  const attribution = createAttribution({ ...kit, ...actions, target: page, inTask, shared, carrying })

  /** What the page calls while it loads belongs to the action that made the server render it. */
  const meta = page && document.querySelector<HTMLMetaElement>('meta[name=traceparent]')
  const served = parseTraceparent(meta?.content)
  const rendered = served && referenceOfTraceId(served.traceId, options)?.reference
  const rendering = rendered && (store.find(rendered) ?? actions.begin({ reference: rendered, parent: served?.spanId }))
  function current(): Entry | undefined {
    const isLoading =
      rendering &&
      !attribution.hasActed() &&
      (document.readyState !== 'complete' || now() - rendering.startedAt < LOADING_MS)
    return attribution.current() ?? (isLoading ? rendering : undefined)
  }

  // A page may have a variable of that name.
  const origins = new Set(page && [origin === 'null' ? origin : location.origin, ...tracedOrigins])
  const parts = { ...kit, ...store, ...actions, ...attribution, ...createOwnership(store), current, origins }
  const tracedFetch = createTracedFetch(parts)

  const handles = new WeakMap<Entry, Action>()
  function handleOf<T extends Entry | undefined>(entry: T): Action | (T & undefined)
  function handleOf(entry: Entry | undefined): Action | undefined {
    const handle = entry && (handles.get(entry) ?? createHandle(entry, { ...parts, tracedFetch }))
    if (entry && handle) handles.set(entry, handle)
    return handle
  }
  const begin: Waybill['begin'] = (...args) => handleOf(attribution.open(...args))

  async function flush(isPatient?: boolean): Promise<void> {
    store.write()
    await delivery?.flush(isPatient)
  }
  const listeners = Object.entries<(event: Event) => unknown>({
    pagehide() {
      guard(store.leave)
      guard(() => delivery?.leave())
    },
    pageshow(event) {
      if (!('persisted' in event && event.persisted)) return
      store.comeBack()
      delivery?.comeBack()
    },
    // On phones the last sign of a page that is closed later.
    visibilitychange: () => flush(true),
    online: () => flush(),
    // What the tab's last page left was not there yet.
    prerenderingchange: store.comeBack,
    storage: store.hear,
  })
  inTask(() => {
    for (const [type, listener] of listeners) page?.addEventListener(type, listener, { capture: true, signal })
  })
  delivery?.wake(true)
  // By then a page that crashed just before this one came counts as gone, and what it left is delivered from here.
  if (delivery) kit.after(SECOND_LOOK_MS, () => delivery.wake(true))

  return {
    fetch: tracedFetch(undefined),
    begin,
    run: createRun(begin),
    current: () => handleOf(current()),
    identify: store.identify,
    referenceOf: parts.referenceOf,
    shown: (reference, text) =>
      guard(() => {
        const entry = store.find(reference)
        const round = entry && roundOf(entry)
        const words = typeof text === 'string' && cleanText(text)
        // The desk takes a step once.
        if (!round || !words || round.sent > 1) return
        round.screen = PERSONAL.test(words) ? undefined : cleanText(words.slice(0, LONGEST_TEXT))
        store.changed(entry, 1)
      }),
    actionOf: (reference) => handleOf(reference && store.find(reference)),
    session: {
      get id() {
        return store.session()
      },
      actions: store.snapshot,
      subscribe: store.subscribe,
      clear: () => store.write(true),
    },
    setConsent,
    prefix,
    flush: () => flush(),
    stop() {
      store.leave()
      origins.clear()
      ending.abort()
      for (const timer of timers) clearTimeout(timer as number)
    },
  }
}

/** An e-mail address may be in it, a card, a phone or an account. */
const PERSONAL = /@|\p{Nd}{4}/u
/** As of facts. */
const LONGEST_TEXT = 200
const SECOND_LOOK_MS = 20_000
/** From here on a page whose server handed its trace over is taken for loaded, if it is. */
const LOADING_MS = 2000
