import type { Locator } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOP_MAP_TRAILS } from '../../../fixtures/hopMapTrails.ts'
import { axeViolations, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'

let pages: Pages
const trails = Object.entries(HOP_MAP_TRAILS).map(([name, make]) => ({ name, ...make() }))
const refund = trails.find(({ name }) => name === 'refund')!
beforeAll(async () => {
  pages = await openPages()
  for (const trail of trails) await pages.send(trail)
})
afterAll(() => pages[Symbol.asyncDispose]())

test('stands between the answer and the time line, and reads as a list from where it began to where it failed', async () => {
  await using visit = await pages.visit(`/trail/${refund.reference}`)
  const map = visit.page.getByRole('region', { name: 'Where it went' })
  await map.waitFor()
  const tops = await Promise.all(
    ['.answer', '.hop-map', '.history'].map(async (each) => (await visit.page.locator(each).boundingBox())!.y),
  )
  expect(tops).toEqual(tops.toSorted((a, b) => a - b))
  const read = (await map.locator('.hop-place > .hop-card').allInnerTexts()).map((text) => text.split(/\s*\n\s*/))
  expect(read).toEqual([
    ['shop-web', 'browser', 'as the browser reported'],
    ['shop-api', 'api'],
    ['shop-api', 'database'],
    ['shop-api', 'queue'],
    ['refund-worker', 'worker', '3 times', '3 failed'],
    ['refund-worker', 'tool', '3 times'],
    ['refund-worker', 'model', '3 times', '3 failed', 'failed here'],
    ['refund-worker', 'queue', 'left here for a person'],
  ])
  expect(await map.locator('.hop-way').allInnerTexts()).toEqual(Array(7).fill('led to'))
  // Icons repeat what stands there in words.
  expect(await map.getByRole('img').count()).toBe(0)
  expect(await map.locator('[data-state=failed] > .hop-card > .hop-state svg').isVisible()).toBe(true)
  expect(visit.complaints).toEqual([])
})

test.each(trails)('$name: nothing overlaps or leaves the page, on wide and narrow, light and dark', async (trail) => {
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [960, 'dark'],
    [390, 'dark'],
    [320, 'light'],
  ] as const) {
    await using visit = await pages.visit(`/trail/${trail.reference}`, {
      viewport: { width, height: 800 },
      colorScheme,
    })
    const map = visit.page.locator('.hop-map')
    await map.waitFor()
    const boxes = await boxesOf(map)
    for (const [index, box] of boxes.entries()) {
      expect(box.left).toBeGreaterThanOrEqual(0)
      expect(box.right).toBeLessThanOrEqual(width)
      // Of its text nothing sticks out.
      expect(box.inside).toBeLessThanOrEqual(1)
      for (const other of boxes.slice(index + 1)) {
        const apart =
          box.right <= other.left || other.right <= box.left || box.bottom <= other.top || other.bottom <= box.top
        expect(apart).toBe(true)
      }
    }
    expect(await visit.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    expect(await axeViolations(visit.page)).toEqual([])
  }
})

test('goes from left to right where there is room, from right to left in such a language, and from top to bottom on a phone', async () => {
  await using visit = await pages.visit(`/trail/${refund.reference}`)
  const { page } = visit
  const map = page.locator('.hop-map')
  await map.waitFor()
  const [begun, next] = await boxesOf(map)
  expect(next!.left).toBeGreaterThan(begun!.right)
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'))
  const [rightmost, onward] = await boxesOf(map)
  expect(onward!.right).toBeLessThan(rightmost!.left)
  await page.setViewportSize({ width: 390, height: 800 })
  const [top, below] = await boxesOf(map)
  expect(below!.top).toBeGreaterThan(top!.bottom)
  expect(below!.right).toBe(top!.right)
})

test('says how many places it leaves out', async () => {
  const crowd = trails.find(({ name }) => name === 'crowd')!
  await using visit = await pages.visit(`/trail/${crowd.reference}`)
  const map = visit.page.locator('.hop-map')
  await map.getByText('and 5 more').waitFor()
  expect(await map.locator('.hop-card').count()).toBe(12)
})

test('what waits is told without colours, too, and on paper', async () => {
  const waiting = trails.find(({ name }) => name === 'waiting')!
  await using visit = await pages.visit(`/trail/${waiting.reference}`, { forcedColors: 'active' })
  const place = visit.page.locator('.hop-place[data-state=waiting] > .hop-card')
  await place.getByText('waits here to be taken up').waitFor()
  expect(await place.evaluate((each) => getComputedStyle(each).borderStyle)).toBe('dotted')
})

interface CardBox {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** By how much its content is wider than it. */
  readonly inside: number
}

function boxesOf(map: Locator): Promise<CardBox[]> {
  return map.locator('.hop-card').evaluateAll((cards) =>
    cards.map((card) => {
      const { left, right, top, bottom } = card.getBoundingClientRect()
      return { left, right, top, bottom, inside: card.scrollWidth - card.clientWidth }
    }),
  )
}
