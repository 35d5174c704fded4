import { createHash } from 'node:crypto'
import type { Link } from '../step/openStep.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/**
 * Whose a message is: the action that it carries; else one of its own, the same for each of its attempts where the broker says what
 * tells it from all others. So is a run of what a clock repeats, with a link to what set that up.
 */
export function contextOfMessage(
  waybill: ServerWaybill,
  { system, carrier, identity, repeats = false }: MessageOrigin,
): { readonly parent: TraceContext; readonly links?: readonly Link[] | undefined } {
  const random = identity === undefined ? undefined : bytesOf(`${system} ${identity}`)
  const claimed = waybill.accept(carrier, { random })
  if (!repeats) return { parent: claimed }
  // A repeat is nobody's action: what its creator did is over, or it would gather runs for ever.
  const parent = { ...waybill.mint({ random }), ...(claimed.refused && { refused: true }) }
  return { parent, links: claimed.spanId ? [{ rel: 'parent', to: claimed }] : undefined }
}

export interface MessageOrigin {
  /** OpenTelemetry's `messaging.system`, as in `sendMessage`. */
  readonly system: string
  /** The message's headers, or whatever holds `traceparent` and `Trace-Reference`: a claim, which is checked. */
  readonly carrier: unknown
  /**
   * What tells the message from all others, and is the same for each of its attempts: queue and id. Where it carries no reference, its
   * attempts share one all the same. @default each attempt begins one
   */
  readonly identity?: string | undefined
  /** A clock made it, of what somebody set up once: each run has a reference of its own, linked to the one it carries. @default false */
  readonly repeats?: boolean | undefined
}

/** As good as random to whoever does not know the text, and the same for whoever does. */
function bytesOf(text: string): (bytes: number) => Uint8Array {
  let draws = 0
  return (bytes) => createHash('sha256').update(`${draws++} ${text}`).digest().subarray(0, bytes)
}
