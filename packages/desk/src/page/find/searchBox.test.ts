import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookFor, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'

let pages: Pages
const trail = refundTrail()

beforeAll(async () => {
  pages = await openPages()
  await pages.send(trail)
})
afterAll(() => pages[Symbol.asyncDispose]())

describe('pasting out of the clipboard', () => {
  const permissions = ['clipboard-read', 'clipboard-write']
  const boxOf = (page: Page) => page.getByRole('search').getByRole('textbox')
  const opened = (page: Page) => page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()

  async function paste(page: Page, text: string): Promise<void> {
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
    await page.keyboard.press('Control+V')
  }

  /** What the page asks the desk for. */
  function searchesOf(page: Page): (string | null)[] {
    const searches: (string | null)[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/api/search')) searches.push(request.postData())
    })
    return searches
  }

  test('into the empty box puts the text in once, and looks at once', async () => {
    await using visit = await pages.visit('/', { permissions })
    const { page } = visit
    const searches = searchesOf(page)
    await paste(page, trail.reference)
    await opened(page)
    expect(await boxOf(page).inputValue()).toBe(trail.reference)
    expect(searches).toEqual([trail.reference])
    expect(visit.complaints).toEqual([])
  })

  test('keeps the lines of a message', async () => {
    await using visit = await pages.visit('/', { permissions })
    const { page } = visit
    const message = `Hello,\nI asked for my money back.\n\nIt says ${trail.reference}.`
    await paste(page, `${message}\n`)
    await opened(page)
    expect(await boxOf(page).inputValue()).toBe(message)
  })

  test('over all there is replaces it, and looks at once, also for the same again', async () => {
    await using visit = await pages.visit('/', { permissions })
    const { page } = visit
    await lookFor(page, trail.reference)
    await opened(page)
    await boxOf(page).fill('something else')
    const searches = searchesOf(page)
    for (const text of [trail.reference, 'A-1001']) {
      await boxOf(page).focus()
      await page.keyboard.press('Control+A')
      const answered = page.waitForResponse('**/api/search')
      await paste(page, text)
      await answered
      await opened(page)
      expect(await boxOf(page).inputValue()).toBe(text)
    }
    expect(searches).toEqual([trail.reference, 'A-1001'])
  })

  test('in the middle of other text, or over a part of it, goes in once and waits for the rest', async () => {
    await using visit = await pages.visit('/', { permissions })
    const { page } = visit
    const searches = searchesOf(page)
    await boxOf(page).fill('it says here')
    for (let left = 0; left < ' here'.length; left++) await page.keyboard.press('ArrowLeft')
    await paste(page, ` ${trail.reference},\nor so,`)
    expect(await boxOf(page).inputValue()).toBe(`it says ${trail.reference},\nor so, here`)
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+End')
    await paste(page, 'I think')
    expect(await boxOf(page).inputValue()).toBe(`it says ${trail.reference},\nI think`)
    expect(searches).toEqual([])
    await page.keyboard.press('Enter')
    await opened(page)
    expect(searches).toEqual([`it says ${trail.reference},\nI think`])
  })

  test('a blank text, or a paste while focus is elsewhere, asks for nothing', async () => {
    await using visit = await pages.visit('/', { permissions })
    const { page } = visit
    const searches = searchesOf(page)
    await paste(page, ' \n ')
    expect(await boxOf(page).inputValue()).toBe(' \n ')
    await lookFor(page, trail.reference)
    await opened(page)
    await paste(page, 'A-1001')
    expect(await boxOf(page).inputValue()).toBe(trail.reference)
    expect(searches).toEqual([trail.reference])
  })

  test('more than the desk reads says so, and asks for nothing', async () => {
    await using visit = await pages.visit('/', { permissions })
    const { page } = visit
    const searches = searchesOf(page)
    await paste(page, `${'a long log '.repeat(7000)} ${trail.reference}`)
    await page.getByRole('heading', { name: 'The text is too long' }).waitFor()
    expect(searches).toEqual([])
  })
})

