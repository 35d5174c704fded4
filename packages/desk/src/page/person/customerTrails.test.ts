import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookFor, openPages, signIn } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'

let pages: Pages
const trails = Array.from({ length: 45 }, (_, index) =>
  refundTrail({ order: `A-${1045 - index}`, begunAt: Date.now() - (46 - index) * 3_600_000 }),
)
const claimed = Array.from({ length: 3 }, () => refundTrail())

beforeAll(async () => {
  pages = await openPages()
  for (const trail of trails) await pages.send(trail)
  for (const { browser } of claimed) await pages.send({ browser, servers: [] })
  const reads = Array.from({ length: 30 }, () => refundTrail())
  for (const { servers } of reads)
    await pages.send({ browser: [], servers: [{ ...servers[0]!, name: 'GET /api/orders' }] })
})
afterAll(() => pages[Symbol.asyncDispose]())

const newest = trails.at(-1)!
const title = (page: Page) => page.getByRole('heading', { level: 1, name: 'Trails of one customer' })
const entries = (page: Page) => page.getByRole('listitem').filter({ visible: true })
const moreButton = (page: Page) => page.getByRole('button', { name: 'Show more' })

async function openList(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'all trails of this customer' }).click()
  await entries(page).first().waitFor()
}

test('all trails of a customer have an address of their own, with nothing of theirs in it, in the box or in any request', async () => {
  await using visit = await pages.visit(`/trail/${newest.reference}`)
  const { page } = visit
  const asked: string[] = []
  page.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`))
  await openList(page)
  expect(new URL(page.url()).pathname).toMatch(/^\/customer\/[\da-f]{16}$/)
  expect(await page.getByRole('search').getByRole('textbox').inputValue()).toBe('')
  expect(await page.title()).toBe('Trails of one customer · Waybill desk')
  expect(asked.join()).not.toMatch(/C-2041|[\da-f]{17}/)
  expect(await title(page).evaluate((element) => element === document.activeElement)).toBe(true)
  const first = await entries(page).first().innerText()
  for (const part of ['Failed', newest.reference, 'Request refund', 'order A-1001']) expect(first).toContain(part)
  await page.reload()
  await entries(page).first().waitFor()
  expect(visit.complaints).toEqual([])
})

test('they come a page at a time until all are there, and no page that only read something is among them', async () => {
  await using visit = await pages.visit(`/trail/${newest.reference}`)
  const { page } = visit
  await openList(page)
  for (const [before, after] of [
    [20, 40],
    [40, 45],
  ] as const) {
    expect(await entries(page).count()).toBe(before)
    await moreButton(page).focus()
    await page.keyboard.press('Enter')
    await entries(page)
      .nth(after - 1)
      .waitFor()
    expect(
      await entries(page)
        .nth(before)
        .getByRole('link')
        .evaluate((link) => link === document.activeElement),
    ).toBe(true)
  }
  await page.getByText('These are all.').waitFor()
  expect(await moreButton(page).count()).toBe(0)
  expect(await page.getByText('45 trails shown', { exact: true }).count()).toBe(1)
  const shown = await entries(page).locator('code').allInnerTexts()
  expect(shown).toEqual(trails.map((trail) => trail.reference).toReversed())
})

test('they stand under their days, each with how many there are and how many failed', async () => {
  await using visit = await pages.visit(`/trail/${newest.reference}`)
  const { page } = visit
  await openList(page)
  const days = page.getByRole('heading', { level: 2 }).filter({ hasText: 'action' })
  expect((await days.allInnerTexts()).at(-1)).toMatch(/\d+ actions? so far, \d+ failed$/)
  for (const shown of [40, 45]) {
    await moreButton(page).click()
    await entries(page)
      .nth(shown - 1)
      .waitFor()
  }
  // As many hours lie in two days at least.
  const words = await days.allInnerTexts()
  for (const day of words) expect(day).toMatch(/20\d\d \d+ actions?, \d+ failed$/)
  expect(words.join()).toMatch(/Yesterday, [A-Z]/)
  const counted = words.map((day) => Number(/(\d+) actions?/.exec(day)?.[1]))
  expect(counted.reduce((sum, count) => sum + count)).toBe(45)
})

test('Back returns to the list as long as it was, and to the entry that was opened', async () => {
  await using visit = await pages.visit(`/trail/${newest.reference}`)
  const { page } = visit
  await openList(page)
  await moreButton(page).click()
  const link = entries(page).nth(33).getByRole('link')
  const reference = await link.locator('code').innerText()
  await link.click()
  await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/trail/${reference}`)
  await page.goBack()
  await entries(page).nth(39).waitFor()
  expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await link.evaluate((element) => element.getBoundingClientRect().top < innerHeight)).toBe(true)
  await page.goBack()
  await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
  await page.goForward()
  await title(page).waitFor()
})

