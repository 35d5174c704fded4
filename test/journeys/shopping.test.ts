import { readFile } from 'node:fs/promises'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseReference } from '@waybill/reference'
import pg from 'pg'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiCalls, openBrowser, shownReference } from './openBrowser.ts'
import { eventually, startDemo } from './startDemo.ts'
import type { Demo } from './startDemo.ts'

const EMAIL = 'mara.lindqvist.4711@example.com'
const PROMPT = 'Should the refund of order'
const MODEL_TEXT = 'APPROVE'

let demo: Demo
let browser: Browser
let page: Page

beforeAll(async () => {
  demo = await startDemo()
  browser = await openBrowser()
  page = await browser.newPage()
})

afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

test('signing up is one action that succeeds', async () => {
  await page.goto(`${demo.shop}/sign-up`)
  await page.getByLabel('Name').fill('Mara Lindqvist')
  await page.getByLabel('E-mail').fill(EMAIL)
  const calls = apiCalls(page)
  await page.getByRole('button', { name: 'Open account' }).click()
  const reference = await shownReference(page)
  expect(calls.filter(({ path }) => path === '/api/sign-up').map((call) => call.reference)).toEqual([reference])
  const [trail] = await eventually(
    () => demo.trails(reference),
    // The server's step may be there before the browser's, which has the name.
    ([match]) => match?.outcome.state === 'succeeded' && match.action === 'Sign up',
  )
  expect(trail).toMatchObject({ action: 'Sign up', outcome: { state: 'succeeded', advice: 'none' } })
})

test('a declined card is an error with its code, and another card is the same action again', async () => {
  await page.goto(demo.shop)
  await page
    .getByRole('button', { name: /add .*to cart/i })
    .first()
    .click()
  await page.goto(`${demo.shop}/checkout`)
  await page.getByRole('radio', { name: /declined/i }).check()
  const calls = apiCalls(page)
  await page.getByRole('button', { name: /^pay/i }).click()
  await page.getByText('Your payment was not taken.').waitFor()
  const reference = await shownReference(page)
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Use another card' }).click()
  expect(await page.getByLabel('Card number').evaluate((field) => field === document.activeElement)).toBe(true)
  const [declined] = await eventually(
    () => demo.trails(reference),
    ([match]) => match?.outcome.advice === 'customer-other-card',
  )
  expect(declined?.outcome).toMatchObject({ state: 'failed', advice: 'customer-other-card' })

  await page.getByRole('radio', { name: /accepted/i }).check()
  await page.getByRole('button', { name: /^pay/i }).click()
  await page.waitForURL(/\/orders\/A-\d+/)
  expect(await shownReference(page)).toBe(reference)
  const payments = calls.filter(({ path }) => path === '/api/checkout')
  expect(payments.map((call) => [call.reference, call.attempt])).toEqual([
    [reference, '1'],
    [reference, '2'],
  ])
  const [trail] = await eventually(
    () => demo.trails(reference),
    ([match]) => match?.outcome.state === 'succeeded',
  )
  expect(trail?.outcome).toMatchObject({ state: 'succeeded', advice: 'none' })
  expect(trail?.steps.map(({ at }) => at)).toEqual(trail?.steps.map(({ at }) => at).toSorted())
})

test('saving the cart is one action, though its calls have a timer and the device’s database between them', async () => {
  const page = await browser.newPage()
  await page.goto(demo.shop)
  await page
    .getByRole('button', { name: /add .*to cart/i })
    .first()
    .click()
  await page.goto(`${demo.shop}/cart`)
  const save = page.getByRole('button', { name: 'Save for later' })
  await save.waitFor()
  const calls = apiCalls(page)
  await save.click()
  await page.getByText('Saved on this device.').waitFor()
  const references = new Set(calls.map(({ reference }) => reference))
  expect(calls.map(({ path }) => path)).toEqual(['/api/session', '/api/products'])
  expect(references.size).toBe(1)
  // The page's word and the API's steps come by ways of their own.
  await eventually(
    () => demo.trails([...references][0] ?? ''),
    ([match]) =>
      match?.outcome.state === 'succeeded' &&
      match.action === 'Save cart' &&
      match.steps.filter(({ hop }) => hop === 'api').length === 2,
  )
  await page.getByRole('button', { name: 'One less' }).click()
  await page.getByRole('button', { name: 'Take the cart you saved' }).click()
  await save.waitFor()
  await page.close()
})

