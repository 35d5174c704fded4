import { randomBytes } from 'node:crypto'
import { connect } from 'amqplib'
import type { ChannelModel, ConfirmChannel, ConsumeMessage, Options } from 'amqplib'
import { createWaybill } from '@waybill/server'
import { tracedChannel } from '@waybill/server/amqp'
import type { TracedConsumeOptions } from '@waybill/server/amqp'
import type { Step } from '@waybill/trail'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeKilledWorker } from '../fixtures/describeKilledWorker.ts'
import { describeQueue } from '../fixtures/describeQueue.ts'
import { openKillable } from '../fixtures/queues/amqpKillable.ts'
import { amqpQueue } from '../fixtures/queues/amqpQueue.ts'
import { missingServices } from '../fixtures/missingServices.ts'

let steps: Step[] = []
const api = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
const worker = createWaybill({ service: 'refund-worker', onStep: (step) => steps.push(step) })
const missing = await missingServices()

describe.skipIf(missing.has('RabbitMQ'))('a channel of amqplib on RabbitMQ', () => {
  const suffix = randomBytes(6).toString('hex')
  const queues: string[] = []
  let connection: ChannelModel
  let channel: ConfirmChannel

  beforeAll(async () => {
    connection = await connect('amqp://guest:guest@127.0.0.1:5672')
    channel = await connection.createConfirmChannel()
  })
  afterAll(async () => {
    for (const queue of queues) await channel.deleteQueue(queue)
    await connection.close()
  })
  beforeEach(() => {
    steps = []
  })

  async function makeQueue(name: string, options: Options.AssertQueue = {}): Promise<string> {
    const { queue } = await channel.assertQueue(`${name}_${suffix}`, options)
    queues.push(queue)
    return queue
  }
  const ended = (): Step[] => steps.filter((step) => step.hop === 'worker' && !step.startedFor)

  /** What each delivery was, while `answer` says what becomes of it. */
  async function consume(
    queue: string,
    answer: (message: ConsumeMessage, count: number) => void,
    options?: TracedConsumeOptions,
  ): Promise<Delivery[]> {
    const deliveries: Delivery[] = []
    await tracedChannel(worker, channel).consume(
      queue,
      (message, step) => {
        deliveries.push([worker.current()?.reference, step.context.attempt])
        answer(message, deliveries.length)
      },
      options,
    )
    return deliveries
  }

  test('counts exactly what a quorum queue delivers again', async () => {
    const queue = await makeQueue('quorum', { arguments: { 'x-queue-type': 'quorum' } })
    const deliveries = await consume(queue, (message, count) =>
      count < 4 ? channel.nack(message, false, true) : channel.ack(message),
    )
    const context = api.mint()
    await api.resume(context, () => tracedChannel(api, channel).sendToQueue(queue, Buffer.from('r-1')))
    await expect.poll(() => deliveries).toEqual([1, 2, 3, 4].map((attempt) => [context.reference, attempt]))
    await expect.poll(ended).toHaveLength(4)
    const sent = steps.find((step) => step.hop === 'queue')
    expect(sent).toMatchObject({
      hop: 'queue',
      name: queue,
      status: 'ok',
      jobId: expect.stringMatching(/^m[\da-f]{16}$/),
    })
    expect(new Set(ended().map((step) => step.jobId))).toEqual(new Set([sent?.jobId]))
  })

  test('says of a classic queue’s redelivery what that says: that it was delivered before', async () => {
    const queue = await makeQueue('classic')
    const deliveries = await consume(queue, (message, count) =>
      count < 3 ? channel.nack(message, false, true) : channel.ack(message),
    )
    await tracedChannel(api, channel).sendToQueue(queue, Buffer.from('r-1'))
    await expect.poll(() => deliveries.map(([, attempt]) => attempt)).toEqual([1, 2, 2])
    expect(new Set(deliveries.map(([reference]) => reference))).toEqual(new Set([steps[0]?.reference]))
  })

  test('counts rejections through a queue that delays the retry, on another queue as on the same', async () => {
    const again = await makeQueue('again')
    const delay = await makeQueue('delay', { messageTtl: 20, deadLetterExchange: '', deadLetterRoutingKey: again })
    const queue = await makeQueue('loop', { deadLetterExchange: '', deadLetterRoutingKey: delay })
    const first = await consume(queue, (message) => channel.nack(message, false, false))
    const second = await consume(again, (message) => channel.ack(message))
    await tracedChannel(api, channel).sendToQueue(queue, Buffer.from('r-1'))
    await expect.poll(() => second).toHaveLength(1)
    const reference = steps[0]?.reference
    expect([first, second]).toEqual([[[reference, 1]], [[reference, 2]]])
    await expect.poll(ended).toHaveLength(2)
    expect(ended().some((step) => step.deadLetter)).toBe(false)
  })

  test('takes what was rejected elsewhere for a dead letter, whose own attempts count from one', async () => {
    const dead = await makeQueue('set_aside')
    const queue = await makeQueue('rejects', { deadLetterExchange: '', deadLetterRoutingKey: dead })
    const first = await consume(queue, (message, count) =>
      count < 2 ? channel.nack(message, false, false) : channel.ack(message),
    )
    const deliveries = await consume(dead, (message) => {
      // As an admin's tool does, with all that stands in the headers.
      channel.sendToQueue(queue, message.content, message.properties)
      channel.ack(message)
    })
    await tracedChannel(api, channel).sendToQueue(queue, Buffer.from('r-1'))
    await expect.poll(() => ended().length).toBe(3)
    const reference = steps[0]?.reference
    expect([first, deliveries]).toEqual([
      [
        [reference, 1],
        [reference, 2],
      ],
      [[reference, 1]],
    ])
    expect(ended().map((step) => [step.name, step.deadLetter])).toEqual([
      [queue, undefined],
      [dead, true],
      [queue, undefined],
    ])
  })

  test('takes a message that was only delayed for a first attempt', async () => {
    const queue = await makeQueue('late')
    const delay = await makeQueue('wait', { messageTtl: 20, deadLetterExchange: '', deadLetterRoutingKey: queue })
    const deliveries = await consume(queue, (message) => channel.ack(message))
    await tracedChannel(api, channel).sendToQueue(delay, Buffer.from('r-1'))
    await expect.poll(() => deliveries).toEqual([[steps[0]?.reference, 1]])
    await expect.poll(() => ended().map((step) => [step.status, step.deadLetter])).toEqual([['ok', undefined]])
  })

  test('believes a queue that is said to hold dead letters, and goes on from the attempt that a message tells', async () => {
    const queue = await makeQueue('dead')
    const deliveries = await consume(queue, (message) => channel.ack(message), { deadLetter: true, maxAttempts: 5 })
    await tracedChannel(api, channel).sendToQueue(queue, Buffer.from('r-1'), {
      headers: { 'Trace-Attempt': '3', traceparent: 'stale' },
    })
    const sent = (): Step | undefined => steps.find((step) => step.hop === 'queue')
    await expect.poll(() => deliveries).toEqual([[sent()?.reference, 3]])
    await expect.poll(() => ended()[0]).toMatchObject({ deadLetter: true, maxAttempts: 5, parentId: sent()?.id })
  })

  test('reads headers that came as bytes, and passes over counts that are none', async () => {
    const queue = await makeQueue('odd')
    const deliveries = await consume(queue, (message) => channel.ack(message))
    const context = api.mint()
    const carrier: Record<string, string> = api.resume(context, () => api.inject({}))
    const headers = {
      traceparent: Buffer.from(carrier['traceparent'] ?? ''),
      'Trace-Reference': Buffer.from(context.reference),
      'x-delivery-count': -3,
      'x-acquired-count': 'many',
      'x-death': [null, { count: 1.5, queue, reason: 'rejected' }, 'x'],
    }
    channel.sendToQueue(queue, Buffer.from('r-1'), { headers })
    channel.sendToQueue(queue, Buffer.from('r-2'), {
      headers: { 'x-death': 7, traceparent: Buffer.alloc(50_000, '0') },
    })
    await expect.poll(() => deliveries.map(([, attempt]) => attempt)).toEqual([1, 1])
    expect(deliveries[0]?.[0]).toBe(context.reference)
    expect(deliveries[1]?.[0]).not.toBe(context.reference)
  })

  test('rejects what the broker refuses, and what is sent on a closed channel, and tells it', async () => {
    const full = await makeQueue('full', { maxLength: 1, overflow: 'reject-publish' })
    const traced = tracedChannel(api, channel)
    await traced.sendToQueue(full, Buffer.from('r-1'))
    await expect(traced.sendToQueue(full, Buffer.from('r-2'))).rejects.toThrow('nacked')
    const other = await connection.createChannel()
    await expect(tracedChannel(api, other).sendToQueue(full, Buffer.from('r-3'))).resolves.toBe(true)
    await other.close()
    await expect(tracedChannel(api, other).sendToQueue(full, Buffer.from('r-4'))).rejects.toThrow('Channel closed')
    const sent = steps.filter((step) => step.hop === 'queue')
    expect(sent.map((step) => [step.status, step.error?.type])).toEqual([
      ['ok', undefined],
      ['error', 'Error'],
      ['ok', undefined],
      ['error', 'IllegalOperationError'],
    ])
  })

  test('leaves it to the channel to tell that the broker ended the consuming', async () => {
    const queue = await makeQueue('gone')
    const told: unknown[] = []
    channel.once('cancel', ({ consumerTag }) => told.push(consumerTag))
    const { consumerTag } = await tracedChannel(worker, channel).consume(queue, (message) => told.push(message))
    await channel.deleteQueue(queue)
    await expect.poll(() => told).toEqual([consumerTag])
    expect(steps).toEqual([])
  })

  test('names exchanges and queues, and nothing that a client made up or a person is called', async () => {
    const traced = tracedChannel(api, channel)
    const { queue } = await channel.assertQueue('', { exclusive: true })
    await traced.sendToQueue(queue, Buffer.from('r-1'))
    await traced.sendToQueue('mail.jane@example.com', Buffer.from('r-2'), { messageId: 'to jane@example.com' })
    await traced.publish('amq.topic', 'orders.4111 1111 1111 1111', Buffer.from('r-3'))
    expect(steps.map((step) => step.name)).toEqual(['amq.gen', '*', 'amq.topic'])
    expect(JSON.stringify(steps)).not.toMatch(/jane|4111 1111/)
  })
})

describe.skipIf(missing.has('RabbitMQ'))('RabbitMQ', () => {
  describeQueue('a quorum queue', amqpQueue('quorum'))
  describeQueue('a classic queue', amqpQueue('classic'))
  describeKilledWorker('a killed worker of RabbitMQ', openKillable, 'amqpKillable.ts')
})

type Delivery = readonly [reference: string | undefined, attempt: number | undefined]
