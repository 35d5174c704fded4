import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { INCIDENTS } from '../../../fixtures/incidents/INCIDENTS.ts'
import type { Incident } from '../../../fixtures/incidents/Incident.ts'
import { SERVER_KEY } from '../../../fixtures/openDesk.ts'
import { axeViolations, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { T0, trailOf } from '../../../../trail/fixtures/trailOf.ts'

let pages: Pages
beforeAll(async () => void (pages = await openPages({ now: () => T0 + 600_000 })))
afterAll(() => pages[Symbol.asyncDispose]())

async function post(path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` }
  const answer = await fetch(pages.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(answer.status).toBe(200)
}

/** Has the desk hear of it, each in its way; gives its reference. */
async function report({ stepsOf }: Incident): Promise<string> {
  const t = trailOf()
  const { browser = [], servers = [], stock = [], tickets = [] } = stepsOf(t)
  await pages.send({ browser, servers })
  for (const body of stock) await post('/v1/traces', body)
  if (tickets.length > 0)
    await post(
      '/api/links',
      tickets.map((ticket) => ({ ...ticket, reference: t.reference, kind: 'ticket', service: 'zendesk' })),
    )
  return t.reference
}

/** As a reader has it: blanks that keep a number with its unit are blanks. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe.each(INCIDENTS)('$name', (incident) => {
  test('answers the four questions, and says to the customer what is true', async () => {
    const reference = await report(incident)
    const permissions = ['clipboard-read', 'clipboard-write']
    await using visit = await pages.visit(`/trail/${reference}`, { permissions, timezoneId: 'UTC' })
    const { page } = visit
    const facts = page.locator('.four-facts dd')
    await facts.last().waitFor()
    const told = [await page.locator('.answer > .sentence').innerText(), ...(await facts.allInnerTexts())]
    const { sentence, started, touched, failed, todo } = incident.answers
    const whole = [sentence, started, touched, failed, todo].map((each) =>
      typeof each === 'string' ? each : expect.stringMatching(each),
    )
    // Below what to do stand links to the things themselves.
    expect(told.map((text) => plain(text).split('\n')[0])).toEqual(whole)
    expect(await axeViolations(page)).toEqual([])

    await page.keyboard.press('Shift+C')
    await page.getByText('The text for the customer was copied.').waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    const [hello, message, quoted] = copied.split('\n\n')
    expect([hello, message]).toEqual(['Hello,', incident.customer])
    expect(quoted).toMatch(
      new RegExp(
        String.raw`^Your reference is ${reference} \(22 November 2026 at \d\d:\d\d UTC\)\. Please quote it if you write to us about this\.$`,
      ),
    )
    expect(await page.getByLabel('Text for the customer').inputValue()).toBe(copied)
    expect(await axeViolations(page)).toEqual([])
    expect(visit.complaints).toEqual([])
  })

  test('fits a phone in the dark', async () => {
    const reference = await report(incident)
    await using visit = await pages.visit(`/trail/${reference}`, {
      colorScheme: 'dark',
      viewport: { width: 390, height: 800 },
    })
    const { page } = visit
    await page.locator('.four-facts dd').last().waitFor()
    await page.getByRole('button', { name: 'Copy for the customer' }).click()
    await page.getByLabel('Text for the customer').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    expect(await axeViolations(page)).toEqual([])
  })
})

test('a ticket leads to itself, and what the screen said is told', async () => {
  const incident = INCIDENTS.find(({ name }) => name === 'failed refund')!
  await using visit = await pages.visit(`/trail/${await report(incident)}`)
  const { page } = visit
  const ticket = page.locator('.four-facts').getByRole('link', { name: 'ticket ZD-4711' })
  expect(await ticket.getAttribute('href')).toBe('https://acme.example/agent/tickets/4711')
  await page.getByText('The customer’s screen said: “Your refund was requested.”').waitFor()
})

test('the place where it failed is a link that tells the time line', async () => {
  const incident = INCIDENTS.find(({ name }) => name === 'failed sync')!
  await using visit = await pages.visit(`/trail/${await report(incident)}`)
  const { page } = visit
  const link = page.locator('.four-facts dd').nth(2).getByRole('link')
  const hash = await link.getAttribute('href')
  expect(hash).toMatch(/^#step-[\da-f]{16}$/)
  await page.evaluate(() => {
    addEventListener('hashchange', () => (document.body.dataset['heard'] = location.hash))
    addEventListener('popstate', () => (document.body.dataset['moved'] = 'yes'))
  })
  await link.press('Enter')
  await page.locator(`body[data-heard="${hash}"]`).waitFor()
  // The page takes such a move for one to another trail, and looks that up.
  expect(await page.locator('body').getAttribute('data-moved')).toBeNull()
})
