import { asThrown } from '../step/errorType.ts'
import { sendOptions } from './sendMessage.ts'
import type { MessageCarrier, SentMessage } from './sendMessage.ts'
import type { OpenStep } from '../step/openStep.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'

/** Sends several messages in one call: a step each, as `sendMessage` makes them. What fails the call fails them all. */
export async function sendBatch<T>(
  waybill: ServerWaybill,
  messages: readonly SentMessage[],
  send: (sent: readonly BatchedMessage[]) => T | Promise<T>,
): Promise<T> {
  const sent = messages.map((message): BatchedMessage => {
    const step = waybill.begin(sendOptions(waybill, message))
    return { step, carrier: waybill.resume(step.context, () => waybill.inject({})) }
  })
  try {
    const result = await send(sent)
    for (const { step } of sent) step.end()
    return result
  } catch (error) {
    for (const { step } of sent) step.end(asThrown(error))
    throw error
  }
}

export interface BatchedMessage {
  readonly step: OpenStep
  /** The headers for this message, or for all messages that this step stands for. */
  readonly carrier: MessageCarrier
}
