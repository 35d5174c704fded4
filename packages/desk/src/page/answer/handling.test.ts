import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, openPages, signIn } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import type { Handling, LookUpAnswer } from '../../lookup/Match.ts'

let pages: Pages
const trail = refundTrail()
beforeAll(async () => {
  pages = await openPages()
  await pages.send(trail)
})
afterAll(() => pages[Symbol.asyncDispose]())

const MINUTE = 60_000
const minutesAgo = (count: number): string => new Date(Date.now() - count * MINUTE).toISOString()
const byAda = { state: 'taken', by: 'Ada', who: 'ada', note: null, id: 'a1'.repeat(8), isOutdated: false } as const

/** A desk at which this is noted of the trail, and that notes what it is sent. Gives what it was sent. */
async function noting(page: Page, begin: Handling | null, { scopes = ['read', 'link'] } = {}): Promise<Noted> {
  const noted: Noted = { handling: begin, sent: [] }
  await page.route('**/session', (route) => route.fulfill({ json: { signedIn: true, who: 'ada', scopes } }))
  await page.route('**/api/search', async (route) => {
    const response = await route.fetch()
    const answer = (await response.json()) as LookUpAnswer
    const matches = answer.matches.map((match) => ({ ...match, handling: noted.handling }))
    await route.fulfill({ response, json: { ...answer, matches } })
  })
  await page.route('**/api/trails/*/handling', async (route) => {
    const sent = route.request().postDataJSON()
    noted.sent.push([new URL(route.request().url()).pathname, sent])
    if (sent.after !== (noted.handling?.id ?? null)) {
      await route.fulfill({ status: 409, json: { title: 'Somebody else was first.', handling: noted.handling } })
      return
    }
    const handling = {
      note: null,
      isOutdated: false,
      ...sent,
      who: 'ada',
      at: new Date().toISOString(),
      id: `${noted.sent.length}`.repeat(16),
    }
    noted.handling = handling
    await route.fulfill({ json: { handling } })
  })
  await page.goto(`${pages.url}/trail/${trail.reference}`)
  await page.getByRole('region', { name: 'Who is on it' }).waitFor()
  return noted
}

interface Noted {
  handling: Handling | null
  readonly sent: unknown[]
}

test('an agent takes it, marks it as handled and gives it back, by keyboard; the name is asked for once', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  const noted = await noting(page, null)
  const bar = page.getByRole('region', { name: 'Who is on it' })
  await bar.getByText('Nobody has taken this up yet.').waitFor()
  await bar.getByRole('button', { name: 'I take it' }).press('Enter')
  await page.keyboard.type('Ada')
  expect(await axeViolations(page)).toEqual([])
  await page.keyboard.press('Enter')
  await bar.getByText(/^Ada is on it since \d\d:\d\d$/).waitFor()
  const path = `/api/trails/${trail.reference}/handling`
  expect(noted.sent).toEqual([[path, { state: 'taken', by: 'Ada', after: null }]])

  await bar.getByRole('button', { name: 'Mark as handled' }).press('Enter')
  expect(await bar.getByLabel('Your name').inputValue()).toBe('Ada')
  await page.keyboard.type('refund paid by hand')
  await page.keyboard.press('Enter')
  await bar.getByText(/^Handled by Ada at \d\d:\d\d: refund paid by hand$/).waitFor()
  expect(noted.sent.at(-1)).toEqual([
    path,
    { state: 'done', by: 'Ada', note: 'refund paid by hand', after: '1'.repeat(16) },
  ])
  expect(await axeViolations(page)).toEqual([])

  await bar.getByRole('button', { name: 'Give it back' }).press('Enter')
  await bar.getByText(/^Ada gave it back at \d\d:\d\d; nobody is on it now/).waitFor()
  expect(await bar.getByRole('button').allInnerTexts()).toEqual(['I take it', 'Mark as handled'])
  expect(visit.complaints).toEqual([])
})

test('who was not first is told who was, and sees it', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  const noted = await noting(page, null)
  const bar = page.getByRole('region', { name: 'Who is on it' })
  noted.handling = { ...byAda, at: minutesAgo(2) }
  await bar.getByRole('button', { name: 'I take it' }).click()
  await bar.getByLabel('Your name').fill('Bo')
  await bar.getByRole('button', { name: 'Save' }).click()
  await bar.getByRole('status').getByText('Ada took it 2 minutes ago. Nothing was changed.').waitFor()
  await bar.getByText(/^Ada is on it since/).waitFor()
  expect(await bar.getByRole('textbox').count()).toBe(0)
})

test('who may only read sees who is on it and why they cannot say so', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  await noting(page, { ...byAda, at: minutesAgo(3 * 24 * 60) }, { scopes: ['read'] })
  const bar = page.getByRole('region', { name: 'Who is on it' })
  await bar.getByText(/^Ada is on it since \d+ \w+ \d{4}, \d\d:\d\d:\d\d /).waitFor()
  await bar.getByText('your sign-in needs the scope “link”; it may only read').waitFor()
  expect(await bar.getByRole('button').count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
})

