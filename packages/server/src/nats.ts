import { plainId } from './messages/plainId.ts'
import { processMessage } from './messages/processMessage.ts'
import { sendMessage } from './messages/sendMessage.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * JetStream's `publish`, or a connection's `publish` or `request`, with the reference in the headers of every message. Each call is a
 * step of hop `queue`. `headers` is the library's own function that makes empty ones. Headers that are given are copied, not changed.
 *
 * ```ts
 * const stream = jetstream(connection)
 * const publish = tracedPublish(waybill, stream.publish.bind(stream), { headers })
 * await publish('refunds.requested', JSON.stringify(refund), { msgID: refund.id })
 * ```
 */
export function tracedPublish<H extends NatsHeaders, O extends { headers?: H }, A>(
  waybill: ServerWaybill,
  publish: NatsPublish<O, A>,
  { headers }: { readonly headers: () => H },
): (subject: string, payload?: NatsPayload, options?: O) => Promise<A> {
  return (subject, payload, options) => {
    const given = options?.headers
    const message = { system: SYSTEM, destination: subject, carried: carrierOf(given) }
    return sendMessage<A>(waybill, message, async (carrier, step) => {
      const whole = headers()
      const replaced = new Set(Object.keys(carrier).map((name) => name.toLowerCase()))
      for (const [name, values] of given ?? []) {
        if (!replaced.has(name.toLowerCase())) for (const value of values) whole.append(name, value)
      }
      for (const [name, value] of Object.entries(carrier)) whole.append(name, value)
      const answer = await publish(subject, payload, { ...options, headers: whole } as O & { headers: H })
      // JetStream's acknowledgement says where the message is kept.
      const { stream, seq } = Object(answer)
      step.set({ jobId: jobIdOf(stream, seq) })
      return answer
    })
  }
}

/**
 * Processes a message of JetStream or of a subscription as one attempt, under the reference in its headers; `deliveryCount` is the
 * attempt's number. To acknowledge, by `ack`, `nak` or `term`, stays the application's. A message that was given up is read from its
 * stream by the number in the server's advisory, or was published to a subject for such; in both cases say `deadLetter: true`.
 *
 * ```ts
 * for await (const message of await consumer.consume()) {
 *   await processDelivery(waybill, message, async () => {
 *     await refund(message.json())
 *     message.ack()
 *   })
 * }
 * ```
 */
export function processDelivery<T>(
  waybill: ServerWaybill,
  message: NatsMessage,
  process: (step: OpenStep) => T | Promise<T>,
  { deadLetter, maxAttempts }: NatsProcessOptions = {},
): Promise<T> {
  const { subject, headers, header } = message
  const info = deliveryInfoOf(message)
  const jobId = jobIdOf(info?.stream, info?.streamSequence)
  const received = {
    system: SYSTEM,
    destination: subject,
    carrier: carrierOf(headers ?? header),
    jobId,
    identity: jobId,
    attempt: info?.deliveryCount ?? info?.redeliveryCount,
    maxAttempts,
    deadLetter,
  }
  return processMessage(waybill, received, process)
}

export interface NatsProcessOptions {
  /** The message was given up elsewhere, and this is the work on it. @default false */
  readonly deadLetter?: boolean | undefined
  /** The consumer's `max_deliver`, which messages do not tell. */
  readonly maxAttempts?: number | undefined
}

export type NatsPublish<O, A> = (subject: string, payload?: NatsPayload, options?: O) => A | Promise<A>

export type NatsPayload = Uint8Array | string

/** What is used of a message: JetStream's, a subscription's, or one that is read from its stream. Those of `nats` 2 have the same shape. */
export interface NatsMessage {
  readonly subject: string
  readonly headers?: NatsHeaders | undefined
  readonly header?: NatsHeaders | undefined
}

/** What is used of `MsgHdrs`. */
export interface NatsHeaders extends Iterable<[string, string[]]> {
  append(name: string, value: string): void
}

interface DeliveryInfo {
  readonly stream?: unknown
  readonly streamSequence?: unknown
  readonly deliveryCount?: number
  /** As `nats` 2 calls it. */
  readonly redeliveryCount?: number
}

const SYSTEM = 'nats'

function deliveryInfoOf(message: NatsMessage): DeliveryInfo | undefined {
  // It is parsed from the subject for replies, and a subscription's message may have one of another kind.
  return 'info' in message && typeof message.info === 'object' ? (message.info ?? undefined) : undefined
}

function jobIdOf(stream: unknown, sequence: unknown): string | undefined {
  return typeof stream === 'string' && typeof sequence === 'number' ? plainId(`${stream}:${sequence}`) : undefined
}

/** Names are compared without regard to case, because some clients capitalise them. What stands there twice is no claim. */
function carrierOf(headers: NatsHeaders | undefined): Record<string, unknown> {
  const carrier: Record<string, string | string[]> = {}
  for (const [name, values] of headers ?? []) {
    const key = name.toLowerCase()
    const all = [carrier[key] ?? [], values].flat()
    carrier[key] = all.length === 1 ? (all[0] ?? '') : all
  }
  return carrier
}
