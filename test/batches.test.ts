import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mintReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { startDesk } from '@waybill/desk'
import type { LookUpAnswer, Match } from '@waybill/desk'
import { createWaybill } from '@waybill/server'
import { runBatch, scheduled } from '@waybill/server/schedule'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bytesIn } from '../packages/desk/fixtures/dayFiles.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-batches-'))
let desk: Awaited<ReturnType<typeof startDesk>>
const faults: unknown[] = []

beforeAll(async () => {
  desk = await startDesk({
    database: join(folder, 'desk.db'),
    readToken: 'token-for-reading',
    ingestKeys: ['secret-key-for-servers'],
    limits: { lookUpsPerMinute: 10_000 },
    port: 0,
  })
})
afterAll(async () => {
  await desk.stop()
  rmSync(folder, { recursive: true })
})

async function lookUp(text: string): Promise<Match[]> {
  const response = await fetch(`${desk.url}/api/trails/${text}`, {
    headers: { authorization: 'Bearer token-for-reading' },
  })
  const { matches } = (await response.json()) as LookUpAnswer
  return [...matches]
}

interface Item {
  readonly id: string
  readonly reference: Reference | null
  readonly fails: boolean
}

const PRIVATE = 'jane@example.com 4111 1111 1111 1111 summarise my letter'

/** A run with that many items, one in three without a customer; gives the run's reference once the desk has it all. */
async function syncAtTheDesk(items: readonly Item[]): Promise<Reference> {
  const waybill = createWaybill({
    service: 'shop-worker',
    deliverTo: desk.url,
    key: 'secret-key-for-servers',
    onError: (error) => faults.push(error),
  })
  let reference: Reference | undefined
  const sync = scheduled(waybill, 'nightly sync', async () => {
    reference = waybill.current()?.reference
    await runBatch(
      waybill,
      items,
      {
        name: 'sync the order',
        customerName: 'nightly sync of the order',
        describe: ({ id, reference }) => ({ facts: { order: id }, reference }),
        concurrency: 50,
      },
      async ({ fails }, step) => {
        step.effect('none')
        await waybill.run({ hop: 'database', name: 'INSERT bookings' }, async () => {
          await new Promise((resolve) => setImmediate(resolve))
          if (fails) throw Object.assign(new Error(PRIVATE), { code: '23514', detail: PRIVATE })
        })
        step.effect('done')
      },
    )
  })
  await sync()
  // Under way, however busy the machine is: stopping waits for five seconds only.
  await waybill.flush()
  await waybill.stop()
  return reference!
}

const byText = (a = '', b = ''): number => a.localeCompare(b, 'en', { numeric: true })

const itemsOf = (count: number, failing: readonly number[]): Item[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `A-${at}`,
    reference: at % 3 === 0 ? null : mintReference(),
    fails: failing.includes(at),
  }))

test('a batch of 1,000 items with 3 failures stands at the desk item by item, and its answer names the three', async () => {
  const items = itemsOf(1000, [17, 504, 998])
  const reference = await syncAtTheDesk(items)
  const [match] = await lookUp(reference)
  expect(match?.outcome).toMatchObject({ state: 'failed', advice: 'rerun-failed' })
  expect(match?.outcome.sentence).toMatch(
    /^shop-worker ran “nightly sync” on schedule: 997 of 1,000 done; order A-17 failed \([^)]*23514\); order A-504 failed \([^)]*\); order A-998 failed \([^)]*\)\. What failed changed nothing/,
  )
  expect(match?.facts).toEqual({ items: '997 of 1,000 done, 3 failed' })
  const told = match!.steps.filter(({ name }) => name === 'sync the order')
  expect(new Set(told.map(({ id }) => id)).size).toBe(1000)
  const failed = told.filter(({ status }) => status === 'error').map(({ facts }) => facts['order'])
  expect(failed.toSorted(byText)).toEqual(['A-17', 'A-504', 'A-998'])

  const customers = items.filter((item) => item.reference !== null)
  expect(match?.links).toMatchObject([{ rel: 'child', name: 'sync the order', count: customers.length }])
  // First those that failed and belong to a customer, newest first.
  expect(match?.links[0]?.references.slice(0, 2)).toEqual([998, 17].map((at) => items[at]?.reference))
  const links = new Map(told.map(({ facts, links }) => [facts['order'], links]))
  for (const at of [1, 17, 500, 998]) {
    const { id, reference: customer, fails } = items[at]!
    expect(links.get(id)).toEqual([{ rel: 'child', reference: customer }])
    const [own, ...others] = await lookUp(customer!)
    expect(others).toEqual([])
    expect(own).toMatchObject({
      reference: customer,
      outcome: { state: fails ? 'failed' : 'succeeded' },
      facts: { order: id },
      links: [{ rel: 'parent', name: 'nightly sync of the order', count: 1, references: [reference] }],
    })
    expect(own?.steps.map(({ name }) => name)).toEqual(['nightly sync of the order', 'INSERT bookings'])
  }
  expect(faults).toEqual([])
})

test('one of 5,000 tells every failure and the true counts, within the steps that a trail may have', async () => {
  const failing = [0, 2000, 4998, 4999]
  const reference = await syncAtTheDesk(itemsOf(5000, failing))
  const [match] = await lookUp(reference)
  expect(match?.outcome).toMatchObject({ state: 'failed' })
  expect(match?.outcome.sentence).toMatch(
    /: 4,996 of 5,000 done; order A-0 failed .*; order A-2000 failed .*; order A-4998 failed .*; 1 more failed\./,
  )
  expect(match?.facts['items']).toBe(
    '4,996 of 5,000 done, 4 failed; told one by one are the first 1,000, and all that failed',
  )
  const failed = match!.steps.filter(({ name, status }) => name === 'sync the order' && status === 'error')
  expect(failed.map(({ facts }) => facts['order']).toSorted(byText)).toEqual(failing.map((at) => `A-${at}`))
  // What happened inside them is told of those that failed.
  const inside = new Set(match!.steps.filter(({ hop }) => hop === 'database').map(({ parentId }) => parentId))
  const alone = failed.filter(({ links }) => links.length === 0)
  expect(alone.map(({ id }) => inside.has(id))).toEqual(alone.map(() => true))
  expect(match!.steps.filter(({ part }) => part === 'apart')).toEqual([])
  expect(match!.steps.length).toBeLessThan(1200)
  expect(faults).toEqual([])
})

test('more failures than a trail may have steps leave room for the run’s end, with the true counts', async () => {
  const failing = Array.from({ length: 2600 }, (_, at) => ({ id: `A-${at}`, reference: null, fails: true }))
  const reference = await syncAtTheDesk(failing)
  const [match] = await lookUp(reference)
  expect(match?.outcome.sentence).toMatch(/: 0 of 2,600 done; order .*; 2,597 more failed\./)
  faults.length = 0
})

test('nothing of what was thrown is in the desk’s file', () => {
  const bytes = bytesIn(folder)
  expect(bytes.includes('nightly sync of the order')).toBe(true)
  for (const text of ['jane@', '4111 1111', 'summarise my']) expect(bytes.includes(text), text).toBe(false)
})
