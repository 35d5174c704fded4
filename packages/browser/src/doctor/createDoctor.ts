import { corsFinding } from './corsFinding.ts'
import { createProbe } from './createProbe.ts'
import { deliveryFinding } from './deliveryFinding.ts'
import type { Finding } from './Finding.ts'
import { observedCall } from './observedCall.ts'
import type { ObservedCall } from './observedCall.ts'
import { otherTracer } from './otherTracer.ts'
import { redirectFinding } from './redirectFinding.ts'
import { unlistedOriginFinding } from './unlistedOriginFinding.ts'
import { watchWriters } from './watchWriters.ts'

/**
 * Watches what a waybill sends and says, once per cause and origin, what keeps references from arriving: CORS, another writer of
 * `traceparent`, a redirect to where they are refused, a desk that refuses or is not there, an origin not listed. Calls go out and come back as they are. After a failure
 * it asks the same server again with HEAD or `no-cors`, never with a body.
 */
export function createDoctor({ fetch, tracedOrigins = [], say = console.warn }: CreateDoctorOptions): Doctor {
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
    if (call.kind === 'delivery') tell(await deliveryFinding(call, outcome, probe))
    else if ('error' in outcome)
      tell((await redirectFinding(call, outcome.error, probe)) ?? (await corsFinding(call, outcome.error, probe)))
  }

  return {
    fetch(...args) {
      const call = observedCall(args)
      if (!call || call.kind === 'untraced') return fetch(...args)
      const isTraced = call.kind === 'traced'
      if (isTraced) tell(otherTracer(call.url))
      const answer = fetch(call.address, isTraced ? watchWriters(call, args[1], tell) : args[1])
      // Whatever goes wrong in here is no concern of the page.
      examine(call, answer).catch(() => undefined)
      // One of its own, or a rejection would count as handled when nobody but us looks.
      return answer.then((response) => response)
    },

    async fetchUntraced(...args) {
      const response = await fetch(...args)
      try {
        tell(unlistedOriginFinding(response, tracedOrigins))
      } catch {
        // A stand-in for a response may lack what one has.
      }
      return response
    },
  }
}

export interface Doctor {
  /** For calls that carry a reference, and for deliveries: what is given is read twice. */
  readonly fetch: typeof globalThis.fetch
  /** For all others: of what is given nothing is read. */
  readonly fetchUntraced: typeof globalThis.fetch
}

export interface CreateDoctorOptions {
  /** Sends every call. */
  readonly fetch: typeof globalThis.fetch
  readonly tracedOrigins?: readonly string[] | undefined
  /** Receives each message. @default `console.warn` */
  readonly say?: ((message: string) => void) | undefined
}
