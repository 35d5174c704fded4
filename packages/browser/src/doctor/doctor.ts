import { corsFinding } from './corsFinding.ts'
import { createProbe } from './createProbe.ts'
import { deliveryFinding } from './deliveryFinding.ts'
import type { Finding } from './Finding.ts'
import { observedCall } from './observedCall.ts'
import type { ObservedCall } from './observedCall.ts'
import { otherTracer } from './otherTracer.ts'
import { unlistedOriginFinding } from './unlistedOriginFinding.ts'
import { watchWriters } from './watchWriters.ts'

/**
 * A `fetch` for development that watches what a waybill sends and says on the console, once per cause and origin, what keeps
 * references from arriving: CORS, another writer of `traceparent`, a desk that refuses or is not there, an origin not listed.
 * Calls go out and come back as they are. After a failure it asks the same server again with HEAD or `no-cors`, never with a body.
 *
 * ```ts
 * createWaybill({ service: 'shop-web', deliverTo: '/waybill', fetch: import.meta.env.DEV ? doctor() : undefined })
 * ```
 *
 * Written so, or with `process.env.NODE_ENV !== 'production'`, nothing of it is left in a production bundle.
 */
export function doctor({
  fetch = globalThis.fetch.bind(globalThis),
  say = (message) => console.warn(message),
}: DoctorOptions = {}): typeof globalThis.fetch {
  const probe = createProbe(fetch)
  const said = new Set<string>()

  function tell(finding: Finding | undefined): void {
    if (!finding || said.has(`${finding.cause} ${finding.origin}`)) return
    said.add(`${finding.cause} ${finding.origin}`)
    say(`[waybill] ${finding.message}`)
  }

  async function examine(call: ObservedCall, answer: Promise<Response>): Promise<void> {
    const outcome = await answer.then(
      // A copy at once, before anybody else can read the body.
      (response) => ({ response: call.kind === 'delivery' ? response.clone() : response }),
      (error: unknown) => ({ error }),
    )
    switch (call.kind) {
      case 'delivery':
        return tell(await deliveryFinding(call, outcome, probe))
      case 'traced':
        return tell('error' in outcome ? await corsFinding(call, outcome.error, probe) : undefined)
      case 'untraced':
        return tell('response' in outcome ? unlistedOriginFinding(call, outcome.response) : undefined)
      default:
        return call.kind satisfies never
    }
  }

  return (...args) => {
    const call = observedCall(args)
    if (!call) return fetch(...args)
    const isTraced = call.kind === 'traced'
    if (isTraced) tell(otherTracer(call.url))
    const answer = fetch(call.address, isTraced ? watchWriters(call, args[1], tell) : args[1])
    // Whatever goes wrong in here is no concern of the page.
    examine(call, answer).catch(() => undefined)
    // One of its own, or a rejection would count as handled when nobody but us looks.
    return answer.then((response) => response)
  }
}

export interface DoctorOptions {
  /** Sends every call. @default the page's `fetch` as it is now */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Receives each message. @default `console.warn` */
  readonly say?: ((message: string) => void) | undefined
}
