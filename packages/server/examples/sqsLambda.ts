import { createWaybill } from '@waybill/server'
import { processMessage } from '@waybill/server/messages'

const waybill = createWaybill({ service: 'refund-lambda' })

export async function handler({ Records }: { readonly Records: readonly SqsRecord[] }): Promise<void> {
  for (const { messageId, body, attributes, messageAttributes, eventSourceARN } of Records) {
    const headers = Object.entries(messageAttributes).map(([name, { stringValue }]) => [name, stringValue])
    const message = {
      system: 'aws_sqs',
      destination: eventSourceARN.split(':').at(-1) ?? '',
      carrier: Object.fromEntries(headers),
      jobId: messageId,
      identity: messageId,
      attempt: Number(attributes.ApproximateReceiveCount),
    }
    await processMessage(waybill, message, (step) => step.note({ refund: JSON.parse(body).refundId }))
  }
  await waybill.flush()
}

interface SqsRecord {
  readonly messageId: string
  readonly body: string
  readonly attributes: { readonly ApproximateReceiveCount: string }
  readonly messageAttributes: Readonly<Record<string, { readonly stringValue?: string }>>
  readonly eventSourceARN: string
}
