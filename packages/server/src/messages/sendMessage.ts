import { claimIn } from '../context/claimIn.ts'
import type { OpenStep, StepOptions } from '../step/openStep.ts'
import { plainDestination } from './plainDestination.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/**
 * Sends a message as a step of hop `queue`. `send` gets a carrier with the headers to put on the message, so that whoever processes
 * it goes on under the same reference, with this step as its cause.
 */
export function sendMessage<T>(
  waybill: ServerWaybill,
  message: SentMessage,
  send: (carrier: MessageCarrier, step: OpenStep) => T | Promise<T>,
): Promise<T> {
  return waybill.run(sendOptions(waybill, message), (step) => send(waybill.inject({}), step))
}

export interface SentMessage {
  /** OpenTelemetry's `messaging.system`: `rabbitmq`, `kafka`, `aws_sqs`, or the broker's own name. */
  readonly system: string
  /** The queue, topic, subject or exchange; a constant name, free of user content. */
  readonly destination: string
  /** The message's id, where it is known before it is sent; else `step.set({ jobId })`. */
  readonly jobId?: string | undefined
  /** The headers that the message has already: one that is sent again, such as a dead letter, stays the customer's whose it is. */
  readonly carried?: unknown
}

/** `traceparent` and `Trace-Reference`, as text. */
export type MessageCarrier = Record<string, string>

/** The step that a message is sent in. */
export function sendOptions(waybill: ServerWaybill, { system, destination, jobId, carried }: SentMessage): StepOptions {
  const name = plainDestination(destination)
  const attributes = {
    'messaging.system': system,
    'messaging.destination.name': name,
    'messaging.operation.type': 'send',
  }
  return { hop: 'queue', name, jobId, parent: ownerOf(waybill, carried), attributes }
}

/** Whose a message is by its own headers, where that is somebody else than the code that sends it works for. */
export function ownerOf(waybill: ServerWaybill, carried: unknown): TraceContext | undefined {
  const claimed = carried ? claimIn(waybill, carried) : undefined
  return claimed?.reference === waybill.current()?.reference ? undefined : claimed
}
