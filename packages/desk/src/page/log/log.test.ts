import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, lookFor, openPages, signIn } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import type { LogEntry } from '../createDeskClient.ts'

let pages: Pages
beforeAll(async () => {
  pages = await openPages()
})
afterAll(() => pages[Symbol.asyncDispose]())

const EVENTS = [
  { event: 'look-up', kind: 'fact:order', matches: 3 },
  { event: 'look-up', kind: 'reference', matches: 1 },
  { event: 'look-up', kind: null, matches: 0 },
  { event: 'look-up', kind: 'map', matches: 8 },
  { event: 'look-up', kind: 'claimed-person', matches: 2 },
  { event: 'refused', kind: 'no-token', matches: 12 },
  { event: 'erase', kind: 'person', matches: 12 },
  { event: 'export', kind: 'reference', matches: 1 },
  { event: 'sign-in', kind: null, matches: 0 },
  { event: 'token-create', kind: 'zoe: read admin', matches: 0 },
] as const
const VIAS = ['page', 'token', 'proxy'] as const
const NAMES = ['zoe', 'nightly-report', 'maximilian.mustermann-oberhuber@support.shop.example'] as const

/** 46 lines, as a desk would have them after a while. */
const entries: readonly LogEntry[] = Array.from({ length: 46 }, (_, index) => ({
  id: 46 - index,
  at: new Date(Date.UTC(2026, 10, 22, 14, 3, 5) - index * 61_000).toISOString(),
  who: NAMES[index % 3]!,
  via: VIAS[index % 3]!,
  address: index % 4 === 0 ? '2001:db8:85a3:8d3:1319:8a2e:370:7348' : '203.0.113.7',
  ...EVENTS[index % 10]!,
}))

/** Answers as the desk does, out of the lines above. */
async function serveLog(page: Page): Promise<void> {
  await page.route('**/session', (route) =>
    route.fulfill({ json: { signedIn: true, who: NAMES[2], scopes: ['read', 'admin'] } }),
  )
  await page.route('**/api/log*', (route) => {
    const query = new URL(route.request().url()).searchParams
    const before = Number(query.get('before') ?? 1e9)
    const who = query.get('who')
    const all = entries.filter((entry) => entry.id < before && (who === null || entry.who === who))
    return route.fulfill({ json: { entries: all.slice(0, 20), next: all.length > 20 ? all[19]!.id : null } })
  })
}

async function openLog(page: Page): Promise<void> {
  await serveLog(page)
  await page.reload()
  await page.getByRole('link', { name: 'Log' }).click()
  await rows(page).first().waitFor()
}

const rows = (page: Page) =>
  page
    .getByRole('table')
    .getByRole('row')
    .filter({ has: page.getByRole('cell') })
const words = (text: string) => text.replaceAll(/\s+/g, ' ')

test('whoever may read it opens it from the menu: who, what kind, when, from where, how many, newest first', async () => {
  await using visit = await pages.visit('/', { timezoneId: 'Europe/Vienna' })
  const { page } = visit
  expect(await page.getByRole('link', { name: 'Log' }).count()).toBe(0)
  await openLog(page)
  expect(new URL(page.url()).pathname).toBe('/log')
  expect(await page.title()).toBe('Log · Waybill desk')
  const heading = page.getByRole('heading', { level: 1, name: 'Who looked up what' })
  expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await page.getByRole('link', { name: 'Log' }).getAttribute('aria-current')).toBe('page')
  expect(await page.getByText('Signed in as').locator('..').getAttribute('title')).toBe(NAMES[2])
  expect((await rows(page).allInnerTexts()).slice(0, 10).map(words)).toEqual([
    expect.stringMatching(
      /^22 Nov 2026, 15:03:05 CET zoe on this page looked up by order: 3 trails 2001:db8:85a3:8d3:1319:8a2e:370:7348$/,
    ),
    expect.stringMatching(/nightly-report by token looked up by reference: 1 trail 203\.0\.113\.7$/),
    expect.stringMatching(/by the proxy looked something up: nothing found/),
    expect.stringMatching(/looked at the map of 8 trails/),
    expect.stringMatching(/looked up by customer, as only a browser says: 2 trails/),
    expect.stringMatching(/was refused 12 times: no token/),
    expect.stringMatching(/erased 12 trails/),
    expect.stringMatching(/exported 1 trail /),
    expect.stringMatching(/signed in 2001/),
    expect.stringMatching(/made the token zoe: read admin/),
  ])
  await page.goBack()
  await page.getByRole('heading', { name: 'Paste what the customer sent' }).waitFor()
  expect(visit.complaints).toEqual([])
})

test('what was done at this desk stands there, of each person and program; whoever may only read is told so', async () => {
  const { value: token } = await pages.tokens.create({ name: 'zoe', scopes: ['read', 'admin'] })
  await fetch(`${pages.url}/api/map`)
  await using visit = await pages.visit('/', { token })
  const { page } = visit
  await lookFor(page, 'C-2041 said A-1001')
  await page.getByRole('heading', { name: 'Nothing is known about this' }).waitFor()
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByLabel('Only of').fill('zoe')
  await page.keyboard.press('Enter')
  const all = rows(page)
  // In this build React asks twice for whatever it asks for first, and each time is written down.
  await expect
    .poll(async () => [...new Set((await all.allInnerTexts()).map((line) => words(line).replace(/^.*?zoe /, '')))])
    .toEqual([
      'on this page read this log 127.0.0.1',
      'on this page looked something up: nothing found 127.0.0.1',
      'on this page signed in 127.0.0.1',
    ])
  await page.getByLabel('Only of').fill('nobody')
  await page.keyboard.press('Enter')
  await all.filter({ hasText: 'was refused: no token' }).waitFor()
  expect(await page.locator('main').innerText()).not.toMatch(/C-2041|A-1001/)

  await using other = await pages.visit('/log')
  await other.page.getByRole('heading', { name: 'You may not read the log' }).waitFor()
  expect(await other.page.getByRole('link', { name: 'Map' }).count()).toBe(1)
  await other.page.getByRole('button', { name: 'Sign in with another token' }).click()
  await signIn(other.page, token)
  await rows(other.page).first().waitFor()
  expect([...visit.complaints, ...other.complaints]).toEqual([])
})

