import { mintReference } from '@waybill/reference'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, lookFor, openPages, signIn } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'

let pages: Pages
const trails = Array.from({ length: 23 }, () => refundTrail())
const cancelled = refundTrail()
const [first, second] = trails as [(typeof trails)[0], (typeof trails)[0]]

beforeAll(async () => {
  pages = await openPages()
  for (const trail of trails) await pages.send(trail)
  await pages.send({
    ...cancelled,
    browser: cancelled.browser.map((step, index) => (index === 0 ? { ...step, name: 'Cancel order' } : step)),
  })
})
afterAll(() => pages[Symbol.asyncDispose]())

const boxOf = (page: Page) => page.getByRole('search').getByRole('textbox')
const options = (page: Page) => page.getByRole('listbox', { name: /looked up of late/ }).getByRole('option')
const stored = (page: Page): Promise<string | null> =>
  page.evaluate(() => localStorage.getItem('waybill-desk.recent-look-ups'))

async function open(page: Page, reference: string): Promise<void> {
  await lookFor(page, reference)
  await page.waitForURL(`**/trail/${reference}`)
}

async function toStart(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Waybill desk' }).click()
  await page.getByRole('heading', { name: 'Paste what the customer sent' }).waitFor()
}

test('the arrow offers what was looked up, the newest first; the box keeps focus and names the entry that Enter opens', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  await page.keyboard.press('ArrowDown')
  expect(await options(page).count()).toBe(0)
  await open(page, first.reference)
  await open(page, cancelled.reference)
  await toStart(page)
  expect(await options(page).count()).toBe(0)
  await page.keyboard.press('ArrowDown')
  await options(page).nth(1).waitFor()
  const words = await options(page).first().innerText()
  for (const part of [cancelled.reference, 'Cancel order', 'Failed', String(new Date().getFullYear())])
    expect(words).toContain(part)
  await page.getByText('2 recent look-ups; arrow down to choose').waitFor({ state: 'attached' })
  expect(await axeViolations(page)).toEqual([])
  const named = () => boxOf(page).getAttribute('aria-activedescendant')
  expect(await named()).toBe(await options(page).first().getAttribute('id'))
  expect(await boxOf(page).getAttribute('aria-controls')).toBe(await page.getByRole('listbox').getAttribute('id'))
  await page.keyboard.press('ArrowDown')
  expect(await options(page).nth(1).getAttribute('aria-selected')).toBe('true')
  // Beyond the last is the box itself, and beyond that the first one again.
  await page.keyboard.press('ArrowDown')
  expect(await named()).toBeNull()
  await page.keyboard.press('ArrowUp')
  expect(await named()).toBe(await options(page).nth(1).getAttribute('id'))
  expect(await boxOf(page).evaluate((box) => box === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/trail/${first.reference}`)
  expect(await options(page).count()).toBe(0)
  expect(visit.complaints).toEqual([])
})

test('typing filters by the code, however it is written, and by the action; Escape closes, and Enter without a choice looks for what is typed', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  await open(page, first.reference)
  await open(page, cancelled.reference)
  await toStart(page)
  await page.keyboard.type('CANCEL')
  await options(page).first().waitFor()
  expect(await options(page).locator('code').allInnerTexts()).toEqual([cancelled.reference])
  await boxOf(page).fill(first.reference.replaceAll('-', '').toLowerCase().slice(0, 6))
  await expect.poll(() => options(page).locator('code').allInnerTexts()).toEqual([first.reference])
  await page.keyboard.press('Escape')
  expect(await options(page).count()).toBe(0)
  expect(await boxOf(page).evaluate((box) => box === document.activeElement)).toBe(true)
  await boxOf(page).fill('cancel no such thing')
  expect(await options(page).count()).toBe(0)
  await boxOf(page).fill('cancel')
  await options(page).first().waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Nothing is known about this' }).waitFor()
  expect(await options(page).count()).toBe(0)
})

test('a click into the box offers them, and a click on one opens it', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  await open(page, first.reference)
  await toStart(page)
  await boxOf(page).click()
  await options(page).first().click()
  await page.waitForURL(`**/trail/${first.reference}`)
})

test('in a text of several lines the arrows go from line to line', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  const message = `It says:\n${first.reference}`
  await lookFor(page, message)
  await page.waitForURL(`**/trail/${first.reference}`)
  await boxOf(page).focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  await page.keyboard.type('!')
  expect(await options(page).count()).toBe(0)
  expect(await boxOf(page).inputValue()).toBe(`${message}!`)
})

test('only codes, actions, times and outcomes are kept, twenty at most, for a day', async () => {
  await using visit = await pages.visit()
  const { page, context } = visit
  for (const { reference } of trails) await open(page, reference)
  await lookFor(page, `Jane Doe <jane@example.org> says ${second.reference}`)
  await page.waitForURL(`**/trail/${second.reference}`)
  await lookFor(page, 'C-2041')
  await page.waitForURL('**/customer/*')
  const kept = (await stored(page))!
  expect(kept).not.toMatch(/jane|C-2041|A-1001|says/i)
  const { value: lookUps } = JSON.parse(kept)
  expect(lookUps).toHaveLength(20)
  expect(lookUps[0]).toEqual({
    reference: second.reference,
    action: 'Request refund',
    startedAt: expect.any(String),
    outcome: 'failed',
    lookedUpAt: expect.any(Number),
  })
  await context.clock.setFixedTime(Date.now() + 86_400_000)
  await page.goto(pages.url)
  await page.getByRole('heading', { name: 'Paste what the customer sent' }).waitFor()
  await page.keyboard.press('ArrowDown')
  expect(await options(page).count()).toBe(0)
  expect(await stored(page)).toBeNull()
})

test('signing out forgets them, and whoever else is signed in has their own', async () => {
  const { value } = await pages.tokens.create({ name: 'somebody-else', scopes: ['read'] })
  await using visit = await pages.visit()
  const { page } = visit
  await open(page, first.reference)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Token').waitFor()
  expect(await stored(page)).toBeNull()
  await signIn(page)
  await open(page, first.reference)
  await toStart(page)
  await visit.context.clearCookies()
  await page.reload()
  await signIn(page, value)
  await page.keyboard.press('ArrowDown')
  expect(await options(page).count()).toBe(0)
})

test('what a look-up tells while the desk signs somebody out is forgotten as well', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  let go = (): void => undefined
  const told = new Promise<void>((resolve) => (go = resolve))
  await page.route('**/logout', async (route) => {
    await told
    await route.continue()
  })
  await open(page, first.reference)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await open(page, second.reference)
  await expect.poll(() => stored(page)).toContain(second.reference)
  go()
  await page.getByLabel('Token').waitFor()
  await expect.poll(() => stored(page)).toBeNull()
})

test('one that is gone is forgotten when a look-up of it finds nothing', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  await open(page, first.reference)
  const gone = mintReference()
  await expect.poll(() => stored(page)).toContain(first.reference)
  await page.evaluate((reference) => {
    const kept = JSON.parse(localStorage.getItem('waybill-desk.recent-look-ups')!)
    kept.value.unshift({ ...kept.value[0], reference })
    localStorage.setItem('waybill-desk.recent-look-ups', JSON.stringify(kept))
  }, gone)
  await toStart(page)
  await page.keyboard.press('ArrowDown')
  await options(page).nth(1).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Nothing is known about this' }).waitFor()
  await expect.poll(() => stored(page)).not.toContain(gone)
  expect(await stored(page)).toContain(first.reference)
})

test.each(['no JSON', '{"who":"environment","value":[{"reference":"<b>"},7]}', '[]'])(
  'what else stands in the storage is nothing: %s',
  async (text) => {
    await using visit = await pages.visit()
    const { page } = visit
    await page.evaluate((value) => localStorage.setItem('waybill-desk.recent-look-ups', value), text)
    await page.keyboard.press('ArrowDown')
    expect(await options(page).count()).toBe(0)
    await open(page, first.reference)
    await expect.poll(() => stored(page)).toContain(first.reference)
    expect(visit.complaints).toEqual([])
  },
)
