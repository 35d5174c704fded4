import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { manySteps } from '../../../fixtures/manySteps.ts'
import { axeViolations, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { trailOf } from '../../../../trail/fixtures/trailOf.ts'

let pages: Pages
const many = manySteps({ count: 5000 })

beforeAll(async () => {
  pages = await openPages({ limits: { stepsPerTrail: 6000, lookUpsPerMinute: 1000 } })
  for (let at = 0; at < many.steps.length; at += 1000) {
    // oxlint-disable-next-line no-await-in-loop -- a cause is sent before what it led to
    await pages.send({ browser: [], servers: many.steps.slice(at, at + 1000) })
  }
})
afterAll(() => pages[Symbol.asyncDispose]())

test('of thousands of rows those near what is seen are in the document, wherever one scrolls', async () => {
  await using visit = await opened(many.reference)
  const { page } = visit
  expect(await page.locator('.rows').evaluate((list) => list.getBoundingClientRect().height)).toBeGreaterThan(50_000)
  expect(await page.locator('.row').count()).toBeLessThan(MOST_ROWS)
  for (const y of [30_000, 1e6]) {
    // oxlint-disable-next-line no-await-in-loop -- one place after the other
    await scrollTo(page, y)
    // oxlint-disable-next-line no-await-in-loop -- one place after the other
    expect(await page.locator('.row').count()).toBeLessThan(MOST_ROWS)
  }
  await page.getByRole('button', { name: /ran “publish the article”.* done/ }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(visit.complaints).toEqual([])
})

test('the row that has focus stays there while one scrolls, and arrows go on from it', async () => {
  await using visit = await opened(many.reference)
  const { page } = visit
  const focused = (): Promise<string | undefined> =>
    page.evaluate(() => document.activeElement?.closest<HTMLElement>('.row')?.dataset['index'])
  await page.locator('.line').first().focus()
  for (let row = 0; row < 60; row++) {
    // oxlint-disable-next-line no-await-in-loop -- one key after the other
    await page.keyboard.press('ArrowDown')
  }
  const index = Number(await focused())
  expect(index).toBeGreaterThanOrEqual(60)
  await scrollTo(page, 60_000)
  expect(await focused()).toBe(String(index))
  expect(await page.locator('.row').count()).toBeLessThan(MOST_ROWS)
  await page.keyboard.press('ArrowDown')
  expect(await focused()).toBe(String(index + 1))
  await page.waitForFunction(() => {
    const { top, bottom } = document.activeElement!.getBoundingClientRect()
    return top >= 56 && bottom <= innerHeight
  })
  await page.keyboard.press('End')
  expect(Number(await focused())).toBeGreaterThan(2000)
})

test('an address leads to a step far down, which is open and in sight', async () => {
  const { id } = many.steps.findLast(({ hop }) => hop === 'database')!
  await using visit = await opened(many.reference, `#step-${id}`)
  const { page } = visit
  const row = page.locator(`#step-${id}`)
  await row.locator('.details').waitFor()
  expect(await row.locator('.line').evaluate((line) => line === document.activeElement)).toBe(true)
  await page.waitForFunction((anchor) => {
    const { top, bottom } = document.getElementById(anchor)!.getBoundingClientRect()
    return top >= 56 && bottom <= innerHeight
  }, `step-${id}`)
})

test('the browser’s own search finds nothing in rows that are not there, so the filter does', async () => {
  await using visit = await opened(many.reference)
  const { page } = visit
  const article = page.getByText('article P-477')
  expect(await article.count()).toBe(0)
  await page.getByPlaceholder('Filter the steps').fill('P-477')
  await article.waitFor()
  expect(await page.locator('.row').count()).toBeLessThan(10)
})

test('paper gets a thousand rows, and says how many there are', async () => {
  await using visit = await opened(many.reference)
  const { page } = visit
  await page.emulateMedia({ media: 'print' })
  await page.getByText(/The first 1,000 of \d,\d{3} rows are printed/).waitFor()
  expect(await page.locator('.row').count()).toBe(1000)
  expect(await page.locator('.row[data-placed]').count()).toBe(0)
  await page.emulateMedia({ media: 'screen' })
  await expect.poll(() => page.locator('.row').count()).toBeLessThan(MOST_ROWS)
  expect(await page.evaluate(rowsOnPaper)).toBe(1000)
  await expect.poll(() => page.locator('.row').count()).toBeLessThan(MOST_ROWS)
})

test('up to two hundred rows are all there', async () => {
  const t = trailOf()
  const served = t.step({ hop: 'api', name: 'GET /all' })
  const queries = Array.from({ length: 199 }, (_, n) =>
    t.step({ hop: 'database', name: `SELECT ${n}`, parentId: served.id }),
  )
  await pages.send({ browser: [], servers: [served, ...queries] })
  await using visit = await opened(t.reference)
  expect(await visit.page.locator('.row').count()).toBe(200)
})

const MOST_ROWS = 100

async function opened(reference: string, hash = '') {
  const visit = await pages.visit(`/trail/${reference}${hash}`)
  await visit.page.locator('.timeline .row').first().waitFor()
  return visit
}

/** Goes there, and waits until the rows there have been drawn. */
async function scrollTo(page: Page, y: number): Promise<void> {
  await page.evaluate((top) => window.scrollTo(0, top), y)
  await page.waitForFunction(() =>
    document.elementsFromPoint(300, innerHeight / 2).some((element) => element.closest('.row, .foot')),
  )
}

/** How many rows are there when the browser takes the page for paper. */
function rowsOnPaper(): number {
  dispatchEvent(new Event('beforeprint'))
  const count = document.querySelectorAll('.row').length
  dispatchEvent(new Event('afterprint'))
  return count
}