test('a receipt shows the reference of its checkout, and still does after a reload', async () => {
  const reference = await shownReference(page)
  await page.reload()
  expect(await shownReference(page)).toBe(reference)
  const orderId = /A-\d+/.exec(page.url())?.[0] ?? ''
  expect((await demo.trails(orderId)).map((match) => match.reference)).toContain(reference)
})

test('the nightly sync has a reference of its own and leaves a step in each customer’s trail', async () => {
  const reference = await shownReference(page)
  const { run } = (await page.evaluate(async () => {
    const answer = await fetch('/api/back-office/nightly-sync', { method: 'POST' })
    return answer.json()
  })) as { run: { reference: string } }
  expect(parseReference(run.reference).ok).toBe(true)
  const [sync] = await eventually(
    () => demo.trails(run.reference),
    ([match]) => match?.outcome.state === 'succeeded',
  )
  expect(sync?.steps.map(({ hop }) => hop)).toEqual(expect.arrayContaining(['queue', 'worker', 'schedule']))
  const [order] = await eventually(
    () => demo.trails(reference),
    ([match]) => match?.steps.some(({ hop }) => hop === 'schedule') ?? false,
  )
  expect(order?.outcome.state).toBe('succeeded')
})

test('the carrier’s webhook goes on with the trail of the order it is about', async () => {
  const reference = await shownReference(page)
  const orderId = /A-\d+/.exec(page.url())?.[0] ?? ''
  await page.evaluate(
    (id) =>
      fetch('/api/back-office/carrier-webhook', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ orderId: id }),
      }).then(() => undefined),
    orderId,
  )
  const [trail] = await eventually(
    () => demo.trails(reference),
    ([match]) => match?.steps.some(({ hop }) => hop === 'webhook') ?? false,
  )
  expect(trail?.steps.some(({ hop, status }) => hop === 'webhook' && status === 'ok')).toBe(true)
})

test('a refund that the model approves is paid out, and its trail says so', async () => {
  const orderId = /A-\d+/.exec(page.url())?.[0] ?? ''
  const reference = await page.evaluate(async (id) => {
    const answer = await fetch(`/api/orders/${id}/refund`, { method: 'POST' })
    return answer.headers.get('trace-reference') ?? ''
  }, orderId)
  const [trail] = await eventually(
    () => demo.trails(reference),
    ([match]) => match?.outcome.state === 'succeeded',
  )
  expect(trail?.outcome).toMatchObject({ state: 'succeeded', advice: 'none' })
})

test('what a visitor’s blocker keeps from its first way reaches the desk through the shop’s own API', async () => {
  const visitor = await (await browser.newContext()).newPage()
  await visitor.route('**/waybill/**', (route) => route.abort('blockedbyclient'))
  await visitor.goto(demo.shop)
  await visitor.getByRole('button', { name: 'Request refund' }).click()
  const reference = await shownReference(visitor)
  const [trail] = await eventually(
    () => demo.trails(reference),
    ([match]) => match?.steps.some(({ hop, action }) => hop === 'browser' && action === 'succeeded') ?? false,
  )
  expect(trail?.steps[0]).toMatchObject({ hop: 'browser', name: 'Request refund', action: 'succeeded', claimed: true })

  // The same customer asks a person.
  await visitor.getByRole('link', { name: 'Help' }).click()
  await visitor.getByRole('radio', { name: /Request refund/ }).check()
  expect(await shownReference(visitor)).toBe(reference)
  await visitor.getByText('Support can find what happened with this reference. It is attached').waitFor()
  const mail = await visitor.getByRole('link', { name: 'Contact support' }).getAttribute('href')
  expect(mail).toContain(`mailto:help@deckle.example?subject=Reference%20${reference}&`)
  await visitor.context().close()
})

