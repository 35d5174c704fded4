import { randomBytes } from 'node:crypto'
import { AckPolicy, jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream'
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream'
import { connect, headers } from '@nats-io/transport-node'
import type { Msg, NatsConnection } from '@nats-io/transport-node'
import { createWaybill } from '@waybill/server'
import { processDelivery, tracedPublish } from '@waybill/server/nats'
import type { Step } from '@waybill/trail'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeKilledWorker } from '../fixtures/describeKilledWorker.ts'
import { describeQueue } from '../fixtures/describeQueue.ts'
import { missingServices } from '../fixtures/missingServices.ts'
import { openKillable } from '../fixtures/queues/natsKillable.ts'
import { natsQueue } from '../fixtures/queues/natsQueue.ts'

let steps: Step[] = []
const api = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
const worker = createWaybill({ service: 'refund-worker', onStep: (step) => steps.push(step) })
const missing = await missingServices()

describe.skipIf(missing.has('NATS'))('NATS', () => {
  describeQueue('JetStream', natsQueue)
  describeKilledWorker('a killed worker of JetStream', openKillable, 'natsKillable.ts')

  const name = `refunds-${randomBytes(6).toString('hex')}`
  let connection: NatsConnection
  let stream: JetStreamClient
  let manager: JetStreamManager
  beforeAll(async () => {
    connection = await connect({ servers: '127.0.0.1:4222' })
    stream = jetstream(connection)
    manager = await jetstreamManager(connection)
    const subjects = [name, `${name}.>`]
    await manager.streams.add({ name, subjects, storage: StorageType.Memory })
    await manager.consumers.add(name, { durable_name: 'worker', ack_policy: AckPolicy.Explicit, max_deliver: 3 })
  })
  afterAll(async () => {
    await manager.streams.delete(name)
    await connection.close()
  })
  beforeEach(() => {
    steps = []
  })

  async function answer(subject: string, handle: (message: Msg) => void): Promise<void> {
    connection.subscribe(subject, {
      max: 1,
      callback: (_error, message) => void processDelivery(worker, message, () => handle(message)),
    })
    await connection.flush()
  }

  test('a request and its answer are under one reference, without JetStream too', async () => {
    const subject = `stock.${name}`
    const seen: unknown[] = []
    await answer(subject, (message) => {
      seen.push(worker.current()?.reference, worker.current()?.attempt)
      message.respond('12')
    })
    const context = api.mint()
    const request = tracedPublish(api, connection.request.bind(connection), { headers })
    const answered = await api.resume(context, () => request(subject, 'A-1', { timeout: 5000 }))
    expect([answered.string(), seen]).toEqual(['12', [context.reference, undefined]])
    expect(new Set(steps.map((step) => [step.reference, step.name].join()))).toEqual(
      new Set([`${context.reference},${subject}`]),
    )
  })

  test('keeps the headers that it is given, which stay as they were, and lets JetStream drop duplicates', async () => {
    const publish = tracedPublish(api, stream.publish.bind(stream), { headers })
    const given = headers()
    given.append('Kind', 'full')
    given.append('Kind', 'late')
    given.set('Traceparent', 'stale')
    const context = api.mint()
    const options = { headers: given, msgID: 'r-1' }
    const first = await api.resume(context, () => publish(name, 'r-1', options))
    const again = await api.resume(context, () => publish(name, 'r-1', options))
    expect([first.duplicate, again.duplicate, again.seq]).toEqual([false, true, first.seq])
    expect([...given].map(([key, values]) => [key, ...values])).toEqual([
      ['Kind', 'full', 'late'],
      ['Traceparent', 'stale'],
    ])
    const kept = await manager.streams.getMessage(name, { seq: first.seq })
    expect(kept?.header.values('Kind')).toEqual(['full', 'late'])
    expect(kept?.header.get('Nats-Msg-Id')).toBe('r-1')
    expect(await processDelivery(worker, kept!, () => worker.current()?.reference)).toBe(context.reference)
  })

  test('reads headers that another client capitalised, and believes none that stands there twice', async () => {
    const context = api.mint()
    const carrier: Record<string, string> = api.resume(context, () => api.inject({}))
    const capitalised = headers()
    capitalised.set('Traceparent', String(carrier['traceparent']))
    capitalised.set('TRACE-REFERENCE', context.reference)
    const doubled = headers()
    doubled.append('Trace-Reference', context.reference)
    doubled.append('trace-reference', context.reference)
    const seen: unknown[] = []
    for (const each of [capitalised, doubled]) {
      await answer(`odd.${name}`, () => void seen.push(worker.current()?.reference))
      connection.publish(`odd.${name}`, '', { headers: each })
      await expect.poll(() => seen.length).toBe(each === capitalised ? 1 : 2)
    }
    expect(seen[0]).toBe(context.reference)
    expect(seen[1]).not.toBe(context.reference)
  })

  test('a message that the worker gave up goes to another subject under its reference, and is a dead letter there', async () => {
    const publish = tracedPublish(api, stream.publish.bind(stream), { headers })
    const consumer = await stream.consumers.get(name, 'worker')
    const context = api.mint()
    const { seq } = await api.resume(context, () => publish(name, 'r-2'))
    await expect
      .poll(async () => {
        const message = await consumer.next()
        if (message?.seq !== seq) return message?.ack()
        await publish(`${name}.dead`, message.data, { headers: message.headers! })
        message.term()
        return seq
      })
      .toBe(seq)
    const kept = await manager.streams.getMessage(name, { last_by_subj: `${name}.dead` })
    steps = []
    await processDelivery(worker, kept!, () => undefined, { deadLetter: true })
    expect(steps.at(-1)).toMatchObject({ reference: context.reference, deadLetter: true, status: 'ok' })
  })

  test('tells the failure of a publish as it was thrown, and no inbox by its name', async () => {
    const publish = tracedPublish(api, stream.publish.bind(stream), { headers })
    await expect(publish('nobody.keeps.this', 'r-1')).rejects.toMatchObject({ name: 'JetStreamNotEnabled' })
    await tracedPublish(api, connection.publish.bind(connection), { headers })('_INBOX.4711.x', 'jane@example.com')
    expect(steps.map((step) => [step.name, step.error?.type])).toEqual([
      ['nobody.keeps.this', 'JetStreamNotEnabled'],
      ['_INBOX', undefined],
    ])
    expect(JSON.stringify(steps)).not.toContain('jane')
  })
})
