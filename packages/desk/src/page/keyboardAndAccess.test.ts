import type { Reference } from '@waybill/reference'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeViolations, lookFor, openPages } from '../../fixtures/openPage.ts'
import type { Pages } from '../../fixtures/openPage.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

let pages: Pages
const trail = refundTrail({ reference: 'RF7-K29-QXR' as Reference })
const near = 'RF7-K29-QXC'

beforeAll(async () => {
  pages = await openPages()
  await pages.send(trail)
  await pages.send(refundTrail({ begunAt: Date.now() - 7_200_000 }))
  for (let count = 0; count < 20; count++) await pages.send(refundTrail({ order: `B-${count}` }))
  for (const order of ['A-1001', 'A-1001', 'claimed-7', 'claimed-7']) {
    const { browser } = refundTrail()
    await pages.send({ browser: browser.map((step) => ({ ...step, facts: { order } })), servers: [] })
  }
})
afterAll(() => pages[Symbol.asyncDispose]())

describe('keys', () => {
  test('"/" goes to the search; inside the time line arrows walk the steps and open them', async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`)
    const { page } = visit
    const heading = page.getByRole('heading', { level: 1, name: 'Request refund' })
    await heading.waitFor()
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true)
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '')
    const first = page.locator('.line').first()
    for (let stops = 0; stops < 12 && !(await first.evaluate((line) => line === document.activeElement)); stops++)
      await page.keyboard.press('Tab')
    expect(await focused()).toContain('The customer began')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toContain('shop-web called')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('.details').innerText()).toContain('Request refund')
    await page.keyboard.press('ArrowLeft')
    expect(await page.locator('.details').count()).toBe(0)
    await page.keyboard.press('/')
    const box = page.getByRole('search').getByRole('textbox')
    expect(await box.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await box.inputValue()).toBe(trail.reference)
    await page.keyboard.type('c/')
    expect(await box.inputValue()).toBe('c/')
  })

  test('arrows scroll the page while focus is outside the time line, and select text with Shift', async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`, { viewport: { width: 1280, height: 400 } })
    const { page } = visit
    await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction(() => scrollY > 0)
    expect(await page.evaluate(() => document.activeElement?.closest('.timeline'))).toBeNull()
    await page.locator('button.line').first().focus()
    const row = await page.evaluate(() => document.activeElement?.textContent)
    await page.keyboard.press('Shift+ArrowDown')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(row)
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate(() => document.activeElement?.textContent)).not.toBe(row)
  })

  test('single-key shortcuts can be turned off from the keyboard, which all tabs and later visits remember', async () => {
    const permissions = ['clipboard-read', 'clipboard-write']
    await using visit = await pages.visit(`/trail/${trail.reference}`, { permissions })
    const { page, context } = visit
    const copy = page.getByRole('button', { name: 'Copy for engineering' })
    await copy.waitFor()
    const other = await context.newPage()
    await other.goto(page.url())
    await other.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
    await page.bringToFront()
    await page.evaluate(() => navigator.clipboard.writeText('untouched'))
    const control = page.getByRole('checkbox', { name: /Single-key shortcuts/ })
    await page.keyboard.press('Shift+Tab')
    for (let stops = 0; stops < 40 && !(await control.evaluate((box) => box === document.activeElement)); stops++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await control.isChecked()).toBe(false)
    for (const each of [page, other]) {
      await each.waitForFunction(() => !document.querySelector('[aria-keyshortcuts]'))
      await each.keyboard.press('c')
      await each.keyboard.press('/')
      expect(await each.evaluate(() => document.activeElement?.id)).not.toBe('search-text')
    }
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('untouched')
    expect(await page.getByText('The summary was copied.').count()).toBe(0)

    await page.reload()
    await copy.waitFor()
    expect(await control.isChecked()).toBe(false)
    await page.locator('.line').first().focus()
    const row = await page.evaluate(() => document.activeElement?.textContent)
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate(() => document.activeElement?.textContent)).not.toBe(row)

    await control.focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('search-text')
  })

  test('a browser without storage can turn them off as well', async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`)
    const { page } = visit
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError')
        },
      })
    })
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
    await page.getByRole('checkbox', { name: /Single-key shortcuts/ }).uncheck()
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('search-text')
    expect(visit.complaints).toEqual([])
  })

  test('"c" copies a summary for engineering and says so', async () => {
    const permissions = ['clipboard-read', 'clipboard-write']
    await using visit = await pages.visit(`/trail/${trail.reference}`, { permissions })
    const { page } = visit
    await page.getByRole('button', { name: 'Copy for engineering' }).waitFor()
    await page.keyboard.press('c')
    await page.getByText('The summary was copied.').waitFor({ state: 'attached' })
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    const ids = [...trail.browser, ...trail.servers].map((step) => step.id)
    for (const part of [trail.reference, `${pages.url}/trail/${trail.reference}`, 'order A-1001', ...ids]) {
      expect(copied).toContain(part)
    }
  })

  test('a browser that refuses to copy gets the text shown and selected, and no word of success', async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`)
    const { page } = visit
    await page.getByRole('button', { name: 'Copy for engineering' }).waitFor()
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'))
    })
    await page.keyboard.press('c')
    const area = page.getByLabel('The browser did not copy. Copy it from here:')
    await area.waitFor()
    expect(await page.evaluate(() => document.getSelection()?.toString())).toContain(trail.reference)
    expect(await page.getByText('The summary was copied.').count()).toBe(0)
  })
})

