import { createHash } from 'node:crypto'
import type { Channel, ConfirmChannel, ConsumeMessage, Options, Replies } from 'amqplib'
import { plainId } from './messages/plainId.ts'
import { processMessage } from './messages/processMessage.ts'
import { sendMessage } from './messages/sendMessage.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * A channel of amqplib with the reference in the headers of every message, where retries, dead letters and RabbitMQ's shovels keep it.
 * Sending is a step of hop `queue`; each delivery is one of hop `worker`, seen while it goes on. To acknowledge stays the
 * application's: whether a failed message is requeued, dead-lettered or dropped is set up in its queues, and a wrong guess loses messages.
 *
 * ```ts
 * const traced = tracedChannel(waybill, await connection.createConfirmChannel())
 * await traced.sendToQueue('refunds', Buffer.from(JSON.stringify(refund)), { persistent: true })
 * ```
 */
export function tracedChannel(waybill: ServerWaybill, channel: AmqpChannel): TracedChannel {
  const publish: TracedChannel['publish'] = (exchange, routingKey, content, options = {}) => {
    // A routing key may hold an order's number, unless it is a queue's name.
    const message = { system: SYSTEM, destination: exchange || routingKey, carried: options.headers }
    return sendMessage(waybill, message, (carrier, step) => {
      // The trail tells by it whether the message was taken. The letter tells it from a number.
      const { messageId = `m${step.context.spanId}` } = options
      step.set({ jobId: plainId(messageId) })
      const headers: unknown = { ...options.headers, ...carrier }
      const traced = { ...options, messageId, headers }
      if (!('waitForConfirms' in channel)) return channel.publish(exchange, routingKey, content, traced)
      return new Promise<boolean>((resolve, reject) => {
        const hasRoom = channel.publish(exchange, routingKey, content, traced, (error: unknown) =>
          error ? reject(asError(error)) : resolve(hasRoom),
        )
      })
    })
  }
  return {
    publish,
    sendToQueue: (queue, content, options) => publish('', queue, content, options),
    consume: (queue, onMessage, { deadLetter, maxAttempts, onThrown, ...options } = {}) =>
      channel.consume(
        queue,
        (message) => {
          if (!message) return onMessage(null, undefined)
          const { properties } = message
          const jobId = plainId(properties.messageId)
          const received = {
            ...deliveryOf(queue, message),
            system: SYSTEM,
            destination: queue || 'amq.gen',
            carrier: properties.headers,
            jobId,
            identity: jobId && `${queue} ${jobId} ${digestOf(message.content)}`,
            maxAttempts,
          }
          let step: OpenStep
          const processed = processMessage(
            waybill,
            { ...received, deadLetter: deadLetter ?? received.deadLetter },
            (own) => onMessage(message, (step = own)),
          )
          return onThrown ? processed.catch((error: unknown) => onThrown(error, message, step)) : processed
        },
        options,
      ),
  }
}

export interface TracedChannel {
  /**
   * The channel's own. Resolves with what that returns, whether there is room for more before `drain`; on a confirm channel when the
   * broker has the message. Rejects where the broker refuses it, or the channel is closed. A message without `messageId` gets one.
   */
  publish(exchange: string, routingKey: string, content: Buffer, options?: Options.Publish): Promise<boolean>
  sendToQueue(queue: string, content: Buffer, options?: Options.Publish): Promise<boolean>
  /** The channel's own, with the delivery's step beside the message. A null message says that the broker ended the consuming. */
  consume(
    queue: string,
    onMessage: (...delivery: AmqpDelivery) => unknown,
    options?: TracedConsumeOptions,
  ): Promise<Replies.Consume>
}

export type AmqpDelivery = [message: ConsumeMessage, step: OpenStep] | [cancelled: null, step: undefined]

export interface TracedConsumeOptions extends Options.Consume {
  /**
   * Gets what `onMessage` has thrown, when the trail has it: the place to `nack`. `step.context.attempt` says which attempt it was.
   * @default an unhandled rejection, as of any async function that amqplib calls; RabbitMQ has the message back when the process ends
   */
  readonly onThrown?: ((error: unknown, message: ConsumeMessage, step: OpenStep) => unknown) | undefined
  /** The queue holds what was given up elsewhere. @default what RabbitMQ's own `x-death` says of each message */
  readonly deadLetter?: boolean | undefined
  /** How many attempts there will be at most, for the trail alone. */
  readonly maxAttempts?: number | undefined
}

/** What is used of a channel, confirming or not. */
export type AmqpChannel =
  Pick<Channel, 'publish' | 'consume'> | Pick<ConfirmChannel, 'publish' | 'consume' | 'waitForConfirms'>

const SYSTEM = 'rabbitmq'

/**
 * Which attempt a delivery is, as far as RabbitMQ tells: each rejection that led back here by a dead-letter exchange was one
 * (`x-death`), and so was each earlier delivery of a quorum queue (`x-delivery-count`, `x-acquired-count`). A classic queue says only
 * that it has delivered the message before, which is counted as once. Messages that expired, as in a queue that delays them, were not tried.
 */
function deliveryOf(queue: string, { fields, properties }: ConsumeMessage): { attempt: number; deadLetter: boolean } {
  const headers: Readonly<Record<string, unknown>> = properties.headers ?? {}
  const deaths = Array.isArray(headers['x-death']) ? headers['x-death'].map(deathOf) : []
  const tried = deaths.filter(({ reason }) => reason === 'rejected')
  const here = tried.filter((death) => death.queue === queue)
  const [last] = deaths
  const deadLetter = last !== undefined && last.reason !== 'expired' && last.queue !== queue
  const rejections = here.length > 0 || deadLetter ? here : tried
  const deliveries = Math.max(countOf(headers['x-delivery-count']), countOf(headers['x-acquired-count']))
  const again = Math.max(deliveries, fields.redelivered ? 1 : 0)
  return { attempt: 1 + rejections.reduce((sum, { count }) => sum + count, 0) + again, deadLetter }
}

/** An application's own ids may be those of other messages, too. */
function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

function deathOf(death: unknown): { queue: unknown; reason: unknown; count: number } {
  const { queue, reason, count } = Object(death)
  return { queue, reason, count: countOf(count) }
}

function countOf(count: unknown): number {
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('[waybill] The broker did not take the message.', { cause: error })
}
