import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import type { Message, MessageAttributeValue, ReceiveMessageCommandInput } from '@aws-sdk/client-sqs'
import { createWaybill } from '@waybill/server'
import { tracedSqs } from '@waybill/server/sqs'
import type { TracedSqs } from '@waybill/server/sqs'
import type { Step } from '@waybill/trail'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeQueue } from '../fixtures/describeQueue.ts'
import { sqsQueue } from '../fixtures/queues/sqsQueue.ts'
import { startSqsStandIn } from '../fixtures/startSqsStandIn.ts'
import type { SqsStandIn } from '../fixtures/startSqsStandIn.ts'

describeQueue('the SQS client on a stand-in for SQS', sqsQueue)

let steps: Step[] = []
let faults: unknown[] = []
const waybill = createWaybill({
  service: 'shop-api',
  onStep: (step) => steps.push(step),
  onError: (fault) => faults.push(fault),
})

describe('a client of SQS on a stand-in for SQS', () => {
  let standIn: SqsStandIn
  let client: SQSClient
  let traced: TracedSqs
  let queues = 0
  let QueueUrl = ''

  beforeAll(async () => {
    standIn = await startSqsStandIn()
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    client = new SQSClient({ endpoint: standIn.origin, region: 'eu-west-1', credentials })
  })
  afterAll(async () => {
    client.destroy()
    await standIn.stop()
  })
  beforeEach(async () => {
    ;[steps, faults] = [[], []]
    traced = tracedSqs(waybill, client)
    QueueUrl = (await client.send(new CreateQueueCommand({ QueueName: `refunds-${++queues}` }))).QueueUrl ?? ''
  })
  afterEach(() => traced.stop())

  async function receive(options: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...options }),
    )
    return Messages
  }
  const referenceOf = (message: Message): Promise<string | undefined> =>
    traced.process(message, () => waybill.current()?.reference)
  const attributes = (count: number): Record<string, MessageAttributeValue> =>
    Object.fromEntries([...Array(count).keys()].map((n) => [`own${n}`, { DataType: 'String', StringValue: `${n}` }]))

  test('makes each message of a batch a step, with its own id, and marks the one that SQS refused', async () => {
    const context = waybill.mint()
    const Entries = [
      { Id: 'a', MessageBody: '1' },
      { Id: 'b', MessageBody: '' },
      { Id: 'c', MessageBody: '3', MessageAttributes: attributes(8) },
    ]
    const given = structuredClone(Entries)
    const { Successful, Failed } = await waybill.resume(context, () =>
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
    )
    expect(Entries).toEqual(given)
    expect([Successful?.map(({ Id }) => Id), Failed?.map(({ Id }) => Id)]).toEqual([['a', 'c'], ['b']])
    expect(steps.map(({ jobId, status, error }) => [jobId, status, error?.type])).toEqual([
      [Successful?.[0]?.MessageId, 'ok', undefined],
      [undefined, 'error', 'EmptyValue'],
      [Successful?.[1]?.MessageId, 'ok', undefined],
    ])
    const received = await receive()
    expect(await Promise.all(received.map(referenceOf))).toEqual([context.reference, context.reference])
    expect(Object.keys(received[1]?.MessageAttributes ?? {}).toSorted()).toEqual(['Trace-Reference', 'traceparent'])
  })

  test('keeps in one batch messages apart that belong to different customers', async () => {
    const [first, second] = [waybill.mint(), waybill.mint()]
    const carriedBy = async (context: typeof first): Promise<Message | undefined> => {
      await waybill.resume(context, () => client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'r' })))
      return (await receive())[0]
    }
    const dead = [await carriedBy(first), await carriedBy(second)]
    const Entries = dead.map((message, n) => ({
      Id: `${n}`,
      MessageBody: message?.Body,
      MessageAttributes: message?.MessageAttributes,
    }))
    steps = []
    const admin = waybill.mint()
    await waybill.resume(admin, () =>
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [...Entries, { Id: 'new', MessageBody: 'n' }] })),
    )
    const references = [first.reference, second.reference, admin.reference]
    expect(steps.map((step) => step.reference)).toEqual(references)
    expect(await Promise.all((await receive()).map(referenceOf))).toEqual(references)
  })

  test('leaves a message alone that has no room for the reference, and says so', async () => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'r-1', MessageAttributes: attributes(9) }))
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'r'.repeat(262_100) }))
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'r'.repeat(300_000) }))
    const received = await receive({ MessageAttributeNames: ['All'] })
    expect(received.map((message) => Object.keys(message.MessageAttributes ?? {}).length)).toEqual([9, 0, 2])
    expect(faults.map(String)).toEqual([
      expect.stringContaining('no room for 2 more of its 10 attributes'),
      expect.stringContaining('no room below the limit of its size'),
    ])
    expect(steps).toHaveLength(1)
  })

  test('asks for what it needs beside what the application asks for, and reads attributes of either kind', async () => {
    const { reference } = waybill.mint()
    const bytes = { DataType: 'Binary', BinaryValue: new TextEncoder().encode(reference) }
    const MessageAttributes = { ...attributes(3), 'trace-reference': bytes }
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'r-1', MessageAttributes }))
    const asked = {
      MessageAttributeNames: ['own1', 'trace-reference'],
      MessageSystemAttributeNames: ['SentTimestamp' as const],
    }
    const [message] = await receive(asked)
    expect(Object.keys(message?.MessageAttributes ?? {}).toSorted()).toEqual([
      'Trace-Reference',
      'own1',
      'trace-reference',
      'traceparent',
    ])
    expect(message?.Attributes).toMatchObject({ SentTimestamp: expect.any(String), ApproximateReceiveCount: '1' })
    expect(await referenceOf(message!)).toBe(reference)
  })

  test('names the queue that a message was received from, or that it is told of', async () => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'r-1' }))
    const [message] = await receive()
    await traced.process(message!, () => undefined)
    await traced.process({ ...message }, () => undefined, { queue: 'refunds' })
    await traced.process({}, () => undefined)
    const names = steps.filter((step) => step.hop === 'worker' && !step.startedFor).map((step) => step.name)
    expect(names).toEqual([`refunds-${queues}`, 'refunds', 'aws_sqs'])
  })

  test('leaves other calls, and after its stop all calls, as they are', async () => {
    const ReceiptHandle = 'none'
    await waybill.resume(waybill.mint(), () => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })))
    traced.stop()
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'r-1' }))
    const [message] = await receive()
    expect([message?.MessageAttributes, steps]).toEqual([{}, []])
  })
})
