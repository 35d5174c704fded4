import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPages, lookFor, signIn } from '../../fixtures/openPage.ts'
import type { Pages } from '../../fixtures/openPage.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

let pages: Pages
const trail = refundTrail()
const other = refundTrail({ begunAt: Date.now() - 7_200_000, stallMs: 2000 })

beforeAll(async () => {
  pages = await openPages()
  await pages.send(trail)
  await pages.send(other)
})
afterAll(() => pages[Symbol.asyncDispose]())

describe('signing in', () => {
  test('asks for the token once, refuses a wrong one, and forgets on signing out', async () => {
    await using visit = await pages.visit('/', { signedIn: false })
    const { page, context } = visit
    await page.getByLabel('Token').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'The desk does not take this token.' }).waitFor()
    await signIn(page)
    expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }])
    await page.reload()
    await page.getByRole('search').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Token').waitFor()
    expect(await context.cookies()).toEqual([])
  })

  test('goes on to the trail of the address', async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`)
    await visit.page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
    expect(visit.complaints).toEqual([])
  })

  test('asks again when the cookie is gone, and then shows what was looked for', async () => {
    await using visit = await pages.visit()
    await visit.context.clearCookies()
    await lookFor(visit.page, trail.reference)
    await signIn(visit.page)
    await visit.page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
  })
})

describe('a trail', () => {
  test('a message opens it: the answer, then the four facts, and an address to hand on', async () => {
    await using visit = await pages.visit()
    const { page } = visit
    await lookFor(page, `Hello,\nI asked for my money back.\nIt says ${trail.reference}.\nThanks`)
    await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
    const answer = await page.locator('.answer').innerText()
    for (const words of [
      'Failed',
      'pending review',
      'Started',
      'The customer began “Request refund” at',
      'then refund-worker worked on “refund” (3 attempts)',
    ]) {
      expect(answer).toContain(words)
    }
    expect(await page.locator('.four-facts dd').nth(3).innerText()).toContain(
      'Somebody who looks after refund-worker finishes it by hand: refund pending review.',
    )
    expect(await page.locator('[data-waybill-reference]').getAttribute('data-waybill-reference')).toBe(trail.reference)
    expect(new URL(page.url()).pathname).toBe(`/trail/${trail.reference}`)
    expect(await page.title()).toContain(trail.reference)
    expect(visit.complaints).toEqual([])
  })

  test('the time line folds attempts, names waits, and marks what the browser said', async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`)
    const timeline = visit.page.locator('.timeline')
    const folded = timeline.getByRole('button', { name: '3 attempts' })
    await folded.waitFor()
    expect(await timeline.locator('button.line').count()).toBe(7)
    expect(await timeline.getByText('reported by the customer’s browser').count()).toBe(2)
    expect(await timeline.getByText('1.2 s in the queue').count()).toBe(1)
    expect(await timeline.getByText('30.0 s waiting for the model').count()).toBe(0)
    await folded.click()
    expect(await timeline.getByText('30.0 s waiting for the model').count()).toBe(3)
    expect(await timeline.getByText('4.0 s until attempt 3').count()).toBe(1)
    await timeline.getByRole('button', { name: /used the database/ }).click()
    expect(await timeline.locator('.details').innerText()).toContain('INSERT refunds')
    const asked = timeline.getByRole('button', { name: /asked the model: chat refund-checker, prompt refund-review 7/ })
    await asked.last().click()
    expect(await timeline.locator('.details').last().innerText()).toMatch(
      /model\s+refund-checker[^]*prompt version\s+7/,
    )
  })

  test('one that is still going on is asked for again by itself', async () => {
    const running = refundTrail({ begunAt: Date.now() - 5000 })
    await pages.send({ browser: running.browser, servers: running.servers.slice(0, 3) })
    await using visit = await pages.visit()
    await visit.context.clock.install()
    await visit.page.goto(`${pages.url}/trail/${running.reference}`)
    await visit.page.locator('.eyebrow').getByText('Still going on').waitFor()
    await pages.send({ browser: [], servers: running.servers.slice(3) })
    await visit.context.clock.fastForward(5000)
    await visit.page.locator('.eyebrow').getByText('Failed').waitFor()
  })
})

describe('several trails', () => {
  test('are a list to choose from; Back returns to it; what was typed is in no address', async () => {
    await using visit = await pages.visit()
    const { page } = visit
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await lookFor(page, 'A-1001')
    await page.getByRole('heading', { level: 1, name: 'trails' }).waitFor()
    const entries = page.getByRole('listitem')
    expect(await entries.count()).toBeGreaterThanOrEqual(2)
    expect(new URL(page.url()).pathname).toBe('/')
    await entries.filter({ hasText: other.reference }).getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/trail/${other.reference}`)
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'trails' }).waitFor()
    expect(await page.getByRole('search').getByRole('textbox').inputValue()).toBe('A-1001')
    expect(asked.filter((url) => url.includes('A-1001'))).toEqual([])
  })

  test('the facts of a trail lead to the others that share them', async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`)
    await visit.page.locator('.facts').getByRole('button', { name: 'A-1001' }).click()
    await visit.page.getByRole('heading', { level: 1, name: 'trails' }).waitFor()
  })
})

describe('states without an answer', () => {
  test('offline says so and goes on by itself when the connection is back', async () => {
    await using visit = await pages.visit()
    await visit.context.setOffline(true)
    await lookFor(visit.page, trail.reference)
    await visit.page.getByRole('heading', { name: 'The desk cannot be reached' }).waitFor()
    await visit.context.setOffline(false)
    await visit.page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
  })

  test.each([
    [429, 'Too many look-ups'],
    [413, 'The text is too long'],
    [500, 'The look-up failed'],
    [200, 'The look-up failed'],
  ])('an answer %d without trails reads "%s"', async (status, title) => {
    await using visit = await pages.visit()
    await visit.page.route('**/api/search', (route) => route.fulfill({ status, body: '<html>' }))
    await lookFor(visit.page, trail.reference)
    await visit.page.getByRole('heading', { name: title }).waitFor()
  })

  test('an answer that a later search has overtaken is not shown', async () => {
    await using visit = await pages.visit()
    const { page } = visit
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    await page.route('**/api/search', async (route) => {
      if (route.request().postData() === 'slow') await held
      await route.continue()
    })
    await lookFor(page, 'slow')
    await lookFor(page, trail.reference)
    await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
    const late = page.waitForResponse((response) => response.request().postData() === 'slow')
    release()
    await late
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Request refund')
  })
})
