import type { OpenStep } from '../step/openStep.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'

/**
 * Sends a message as a step of hop `queue`. `send` gets a carrier with the headers to put on the message, so that whoever processes
 * it goes on under the same reference, with this step as its cause.
 */
export function sendMessage<T>(
  waybill: ServerWaybill,
  { system, destination, jobId }: SentMessage,
  send: (carrier: MessageCarrier, step: OpenStep) => T | Promise<T>,
): Promise<T> {
  const attributes = {
    'messaging.system': system,
    'messaging.destination.name': destination,
    'messaging.operation.type': 'send',
  }
  return waybill.run({ hop: 'queue', name: destination, jobId, attributes }, (step) => send(waybill.inject({}), step))
}

export interface SentMessage {
  /** OpenTelemetry's `messaging.system`: `rabbitmq`, `kafka`, `aws_sqs`, or the broker's own name. */
  readonly system: string
  /** The queue, topic, subject or exchange; a constant name, free of user content. */
  readonly destination: string
  /** The message's id, where it is known before it is sent; else `step.set({ jobId })`. */
  readonly jobId?: string | undefined
}

/** `traceparent` and `Trace-Reference`, as text. */
export type MessageCarrier = Record<string, string>
