import { createWaybill } from '@waybill/server'
import { processMessage, sendMessage } from '@waybill/server/messages'
import type { Step } from '@waybill/trail'
import { beforeEach, describe, expect, test } from 'vitest'
import { describeQueue } from '../fixtures/describeQueue.ts'
import { missingServices } from '../fixtures/missingServices.ts'
import { redisStreamQueue } from '../fixtures/queues/redisStreamQueue.ts'
import { createDeliveryCounter } from './messages/createDeliveryCounter.ts'
import { plainDestination } from './messages/plainDestination.ts'
import { plainId } from './messages/plainId.ts'

const missing = await missingServices()
describe.skipIf(missing.has('Redis'))('any message with headers', () =>
  describeQueue('entries of a Redis stream', redisStreamQueue),
)

let steps: Step[] = []
const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
beforeEach(() => {
  steps = []
})

describe('sendMessage', () => {
  const message = { system: 'mqtt', destination: 'refunds' }
  const sentWith = (carried: unknown): Promise<string | undefined> =>
    sendMessage(waybill, { ...message, carried }, () => waybill.current()?.reference)

  test('begins a reference where nothing is in force, and hands its carrier on', async () => {
    const carrier = await sendMessage(waybill, message, (own) => own)
    const [step] = steps
    expect(waybill.accept(carrier)).toMatchObject({ reference: step?.reference, spanId: step?.id })
  })

  test('leaves a message that carries a reference with whose it is, whoever sends it', async () => {
    const [customer, admin] = [waybill.mint(), waybill.mint()]
    const carried = waybill.resume(customer, () => waybill.inject(new Headers()))
    expect(await sentWith(carried)).toBe(customer.reference)
    expect(await waybill.resume(admin, () => sentWith(carried))).toBe(customer.reference)
    const onlyParent = { traceparent: carried.get('traceparent') }
    expect(await waybill.resume(admin, () => sentWith(onlyParent))).toBe(customer.reference)
  })

  test('hangs it under the step in force where that works for the same customer', async () => {
    const earlier = await sendMessage(waybill, message, (own) => own)
    const worked = { ...message, carrier: earlier }
    const attempt = await processMessage(waybill, worked, async (step) => {
      await sentWith(earlier)
      return step.context.spanId
    })
    expect(steps.filter((step) => step.hop === 'queue').at(-1)?.parentId).toBe(attempt)
  })

  test('believes no claim that does not hold, and goes on under its own reference', async () => {
    const admin = waybill.mint()
    const foreign = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01' }
    for (const carried of [{ 'Trace-Reference': 'RF7-K29-QXQ' }, foreign, { traceparent: 7 }, null, 'text', []]) {
      expect(await waybill.resume(admin, () => sentWith(carried))).toBe(admin.reference)
    }
  })
})

test('processMessage adds the broker’s count to the attempt that a message tells', async () => {
  const attempts = await Promise.all(
    [
      [{}, undefined],
      [{}, 2],
      [{ 'Trace-Attempt': '3' }, undefined],
      [{ 'Trace-Attempt': '3' }, 2],
    ].map(([carrier, attempt]) =>
      processMessage(
        waybill,
        { system: 'mqtt', destination: 'refunds', carrier, attempt: attempt as number | undefined },
        (step) => step.context.attempt,
      ),
    ),
  )
  expect(attempts).toEqual([undefined, 2, 3, 4])
})

test.each([
  ['refunds', 'refunds'],
  ['orders.A-1001.refund-v2', 'orders.A-1001.refund-v2'],
  ['refunds-0af7651916cd', 'refunds-0af7651916cd'],
  ['users.jane.doe@example.com.created', '*'],
  ['mail:jane@example.com/inbox', 'mail:*/inbox'],
  ['cards.4111 1111 1111 1111', 'cards.*'],
  ['cards.4111-1111-1111-1111.x', 'cards.*.x'],
  ['run.9b2f6c1e-7c1d-4e0a-9d2b-0a1b2c3d4e5f', 'run.*'],
  ['amq.gen-JzTY20BRgKO-HjmUJj0wLg', 'amq.gen'],
  ['amq.rabbitmq.reply-to.g1h2AA', 'amq.rabbitmq.reply-to'],
  ['_INBOX.FQX.1', '_INBOX'],
])('plainDestination makes of %s %s', (name, plain) => expect(plainDestination(name)).toBe(plain))

test('plainDestination takes no time over what is made to take long', () => {
  const startedAt = performance.now()
  for (const name of ['1 '.repeat(1e6), 'a'.repeat(1e6), '@'.repeat(1e6), '1-'.repeat(1e6)]) {
    expect(plainDestination(name).length).toBeLessThanOrEqual(200)
  }
  expect(performance.now() - startedAt).toBeLessThan(1000)
})

test.each([
  ['m00f067aa0ba902b7', true],
  ['9b2f6c1e-7c1d-4e0a-9d2b-0a1b2c3d4e5f', true],
  ['refunds/0/12', true],
  ['REFUNDS:17', true],
  ['4711', true],
  ['4111111111111111', false],
  ['card:4111111111111111', false],
  ['jane@example.com', false],
  ['the refund of Jane', false],
  ['', false],
  [7, false],
  [undefined, false],
])('plainId takes %s for an id: %s', (id, isPlain) => expect(plainId(id)).toBe(isPlain ? id : undefined))

test('counts the deliveries of the messages that were heard of last', () => {
  const count = createDeliveryCounter({ most: 2 })
  expect(['a', 'b', 'a', 'c', 'a', 'b', 'c'].map(count)).toEqual([1, 1, 2, 1, 3, 1, 1])
})
