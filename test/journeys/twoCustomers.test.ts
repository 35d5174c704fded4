import pg from 'pg'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, shownReference } from './openBrowser.ts'
import { eventually, startDemo } from './startDemo.ts'
import type { Demo, Trail } from './startDemo.ts'

const REFUNDS = 20

let demo: Demo
let browser: Browser

beforeAll(async () => {
  demo = await startDemo()
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

test(
  'two customers with twenty refunds each, side by side, leave no step in a wrong trail',
  { timeout: 300_000 },
  async () => {
    const [first, second] = await Promise.all([refundAgainAndAgain(), refundAgainAndAgain()])
    const references = [...first, ...second]
    expect(new Set(references).size).toBe(2 * REFUNDS)

    const trails = new Map<string, Trail>()
    for (const reference of references) {
      const matches = await eventually(
        () => demo.trails(reference),
        ([match]) => match?.steps.some(({ name }) => name === 'refunds-dead') ?? false,
      )
      expect(matches).toHaveLength(1)
      trails.set(reference, matches[0]!)
    }

    const ids = [...trails.values()].flatMap(({ steps }) => steps.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(first.map((reference) => trails.get(reference)?.session)).size).toBe(1)
    expect(new Set(second.map((reference) => trails.get(reference)?.session)).size).toBe(1)
    expect(trails.get(first[0]!)?.session).not.toBe(trails.get(second[0]!)?.session)

    const refundOf = await refundsByReference()
    const workerLines = await demo.lines('worker')
    const modelLines = await demo.lines('model')
    for (const [reference, { traceId, steps, outcome }] of trails) {
      expect(outcome).toMatchObject({ state: 'failed', hop: 'model', advice: 'manual-fix' })
      const count = (hop: string): number => steps.filter((step) => step.hop === hop).length
      expect([count('queue'), count('worker'), count('model'), count('tool')]).toEqual([1, 4, 6, 3])
      const refunds = workerLines.filter((line) => line['reference'] === reference).map((line) => line['refund'])
      expect(new Set(refunds)).toEqual(new Set([refundOf.get(reference)]))
      const asked = modelLines.filter((line) => String(line['traceparent']).includes(traceId))
      expect(asked.map((line) => line['trace-reference'])).toEqual(Array.from({ length: 6 }, () => reference))
    }
  },
)

async function refundAgainAndAgain(): Promise<string[]> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const references: string[] = []
  for (let refund = 0; refund < REFUNDS; refund++) {
    await page.goto(demo.shop)
    await page.getByRole('button', { name: 'Request refund' }).click()
    references.push(await shownReference(page))
    await page
      .getByText(/refund requested/i)
      .first()
      .waitFor()
  }
  // The last action's steps are delivered while the page is still open, or by its beacon when it closes.
  await context.close()
  return references
}

async function refundsByReference(): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: demo.databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ id: string; trace_reference: string }>(
    'SELECT id, trace_reference FROM waybill_demo.refunds',
  )
  await client.end()
  return new Map(rows.map((row) => [row.trace_reference, row.id]))
}
