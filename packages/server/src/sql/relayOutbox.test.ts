import { createWaybill } from '@waybill/server'
import { processMessage } from '@waybill/server/messages'
import { outboxSql, relayOutbox } from '@waybill/server/sql'
import type { OutboxMessage } from '@waybill/server/sql'
import type { Step } from '@waybill/trail'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { missingDatabases, openDatabase } from '../../fixtures/openDatabase.ts'
import type { TestDatabase } from '../../fixtures/openDatabase.ts'
import { PRIVATE, PRIVATE_PARTS } from '../../fixtures/privateText.ts'
import { relay as relayFromPage, requestRefund } from '../../examples/refundOutbox.ts'

interface Refund {
  readonly order: string
}

const missing = await missingDatabases()

describe.skipIf(missing.has('PostgreSQL'))('relayOutbox', () => {
  let steps: Step[] = []
  const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
  const relay = createWaybill({ service: 'relay', onStep: (step) => steps.push(step) })
  let server: TestDatabase
  let pool: pg.Pool

  beforeAll(async () => {
    server = await openDatabase('PostgreSQL')
    pool = server.openPool(4)
    await pool.query('create table refunds (order_id text primary key, status text)')
    await pool.query(outboxSql())
    await pool.query(outboxSql())
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    steps = []
    await pool.query('truncate outbox, refunds')
  })

  const request = (order: string): Promise<unknown> => requestRefund(waybill, pool, `${order} of ${PRIVATE.prompt}`)
  const sent = (): Step[] => steps.filter(({ hop }) => hop === 'queue')
  const left = async (): Promise<unknown[]> =>
    (await pool.query('select carrier, attempts from outbox order by id')).rows

  test('publishes what a committed transaction wrote, as a part of its trail, and the message goes on with it', async () => {
    const context = waybill.mint()
    await waybill.resume(context, () => request('R-1'))
    const rolledBack = waybill.resume(context, () => request('R-1'))
    await expect(rolledBack).rejects.toThrow()
    const received: { topic: string; body: string; id: string }[] = []
    const relayed = await relayFromPage(relay, pool, {
      async publish(destination, body, { id, headers: carrier }) {
        received.push({ topic: destination, body, id })
        await processMessage(waybill, { system: 'nats', destination, jobId: id, carrier }, () => undefined)
      },
    })
    expect(relayed).toEqual({ published: 1, failed: [] })
    expect(received).toMatchObject([{ topic: 'refunds', body: JSON.stringify({ order: `R-1 of ${PRIVATE.prompt}` }) }])
    expect(await left()).toEqual([])
    const [written] = steps
    const [queued] = sent()
    expect(queued).toMatchObject({ parentId: written?.id, name: 'refunds', jobId: received[0]?.id, attempt: 1 })
    expect(steps.filter(({ hop }) => hop === 'worker')).toMatchObject([
      { parentId: queued?.id },
      { parentId: queued?.id },
    ])
    expect(new Set(steps.map(({ reference }) => reference))).toEqual(new Set([context.reference]))
    expect(JSON.stringify(steps)).not.toMatch(PRIVATE_PARTS)
  })

  test('tries again what could not be published, under the same reference as its next attempt, and goes on with the others', async () => {
    await request('R-1')
    await request('R-2')
    // Written outside of traced work.
    await pool.query(`insert into outbox (topic, payload) values ('refunds', '{"order": "R-3"}')`)
    const failing = new Error(PRIVATE.prompt)
    const options = {
      system: 'nats',
      leaseSeconds: 0,
      publish({ payload, attempt }: OutboxMessage<Refund>) {
        if (!payload.order.startsWith('R-2') && attempt === 1) throw failing
      },
    }
    expect(await relayOutbox(relay, pool, options)).toEqual({ published: 1, failed: [failing, failing] })
    expect(JSON.stringify(await left())).not.toMatch(PRIVATE_PARTS)
    expect(await relayOutbox(relay, pool, options)).toEqual({ published: 2, failed: [] })
    const trail = sent().map(({ jobId, attempt, status, reference }) => ({ jobId, attempt, status, reference }))
    const [first, second, third] = trail
    expect(trail).toEqual([
      { ...first, attempt: 1, status: 'error' },
      { ...second, attempt: 1, status: 'ok' },
      { ...third, attempt: 1, status: 'error' },
      { ...first, attempt: 2, status: 'ok' },
      { ...third, attempt: 2, status: 'ok' },
    ])
    expect(new Set(trail.map(({ reference }) => reference)).size).toBe(3)
    expect(JSON.stringify(steps)).not.toMatch(PRIVATE_PARTS)
  })

  test('a relay that dies between publishing and deleting gives the same reference with the next attempt', async () => {
    const context = waybill.mint()
    await waybill.resume(context, () => request('R-1'))
    const dying = new pg.Client({ connectionString: server.url, options: `-c search_path=${server.schema}` })
    dying.on('error', () => {})
    await dying.connect()
    const { rows } = await dying.query('select pg_backend_pid() as pid')
    const closed = new Promise((resolve) => dying.once('end', resolve))
    const publish = async (): Promise<void> => {
      await pool.query('select pg_terminate_backend($1)', [rows[0].pid])
      await closed
    }
    const relayed = await relayOutbox(relay, dying, { system: 'nats', leaseSeconds: 1, publish })
    expect(relayed).toMatchObject({ published: 0, failed: [{}] })
    const again: number[] = []
    const next = { system: 'nats', publish: ({ attempt }: OutboxMessage<Refund>) => again.push(attempt) }
    await expect.poll(async () => (await relayOutbox(relay, pool, next)).published).toBe(1)
    expect(again).toEqual([2])
    expect(sent()).toMatchObject([
      { reference: context.reference, attempt: 1, status: 'ok' },
      { reference: context.reference, attempt: 2, status: 'ok' },
    ])
  })

  test('four relays at once publish each of 40 rows once', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => request(`R-${i}`)))
    const published: string[] = []
    const publish = async ({ payload }: OutboxMessage<Refund>): Promise<void> => void published.push(payload.order)
    const relays = Array.from({ length: 4 }, () => relayOutbox(relay, pool, { system: 'nats', limit: 10, publish }))
    const counts = await Promise.all(relays)
    const rest = await relayOutbox(relay, pool, { system: 'nats', publish })
    expect([...counts, rest].reduce((sum, { published: count }) => sum + count, 0)).toBe(40)
    expect(new Set(published).size).toBe(40)
    expect(published).toHaveLength(40)
  })
})
