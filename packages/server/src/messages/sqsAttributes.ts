import type { MessageAttributeValue } from '@aws-sdk/client-sqs'
import type { MessageCarrier } from './sendMessage.ts'

/** Why a message to SQS cannot carry two more attributes without being refused for it; undefined where it can. */
export function lackOfRoom({ MessageAttributes = {}, MessageBody = '' }: SqsEntry): string | undefined {
  const names = new Set([...Object.keys(MessageAttributes), ...SENT])
  if (names.size > MOST) return `no room for 2 more of its ${MOST} attributes`
  const size = Buffer.byteLength(MessageBody) + Buffer.byteLength(JSON.stringify(MessageAttributes))
  return LIMITS.some((limit) => size <= limit && size + OWN_BYTES > limit)
    ? 'no room below the limit of its size'
    : undefined
}

/** The attributes of a message with the headers of a carrier among them. */
export function attributesWith(
  attributes: SqsAttributes | undefined,
  carrier: MessageCarrier,
): Record<string, MessageAttributeValue> {
  const entries = Object.entries(carrier)
  const own = entries.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }])
  return { ...attributes, ...Object.fromEntries(own) }
}

/** The headers that attributes stand for. */
export function headersOf(attributes: SqsAttributes = {}): Record<string, unknown> {
  const entries = Object.entries(attributes)
  return Object.fromEntries(entries.map(([name, value]) => [name, value.StringValue ?? value.BinaryValue]))
}

export type SqsAttributes = Readonly<Record<string, MessageAttributeValue>>

/** What is used of a message that is sent. */
export interface SqsEntry {
  readonly MessageBody?: string | undefined
  readonly MessageAttributes?: SqsAttributes | undefined
}

const SENT = ['traceparent', 'Trace-Reference']

const MOST = 10

/** SQS's limit of a message with its attributes, in bytes; and what it was until August 2025, which queues may still be set to. */
const LIMITS = [1_048_576, 262_144]

/** At most what our two attributes take, their names and types included. */
const OWN_BYTES = 150
