import { createWaybill } from '@waybill/server'
import { tracedHandler, tracedProducer } from '@waybill/server/kafka'
import type { Consumer, Producer } from 'kafkajs'

const waybill = createWaybill({ service: 'refund-worker' })

export async function startRefunds(consumer: Consumer, producer: Producer): Promise<void> {
  const traced = tracedProducer(waybill, producer)
  await traced.send({ topic: 'refunds', messages: [{ key: 'R-501', value: '{"refundId":"R-501"}' }] })

  const onRefund = tracedHandler(
    waybill,
    async ({ message }, step) => step.note({ refund: JSON.parse(String(message.value)).refundId }),
    {
      async onThrown(_error, { message: { value, headers } }, { context }) {
        const next = { ...headers, 'Trace-Attempt': String((context.attempt ?? 1) + 1) }
        await traced.send({ topic: 'refunds-retry', messages: [{ value, headers: next }] })
      },
    },
  )
  // Inside `eachBatch` it is called with each message, its topic and its partition.
  await consumer.run({ eachMessage: onRefund })
}
