import { Kafka, logLevel } from 'kafkajs'
import type { Consumer, EachMessagePayload } from 'kafkajs'
import { createWaybill } from '@waybill/server'
import { tracedHandler, tracedProducer } from '@waybill/server/kafka'
import type { Step } from '@waybill/trail'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeQueue } from '../fixtures/describeQueue.ts'
import { kafkaQueue } from '../fixtures/queues/kafkaQueue.ts'
import { startKafkaStandIn } from '../fixtures/startKafkaStandIn.ts'
import type { KafkaStandIn } from '../fixtures/startKafkaStandIn.ts'

let steps: Step[] = []
const api = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
const worker = createWaybill({ service: 'refund-worker', onStep: (step) => steps.push(step) })

describe('kafkajs on a stand-in for Kafka', () => {
  let broker: KafkaStandIn
  let kafka: Kafka
  const consumers: Consumer[] = []
  beforeAll(async () => {
    broker = await startKafkaStandIn()
    kafka = new Kafka({
      brokers: [broker.broker],
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 20, retries: 3 },
    })
  })
  afterAll(async () => {
    await Promise.all(consumers.map((each) => each.disconnect()))
    await broker.stop()
  })
  beforeEach(() => {
    steps = []
  })

  async function consume(topic: string, onMessage: (payload: EachMessagePayload) => Promise<void>): Promise<Consumer> {
    const consumer = kafka.consumer({ groupId: `group-${topic}`, heartbeatInterval: 500, maxWaitTimeInMs: 100 })
    consumers.push(consumer)
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({ eachMessage: onMessage })
    return consumer
  }

  test('keeps one reference over the attempts that a failing handler is given, and counts them', async () => {
    const producer = kafka.producer()
    await producer.connect()
    const seen: unknown[] = []
    await consume(
      'refunds',
      tracedHandler(worker, async ({ message }, step) => {
        seen.push([message.value?.toString(), worker.current()?.reference, step.context.attempt])
        if (seen.length < 3) throw new Error('jane@example.com')
      }),
    )
    const context = api.mint()
    await api.resume(context, () =>
      tracedProducer(api, producer).send({ topic: 'refunds', messages: [{ value: 'r-1' }] }),
    )
    await expect.poll(() => seen).toEqual([1, 2, 3].map((attempt) => ['r-1', context.reference, attempt]))
    await producer.disconnect()
  })
})

describeQueue('kafkajs’s contract', kafkaQueue)
