import type {
  Message,
  ReceiveMessageCommandInput,
  SendMessageBatchCommandInput,
  SendMessageCommandInput,
  ServiceInputTypes,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { plainId } from './messages/plainId.ts'
import { processMessage } from './messages/processMessage.ts'
import { sendBatch } from './messages/sendBatch.ts'
import { attributesWith, headersOf, lackOfRoom } from './messages/sqsAttributes.ts'
import type { SqsEntry } from './messages/sqsAttributes.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * Lets every message that a client of SQS sends carry the reference in its message attributes, as a step of hop `queue`, and lets it
 * ask for them where it receives, with the count of receives and the queue that a dead letter comes from. A message that has no
 * room for two more of its ten attributes, or would become too large by them, is sent as it is, which goes to `onError`. Redrives to
 * dead-letter queues and back keep attributes.
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
        if (isReceive(commandName, input)) {
          const result = await next({ ...args, input: asking(input) })
          for (const message of Object(result.output).Messages ?? []) queues.set(message, nameOf(input.QueueUrl))
          return result
        }
        const isBatch = isSendBatch(commandName, input)
        if (!isBatch && !isSend(commandName, input)) return next(args)
        const entries: readonly SqsEntry[] = isBatch ? (input.Entries ?? []) : [input]
        const fitting = entries.filter((entry) => fits(waybill, entry))
        const messages = fitting.map(({ MessageAttributes }) => ({
          system: SYSTEM,
          destination: nameOf(input.QueueUrl),
          carried: headersOf(MessageAttributes),
        }))
        return sendBatch(waybill, messages, async (sent) => {
          const carrying = <E extends SqsEntry>(entry: E): E => {
            const carrier = sent[fitting.indexOf(entry)]?.carrier
            return carrier ? { ...entry, MessageAttributes: attributesWith(entry.MessageAttributes, carrier) } : entry
          }
          const whole = isBatch ? { ...input, Entries: input.Entries?.map(carrying) } : carrying(input)
          const result = await next({ ...args, input: whole })
          const { MessageId, Successful = [], Failed = [] } = Object(result.output)
          if (!isBatch) sent[0]?.step.set({ jobId: plainId(MessageId) })
          for (const { Id, MessageId: jobId, Code } of [...Successful, ...Failed]) {
            const at = fitting.findIndex((entry) => 'Id' in entry && entry.Id === Id)
            sent[at]?.step.set({ jobId: plainId(jobId), errorType: plainId(Code) })
          }
          return result
        })
      },
    { step: 'initialize', name: NAME },
  )

  return {
    process(message, process, { queue, deadLetter, maxAttempts } = {}) {
      const { MessageAttributes, MessageId, Attributes } = message
      const received = Number(Attributes?.ApproximateReceiveCount)
      const destination = queue ?? queues.get(message) ?? SYSTEM
      const source = Attributes?.DeadLetterQueueSourceArn?.split(':').at(-1) ?? destination
      const delivery = {
        system: SYSTEM,
        destination,
        carrier: headersOf(MessageAttributes),
        jobId: plainId(MessageId),
        identity: MessageId,
        attempt: Number.isSafeInteger(received) && received > 0 ? received : undefined,
        maxAttempts,
        deadLetter: deadLetter ?? source !== destination,
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

const SYSTEM = 'aws_sqs'
const NAME = 'waybill'

function isSend(command: string | undefined, _input: ServiceInputTypes): _input is SendMessageCommandInput {
  return command === 'SendMessageCommand'
}

function isSendBatch(command: string | undefined, _input: ServiceInputTypes): _input is SendMessageBatchCommandInput {
  return command === 'SendMessageBatchCommand'
}

function isReceive(command: string | undefined, _input: ServiceInputTypes): _input is ReceiveMessageCommandInput {
  return command === 'ReceiveMessageCommand'
}

function fits(waybill: ServerWaybill, entry: SqsEntry): boolean {
  const lack = lackOfRoom(entry)
  if (lack) {
    waybill.guard(() => {
      throw new Error(
        `[waybill] A message to SQS has ${lack}, so it was sent without a reference, and its work will not be found by the customer's. Make it smaller, or put some attributes into its body.`,
      )
    })
  }
  return !lack
}

function asking(input: ReceiveMessageCommandInput): ReceiveMessageCommandInput {
  const { MessageAttributeNames: names = [], MessageSystemAttributeNames: system = [] } = input
  return {
    ...input,
    MessageAttributeNames: names.includes('All') ? names : [...new Set([...names, ...HEADERS])],
    MessageSystemAttributeNames: system.includes('All') ? system : [...new Set([...system, ...SYSTEM_ATTRIBUTES])],
  }
}

const HEADERS = ['traceparent', 'Trace-Reference', 'Trace-Attempt']
const SYSTEM_ATTRIBUTES = ['ApproximateReceiveCount', 'DeadLetterQueueSourceArn'] as const

function nameOf(queueUrl: string | undefined): string {
  return queueUrl?.split('/').at(-1) ?? SYSTEM
}
