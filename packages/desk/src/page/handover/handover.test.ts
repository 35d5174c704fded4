import type { Reference } from '@waybill/reference'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trailOf } from '../../../../trail/fixtures/trailOf.ts'
import { axeViolations, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import { CUSTOMER_LANGUAGES } from './languages/CUSTOMER_LANGUAGES.ts'

let pages: Pages
let linkToken: string
const trail = refundTrail({ reference: 'RF7-K29-QXR' as Reference })
const permissions = ['clipboard-read', 'clipboard-write']
const address = (): string => `${pages.url}/trail/${trail.reference}`

beforeAll(async () => {
  pages = await openPages()
  linkToken = (await pages.tokens.create({ name: 'agents', scopes: ['read', 'link'] })).value
  await pages.send(trail)
})
afterAll(() => pages[Symbol.asyncDispose]())

const copied = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
const byHand = CUSTOMER_LANGUAGES.english.messages['by-hand']

test('by keyboard alone from what the customer sent to a reply on the clipboard', async () => {
  await using visit = await pages.visit('/', { permissions })
  const { page } = visit
  await page.keyboard.press('/')
  await page.keyboard.insertText(`Hello, it says my reference is ${trail.reference}. What now?`)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Request refund' }).waitFor()
  expect(await page.locator('.four-facts dd').last().innerText()).toMatch(/^Retry: no\. /)
  await page.keyboard.press('Shift+C')
  await page
    .getByRole('status')
    .getByText('The text for the customer was copied. Read it before you send it.')
    .waitFor()
  const text = await copied(page)
  expect(text.split('\n\n').slice(0, 2)).toEqual(['Hello,', byHand])

  const box = page.getByLabel('Text for the customer')
  expect(await box.inputValue()).toBe(text)
  const copyIt = page.getByRole('button', { name: 'Copy this text' })
  const language = page.getByLabel('Language')
  for (let stops = 0; stops < 60 && !(await language.evaluate((each) => each === document.activeElement)); stops++)
    await page.keyboard.press('Tab')
  await page.keyboard.type('Deut')
  await page.waitForFunction(() => document.querySelector('textarea[lang=de]'))
  await page.keyboard.press('Tab')
  expect(await copyIt.evaluate((each) => each === document.activeElement)).toBe(true)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' Mit freundlichen Grüßen')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes('Guten Tag'))
  const german = await copied(page)
  expect(german).toMatch(/^Guten Tag,\n\n[^]*RF7-K29-QXR[^]* Mit freundlichen Grüßen$/)
  expect(await axeViolations(page)).toEqual([])
  expect(visit.complaints).toEqual([])
})

test('an unedited text follows the trail; an edited one stays, and is said to be older', async () => {
  const t = trailOf()
  const step = (fields: Parameters<typeof t.step>[0]) => ({
    ...t.step(fields),
    at: Date.now() - 60_000 + (fields.after ?? 0),
  })
  const accepted = { 'http.route': '/api/refunds', 'http.response.status_code': 202 }
  const served = step({ hop: 'api', name: 'POST /api/refunds', attributes: accepted })
  const queued = step({ hop: 'queue', name: 'refund', parentId: served.id, jobId: 'j1', after: 10 })
  const job = { hop: 'worker', name: 'refund', parentId: queued.id, jobId: 'j1', maxAttempts: 1 } as const
  await pages.send({ browser: [], servers: [served, queued] })
  await using visit = await pages.visit(`/trail/${t.reference}`, { permissions })
  await using other = await pages.visit(`/trail/${t.reference}`, { permissions })
  const boxOf = ({ page }: typeof visit) => page.getByLabel('Text for the customer')
  for (const { page } of [visit, other]) {
    await page.getByRole('button', { name: 'Copy for the customer' }).click()
    await page.getByLabel('Language').selectOption('german')
    await page.getByLabel('Language').selectOption('english')
  }
  const before = await boxOf(visit).inputValue()
  await boxOf(other).press('Control+End')
  await other.page.keyboard.type(' Yours, Ada')
  const older = other.page.getByRole('status').getByText('You wrote this before the trail changed.')
  expect(await older.count()).toBe(0)
  await pages.send({
    browser: [],
    servers: [step({ ...job, fails: 'bank_rejected', effect: 'held', remains: 'refund held', after: 100 })],
  })
  for (const { page } of [visit, other]) await page.locator('.answer[data-outcome=failed]').waitFor()
  expect(await boxOf(visit).inputValue()).toContain(byHand)
  expect(before).not.toContain(byHand)
  expect(await visit.page.getByText('You wrote this before').count()).toBe(0)
  await visit.page.getByRole('button', { name: 'Copy for the customer' }).click()
  await visit.page.waitForFunction(async (words) => (await navigator.clipboard.readText()).includes(words), byHand)

  expect(await boxOf(other).inputValue()).toBe(`${before} Yours, Ada`)
  await older.waitFor()
  expect(await axeViolations(other.page)).toEqual([])
  await other.page.getByRole('button', { name: 'Propose a text anew' }).press('Enter')
  expect(await boxOf(other).inputValue()).toContain(byHand)
  expect(await boxOf(other).evaluate((box) => box === document.activeElement)).toBe(true)
  expect(await older.count()).toBe(0)
  expect([...visit.complaints, ...other.complaints]).toEqual([])
})

