import { sendMessage } from '../messages/sendMessage.ts'
import type { MessageCarrier } from '../messages/sendMessage.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import { quoted } from './tracedDatabase.ts'

/**
 * SQL that makes an outbox: what is to be published stands there once the transaction that wrote it is committed. Its `carrier` is
 * `waybill.inject({})`, written with the row. Running it again changes nothing.
 */
export function outboxSql({ table = OUTBOX }: OutboxOptions = {}): string {
  return `create table if not exists ${quoted(table)} (
  id bigint generated always as identity primary key,
  topic text not null,
  payload jsonb not null,
  carrier jsonb,
  attempts integer not null default 0,
  due_at timestamptz not null default now()
);`
}

/**
 * Publishes what is due in the outbox, oldest first, and deletes it: each row as a step of hop `queue` under the row's own reference.
 * Call it again and again, in as many processes as you like. A row that could not be published, or whose relay died before it was
 * deleted, is due again after the lease: under the same reference as its next attempt. So a message may be sent twice, and the order
 * holds only where one relay runs and nothing fails.
 *
 * @throws what the database throws where nothing could be claimed.
 */
export async function relayOutbox<Payload>(
  waybill: ServerWaybill,
  client: RowClient,
  { table = OUTBOX, system, limit = 100, leaseSeconds = 60, publish }: RelayOptions<Payload>,
): Promise<Relayed> {
  const name = quoted(table)
  // In a transaction of its own: an attempt counts whatever becomes of it.
  const claim = `with claimed as (
  update ${name} set attempts = attempts + 1, due_at = now() + make_interval(secs => $2)
  where id = any(array(select id from ${name} where due_at <= now() order by id limit $1 for update skip locked))
  returning *
) select * from claimed order by id`
  const claimed = await client.query(claim, [limit, leaseSeconds])
  const failed: unknown[] = []
  for (const row of claimed.rows as OutboxRow<Payload>[]) {
    const { topic, payload, carrier, attempts } = row
    const id = String(row.id)
    const context = waybill.accept({ ...carrier, 'Trace-Attempt': String(attempts) })
    const send = (): Promise<unknown> =>
      sendMessage(waybill, { system, destination: topic, jobId: id }, (own) =>
        publish({ id, topic, payload, attempt: attempts }, own),
      )
    try {
      if (carrier?.['Trace-Reference'] !== context.reference) {
        // Written outside of traced work: what is minted now has to hold for the next attempt, too.
        const kept = waybill.resume(context, () => waybill.inject({}))
        await client.query(`update ${name} set carrier = $1 where id = $2`, [kept, id])
      }
      await waybill.resume(context, send)
      await client.query(`delete from ${name} where id = $1`, [id])
    } catch (error) {
      failed.push(error)
    }
  }
  return { published: claimed.rows.length - failed.length, failed }
}

export interface OutboxOptions {
  /** @default 'outbox' */
  readonly table?: string | undefined
}

export interface RelayOptions<Payload> extends OutboxOptions {
  /** OpenTelemetry's `messaging.system`: `rabbitmq`, `kafka`, `nats`. */
  readonly system: string
  /** Sends one message; the carrier is for its headers. What it throws makes the row due again. */
  readonly publish: (message: OutboxMessage<Payload>, carrier: MessageCarrier) => unknown
  /** Rows of one call. @default 100 */
  readonly limit?: number | undefined
  /** How long the rows of one call are left to it; what it takes longer for is sent twice. @default 60 */
  readonly leaseSeconds?: number | undefined
}

export interface OutboxMessage<Payload> {
  /** The same for each attempt: what a consumer may know a message by that it has had already. */
  readonly id: string
  readonly topic: string
  /** The type is the word of whoever calls, as it is in `pg` itself. */
  readonly payload: Payload
  /** From 1. */
  readonly attempt: number
}

export interface Relayed {
  readonly published: number
  /** What was thrown, one for each row that is due again. */
  readonly failed: readonly unknown[]
}

/** `pg`'s client or pool. */
export interface RowClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

interface OutboxRow<Payload> {
  /** Text, unless the application has `pg` parse such numbers. */
  readonly id: unknown
  readonly topic: string
  readonly payload: Payload
  readonly carrier: Readonly<Record<string, unknown>> | null
  readonly attempts: number
}

const OUTBOX = 'outbox'