test('the customer’s id in the search leads there, and stays in the box', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  await lookFor(page, 'C-2041')
  await title(page).waitFor()
  await entries(page).first().waitFor()
  expect(new URL(page.url()).pathname).toMatch(/^\/customer\/[\da-f]{16}$/)
  expect(await page.getByRole('search').getByRole('textbox').inputValue()).toBe('C-2041')
  await page.goBack()
  await page.getByRole('heading', { name: 'Paste what the customer sent' }).waitFor()
})

test('what only browsers tell to be theirs stands below, counted, and is asked for when unfolded', async () => {
  await using visit = await pages.visit(`/trail/${newest.reference}`)
  const { page } = visit
  await openList(page)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const fold = page.getByText('3 reports by browsers alone, not confirmed by any server')
  await fold.waitFor()
  expect(asked).toEqual([])
  await fold.click()
  await entries(page).nth(22).waitFor()
  expect(new Set(asked).size).toBe(1)
  await entries(page).last().getByRole('link').click()
  await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
  await page.goBack()
  await entries(page).nth(22).waitFor()
  expect(
    await entries(page)
      .last()
      .getByRole('link')
      .evaluate((link) => link === document.activeElement),
  ).toBe(true)
})

test('a customer whom no server named has what browsers tell, without a fold', async () => {
  const made = [refundTrail({ person: 'C-9000' }), refundTrail({ person: 'C-9000' })]
  for (const { browser } of made) await pages.send({ browser, servers: [] })
  await using visit = await pages.visit()
  const { page } = visit
  await lookFor(page, 'C-9000')
  await page.getByText('No server named this customer; only a browser said that these are theirs.').waitFor()
  await entries(page).nth(1).waitFor()
  expect(await entries(page).count()).toBe(2)
})

test('a customer of whom nothing is kept, and an address that is none, say so', async () => {
  await using visit = await pages.visit(`/customer/${'ab'.repeat(8)}`)
  const { page } = visit
  await page.getByText('There are none. Pages that only read something').waitFor()
  await page.getByText('what nothing was added to for 30 days is gone').waitFor()
  await page.goto(`${pages.url}/customer/Jane%20Doe`)
  await page.getByRole('heading', { name: 'This address leads to no customer' }).waitFor()
})

test('offline says so and goes on by itself, on the first page and on a later one', async () => {
  await using visit = await pages.visit(`/trail/${newest.reference}`)
  const { page, context } = visit
  await context.setOffline(true)
  await page.getByRole('link', { name: 'all trails of this customer' }).click()
  const offline = page.getByRole('heading', { name: 'The desk cannot be reached' })
  await offline.waitFor()
  await context.setOffline(false)
  await entries(page).nth(19).waitFor()
  await context.setOffline(true)
  await moreButton(page).click()
  await offline.waitFor()
  expect(await entries(page).count()).toBe(20)
  await context.setOffline(false)
  await entries(page).nth(39).waitFor()
})

test.each([
  [429, 'Too many look-ups'],
  [500, 'The look-up failed'],
])('an answer %d reads "%s", and trying again goes on', async (status, words) => {
  await using visit = await pages.visit(`/trail/${newest.reference}`)
  const { page } = visit
  await page.route('**/api/customers/**', (route) => route.fulfill({ status, body: '<html>' }))
  await page.getByRole('link', { name: 'all trails of this customer' }).click()
  await page.getByRole('heading', { name: words }).waitFor()
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await entries(page).nth(19).waitFor()
})

test('asks for the token again when the cookie is gone, and then shows the list', async () => {
  await using visit = await pages.visit(`/trail/${newest.reference}`)
  const { page, context } = visit
  await page.getByRole('link', { name: 'all trails of this customer' }).waitFor()
  await context.clearCookies()
  await page.getByRole('link', { name: 'all trails of this customer' }).click()
  await signIn(page)
  await entries(page).nth(19).waitFor()
})
