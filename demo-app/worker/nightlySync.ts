import { SCHEMA } from '../database/schema.ts'
import type { Worker } from './Worker.ts'

/**
 * Hands new orders on to bookkeeping. The run has a reference of its own; an order that a customer placed is synced under that
 * customer's reference, so that its trail shows when the order went out.
 */
export async function nightlySync({ waybill, pool, database, log }: Worker): Promise<void> {
  await waybill.step({ hop: 'schedule', name: 'nightly sync' }, async (run) => {
    const { rows } = await pool.query<{ id: string; trace_reference: string | null }>(
      `SELECT id, trace_reference FROM ${SCHEMA}.orders WHERE synced_at IS NULL ORDER BY id LIMIT 500`,
    )
    for (const { id, trace_reference: reference } of rows) {
      const sync = (): Promise<unknown> =>
        database.transaction('sync the order', (client) =>
          client.query(`UPDATE ${SCHEMA}.orders SET synced_at = now() WHERE id = $1`, [id]),
        )
      // The customer's trail gets a step of its own; an order nobody placed here stays with the run.
      if (reference === null) await sync()
      else {
        await waybill.run(waybill.accept({ 'Trace-Reference': reference }), () =>
          waybill.step({ hop: 'schedule', name: 'nightly sync of the order', facts: { order: id } }, sync),
        )
      }
    }
    run.note({ orders: String(rows.length) })
    log.info({ orders: rows.length }, 'nightly sync done')
  })
}
