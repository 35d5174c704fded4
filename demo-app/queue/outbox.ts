import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerWaybill } from '@waybill/server'
import type { Pool, PoolClient } from 'pg'
import { SCHEMA } from '../database/schema.ts'
import type { RefundJob } from './Queue.ts'

const OUTBOX = `${SCHEMA}.outbox`

/**
 * Jobs that a transaction writes down beside its rows, and that are sent once it is committed, each under the reference it was written
 * under: a refund is never written without its job, nor worked on before it is there. Each is sent at least once.
 */
export async function openOutbox({ waybill, pool, send, onError }: OutboxOptions): Promise<Outbox> {
  await pool.query(
    `CREATE TABLE IF NOT EXISTS ${OUTBOX} (id bigserial PRIMARY KEY, job jsonb NOT NULL, carrier jsonb NOT NULL)`,
  )

  async function sendAll(): Promise<void> {
    const { rows } = await pool.query<{ id: string; job: RefundJob; carrier: object }>(
      `SELECT id, job, carrier FROM ${OUTBOX} ORDER BY id LIMIT 100`,
    )
    for (const { id, job, carrier } of rows) {
      await waybill.resume(waybill.accept(carrier), () => send(job))
      await pool.query(`DELETE FROM ${OUTBOX} WHERE id = $1`, [id])
    }
  }

  return {
    async write(client, job) {
      await client.query(`INSERT INTO ${OUTBOX} (job, carrier) VALUES ($1, $2)`, [job, waybill.inject({})])
    },
    relay() {
      const stopping = new AbortController()
      const { signal } = stopping
      const relaying = (async () => {
        while (!signal.aborted) {
          await sendAll().catch(onError)
          await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
        }
      })()
      return () => {
        stopping.abort()
        return relaying
      }
    },
  }
}

export interface Outbox {
  write(client: PoolClient, job: RefundJob): Promise<void>
  /** Sends what is written, soon after it is. Returns its stop. */
  relay(): () => Promise<void>
}

interface OutboxOptions {
  readonly waybill: ServerWaybill
  readonly pool: Pool
  readonly send: (job: RefundJob) => Promise<unknown>
  readonly onError: (error: Error) => void
}

const LOOK_MS = 200
