import { createTrailUrls } from './desk/trailUrl.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * An integration of `@sentry/node` (8 to 11): each event has the reference that was in force when it was captured, as the tag
 * `trace_reference`, by which Sentry searches, and with its trail in a context `waybill`; log records of Sentry's logger have it as an
 * attribute. Outside of a context there is none. Sentry's own traces and spans stay as they are.
 *
 * Sentry's `Dedupe` drops an error that is like the one before it, be it another customer's, so leave that out:
 *
 * ```ts
 * Sentry.init({
 *   dsn,
 *   integrations: (usual) => [...usual.filter(({ name }) => name !== 'Dedupe'), waybillIntegration(waybill, { deskUrl })],
 * })
 * ```
 *
 * @throws TypeError when the desk's address cannot be linked to.
 */
export function waybillIntegration(waybill: ServerWaybill, { deskUrl }: SentryOptions = {}): SentryIntegration {
  const urlOf = deskUrl === undefined ? undefined : createTrailUrls(deskUrl)
  const marked = new WeakSet<SentryEvent>()

  function mark(event: SentryEvent): void {
    // They are captured when a connection is done with, which may be in the context of its next request.
    if (event.type === 'transaction') return
    const context = waybill.current()
    // An event of an application's own making may be sent again, for somebody else, while the first is still on its way.
    if (marked.has(event)) {
      event.tags = without(event.tags, TAG)
      event.contexts = without(event.contexts, CONTEXT)
    }
    if (!context) return
    const { reference, traceId } = context
    const trail = urlOf && { trail_url: urlOf(reference) }
    event.tags = { ...event.tags, [TAG]: reference }
    event.contexts = { ...event.contexts, [CONTEXT]: { [TAG]: reference, trace_id: traceId, ...trail } }
    marked.add(event)
  }

  return {
    name: 'Waybill',
    setup(client) {
      client.on('beforeCaptureLog', (log) =>
        waybill.guard(() => {
          const reference = waybill.current()?.reference
          if (reference) log.attributes = { ...log.attributes, [TAG]: reference }
        }),
      )
    },
    // Before the processors of events, of which some wait.
    preprocessEvent: (event) => waybill.guard(() => mark(event)),
  }
}

export interface SentryOptions {
  /** Base URL of the desk, for a link to the trail. @default none */
  readonly deskUrl?: string | undefined
}

/** As much of Sentry's `Integration` as is made use of, which is the same in its versions 8 to 11. */
export interface SentryIntegration {
  readonly name: string
  setup(client: SentryClient): void
  preprocessEvent(event: SentryEvent): void
}

interface SentryClient {
  on(hook: 'beforeCaptureLog', callback: (log: { attributes?: Record<string, unknown> }) => void): unknown
}

interface SentryEvent {
  readonly type?: string | undefined
  tags?: Record<string, unknown>
  contexts?: Record<string, Record<string, unknown> | undefined>
}

const TAG = 'trace_reference'
const CONTEXT = 'waybill'

function without<T>(record: Readonly<Record<string, T>> | undefined, name: string): Record<string, T> {
  const rest = { ...record }
  delete rest[name]
  return rest
}
