import type { EachMessagePayload, Message, Producer, RecordMetadata, TopicMessages } from 'kafkajs'
import { createDeliveryCounter } from './messages/createDeliveryCounter.ts'
import { processMessage } from './messages/processMessage.ts'
import { sendBatch } from './messages/sendBatch.ts'
import { ownerOf } from './messages/sendMessage.ts'
import type { SentMessage } from './messages/sendMessage.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * A producer of kafkajs, or one of its transactions, with the reference in the headers of every message. A call is a step of hop
 * `queue` for each topic, and for each other customer whose messages it sends again: a message that carries a reference keeps it.
 *
 * ```ts
 * await tracedProducer(waybill, producer).send({ topic: 'refunds', messages: [{ key: refund.id, value: JSON.stringify(refund) }] })
 * ```
 */
export function tracedProducer(waybill: ServerWaybill, producer: KafkaProducer): KafkaProducer {
  function traced(
    topics: readonly TopicMessages[],
    send: (traced: TopicMessages[]) => Promise<RecordMetadata[]>,
  ): Promise<RecordMetadata[]> {
    const groups: SentMessage[] = []
    const places = new Map<string, number>()
    const placeOf = (topic: string, { headers }: Message): number => {
      const key = `${topic} ${ownerOf(waybill, headers)?.reference}`
      const place = places.get(key) ?? groups.push({ system: SYSTEM, destination: topic, carried: headers }) - 1
      places.set(key, place)
      return place
    }
    const placed = topics.map(({ topic, messages }) => messages.map((message) => placeOf(topic, message)))
    return sendBatch(waybill, groups, async (sent) => {
      const whole = topics.map(({ topic, messages }, i) => ({
        topic,
        messages: messages.map((message, j) => ({
          ...message,
          headers: { ...message.headers, ...sent[placed[i]?.[j] ?? -1]?.carrier },
        })),
      }))
      const metadata = await send(whole)
      // Of several messages nobody says which got which offset; without acknowledgements nothing is known.
      if (placed.flat().length === 1) {
        const { topicName, partition, baseOffset } = Object(metadata?.[0])
        if (baseOffset) sent[0]?.step.set({ jobId: `${topicName}/${partition}/${baseOffset}` })
      }
      return metadata
    })
  }
  return {
    send: ({ topic, messages, ...options }) =>
      traced([{ topic, messages }], ([whole]) => producer.send({ topic, messages: [], ...whole, ...options })),
    sendBatch: ({ topicMessages = [], ...options }) =>
      traced(topicMessages, (whole) => producer.sendBatch({ ...options, topicMessages: whole })),
  }
}

/**
 * A handler for `eachMessage` that works on each message as one attempt: a step of hop `worker`, seen while it goes on, under the
 * reference in the message's headers. Inside `eachBatch` call it with each message, its topic and its partition.
 *
 * Kafka counts no deliveries. What this process is given again counts on; after a restart the count begins anew. A retry topic says
 * which attempt comes next in `Trace-Attempt`: `headers: { ...message.headers, 'Trace-Attempt': String(attempt + 1) }`, where
 * `attempt` is `step.context.attempt`.
 */
export function tracedHandler<P extends KafkaDelivery>(
  waybill: ServerWaybill,
  handler: (payload: P, step: OpenStep) => Promise<void>,
  { deadLetter, maxAttempts }: KafkaHandlerOptions = {},
): (payload: P) => Promise<void> {
  const deliveriesOf = createDeliveryCounter()
  return (payload) => {
    const { topic, partition, message } = payload
    const jobId = `${topic}/${partition}/${message.offset}`
    // A topic that was made anew has the same offsets again, at other times.
    const identity = `${jobId}/${message.timestamp}`
    const received = {
      system: SYSTEM,
      destination: topic,
      carrier: message.headers,
      jobId,
      identity,
      attempt: deliveriesOf(identity),
      maxAttempts,
      deadLetter,
    }
    return processMessage(waybill, received, (step) => handler(payload, step))
  }
}

export interface KafkaHandlerOptions {
  /** The topic holds what was given up elsewhere. @default false */
  readonly deadLetter?: boolean | undefined
  /** How many attempts there will be at most, for the trail alone. */
  readonly maxAttempts?: number | undefined
}

export type KafkaProducer = Pick<Producer, 'send' | 'sendBatch'>

/** What is used of a delivery. */
export type KafkaDelivery = Pick<EachMessagePayload, 'topic' | 'partition' | 'message'>

const SYSTEM = 'kafka'
