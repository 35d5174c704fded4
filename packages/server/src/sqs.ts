import type {
  Message,
  MessageAttributeValue,
  ReceiveMessageCommandInput,
  SendMessageBatchCommandInput,
  SendMessageCommandInput,
  ServiceInputTypes,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { plainId } from './messages/plainId.ts'
import { processMessage } from './messages/processMessage.ts'
import { sendBatch } from './messages/sendBatch.ts'
import type { BatchedMessage } from './messages/sendBatch.ts'
import type { MessageCarrier } from './messages/sendMessage.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * Lets every message that a client of SQS sends carry the reference in its message attributes, as a step of hop `queue`, and lets it
 * ask for them where it receives, with the count of receives and the queue that a dead letter comes from. A message that has no room
 * for two more of its ten attributes is sent as it is, which goes to `onError`. Queues that redrive, and SQS's own redrive back,
 * keep attributes.
 *
 * ```ts
 * const sqs = new SQSClient({})
 * const traced = tracedSqs(waybill, sqs)
 * const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
 * for (const message of Messages) await traced.process(message, async () => { … delete it … })
 * ```
 */
export function tracedSqs(waybill: ServerWaybill, client: Pick<SQSClient, 'middlewareStack'>): TracedSqs {
  const queues = new WeakMap<Message, string>()
  const { middlewareStack } = client

  middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const { input } = args
        if (isSend(commandName, input)) {
          const { QueueUrl, MessageAttributes } = input
          if (!hasRoom(waybill, MessageAttributes)) return next(args)
          const message = { system: SYSTEM, destination: nameOf(QueueUrl), carried: carrierOf(MessageAttributes) }
          return sendBatch(waybill, [message], async ([sent]) => {
            const result = await next({ ...args, input: { ...input, ...carrying(MessageAttributes, sent) } })
            sent?.step.set({ jobId: plainId(Object(result.output).MessageId) })
            return result
          })
        }
        if (isSendBatch(commandName, input)) {
          const { QueueUrl, Entries = [] } = input
          const fitting = Entries.filter((entry) => hasRoom(waybill, entry.MessageAttributes))
          const messages = fitting.map(({ MessageAttributes }) => ({
            system: SYSTEM,
            destination: nameOf(QueueUrl),
            carried: carrierOf(MessageAttributes),
          }))
          return sendBatch(waybill, messages, async (sent) => {
            const entries = Entries.map((entry) => ({
              ...entry,
              ...carrying(entry.MessageAttributes, sent[fitting.indexOf(entry)]),
            }))
            const result = await next({ ...args, input: { ...input, Entries: entries } })
            const { Successful = [], Failed = [] } = Object(result.output)
            for (const { Id, MessageId, Code } of [...Successful, ...Failed]) {
              const at = fitting.findIndex((entry) => entry.Id === Id)
              sent[at]?.step.set({ jobId: plainId(MessageId), errorType: plainId(Code) })
            }
            return result
          })
        }
        if (!isReceive(commandName, input)) return next(args)
        const result = await next({ ...args, input: asking(input) })
        for (const message of Object(result.output).Messages ?? []) queues.set(message, nameOf(input.QueueUrl))
        return result
      },
    { step: 'initialize', name: NAME },
  )

  return {
    process(message, process, { queue, deadLetter, maxAttempts } = {}) {
      const { MessageAttributes, MessageId, Attributes } = message
      const received = Number(Attributes?.ApproximateReceiveCount)
      const delivery = {
        system: SYSTEM,
        destination: queue ?? queues.get(message) ?? SYSTEM,
        carrier: carrierOf(MessageAttributes),
        jobId: plainId(MessageId),
        identity: MessageId,
        attempt: Number.isSafeInteger(received) && received > 0 ? received : undefined,
        maxAttempts,
        deadLetter: deadLetter ?? Attributes?.DeadLetterQueueSourceArn !== undefined,
      }
      return processMessage(waybill, delivery, process)
    },
    stop: () => void middlewareStack.remove(NAME),
  }
}

export interface TracedSqs {
  /**
   * Processes a received message as one attempt, a step of hop `worker` that is seen while it goes on, under the reference in its
   * attributes. The attempt is SQS's approximate count of receives. To delete the message stays the application's.
   */
  process<T>(message: Message, process: (step: OpenStep) => T | Promise<T>, options?: SqsProcessOptions): Promise<T>
  /** Takes the client's middleware away. */
  stop(): void
}

export interface SqsProcessOptions {
  /** The queue's name. @default that of the call that received the message, `aws_sqs` for a copy of it */
  readonly queue?: string | undefined
  /** The message was given up elsewhere, and this is the work on it. @default whether SQS says that it was redriven */
  readonly deadLetter?: boolean | undefined
  /** The `maxReceiveCount` of the queue's redrive policy, which messages do not tell. */
  readonly maxAttempts?: number | undefined
}

type Attributes = Readonly<Record<string, MessageAttributeValue>>

const SYSTEM = 'aws_sqs'
const NAME = 'waybill'
const MOST_ATTRIBUTES = 10
const SENT = ['traceparent', 'Trace-Reference']
const ASKED = [...SENT, 'Trace-Attempt']

function isSend(command: string | undefined, _input: ServiceInputTypes): _input is SendMessageCommandInput {
  return command === 'SendMessageCommand'
}

function isSendBatch(command: string | undefined, _input: ServiceInputTypes): _input is SendMessageBatchCommandInput {
  return command === 'SendMessageBatchCommand'
}

function isReceive(command: string | undefined, _input: ServiceInputTypes): _input is ReceiveMessageCommandInput {
  return command === 'ReceiveMessageCommand'
}

function hasRoom(waybill: ServerWaybill, attributes: Attributes = {}): boolean {
  const hasRoom = new Set([...Object.keys(attributes), ...SENT]).size <= MOST_ATTRIBUTES
  if (!hasRoom) {
    waybill.guard(() => {
      throw new Error(
        '[waybill] A message to SQS has no room for 2 more of its 10 attributes, so its work will not be found by the reference. Put some of them into its body.',
      )
    })
  }
  return hasRoom
}

function carrying(
  attributes: Attributes | undefined,
  sent: BatchedMessage | undefined,
): { MessageAttributes?: Record<string, MessageAttributeValue> } {
  return sent ? { MessageAttributes: { ...attributes, ...attributesOf(sent.carrier) } } : {}
}

function attributesOf(carrier: MessageCarrier): Record<string, MessageAttributeValue> {
  const entries = Object.entries(carrier)
  return Object.fromEntries(entries.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]))
}

function carrierOf(attributes: Attributes = {}): Record<string, unknown> {
  const entries = Object.entries(attributes)
  return Object.fromEntries(entries.map(([name, value]) => [name, value.StringValue ?? value.BinaryValue]))
}

function asking(input: ReceiveMessageCommandInput): ReceiveMessageCommandInput {
  const { MessageAttributeNames: names = [], MessageSystemAttributeNames: system = [] } = input
  return {
    ...input,
    MessageAttributeNames: names.includes('All') ? names : [...new Set([...names, ...ASKED])],
    MessageSystemAttributeNames: system.includes('All')
      ? system
      : [...new Set([...system, 'ApproximateReceiveCount', 'DeadLetterQueueSourceArn'] as const)],
  }
}

function nameOf(queueUrl: string | undefined): string {
  return queueUrl?.split('/').at(-1) ?? SYSTEM
}