test('it comes a page at a time, by keyboard, and focus goes on to the first line that came', async () => {
  await using visit = await pages.visit('/')
  const { page } = visit
  await openLog(page)
  for (const [before, after] of [
    [20, 40],
    [40, 46],
  ] as const) {
    expect(await rows(page).count()).toBe(before)
    await page.getByRole('button', { name: 'Show more' }).focus()
    await page.keyboard.press('Enter')
    await rows(page)
      .nth(after - 1)
      .waitFor()
    expect(
      await rows(page)
        .nth(before)
        .evaluate((row) => row === document.activeElement),
    ).toBe(true)
  }
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
  expect(await page.getByText('46 entries shown', { exact: true }).count()).toBe(1)
  expect(visit.complaints).toEqual([])
})

test('one person’s lines are asked of the desk, not picked from what is shown; nobody’s say so', async () => {
  await using visit = await pages.visit('/')
  const { page } = visit
  await openLog(page)
  const field = page.getByLabel('Only of')
  await field.fill('zoe')
  const asked = page.waitForRequest((request) => request.url().endsWith('/api/log?who=zoe'))
  await page.keyboard.press('Enter')
  await asked
  await expect.poll(() => rows(page).count()).toBe(16)
  expect((await rows(page).allInnerTexts()).every((line) => line.includes('zoe'))).toBe(true)
  await field.fill('nobody')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing is written down of this name.').waitFor()
  await field.fill('')
  await page.keyboard.press('Enter')
  await expect.poll(() => rows(page).count()).toBe(20)
})

test('an answer that a later question has overtaken is not shown', async () => {
  await using visit = await pages.visit('/')
  const { page } = visit
  await openLog(page)
  let release = (): void => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/api/log?who=zoe', async (route) => {
    await held
    await route.fallback()
  })
  const field = page.getByLabel('Only of')
  const slow = page.waitForResponse((response) => response.url().endsWith('who=zoe'))
  await field.fill('zoe')
  await page.keyboard.press('Enter')
  await field.fill('nobody')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing is written down of this name.').waitFor()
  release()
  await slow
  expect(await rows(page).count()).toBe(0)
})

test('nothing yet, offline, signed out and a missing scope are told', async () => {
  await using visit = await pages.visit('/')
  const { page, context } = visit
  await serveLog(page)
  await page.route('**/api/log*', (route) => route.fulfill({ json: { entries: [], next: null } }))
  await page.goto(`${pages.url}/log`)
  await page.getByText('Nothing was looked up yet.').waitFor()
  await page.unroute('**/api/log*')
  await context.setOffline(true)
  await page.getByLabel('Only of').fill('zoe')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'The desk cannot be reached' }).waitFor()
  await serveLog(page)
  await context.setOffline(false)
  await rows(page).first().waitFor()
  expect(await rows(page).count()).toBe(16)
  await page.route('**/api/log*', (route) => route.fulfill({ status: 403, body: '{}' }))
  await page.reload()
  await page.getByRole('heading', { name: 'You may not read the log' }).waitFor()
  await page.getByText('That takes the scope “admin”').waitFor()
  await page.route('**/api/log*', (route) => route.fulfill({ status: 401, body: '{}' }))
  await page.reload()
  await page.getByLabel('Token').waitFor()
})

test('an answer without lines says what to do, what was shown stays, and trying again goes on', async () => {
  await using visit = await pages.visit('/')
  const { page } = visit
  await openLog(page)
  let status = 429
  await page.route('**/api/log*', (route) => route.fulfill({ status, body: '<html>' }))
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByRole('heading', { name: 'Too many look-ups' }).waitFor()
  for (status of [500, 200]) {
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'The look-up failed' }).waitFor()
  }
  expect(await rows(page).count()).toBe(20)
  await serveLog(page)
  await page.getByRole('button', { name: 'Try again' }).click()
  await rows(page).nth(39).waitFor()
})

test('axe has nothing against it in any look, and nothing stands out at the side', async () => {
  await using visit = await pages.visit('/')
  const { page } = visit
  await openLog(page)
  for (const { width, ...look } of LOOKS) {
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...look })
    await page.setViewportSize({ width, height: 800 })
    const name = `${Object.values(look).join()}-${width}`
    if (AXED.includes(name)) expect(await axeViolations(page), name).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(width)
    const folder = process.env['WAYBILL_SCREENSHOTS']
    if (folder) await page.screenshot({ path: `${folder}/log-${name}.png` })
  }
  expect(visit.complaints).toEqual([])
})

const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 390 },
  { colorScheme: 'dark', width: 390 },
  // What a zoom of 200 % leaves of a small laptop.
  { colorScheme: 'light', width: 640 },
  { colorScheme: 'light', width: 320 },
  { forcedColors: 'active', width: 1280 },
] as const

/** Each width and each colour scheme once, for axe takes its time. */
const AXED = ['light-1280', 'dark-390']
