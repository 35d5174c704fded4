import { runBatch } from '@waybill/server/schedule'
import { SCHEMA } from '../database/schema.ts'
import type { Worker } from './Worker.ts'

/**
 * Enters new orders into the books. The run has a reference of its own, and a step for each order, so that its trail names those
 * that failed; an order that a customer placed is synced under that customer's reference, so that her trail shows when it went out.
 */
export async function nightlySync({ waybill, pool, database, log }: Worker): Promise<void> {
  await waybill.run({ hop: 'schedule', name: 'nightly sync' }, async (run) => {
    const { rows } = await pool.query<{ id: string; trace_reference: string | null }>(
      `SELECT id, trace_reference FROM ${SCHEMA}.orders WHERE synced_at IS NULL ORDER BY id LIMIT 500`,
    )
    const { failed } = await runBatch(
      waybill,
      rows,
      {
        name: 'sync the order',
        customerName: 'nightly sync of the order',
        describe: ({ id, trace_reference: reference }) => ({ facts: { order: id }, reference }),
        onFailed: (error, { id }) => log.error({ order: id, code: Object(error).code }, 'order not synced'),
      },
      async ({ id }, step) => {
        // Until it is committed.
        step.effect('none')
        await database.transaction('enter the order into the books', async (client) => {
          await client.query(
            `INSERT INTO ${SCHEMA}.bookings (order_id, total_cents) SELECT id, total_cents FROM ${SCHEMA}.orders WHERE id = $1`,
            [id],
          )
          await client.query(`UPDATE ${SCHEMA}.orders SET synced_at = now() WHERE id = $1`, [id])
        })
        step.effect('done')
      },
    )
    run.note({ orders: String(rows.length) })
    log.info({ orders: rows.length, failed }, 'nightly sync done')
  })
}
