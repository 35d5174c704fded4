import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { axeViolations, lookFor, openPages } from '../../fixtures/openPage.ts'
import type { Pages } from '../../fixtures/openPage.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

// A real browser takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

let pages: Pages
const trail = refundTrail()

beforeAll(async () => {
  pages = await openPages()
  await pages.send(trail)
  await pages.send(refundTrail({ begunAt: Date.now() - 7_200_000 }))
})
afterAll(() => pages[Symbol.asyncDispose]())

describe('keys', () => {
  test('"/" goes to the search, arrows walk the steps and open them', async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`)
    const { page } = visit
    const heading = page.getByRole('heading', { level: 1, name: 'Request refund' })
    await heading.waitFor()
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true)
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '')
    await page.keyboard.press('ArrowDown')
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
  test('axe finds nothing in any state, and nothing stands out at the side', async () => {
    await using visit = await pages.visit('/', { signedIn: false, colorScheme, viewport: { width, height: 800 } })
    const { page } = visit
    const check = async (state: string): Promise<void> => {
      expect(await axeViolations(page), state).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow, `${state} stands out`).toBeLessThanOrEqual(0)
    }
    await page.getByLabel('Read token').waitFor()
    await check('signing in')
    await page.getByLabel('Read token').fill('token-for-reading')
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
    await lookFor(page, 'nobody knows this')
    await page.getByRole('heading', { name: 'Nothing is known about this' }).waitFor()
    await check('nothing found')
    expect(visit.complaints).toEqual([])
  })
})
