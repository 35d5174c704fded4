import { createWaybill } from '@waybill/server'
import { tracedChannel } from '@waybill/server/amqp'
import { connect } from 'amqplib'

const waybill = createWaybill({ service: 'refund-worker' })

export async function startRefunds(): Promise<void> {
  const connection = await connect('amqp://127.0.0.1:5672')
  const channel = await connection.createConfirmChannel()
  const traced = tracedChannel(waybill, channel)

  await traced.consume(
    'refunds',
    async (message, step) => {
      step.note({ refund: JSON.parse(message.content.toString()).refundId })
      channel.ack(message)
    },
    { onThrown: (_error, message) => channel.nack(message, false, false) },
  )
  await traced.sendToQueue('refunds', Buffer.from('{"refundId":"R-501"}'), { persistent: true })
}
