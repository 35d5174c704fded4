import { Kafka, logLevel } from 'kafkajs'
import type { Consumer, IHeaders, Producer } from 'kafkajs'
import { createWaybill } from '@waybill/server'
import { tracedHandler, tracedProducer } from '@waybill/server/kafka'
import type { KafkaDelivery } from '@waybill/server/kafka'
import type { Step } from '@waybill/trail'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeQueue } from '../fixtures/describeQueue.ts'
import { kafkaQueue } from '../fixtures/queues/kafkaQueue.ts'
import { startKafkaStandIn } from '../fixtures/startKafkaStandIn.ts'
import type { KafkaStandIn } from '../fixtures/startKafkaStandIn.ts'

describeQueue('kafkajs on a stand-in for Kafka', kafkaQueue)

let steps: Step[] = []
const api = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
const worker = createWaybill({ service: 'refund-worker', onStep: (step) => steps.push(step) })

describe('producer and consumer of kafkajs', () => {
  let broker: KafkaStandIn
  let kafka: Kafka
  let producer: Producer
  const consumers: Consumer[] = []
  beforeAll(async () => {
    broker = await startKafkaStandIn()
    kafka = new Kafka({ brokers: [broker.broker], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 20 } })
    producer = kafka.producer()
    await producer.connect()
  })
  afterAll(async () => {
    for (const each of [...consumers, producer]) await each.disconnect()
    await broker.stop()
  })
  beforeEach(() => {
    steps = []
  })

  async function openConsumer(topic: string): Promise<Consumer> {
    const consumer = kafka.consumer({ groupId: `group-${topic}`, heartbeatInterval: 500, maxWaitTimeInMs: 50 })
    consumers.push(consumer)
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    return consumer
  }
  const ended = (): Step[] => steps.filter((step) => step.hop === 'worker' && !step.startedFor)

  test('sends a batch over several topics as a step for each, and works on a batch message by message', async () => {
    const context = api.mint()
    const seen: unknown[] = []
    const handle = tracedHandler(worker, async ({ message }: KafkaDelivery) => {
      seen.push([message.value?.toString() ?? null, message.headers?.['kind']?.toString(), worker.current()?.reference])
    })
    const consumer = await openConsumer('batch-a')
    await consumer.run({
      async eachBatch({ batch }) {
        for (const message of batch.messages) await handle({ topic: batch.topic, partition: batch.partition, message })
      },
    })
    const messages = [
      { key: 'k', value: 'r-1', headers: { kind: 'full' } },
      { key: 'k', value: null },
    ]
    const topicMessages = [
      { topic: 'batch-a', messages },
      { topic: 'batch-b', messages: [{ value: 'r-3' }] },
    ]
    const given = structuredClone(topicMessages)
    await api.resume(context, () => tracedProducer(api, producer).sendBatch({ topicMessages, acks: 1 }))
    expect(topicMessages).toEqual(given)
    await expect
      .poll(() => seen)
      .toEqual([
        ['r-1', 'full', context.reference],
        [null, undefined, context.reference],
      ])
    const sent = steps.filter((step) => step.hop === 'queue').map((step) => [step.name, step.reference])
    expect(sent).toEqual([
      ['batch-a', context.reference],
      ['batch-b', context.reference],
    ])
  })

  test('keeps in one call messages apart that belong to different customers', async () => {
    const [first, second, admin] = [api.mint(), api.mint(), api.mint()]
    const dead = [first, second].map((context): { value: string; headers: IHeaders } => {
      const headers: Record<string, string> = api.resume(context, () => api.inject({}))
      return { value: 'r', headers: { 'Trace-Reference': Buffer.from(String(headers['Trace-Reference'])) } }
    })
    const messages = [...dead, { value: 'new' }, ...dead]
    await api.resume(admin, () => tracedProducer(api, producer).send({ topic: 'again', messages }))
    const references = [first.reference, second.reference, admin.reference]
    expect(steps.map((step) => step.reference)).toEqual(references)
    const seen: string[] = []
    const consumer = await openConsumer('again')
    const handle = tracedHandler(worker, async () => void seen.push(String(worker.current()?.reference)))
    await consumer.run({ eachMessage: handle })
    await expect.poll(() => seen.length).toBe(5)
    expect(seen.toSorted()).toEqual([...references, first.reference, second.reference].toSorted())
  })

  test('goes on from the attempt that a retry topic’s message tells', async () => {
    const thrown: unknown[] = []
    const traced = tracedProducer(worker, producer)
    const first = await openConsumer('work')
    const second = await openConsumer('work-retry')
    const handle = tracedHandler(
      worker,
      async ({ topic }: KafkaDelivery) => {
        if (topic === 'work') throw new RangeError('not yet')
      },
      {
        async onThrown(error, { message }, step) {
          thrown.push(error)
          const headers = { ...message.headers, 'Trace-Attempt': String((step.context.attempt ?? 1) + 1) }
          await traced.send({ topic: 'work-retry', messages: [{ value: message.value, headers }] })
        },
      },
    )
    for (const consumer of [first, second]) await consumer.run({ eachMessage: handle })
    const context = api.mint()
    await api.resume(context, () => tracedProducer(api, producer).send({ topic: 'work', messages: [{ value: 'r' }] }))
    await expect.poll(() => ended().length).toBe(2)
    expect(ended().map((step) => [step.name, step.attempt, step.reference, step.status])).toEqual([
      ['work', 1, context.reference, 'error'],
      ['work-retry', 2, context.reference, 'ok'],
    ])
    expect(thrown).toEqual([new RangeError('not yet')])
  })

  test('takes up what other producers write as well, and believes no header that stands there twice', async () => {
    const { reference } = api.mint()
    const doubled: IHeaders = { 'Trace-Reference': [reference, reference] }
    const lower: IHeaders = { 'trace-reference': reference }
    await producer.send({ topic: 'odd', messages: [{ value: '1', headers: doubled }] })
    await producer.send({ topic: 'odd', messages: [{ value: '2', headers: lower }] })
    const seen = new Map<string | undefined, unknown>()
    const consumer = await openConsumer('odd')
    const handle = tracedHandler(worker, async ({ message }: KafkaDelivery) => {
      seen.set(message.value?.toString(), worker.current()?.reference)
    })
    await consumer.run({ eachMessage: handle })
    await expect.poll(() => seen.size).toBe(2)
    expect(seen.get('1')).not.toBe(reference)
    expect(seen.get('2')).toBe(reference)
  })

  test('says what the producer throws, and where no acknowledgement is asked for knows no id', async () => {
    const traced = tracedProducer(api, producer)
    await traced.send({ topic: 'quick', messages: [{ value: 'r-1' }], acks: 0 })
    await expect(traced.send({ topic: '', messages: [{ value: 'jane@example.com' }] })).rejects.toThrow('Invalid topic')
    expect(steps.map((step) => [step.status, step.error?.type, step.jobId])).toEqual([
      ['ok', undefined, undefined],
      ['error', 'KafkaJSNonRetriableError', undefined],
    ])
    expect(JSON.stringify(steps)).not.toContain('jane')
  })
})