describe.each([
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 390 },
  { colorScheme: 'dark', width: 320 },
] as const)('in $colorScheme at $width px', ({ colorScheme, width }) => {
  test('axe finds nothing in any state, and nothing stands out at the side', { timeout: 120_000 }, async () => {
    await using visit = await pages.visit('/', { signedIn: false, colorScheme, viewport: { width, height: 800 } })
    const { page } = visit
    const check = async (state: string): Promise<void> => {
      expect(await axeViolations(page), state).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow, `${state} stands out`).toBeLessThanOrEqual(0)
    }
    await page.getByLabel('Token').waitFor()
    await check('signing in')
    await page.getByLabel('Token').fill('token-for-reading')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Paste what the customer sent' }).waitFor()
    await check('welcome')
    await lookFor(page, trail.reference)
    await page.getByRole('heading', { name: 'Request refund' }).waitFor()
    await check('a trail')
    await page.getByRole('button', { name: '3 attempts' }).click()
    await page.getByRole('button', { name: /used the database/ }).click()
    await check('a trail unfolded')
    await page.evaluate(() => (document.documentElement.dir = 'rtl'))
    await check('a trail from right to left')
    await lookFor(page, 'A-1001')
    await page.getByRole('heading', { name: '2 trails' }).waitFor()
    await check('a list')
    await page.getByText('2 reports by browsers alone, not confirmed').click()
    await check('a list with claims unfolded')
    await lookFor(page, 'claimed-7')
    await page.getByText('Only a browser said').waitFor()
    await check('a list of claims')
    await lookFor(page, 'C-2041')
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText('These are all.').waitFor()
    await page.getByText('4 reports by browsers alone, not confirmed').click()
    await page.locator('.claims').getByRole('listitem').first().waitFor()
    await check('the trails of a customer')
    await page.route('**/api/customers/**', (route) => route.fulfill({ status: 500 }))
    await page.reload()
    await page.getByRole('heading', { name: 'The look-up failed' }).waitFor()
    await check('a failure of the customer’s list')
    await page.unrouteAll()
    await page.goto(`${pages.url}/customer/${'ab'.repeat(8)}`)
    await page.getByText('There are none.').waitFor()
    await check('a customer without trails')
    await lookFor(page, near)
    await page.getByRole('heading', { name: `Did you mean ${trail.reference}?` }).waitFor()
    await check('a suggestion')
    await lookFor(page, 'nobody knows this')
    await page.getByRole('heading', { name: 'Nothing is known about this' }).waitFor()
    await check('nothing found')
    expect(visit.complaints).toEqual([])
  })
})