test.each([
  [400, 'The desk did not take this.'],
  [401, 'You are not signed in any more'],
  [403, 'needs the scope “link”'],
  [507, 'This trail is full'],
  [429, 'Too many requests in a minute'],
  [503, 'The desk could not note this.'],
  [200, 'The desk could not note this.'],
])('an answer %i without what was noted reads "%s", and nothing that was typed is lost', async (status, words) => {
  await using visit = await pages.visit()
  const { page } = visit
  await noting(page, null)
  await page.route('**/api/trails/*/handling', (route) => route.fulfill({ status, body: '<html>' }))
  const bar = page.getByRole('region', { name: 'Who is on it' })
  await bar.getByRole('button', { name: 'Mark as handled' }).click()
  await bar.getByLabel('Your name').fill('Ada')
  await bar.getByLabel(/^What was done/).fill('paid by hand')
  await bar.getByRole('button', { name: 'Save' }).click()
  await bar.getByRole('status').getByText(words).waitFor()
  expect(await bar.getByLabel(/^What was done/).inputValue()).toBe('paid by hand')
})

test('what failed after it was handled is nobody’s yet, and can be taken and marked', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  const noted = await noting(page, { ...byAda, state: 'done', at: minutesAgo(2), isOutdated: true })
  const bar = page.getByRole('region', { name: 'Who is on it' })
  await bar.getByText(/^Handled by Ada at \d\d:\d\d\s*Something failed since\.$/).waitFor()
  expect(await bar.getByRole('button').allInnerTexts()).toEqual(['I take it', 'Mark as handled', 'Give it back'])
  expect(await bar.getAttribute('data-handling')).toBe('open')
  expect(await axeViolations(page)).toEqual([])
  await page.evaluate(() => localStorage.setItem('waybill-desk.own-name', '{"who":"ada","value":"Bo"}'))
  await bar.getByRole('button', { name: 'I take it' }).click()
  await bar.getByText(/^Bo\b.* is on it since \d\d:\d\d$/).waitFor()
  expect(noted.sent).toMatchObject([[expect.any(String), { state: 'taken', by: 'Bo', after: byAda.id }]])
})

test('a desk that cannot be reached is told apart', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  await noting(page, { ...byAda, at: minutesAgo(2) })
  await page.route('**/api/trails/*/handling', (route) => route.abort())
  await page.evaluate(() => localStorage.setItem('waybill-desk.own-name', '{"who":"ada","value":"Ada"}'))
  await page.getByRole('button', { name: 'Give it back' }).click()
  await page.getByText('The desk cannot be reached, so nothing was noted.').waitFor()
})

test('the name that an agent gave is theirs alone: whoever signs in after them is asked for their own', async () => {
  const [one, two] = [refundTrail(), refundTrail()]
  for (const each of [one, two]) await pages.send(each)
  const tokenOf = async (name: string): Promise<string> =>
    (await pages.tokens.create({ name, scopes: ['read', 'link'] })).value
  const [ada, bob] = [await tokenOf('ada@shop.example'), await tokenOf('bob@shop.example')]
  await using visit = await pages.visit(`/trail/${one.reference}`, { token: ada })
  const { page } = visit
  const bar = page.getByRole('region', { name: 'Who is on it' })
  const stored = (): Promise<string> => page.evaluate(() => JSON.stringify(localStorage))
  await bar.getByRole('button', { name: 'I take it' }).click()
  await bar.getByLabel('Your name').fill('Ada Lovelace')
  await bar.getByRole('button', { name: 'Save' }).click()
  await bar.getByText(/^Ada Lovelace \(ada@shop\.example\) is on it since/).waitFor()
  const kept = await page.evaluate(() => localStorage.getItem('waybill-desk.own-name'))
  expect(kept).toContain('Ada Lovelace')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Token').waitFor()
  await expect.poll(stored).not.toContain('Ada Lovelace')

  // Where a session only ended, nothing was forgotten.
  await page.evaluate((name) => localStorage.setItem('waybill-desk.own-name', name!), kept)
  await signIn(page, bob)
  await page.goto(`${pages.url}/trail/${two.reference}`)
  await bar.getByRole('button', { name: 'I take it' }).click()
  expect(await bar.getByLabel('Your name').inputValue()).toBe('')
  expect(await stored()).not.toContain('Ada Lovelace')
  await bar.getByLabel('Your name').fill('BOB@shop.example')
  await bar.getByRole('button', { name: 'Save' }).click()
  await bar.getByText(/^BOB@shop\.example is on it since/).waitFor()
  expect(visit.complaints).toEqual([])
})
