import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { createWaybill } from '@waybill/server'
import { tracedSqs } from '@waybill/server/sqs'

const waybill = createWaybill({ service: 'refund-worker' })
const client = new SQSClient({})
const traced = tracedSqs(waybill, client)

export async function startRefunds(QueueUrl: string): Promise<void> {
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"refundId":"R-501"}' }))

  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
  for (const message of Messages) {
    await traced.process(message, (step) => step.note({ refund: JSON.parse(message.Body ?? '').refundId }))
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }))
  }
}
