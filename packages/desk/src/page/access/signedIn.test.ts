import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failuresAnswer } from '../../../fixtures/failuresAnswer.ts'
import { axeViolations, lookFor, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'

let pages: Pages
const trail = refundTrail()
beforeAll(async () => {
  pages = await openPages()
  await pages.send(trail)
})
afterAll(() => pages[Symbol.asyncDispose]())

/** As a desk behind a proxy that signs people in. */
async function signInByProxy(page: Page, scopes: readonly string[]): Promise<void> {
  await page.route('**/session', (route) =>
    route.fulfill({ json: { signedIn: true, who: 'jane@shop.example', scopes } }),
  )
  await page.route('**/api/failures?*', (route) => route.fulfill({ json: failuresAnswer([]) }))
  await page.reload()
  await page.getByRole('search').waitFor()
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['WAYBILL_SCREENSHOTS']
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}

test('where a proxy signs people in nobody is asked for a token, and signing out is done there', async () => {
  await using visit = await pages.visit('/', { signedIn: false, viewport: { width: 390, height: 800 } })
  const { page } = visit
  await signInByProxy(page, ['read'])
  expect(await page.getByText('Signed in as').locator('..').innerText()).toContain('jane@shop.example')
  expect(await page.getByLabel('Token').count()).toBe(0)
  expect(await page.getByRole('link', { name: 'Log' }).count()).toBe(0)
  await picture(page, 'proxy-390')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'You are still signed in' }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  await picture(page, 'still-signed-in-390')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('search').waitFor()
  expect(visit.complaints).toEqual([])
})

test('whoever lacks the scope to read is told so, wherever it is needed', async () => {
  await using visit = await pages.visit('/', { signedIn: false, colorScheme: 'dark' })
  const { page } = visit
  await page.route('**/api/**', (route) => route.fulfill({ status: 403, body: '{}' }))
  await signInByProxy(page, ['admin'])
  expect(await page.getByRole('link', { name: 'Map' }).count()).toBe(0)
  const told = page.getByRole('heading', { name: 'You may not look trails up' })
  await lookFor(page, trail.reference)
  await told.waitFor()
  await picture(page, 'no-read')
  for (const path of ['/map', `/customer/${'ab'.repeat(8)}`]) {
    await page.goto(pages.url + path)
    await told.waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  }
  expect(await axeViolations(page)).toEqual([])
  expect(visit.complaints).toEqual([])
})

test.each([
  [401, 'The desk does not take this token.'],
  [403, 'This token may not look trails up.'],
  [429, 'Too many tries.'],
  [503, 'The desk cannot sign anybody in right now.'],
])('signing in that is answered with %d says "%s"', async (status, words) => {
  await using visit = await pages.visit('/', { signedIn: false })
  const { page } = visit
  await page.route('**/login', (route) => route.fulfill({ status, body: '{}' }))
  await page.getByLabel('Token').fill('a token')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: words }).waitFor()
  await picture(page, `sign-in-${status}`)
})

test.each([1280, 390])('beside an answer it says that a code proves nobody’s identity, %d px wide', async (width) => {
  const permissions = ['clipboard-read', 'clipboard-write']
  await using visit = await pages.visit(`/trail/${trail.reference}`, { permissions, viewport: { width, height: 800 } })
  const { page } = visit
  const words = page.locator('.answer').getByText('Whoever quotes this code is not proven to be the customer.')
  await words.waitFor()
  expect(await words.evaluate((element) => element.getBoundingClientRect().bottom <= innerHeight)).toBe(true)
  await picture(page, `trail-${width}`)
  await page.getByRole('button', { name: 'Copy for engineering' }).click()
  await page.getByText('The summary was copied.').waitFor({ state: 'attached' })
  expect(await page.evaluate(() => navigator.clipboard.readText())).not.toContain('proven')
})
