import { traceIdOf } from '@waybill/reference'
import type { Step } from '@waybill/trail'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stepOf } from '../../../fixtures/stepOf.ts'
import { SERVER_KEY } from '../../../fixtures/openDesk.ts'
import { axeViolations, lookFor, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'

let pages: Pages
const trail = refundTrail()
const scheduled = (fields: Partial<Step> = {}): Step =>
  stepOf({ hop: 'schedule', service: 'shop-worker', name: 'sync', at: Date.now() - 30_000, ...fields })
const run = scheduled({ name: 'nightly sync', durationMs: 9000 })
const items = Array.from({ length: 1000 }, (_, at) =>
  scheduled({
    reference: run.reference,
    traceId: run.traceId,
    parentId: run.id,
    name: 'sync the order',
    at: run.at + at * 9,
    facts: { order: `A-${1000 + at}` },
    ...([17, 503, 998].includes(at) && { status: 'error', error: { type: '23514' }, effect: 'none' }),
  }),
)
const there = scheduled({
  reference: trail.reference,
  traceId: traceIdOf(trail.reference),
  name: 'nightly sync of the order',
})
const link = ({ reference, traceId, id: spanId }: Step) => ({ reference, traceId, spanId })

beforeAll(async () => {
  pages = await openPages()
  await pages.send(trail)
  const [first, ...rest] = items
  await pages.send({
    browser: [],
    servers: [
      run,
      { ...first!, links: [{ rel: 'child', ...link(there) }] },
      ...rest.map((item) => ({ ...item, links: [{ rel: 'child', ...link(scheduled({})) }] as const })),
      { ...there, links: [{ rel: 'parent', ...link(first!) }] },
      ...Array.from({ length: 7 }, () =>
        scheduled({ name: 'remind', links: [{ rel: 'parent', ...link(trail.servers[0]!) }] }),
      ),
    ],
  })
  const answer = await fetch(`${pages.url}/api/links`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` },
    body: JSON.stringify({
      reference: trail.reference,
      kind: 'ticket',
      value: 'ZD-4711',
      url: 'https://acme.example/agent/tickets/4711',
      service: 'zendesk',
    }),
  })
  expect(answer.status).toBe(200)
})
afterAll(() => pages[Symbol.asyncDispose]())

for (const width of [1280, 390])
  test(`a customer’s trail leads to the run and back, by keyboard, ${width} px wide`, async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`, { viewport: { width, height: 800 } })
    const { page } = visit
    const linked = page.locator('.answer .linked')
    await linked.first().waitFor()
    expect(await linked.allInnerTexts()).toEqual([
      `“nightly sync of the order” came of ${run.reference}`,
      expect.stringMatching(/^Led to (\S{11}, ){4}\S{11} and 2 more$/),
    ])
    expect(await page.locator('.facts').innerText()).toMatch(/ticket, noted by zendesk\s+ZD-4711\s*open it there/)
    expect(await page.getByRole('link', { name: 'open it there' }).getAttribute('rel')).toBe('noopener noreferrer')
    expect(await page.locator('.timeline').filter({ hasText: 'Noted by support' }).innerText()).toContain(
      'zendesk noted ticket ZD-4711',
    )
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('link', { name: run.reference }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'nightly sync' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/trail/${run.reference}`)
    expect(await page.locator('.answer .linked').innerText()).toMatch(
      /^“sync the order” led to (\S{11}, ){4}\S{11} and 995 more$/,
    )
    const fits = await page.evaluate('document.documentElement.scrollWidth <= innerWidth')
    expect(fits).toBe(true)
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
    expect(visit.complaints).toEqual([])
  })

test('of a batch of 1,000 the three that failed are told, the rest is counted, and no more than that is a row', async () => {
  await using visit = await pages.visit(`/trail/${run.reference}`, { viewport: { width: 390, height: 800 } })
  const { page } = visit
  await page.getByRole('heading', { level: 1, name: 'nightly sync' }).waitFor()
  expect(await page.locator('.answer .sentence').innerText()).toMatch(
    /997 of 1,000 done; order A-1017 failed .*; order A-1503 failed .*; order A-1998 failed/,
  )
  const timeline = page.locator('.timeline')
  expect(await timeline.locator('button.line').count()).toBe(2)
  const batch = timeline.getByRole('button', { name: /997 of 1,000 done/ })
  expect(await batch.locator('.trouble').allInnerTexts()).toEqual(
    ['A-1017', 'A-1503', 'A-1998'].map((order) => expect.stringContaining(`order ${order}: `)),
  )
  await batch.press('ArrowRight')
  await timeline.getByText('977 more done').waitFor()
  expect(await timeline.locator('button.line').count()).toBe(2 + 23)
  expect(await timeline.locator('button.line').nth(2).innerText()).toContain('order A-1017')
  await timeline.getByRole('button', { name: /order A-1000/ }).click()
  expect(await timeline.locator('.details').getByRole('link').innerText()).toBe(trail.reference)
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  expect(await axeViolations(page)).toEqual([])
})

test('a ticket’s number opens its trail', async () => {
  await using visit = await pages.visit()
  await lookFor(visit.page, 'Re: ticket zd-4711')
  await visit.page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
  expect(await visit.page.locator('.facts').innerText()).toMatch(/found by\s+ticket/)
})
