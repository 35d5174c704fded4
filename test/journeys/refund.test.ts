import { traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import pg from 'pg'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiCalls, openBrowser, shownReference } from './openBrowser.ts'
import type { ApiCall } from './openBrowser.ts'
import { realDatabase } from './realDatabase.ts'
import { eventually, startDemo } from './startDemo.ts'
import type { Demo, Trail } from './startDemo.ts'

const databases = [{ kind: 'embedded', env: {} }, ...(await realDatabase())]

describe.each(databases)('the refund story on the $kind database', ({ env }) => {
  let demo: Demo
  let browser: Browser
  let page: Page
  let calls: readonly ApiCall[]
  let reference: string
  let trail: Trail
  let orderId: string
  let refundId: string

  const rows = async (text: string, values: unknown[]): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: demo.databaseUrl })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  beforeAll(async () => {
    demo = await startDemo(env)
    browser = await openBrowser()
    page = await browser.newPage()
    await page.goto(demo.shop)
    const button = page.getByRole('button', { name: 'Request refund' })
    await button.waitFor()
    calls = apiCalls(page)
    await button.click()
    reference = await shownReference(page)
    const found = await eventually(
      () => demo.trails(reference),
      ([match]) => match?.outcome.advice === 'manual-fix' && match.steps.some(({ name }) => name === 'refunds-dead'),
    )
    expect(found).toHaveLength(1)
    trail = found[0]!
    const refund = calls.find(({ method }) => method === 'POST')
    orderId = refund?.path.split('/')[3] ?? ''
    refundId = String(
      (await rows('SELECT id FROM waybill_demo.refunds WHERE trace_reference = $1', [reference]))[0]?.['id'],
    )
  })

  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
  })

  test('sends the code on the screen on every call of the action, with its trace-id', async () => {
    const own = calls.filter((call) => call.reference === reference)
    expect(own.filter(({ method }) => method === 'POST')).toHaveLength(1)
    for (const call of own) {
      expect(call.traceId).toBe(traceIdOf(reference as Reference))
      expect(call.attempt).toBe('1')
      expect(call.headerBytes).toBeLessThanOrEqual(130)
    }
    // What the page asked right after the answer, because of it, belongs to the action too; what it polls later does not.
    expect(own.map(({ path }) => path)).toContain('/api/orders')
    expect(calls.every((call) => call.reference !== undefined)).toBe(true)
  })

  test('writes the code on the pino lines of API and worker', async () => {
    const api = (await demo.lines('api')).filter((line) => line['reference'] === reference)
    expect(api.some((line) => line['msg'] === 'refund requested')).toBe(true)
    const own = calls.filter((call) => call.reference === reference)
    expect(api.filter((line) => line['msg'] === 'served')).toHaveLength(own.length)
    const worker = (await demo.lines('worker')).filter((line) => line['refund'] === refundId)
    expect(worker.length).toBeGreaterThanOrEqual(7)
    expect(new Set(worker.map((line) => line['reference']))).toEqual(new Set([reference]))
    const attempts = worker.filter((line) => line['msg'] === 'refund review began').map((line) => line['attempt'])
    expect(attempts).toEqual([1, 2, 3])
  })

  test('keeps the code in the job and in its dead letter', async () => {
    const jobs = await rows(
      `SELECT name, data, state, retry_count FROM waybill_demo_queue.job WHERE data->>'refundId' = $1 ORDER BY created_on`,
      [refundId],
    )
    expect(jobs.map(({ name }) => name)).toEqual(['refunds', 'refunds-dead'])
    for (const { data } of jobs) {
      expect(JSON.stringify(data)).toContain(reference)
      expect(JSON.stringify(data)).toContain(trail.traceId)
    }
    expect(jobs[0]).toMatchObject({ state: 'failed', retry_count: 2 })
  })

  test('reaches the model with the same trace-id on each attempt', async () => {
    const asked = (await demo.lines('model')).filter((line) => String(line['traceparent']).includes(trail.traceId))
    expect(asked.map((line) => line['trace-attempt'])).toEqual(['1', '1', '2', '2', '3', '3'])
    const causes = asked.map((line) => String(line['traceparent']).split('-')[2])
    const models = trail.steps.filter(({ hop }) => hop === 'model').map(({ id }) => id)
    expect(models).toEqual(causes)
  })

  test('writes the code on the refund row and on its audit row', async () => {
    const [refund] = await rows('SELECT * FROM waybill_demo.refunds WHERE id = $1', [refundId])
    expect(refund).toMatchObject({
      status: 'pending review',
      handed_over: true,
      trace_reference: reference,
      order_id: orderId,
    })
    const audit = await rows(
      `SELECT operation, reference FROM waybill_demo.trace_audit WHERE table_name = 'refunds' AND row_id = $1 ORDER BY id`,
      [refundId],
    )
    expect(audit).toEqual([
      { operation: 'insert', reference },
      { operation: 'update', reference },
    ])
  })

  test('tells support what happened, in order, and what to do', () => {
    expect(trail).toMatchObject({ reference, traceId: traceIdOf(reference as Reference), action: 'Request refund' })
    expect(trail.outcome).toMatchObject({ state: 'failed', hop: 'model', advice: 'manual-fix' })
    expect(trail.outcome.sentence).toMatch(/timed out/)
    expect(trail.outcome.sentence).toMatch(/pending review/)
    const times = trail.steps.map(({ at }) => at)
    expect(times).toEqual(times.toSorted())
    for (const at of times) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const hops = [...new Set(trail.steps.map(({ hop }) => hop))]
    expect(hops.toSorted()).toEqual(['api', 'browser', 'database', 'model', 'queue', 'tool', 'worker'])
    expect(hops[0]).toBe('browser')
    const worker = trail.steps.filter(({ hop, name }) => hop === 'worker' && name === 'refunds')
    expect(worker.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    expect(new Set(worker.map(({ jobId }) => jobId)).size).toBe(1)
  })

  test('is found by the order number, the refund, the job and the customer as well', async () => {
    const [order] = await rows('SELECT customer_id FROM waybill_demo.orders WHERE id = $1', [orderId])
    const jobId = trail.steps.find(({ hop }) => hop === 'queue')?.jobId ?? ''
    for (const anything of [orderId, refundId, jobId, String(order?.['customer_id']), trail.traceId]) {
      const found = await demo.trails(anything)
      expect(found.map((match) => match.reference)).toContain(reference)
    }
    expect(await demo.trails('A-999999')).toEqual([])
  })

  test('shows the customer the same code on the screen after a reload', async () => {
    await page.reload()
    await page.goto(`${demo.shop}/orders/${orderId}`)
    expect(await shownReference(page)).toBe(reference)
    await expect.poll(() => page.getByText(/pending review/i).count()).toBeGreaterThan(0)
  })

  test('leads from the desk to the order and to who looks after it, and support says who is on it', async () => {
    const asked = { headers: { authorization: `Bearer ${demo.supportToken}`, 'content-type': 'application/json' } }
    const handling = { method: 'POST', ...asked, body: JSON.stringify({ state: 'taken', by: 'Ada', after: null }) }
    expect((await fetch(`${demo.desk}/api/trails/${reference}/handling`, handling)).status).toBe(200)
    const answer = await (await fetch(`${demo.desk}/api/trails/${reference}`, asked)).json()
    const [match] = (answer as { matches: Record<string, unknown>[] }).matches
    expect(match).toMatchObject({
      owner: { name: 'Refund checks' },
      handling: { state: 'taken', by: 'Ada', who: 'support' },
      factLinks: expect.arrayContaining([{ name: 'order', value: orderId, href: `${demo.shop}/orders/${orderId}` }]),
    })
  })

  test('opens at the desk by pasting the code', async () => {
    await page.goto(demo.desk)
    await page.getByLabel(/token/i).fill(demo.token)
    await page.keyboard.press('Enter')
    const search = page.getByRole('textbox', { name: /search/i })
    await search.waitFor()
    await search.fill(`Hi, my refund failed, the code was ${reference.toLowerCase()}.`)
    await page.keyboard.press('Enter')
    await page.getByText(trail.outcome.sentence).first().waitFor()
    expect(await shownReference(page)).toBe(reference)
  })
})