test('each language is offered by its own name and direction, and is remembered', async () => {
  await using visit = await pages.visit(`/trail/${trail.reference}`, { permissions })
  const { page } = visit
  await page.getByRole('button', { name: 'Copy for the customer' }).click()
  const box = page.getByLabel('Text for the customer')
  for (const { name, locale, direction, hello } of Object.values(CUSTOMER_LANGUAGES)) {
    await page.getByLabel('Language').selectOption({ label: name })
    expect((await box.inputValue()).split('\n\n')[0]).toBe(hello)
    expect([await box.getAttribute('lang'), await box.getAttribute('dir')]).toEqual([locale, direction])
  }
  await page.getByLabel('Language').selectOption('arabic')
  expect(await axeViolations(page)).toEqual([])
  await page.reload()
  await page.getByRole('button', { name: 'Copy for the customer' }).click()
  expect(await box.getAttribute('dir')).toBe('rtl')
  await page.getByRole('button', { name: 'Close' }).click()
  expect(await box.count()).toBe(0)
})

test('the link, and the ticket’s fields by the names that servers give them', async () => {
  await using visit = await pages.visit(`/trail/${trail.reference}`, { permissions })
  const { page } = visit
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByRole('status').getByText('The link was copied.').waitFor()
  expect(await copied(page)).toBe(address())
  await page.getByRole('button', { name: 'Attach to a ticket' }).click()
  await page.getByRole('button', { name: 'Copy the ticket’s fields' }).click()
  await page.getByRole('status').getByText('The ticket’s fields were copied.').waitFor()
  expect(JSON.parse(await copied(page))).toEqual({ waybill_reference: trail.reference, waybill_trail: address() })
})

describe('a ticket', () => {
  test('is attached, shown, and found by its number', async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`, { token: linkToken })
    const { page } = visit
    await page.getByRole('button', { name: 'Attach to a ticket' }).press('Enter')
    await page.getByRole('form', { name: 'Attach to a ticket' }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.keyboard.type('ZD-4712')
    await page.keyboard.press('Tab')
    await page.keyboard.type('https://acme.example/agent/tickets/4712')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('Ticket ZD-4712 is attached.').waitFor()
    const link = page.locator('.four-facts').getByRole('link', { name: 'ticket ZD-4712' })
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe('https://acme.example/agent/tickets/4712')
    expect(await page.locator('.facts').innerText()).toMatch(/ticket, noted by desk\s+ZD-4712/)
    await page.getByRole('search').getByRole('textbox').fill('ticket ZD-4712')
    await page.keyboard.press('Enter')
    await page.getByText('found by').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/trail/${trail.reference}`)
    expect(visit.complaints).toEqual([])
  })

  test('whoever may only read is told what they lack', async () => {
    await using visit = await pages.visit(`/trail/${trail.reference}`)
    const { page } = visit
    await page.getByRole('button', { name: 'Attach to a ticket' }).click()
    await page.getByRole('alert').getByText('needs the scope “link”').waitFor()
    expect(await page.getByLabel('The ticket’s number').isDisabled()).toBe(true)
    expect(await axeViolations(page)).toEqual([])
  })

  test.each([
    [400, 'The desk did not take this number or address.'],
    [401, 'You are not signed in any more'],
    [403, 'needs the scope “link”'],
    [409, 'This trail is full'],
    [429, 'Too many requests in a minute'],
    [503, 'The desk could not attach it.'],
  ])('an answer %i reads "%s", and what was typed stays', async (status, words) => {
    await using visit = await pages.visit(`/trail/${trail.reference}`, { token: linkToken })
    const { page } = visit
    await page.route('**/api/links', (route) => route.fulfill({ status, body: '<html>' }))
    await page.getByRole('button', { name: 'Attach to a ticket' }).click()
    await page.getByLabel('The ticket’s number').fill('ZD-1')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText(words).waitFor()
    expect(await page.getByLabel('The ticket’s number').inputValue()).toBe('ZD-1')
  })
})

test('a browser that refuses to copy gets the customer’s text selected, and no word of success', async () => {
  await using visit = await pages.visit(`/trail/${trail.reference}`)
  const { page } = visit
  await page.getByRole('button', { name: 'Copy for the customer' }).waitFor()
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'))
  })
  await page.keyboard.press('Shift+C')
  await page.getByLabel('The browser did not copy. Copy it from here:').waitFor()
  expect(await page.evaluate(() => document.getSelection()?.toString())).toContain(byHand)
  expect(await page.getByText('The text for the customer was copied.').count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
})

test('prints on one page what a person needs who has only the paper', async () => {
  await using visit = await pages.visit(`/trail/${trail.reference}`, { colorScheme: 'dark' })
  const { page } = visit
  await page.locator('.four-facts').waitFor()
  const pdf = await page.pdf({ format: 'A4' })
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
  await page.emulateMedia({ media: 'print' })
  const seen = await page.evaluate(() => ({
    text: document.body.innerText,
    colours: [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor],
    buttons: [...document.querySelectorAll('.bar, .handover, .foot, .choices')].filter(
      (each) => each.getClientRects().length > 0,
    ).length,
  }))
  for (const words of [trail.reference, 'Retry: no.', 'What happened', 'refund-worker worked on refund', 'A-1001'])
    expect(seen.text).toContain(words)
  expect(seen.colours).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)'])
  expect(seen.buttons).toBe(0)
})
