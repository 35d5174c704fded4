import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeViolations, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import type { Page } from 'playwright'

let pages: Pages
const person = 'jane.doe@example.org'
const alone = refundTrail({ person, order: 'A-1' })
const ofOrder = refundTrail({ person: 'C-7', order: 'C-8' })

beforeAll(async () => {
  pages = await openPages()
  await pages.send(alone)
  await pages.send(ofOrder)
  await pages.send(refundTrail({ person: 'C-8', order: 'B-1' }))
})
afterAll(() => pages[Symbol.asyncDispose]())

const field = (page: Page) => page.getByLabel('Customer’s e-mail or id')
const title = (page: Page) => page.getByRole('heading', { level: 1, name: 'Trails of one customer' })

async function find(page: Page, text: string): Promise<void> {
  await field(page).fill(text)
  await page.keyboard.press('Enter')
}

test('an e-mail address leads to the customer’s page, also where they have one trail only, and stays in no address, history or storage', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  const asked: string[] = []
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`))
  const bodies: (string | null)[] = []
  page.on('request', (request) => bodies.push(request.postData()))
  await find(page, '  Jane.Doe@Example.org ')
  await title(page).waitFor()
  await page.getByRole('listitem').getByText(alone.reference).waitFor()
  expect(await page.getByRole('listitem').count()).toBe(1)
  expect(bodies.filter((body) => body !== null)).toEqual([person])
  expect(asked.filter((each) => /jane/i.test(each))).toEqual([])
  expect(page.url()).toMatch(/\/customer\/[\da-f]{16}$/)
  const kept = (): Promise<string> =>
    page.evaluate(() => JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }, document.title]))
  expect(await kept()).not.toMatch(/jane/i)
  expect(await page.getByRole('search').getByRole('textbox').inputValue()).toBe('')
  await page.goBack()
  await field(page).waitFor()
  expect(await kept()).not.toMatch(/jane/i)
  expect(await field(page).inputValue()).toBe('')
  expect(visit.complaints).toEqual([])
})

test('from one customer’s page another’s, and the same one’s again', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  await find(page, person)
  await page.getByRole('listitem').getByText(alone.reference).waitFor()
  await find(page, 'C-7')
  await page.getByRole('listitem').getByText(ofOrder.reference).waitFor()
  const address = page.url()
  await find(page, 'c-7')
  await expect.poll(() => field(page).inputValue()).toBe('')
  expect(page.url()).toBe(address)
  await page.getByRole('listitem').getByText(ofOrder.reference).waitFor()
})

describe('what leads to no customer', () => {
  test.each([
    ['   ', 'Type or paste the whole e-mail address or id.'],
    ['nobody@example.org', 'No customer is known by this.'],
  ])('"%s" says so', async (text, words) => {
    await using visit = await pages.visit()
    const { page } = visit
    await find(page, text)
    await page.getByText(words).waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
    expect(await axeViolations(page)).toEqual([])
  })

  test('a number that is an order’s as well says that, and can be searched for', async () => {
    await using visit = await pages.visit()
    const { page } = visit
    await find(page, 'C-8')
    await page.getByText('This leads to 2 trails, but not by a customer’s id alone.').waitFor()
    await page.getByRole('button', { name: 'Show what it leads to' }).click()
    await page.getByRole('heading', { level: 1, name: '2 trails' }).waitFor()
  })

  test.each([
    [429, 'Too many look-ups. Wait a minute'],
    [500, 'The look-up failed. Try again'],
  ])('an answer %d says so', async (status, words) => {
    await using visit = await pages.visit()
    const { page } = visit
    await page.route('**/api/search', (route) => route.fulfill({ status, body: '<html>' }))
    await find(page, person)
    await page.getByText(words).waitFor()
  })

  test('where not everything could be seen nobody is said to be unknown', async () => {
    await using visit = await pages.visit()
    const { page } = visit
    await page.route('**/api/search', async (route) => {
      const answer = await (await route.fetch()).json()
      await route.fulfill({ json: { ...answer, complete: false } })
    })
    await find(page, 'nobody@example.org')
    await page.getByText('Not found in what could be searched.').waitFor()
  })

  test('a session that is over asks to sign in', async () => {
    await using visit = await pages.visit()
    await visit.context.clearCookies()
    await find(visit.page, person)
    await visit.page.getByLabel('Token').waitFor()
  })
})

test('a search that leads to the one trail of a customer still leads on to all of theirs', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  await page.getByRole('search').getByRole('textbox').fill(person)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/trail/${alone.reference}`)
  await page.getByRole('link', { name: 'all trails of this customer' }).click()
  await title(page).waitFor()
})
