import type { Reference } from '@waybill/reference'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeViolations, lookFor, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'

let pages: Pages
const failed = refundTrail({ reference: 'RF7-K29-QXR' as Reference })
const whole = refundTrail({ begunAt: Date.now() - 7_200_000 })

beforeAll(async () => {
  pages = await openPages()
  await pages.send(failed)
  const served = whole.servers.slice(0, 2).map((step) => ({ ...step, facts: { order: 'A-1001', ticket: 'T-77' } }))
  await pages.send({ browser: whole.browser, servers: served })
})
afterAll(() => pages[Symbol.asyncDispose]())

const entry = (page: Page, reference: string) => page.getByRole('listitem').filter({ hasText: reference })

describe('several matches', () => {
  test('what they have in common is said once, and what tells each apart is marked in it', async () => {
    await using visit = await pages.visit()
    const { page } = visit
    await lookFor(page, 'A-1001')
    await page.getByText('All are “Request refund” of order A-1001.').waitFor()
    expect(await entry(page, failed.reference).innerText()).not.toContain('A-1001')
    expect(await entry(page, failed.reference).locator('mark').allInnerTexts()).toEqual(['with refund-worker'])
    expect(await entry(page, whole.reference).locator('mark').allInnerTexts()).toEqual(['ticket T-77'])
    expect(await entry(page, failed.reference).innerText()).toContain('waits for a person')
    const weights = await page
      .locator('mark')
      .evaluateAll((marks) => marks.map((mark) => Number(getComputedStyle(mark).fontWeight)))
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(700)
    expect(visit.complaints).toEqual([])
  })

  test.each([
    [1280, 'rows of a table, one below the other', 1],
    [390, 'cards', 2],
  ])('at %d px they are %s', async (width, _what, lines) => {
    await using visit = await pages.visit('/', { viewport: { width, height: 900 } })
    const { page } = visit
    await lookFor(page, 'A-1001')
    const cells = entry(page, failed.reference).getByRole('link').locator(':scope > *')
    await cells.first().waitFor()
    const tops = await cells.evaluateAll((all) => [
      ...new Set(all.map((cell) => Math.round(cell.getBoundingClientRect().top / 10))),
    ])
    if (lines === 1) expect(tops).toHaveLength(1)
    else expect(tops.length).toBeGreaterThan(2)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  })

  test.each([{ forcedColors: 'active' }, { viewport: { width: 640, height: 400 } }] as const)(
    'hold in forced colours and at twice the size: %o',
    async (options) => {
      await using visit = await pages.visit('/', options)
      const { page } = visit
      await lookFor(page, 'A-1001')
      await entry(page, failed.reference).waitFor()
      expect(await axeViolations(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    },
  )
})

describe('a code that was misheard', () => {
  test.each([
    ['RF7-K29-QXC', 'R', 'symbol 9: R, not C'],
    ['RF7-2K9-QXR', 'K2', 'symbols 4 and 5: K2, not 2K'],
    ['RF7-K29-QX', 'R', 'symbol 9: R was missing'],
  ])('%s: the known one says in which symbol it differs', async (text, marked, words) => {
    await using visit = await pages.visit()
    const { page } = visit
    await lookFor(page, text)
    await page.getByRole('heading', { level: 1, name: `Did you mean ${failed.reference}?` }).waitFor()
    const found = entry(page, failed.reference)
    expect(await found.locator('code mark').allInnerTexts()).toEqual([marked])
    expect(await found.locator('code').innerText()).toBe(failed.reference)
    expect(await found.innerText()).toContain(words)
  })
})
