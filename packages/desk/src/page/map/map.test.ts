import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, openPages, signIn } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'

let pages: Pages
beforeAll(async () => {
  pages = await openPages()
  for (let count = 0; count < 5; count++) await pages.send(refundTrail())
  for (let count = 0; count < 2; count++) await pages.send({ browser: [], servers: refundTrail().servers.slice(0, 3) })
  const made = refundTrail().browser.map((step) => ({ ...step, service: 'made-up' }))
  await pages.send({ browser: made, servers: [] })
})
afterAll(() => pages[Symbol.asyncDispose]())

const map = { level: 1, name: 'The path that requests take' } as const

test('the map has a link in the bar and an address, says what led to what and where references end', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  const link = page.getByRole('link', { name: 'Map' })
  await link.focus()
  await page.keyboard.press('Enter')
  const heading = page.getByRole('heading', map)
  await heading.waitFor()
  expect(new URL(page.url()).pathname).toBe('/map')
  expect(await page.title()).toBe('Map · Waybill desk')
  expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await link.getAttribute('aria-current')).toBe('page')
  await page.getByText('From 8 trails.').waitFor()
  const [own, claimed] = await page.locator('.map-places').allInnerTexts()
  for (const words of ['shop-api', '15× , 15 failed', 'in 5 trails'])
    expect(own?.replaceAll(/\s+/g, ' ').replaceAll(' ,', ',')).toContain(words.replaceAll(' ,', ','))
  expect(own).not.toContain('made-up')
  expect(claimed).toContain('made-up')
  expect((await page.locator('.map-ends').innerText()).replaceAll(/\s+/g, ' ')).toContain(
    '2 of 8 shop-api queue no worker step followed',
  )
  await page.reload()
  await page.getByText('From 8 trails.').waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Paste what the customer sent' }).waitFor()
  expect(visit.complaints).toEqual([])
})

test('another span is asked for and shown; a search from the map leads to its answer', async () => {
  await using visit = await pages.visit('/map')
  const { page } = visit
  await page.getByText('From 8 trails.').waitFor()
  const asked = page.waitForRequest((request) => request.url().endsWith('/api/map?since=24h'))
  await page.getByLabel('Heard of in the last').selectOption('24 hours')
  await asked
  await page.getByText('From 8 trails.').waitFor()
  await page.getByRole('search').getByRole('textbox').fill('nothing-known-77')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Nothing is known about this' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
})

test.each([
  [429, 'Too many look-ups'],
  [500, 'The look-up failed'],
])('an answer %d reads "%s", and trying again goes on', async (status, words) => {
  await using visit = await pages.visit('/', { viewport: { width: 390, height: 800 } })
  const { page } = visit
  await page.route('**/api/map*', (route) => route.fulfill({ status, body: '<html>' }))
  await page.getByRole('link', { name: 'Map' }).click()
  await page.getByRole('heading', { name: words }).waitFor()
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('From 8 trails.').waitFor()
})

test('offline, signed out and without anything it says so', async () => {
  await using visit = await pages.visit()
  const { page, context } = visit
  await context.setOffline(true)
  await page.getByRole('link', { name: 'Map' }).click()
  await page.getByRole('heading', { name: 'The desk cannot be reached' }).waitFor()
  await context.setOffline(false)
  await page.getByText('From 8 trails.').waitFor()
  await page.route('**/api/map*', (route) =>
    route.fulfill({
      json: {
        since: new Date().toISOString(),
        trails: 0,
        more: false,
        claimedTrails: 0,
        places: [],
        edges: [],
        ends: [],
        leftOut: 0,
      },
    }),
  )
  await page.reload()
  await page.getByText('Nothing was heard of in this time.').waitFor()
  await page.unrouteAll()
  await context.clearCookies()
  await page.getByLabel('Heard of in the last').selectOption('24 hours')
  await signIn(page)
  await page.getByText('From 8 trails.').waitFor()
})

test.each(['light', 'dark'] as const)(
  'axe has nothing against it, and nothing is wider than a phone, %s',
  async (colorScheme) => {
    for (const width of [390, 1280]) {
      await using visit = await pages.visit('/map', { colorScheme, viewport: { width, height: 900 } })
      const { page } = visit
      await page.getByText('From 8 trails.').waitFor()
      expect(await axeViolations(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      const folder = process.env['WAYBILL_SCREENSHOTS']
      if (folder) await page.screenshot({ path: `${folder}/map-${colorScheme}-${width}.png`, fullPage: true })
    }
  },
)