test('a refund that was never sent says so, and may be tried again under its code', async () => {
  const context = await browser.newContext()
  const visitor = await context.newPage()
  await visitor.goto(demo.shop)
  const button = visitor.getByRole('button', { name: 'Request refund' })
  await button.waitFor()
  await context.setOffline(true)
  await button.click()
  const notice = visitor.getByRole('region', { name: 'Your refund was not requested.' })
  await notice.getByText('You are offline. This attempt was not sent.').waitFor()
  expect(await notice.evaluate((region) => region === document.activeElement)).toBe(true)
  await notice.getByText('Saved on this device. Support can see it when you are back online.').waitFor()
  const reference = await shownReference(visitor)
  await context.setOffline(false)
  await notice.getByText('You were offline. This attempt was not sent.').waitFor()
  await notice.getByText('Support can find what happened with this reference.').waitFor()
  expect(await notice.getByText('back online').count()).toBe(0)
  await notice.getByRole('button', { name: 'Try again' }).click()
  await visitor.getByText(/^You'll hear from us by /).waitFor()
  expect(await shownReference(visitor)).toBe(reference)
  await context.close()
})

test.each([
  ['goes away while the answer is awaited', undefined],
  ['breaks', 500],
])('a refund of which nobody knows, as the server %s, sends the customer to support first', async (_, status) => {
  const context = await browser.newContext()
  const visitor = await context.newPage()
  await visitor.route('**/refund', (route) => (status ? route.fulfill({ status }) : route.abort('connectionreset')))
  await visitor.goto(demo.shop)
  await visitor.getByRole('button', { name: 'Request refund' }).click()
  const notice = visitor.getByRole('region', { name: 'We do not know yet whether your refund was requested.' })
  await notice.getByText('Contact support before you ask again.').waitFor()
  expect(await notice.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  expect(await notice.getByText('offline').count()).toBe(0)
  await notice.getByRole('link', { name: 'Contact support' }).waitFor()
  await context.close()
})

test.each([404, 410, 422])('a refund that the shop answers with %i offers nothing to try again', async (status) => {
  const context = await browser.newContext()
  const visitor = await context.newPage()
  await visitor.route('**/refund', (route) => route.fulfill({ status, json: { title: 'There is no such order.' } }))
  await visitor.goto(demo.shop)
  await visitor.getByRole('button', { name: 'Request refund' }).click()
  const notice = visitor.getByRole('region', { name: 'Your refund was not requested.' })
  await notice.waitFor()
  expect(await notice.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  await context.close()
})

test('no log line, step or row holds the customer’s e-mail, the prompt or the model’s text', async () => {
  await page.goto(demo.shop)
  const folder = join(demo.logFolder, '..')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:log|db)/.test(file))
    .filter((file) => statSync(join(folder, file)).isFile())
  expect(files).toEqual(
    expect.arrayContaining(['logs/api.log', 'logs/worker.log', 'logs/model.log', 'logs/desk.log', 'desk.db']),
  )
  const texts = new Map<string, string>()
  for (const file of files) texts.set(file, await readFile(join(folder, file), 'latin1'))
  for (const [table, text] of await everyRow()) texts.set(table, text)
  texts.set('the browser’s storage', await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })))
  expect(texts.size).toBeGreaterThan(12)
  for (const [where, text] of texts) {
    for (const secret of [EMAIL, 'Lindqvist.4711', PROMPT, MODEL_TEXT]) {
      expect(text.toLowerCase().includes(secret.toLowerCase()), `${secret} in ${where}`).toBe(false)
    }
  }
})

async function everyRow(): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: demo.databaseUrl })
  await client.connect()
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema LIKE 'waybill_demo%' AND table_type = 'BASE TABLE'`,
  )
  const found = new Map<string, string>()
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
    found.set(name, rows.map(({ row }) => row).join('\n'))
  }
  await client.end()
  return found
}
