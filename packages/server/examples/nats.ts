import { createWaybill } from '@waybill/server'
import { processDelivery, tracedPublish } from '@waybill/server/nats'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import type { NatsConnection } from '@nats-io/transport-node'

const waybill = createWaybill({ service: 'refund-worker' })

export async function startRefunds(connection: NatsConnection): Promise<void> {
  const stream = jetstream(connection)
  const publish = tracedPublish(waybill, stream.publish.bind(stream), { headers })
  await publish('refunds.asked', '{"refundId":"R-501"}', { msgID: 'R-501' })

  const consumer = await stream.consumers.get('REFUNDS', 'worker')
  for await (const message of await consumer.consume()) {
    try {
      await processDelivery(waybill, message, (step) => step.note({ refund: message.json<Refund>().refundId }))
      message.ack()
    } catch {
      message.nak()
    }
  }
}

/** What JetStream gives up it says in an advisory. The message stays in its stream. */
export async function startDeadLetters(connection: NatsConnection): Promise<void> {
  const { streams } = await jetstreamManager(connection)
  const advisories = connection.subscribe('$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.REFUNDS.worker')
  for await (const advisory of advisories) {
    const message = await streams.getMessage('REFUNDS', { seq: advisory.json<{ stream_seq: number }>().stream_seq })
    const setAside = (): void => waybill.effect('held', 'refund pending review')
    if (message) await processDelivery(waybill, message, setAside, { deadLetter: true })
  }
}

interface Refund {
  readonly refundId: string
}