describe('nothing found', () => {
  test('offers what was perhaps meant, with what tells it apart, and opens it only when chosen', async () => {
    const reference = 'RF7-K29-QXR' as typeof trail.reference
    await pages.send(refundTrail({ reference, order: 'B-77' }))
    await using visit = await pages.visit()
    const { page } = visit
    await lookFor(page, 'RF7-K29-QXC')
    const heading = page.getByRole('heading', { level: 1, name: `Did you mean ${reference}?` })
    await heading.waitFor()
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(new URL(page.url()).pathname).toBe('/')
    const entry = page.getByRole('listitem')
    expect(await entry.count()).toBe(1)
    const words = await entry.innerText()
    for (const part of ['Request refund', 'Failed', reference, 'order B-77']) expect(words).toContain(part)
    expect(await entry.getByRole('time').getAttribute('datetime')).toMatch(/^\d{4}-/)
    expect(await page.getByText('Nothing found, but 1 trail near it').count()).toBe(1)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/trail/${reference}`)
    await page.goBack()
    await heading.waitFor()
    expect(visit.complaints).toEqual([])
  })

  test.each([
    ['nobody knows this', 'none could be read in it', 'of an order, a ticket, a customer'],
    ['XQ4-M88-PZT, sent on 22-11-2026', 'none could be read in it', 'another tool’s trace'],
    ['222-222-22L', '222-222-22L', 'of an order'],
    ['58966c09301c7f96349e6590bb5f6250'.replace('58', '85'), 'none could be read in it', 'another tool’s trace'],
    ['word '.repeat(1000), 'none could be read in it', 'nothing in it could be one'],
    [
      Array.from({ length: 60 }, (_, n) => `N-${1000 + n}`).join(' '),
      'none could be read in it',
      'only the first 50 in it',
    ],
  ])('says what was searched and how far back: %s', async (text, reference, numbers) => {
    await using visit = await pages.visit()
    const { page } = visit
    await lookFor(page, text)
    await page.getByRole('heading', { level: 1, name: 'Nothing is known about this' }).waitFor()
    const searched = await page.locator('.searched').innerText()
    for (const part of [reference, numbers, '30 days after a trail’s last step; what is older is gone'])
      expect(searched).toContain(part)
  })
})

describe('claims', () => {
  test('stand apart from what a server confirms: below, counted, folded', async () => {
    const order = 'A-4711'
    const own = refundTrail({ order, begunAt: Date.now() - 86_400_000 })
    await pages.send({ browser: own.browser, servers: own.servers })
    for (let count = 0; count < 50; count++) {
      const made = refundTrail()
      await pages.send({ browser: made.browser.map((step) => ({ ...step, facts: { order } })), servers: [] })
    }
    await using visit = await pages.visit()
    const { page } = visit
    await lookFor(page, order)
    await page.getByRole('heading', { level: 1, name: '1 trail', exact: true }).waitFor()
    const shown = page.getByRole('listitem').filter({ visible: true })
    expect(await shown.count()).toBe(1)
    expect(await shown.innerText()).toContain(own.reference)
    expect(await page.getByText('1 trail found, and 50 reports by browsers alone').count()).toBe(1)
    const fold = page.getByText('50 reports by browsers alone, not confirmed by any server')
    await fold.waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('20 of them are shown.').waitFor()
    expect(await shown.count()).toBe(21)
    await shown.last().getByRole('link').click()
    await page.getByText('reported by the customer’s browser').first().waitFor()
  })

  test('that are all there is are a list like any other, which says whose word it is', async () => {
    await using visit = await pages.visit()
    const { page } = visit
    for (const made of [refundTrail(), refundTrail()])
      await pages.send({ browser: made.browser.map((step) => ({ ...step, facts: { order: 'A-4712' } })), servers: [] })
    await lookFor(page, 'A-4712')
    await page.getByRole('heading', { level: 1, name: '2 trails' }).waitFor()
    await page.getByText('Only a browser said that they belong to what you searched for').waitFor()
    const entries = page.getByRole('listitem').filter({ visible: true })
    expect(await entries.count()).toBe(2)
    await entries.first().getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
  })
})
