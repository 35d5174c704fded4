import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failedTrail, failureGroup, failuresAnswer } from '../../../fixtures/failuresAnswer.ts'
import { axeViolations, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import type { FailuresAnswer } from '../../failures/FailuresAnswer.ts'
import type { Handling } from '../../lookup/Match.ts'

let pages: Pages
const trail = refundTrail()

beforeAll(async () => {
  pages = await openPages()
  await pages.send(trail)
})
afterAll(() => pages[Symbol.asyncDispose]())

const handled: Handling = {
  state: 'done',
  by: 'Jane Doe',
  who: 'jane',
  note: null,
  at: new Date().toISOString(),
  id: 'a1b2c3d4e5f60718',
  isOutdated: false,
}
const card = failureGroup({
  id: 'card',
  hop: 'api',
  service: 'shop-api',
  sentence: 'shop-api refused the card: not enough money.',
  todo: 'The customer uses another card.',
  waitsFor: 'customer',
  owner: null,
})
const left = failureGroup({
  id: 'left',
  hop: 'browser',
  service: 'shop-web',
  sentence: 'The page was left before the answer came.',
  todo: 'Nothing.',
  state: 'unknown',
  waitsFor: 'nobody',
})
const refunds = failureGroup({
  trails: [
    failedTrail({ reference: trail.reference }),
    failedTrail({ handling: handled }),
    failedTrail({ handling: { ...handled, state: 'taken', by: 'Ali' }, claimed: true, facts: { ticket: 'T-5' } }),
  ],
})
const three = failuresAnswer([left, card, refunds])

/** Opens the start page of a desk that gives these answers, by the query that asks for them; the first one to all others. */
async function openStart(path: string, answers: Readonly<Record<string, FailuresAnswer | number>>) {
  const visit = await pages.visit(`/trail/${trail.reference}`)
  const asked: string[] = []
  await visit.page.route('**/api/failures?*', async (route) => {
    const query = new URL(route.request().url()).search
    asked.push(query)
    const answer = answers[query] ?? Object.values(answers)[0]!
    await route.fulfill(typeof answer === 'number' ? { status: answer, body: '<html>' } : { json: answer })
  })
  await visit.page.goto(pages.url + path)
  await visit.page.getByRole('heading', { name: 'Paste what the customer sent' }).waitFor()
  return { ...visit, asked }
}

const groups = (page: Page) => page.getByRole('article')
const refresh = (page: Page) => page.getByRole('button', { name: 'Refresh' })
const sentenceOf = (page: Page, words: RegExp | string) => page.getByRole('button', { name: words })

describe('failures', () => {
  test('stand under whose turn it is, what waits for a person first, each with what, where, what to do, who and how often', async () => {
    await using visit = await openStart('/', { first: three })
    const { page } = visit
    await groups(page).first().waitFor()
    expect(await page.locator('.failures').getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'Waits for a person 3 trails',
      'Waits for customers 1 trail',
      'Needs nothing 1 trail',
    ])
    const first = groups(page).first()
    const words = await first.innerText()
    for (const part of [
      'refund-worker asked the model: check the charge; it timed out',
      'Failed',
      'refund-worker',
      'Somebody finishes it by hand: refund pending review.',
      'Payments team, #payments in Slack',
      '3 trails, 1 handled, 1 taken',
    ])
      expect(words).toContain(part)
    expect(await first.getByRole('link').getAttribute('href')).toBe('https://slack.example/payments')
    expect(await first.getByRole('img', { name: 'model' }).count()).toBe(1)
    expect(await groups(page).nth(1).innerText()).toContain('No owner is named for this place')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('search-text')
    expect(visit.complaints).toEqual([])
  })

  test('what was handled to the last trail waits for nobody any more, and what only browsers tell comes last', async () => {
    const done = failureGroup({ id: 'done', trails: [failedTrail({ handling: handled })] })
    const claimed = failureGroup({ id: 'claimed', trails: [failedTrail({ claimed: true })] })
    const again = failureGroup({ id: 'again', trails: [failedTrail({ handling: { ...handled, isOutdated: true } })] })
    await using visit = await openStart('/', { first: failuresAnswer([claimed, done, again, refunds]) })
    await groups(visit.page).nth(3).waitFor()
    expect(await visit.page.locator('.failures').getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'Waits for a person 4 trails',
      'Handled 1 trail',
      'Reported by browsers alone 1 trail',
    ])
    const first = groups(visit.page).first()
    await first.getByRole('button', { name: /asked the model/ }).click()
    await first.getByText(/^Handled by Jane Doe, \d\d:\d\d, something failed since$/).waitFor()
  })

  test('unfold to their trails by key, each with what tells it apart and who handles it; one opens, and Back finds them unfolded', async () => {
    await using visit = await openStart('/', { first: three })
    const { page } = visit
    const sentence = sentenceOf(page, /asked the model/)
    await sentence.focus()
    await page.keyboard.press('Enter')
    expect(await sentence.getAttribute('aria-expanded')).toBe('true')
    const trails = page.getByRole('list', { name: 'Trails of this failure' }).getByRole('listitem')
    expect(await trails.count()).toBe(3)
    const words = await trails.allInnerTexts()
    for (const part of [trail.reference, 'Request refund', 'order A-1001']) expect(words[0]).toContain(part)
    expect(words[1]).toContain('Handled by Jane Doe')
    for (const part of ['Taken by Ali', 'ticket T-5', 'reported by the customer’s browser'])
      expect(words[2]).toContain(part)
    await trails.first().getByRole('link').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/trail/${trail.reference}`)
    await page.goBack()
    await trails.nth(2).waitFor()
    await sentence.press('Space')
    expect(await trails.count()).toBe(0)
  })

  test('an owner’s address that is neither of the web nor of mail is no link', async () => {
    const owner = { name: 'Payments', contact: null, url: 'javascript:document.title=1' }
    await using visit = await openStart('/', { first: failuresAnswer([failureGroup({ owner })]) })
    await groups(visit.page).first().waitFor()
    expect(await groups(visit.page).first().getByRole('link').count()).toBe(0)
  })
})

test('a desk’s own failures stand there, and lead to their trails', async () => {
  await using visit = await pages.visit('/?outcome=person&service=refund-worker')
  const { page } = visit
  await sentenceOf(page, /refund-worker asked the model/).click()
  expect(await groups(page).first().innerText()).toContain('Somebody finishes it by hand')
  await page.getByRole('link', { name: trail.reference }).click()
  await page.waitForURL(`**/trail/${trail.reference}`)
  expect(visit.complaints).toEqual([])
})

describe('filters', () => {
  test('stand in the address, are asked for, and Back, Forward and a reload go by them', async () => {
    await using visit = await openStart('/', { first: three })
    const { page, asked } = visit
    await groups(page).first().waitFor()
    expect(new Set(asked)).toEqual(new Set(['?since=24h']))
    await page.getByLabel('In the last').selectOption('7 days')
    await page.getByLabel('Outcome').selectOption('Failed')
    await page.getByLabel('Service').selectOption('shop-api')
    await page.waitForFunction(() => location.search === '?since=7d&outcome=failed&service=shop-api')
    await expect.poll(() => asked.at(-1)).toBe('?since=7d&outcome=failed&service=shop-api')
    await page.goBack()
    await expect.poll(() => asked.at(-1)).toBe('?since=7d&outcome=failed')
    expect(await page.getByLabel('Service').inputValue()).toBe('')
    await page.goForward()
    await expect.poll(() => asked.at(-1)).toBe('?since=7d&outcome=failed&service=shop-api')
    await page.reload()
    await groups(page).first().waitFor()
    expect(await page.getByLabel('In the last').inputValue()).toBe('7d')
    expect(await page.getByLabel('Service').inputValue()).toBe('shop-api')
    expect(visit.complaints).toEqual([])
  })

  test('what is no filter in an address is as if it were not there', async () => {
    await using visit = await openStart('/?since=9y&outcome=%3Cb%3E&service=', { first: three })
    await groups(visit.page).first().waitFor()
    expect(new Set(visit.asked)).toEqual(new Set(['?since=24h']))
  })
})

describe('states', () => {
  test('nothing failed: says so, and leads further back', async () => {
    await using visit = await openStart('/', { '?since=24h': failuresAnswer([]), '?since=7d': three })
    const { page } = visit
    await page.getByRole('heading', { name: 'Nothing failed in the last 24 hours' }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Look at the last 7 days' }).click()
    await groups(page).first().waitFor()
    expect(new URL(page.url()).search).toBe('?since=7d')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('failures-title')
  })

  test('nothing like what is filtered for: says that, and shows all again', async () => {
    await using visit = await openStart('/?service=shop-api', {
      '?since=24h&service=shop-api': failuresAnswer([]),
      '?since=24h': three,
    })
    const { page } = visit
    await page.getByRole('heading', { name: 'Nothing like this failed in the last 24 hours' }).waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await groups(page).nth(2).waitFor()
    expect(new URL(page.url()).search).toBe('')
  })

  test('what could not be seen, and more than were looked at, are said, and then nothing is said not to have failed', async () => {
    const unseen = [{ where: 'desk', reason: 'damaged', from: null, to: null }] as const
    await using visit = await openStart('/', { first: failuresAnswer([], { unseen, more: true }) })
    const { page } = visit
    await page.getByRole('note', { name: 'This is not everything' }).waitFor()
    await page.getByText('There are more trails than were looked at.').waitFor()
    await page.getByRole('heading', { name: 'None found in what could be looked through' }).waitFor()
    expect(await axeViolations(page)).toEqual([])
  })

  test.each([
    [429, 'Too many look-ups'],
    [500, 'The look-up failed'],
    [403, 'You may not look trails up'],
  ])('an answer %d reads "%s"', async (status, words) => {
    await using visit = await openStart('/', { first: status })
    await visit.page.getByRole('heading', { level: 3, name: words }).waitFor()
    expect(await axeViolations(visit.page)).toEqual([])
  })

  test('offline keeps what is shown, says that it may be old, and goes on by itself', async () => {
    await using visit = await openStart('/', { first: three })
    const { page, context } = visit
    await groups(page).first().waitFor()
    await context.setOffline(true)
    await page.unrouteAll()
    await page.route('**/api/failures?*', (route) => route.abort())
    await refresh(page).click()
    await page.getByRole('heading', { name: 'The desk cannot be reached' }).waitFor()
    await page.getByText('may be out of date').waitFor()
    expect(await groups(page).count()).toBe(3)
    await page.unrouteAll()
    await page.route('**/api/failures?*', (route) => route.fulfill({ json: failuresAnswer([card]) }))
    await context.setOffline(false)
    await page.getByText('may be out of date').waitFor({ state: 'detached' })
    await expect.poll(() => groups(page).count()).toBe(1)
  })

  test('a session that is over asks to sign in', async () => {
    await using visit = await openStart('/', { first: three })
    await groups(visit.page).first().waitFor()
    await visit.page.unrouteAll()
    await visit.page.route('**/api/failures?*', (route) => route.fulfill({ status: 401 }))
    await refresh(visit.page).click()
    await visit.page.getByLabel('Token').waitFor()
  })
})

test('while it can be seen it is asked for every minute, and neither focus nor what is on the screen moves', async () => {
  await using visit = await pages.visit(`/trail/${trail.reference}`, { viewport: { width: 1280, height: 500 } })
  const { page, context } = visit
  await context.clock.install()
  const before = Array.from({ length: 12 }, (_, n) => failureGroup({ id: `group-${n}`, sentence: `Failure ${n}.` }))
  const newer = failureGroup({ id: 'newer', sentence: 'Something newer failed.' })
  let answer = failuresAnswer(before)
  await page.route('**/api/failures?*', (route) => route.fulfill({ json: answer }))
  await page.goto(pages.url)
  const focused = sentenceOf(page, 'Failure 8.')
  await focused.focus()
  const top = await focused.evaluate((button) => button.getBoundingClientRect().top)
  answer = failuresAnswer([newer, ...before])
  await context.clock.fastForward(60_000)
  await sentenceOf(page, 'Something newer failed.').waitFor({ state: 'attached' })
  expect(await focused.evaluate((button) => button === document.activeElement)).toBe(true)
  await expect.poll(() => focused.evaluate((button) => button.getBoundingClientRect().top)).toBeCloseTo(top, -1)
})

test.each([
  { colorScheme: 'light' },
  { colorScheme: 'dark', viewport: { width: 390, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 320, height: 640 } },
  { forcedColors: 'active' },
] as const)('axe finds nothing, and nothing stands out at the side: %o', async (options) => {
  await using visit = await pages.visit(`/trail/${trail.reference}`, options)
  const { page } = visit
  await page.route('**/api/failures?*', (route) => route.fulfill({ json: three }))
  await page.goto(pages.url)
  await groups(page).nth(2).waitFor()
  for (const button of await groups(page).getByRole('button').all()) await button.click()
  expect(await axeViolations(page)).toEqual([])
  await page.evaluate(() => (document.documentElement.dir = 'rtl'))
  expect(await axeViolations(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
})

describe('a thousand', () => {
  const many = Array.from({ length: 1000 }, (_, n) =>
    failureGroup({
      id: `group-${n}`,
      sentence: `Failure ${n}.`,
      trails: [failedTrail({ reference: trail.reference })],
    }),
  )

  test('groups are a list of which only what is on the screen is drawn, and the keys walk it', async () => {
    await using visit = await openStart('/', { first: failuresAnswer(many) })
    const { page } = visit
    await groups(page).first().waitFor()
    expect(await groups(page).count()).toBeLessThan(40)
    expect(await groups(page).first().locator('xpath=..').getAttribute('aria-setsize')).toBe('1000')
    await sentenceOf(page, 'Failure 0.').focus()
    for (let steps = 0; steps < 30; steps++) await page.keyboard.press('Tab')
    // Every entry has its own button and its owner's link.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Failure 15.')
    expect(await groups(page).count()).toBeLessThan(40)
    await page.mouse.wheel(0, 40_000)
    const lastDrawn = async (): Promise<number> =>
      Number(/\d+/.exec(await groups(page).last().getByRole('button').innerText())?.[0])
    await expect.poll(lastDrawn).toBeGreaterThan(100)
    expect(await groups(page).count()).toBeLessThan(40)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Failure 15.')
    expect(await axeViolations(page)).toEqual([])
    expect(visit.complaints).toEqual([])
  })

  test('a trail that is opened far below leads back to where it was', async () => {
    await using visit = await openStart('/', { first: failuresAnswer(many) })
    const { page } = visit
    await groups(page).first().waitFor()
    await page.evaluate(() => scrollTo(0, 10_000))
    const first = page.locator('li[aria-posinset]').first()
    await expect.poll(async () => Number(await first.getAttribute('aria-posinset'))).toBeGreaterThan(50)
    const far = groups(page).nth(6)
    const words = await far.getByRole('button').innerText()
    await far.getByRole('button').click()
    await page.getByRole('list', { name: 'Trails of this failure' }).getByRole('link').click()
    await page.waitForURL(`**/trail/${trail.reference}`)
    await page.goBack()
    await expect.poll(() => groups(page).getByRole('button').allInnerTexts()).toContain(words)
  })

  test('trails in one group as well', async () => {
    await using visit = await openStart('/', { first: failuresAnswer([card, failureGroup({ count: 1000 })]) })
    const { page } = visit
    await sentenceOf(page, /asked the model/).click()
    const trails = page.getByRole('list', { name: 'Trails of this failure' }).getByRole('listitem')
    await trails.first().waitFor()
    expect(await trails.count()).toBeLessThan(80)
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await expect.poll(() => trails.last().getAttribute('aria-posinset')).toBe('1000')
    expect(await sentenceOf(page, /refused the card/).count()).toBe(1)
    expect(visit.complaints).toEqual([])
  })
})
