import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFreshApp, packPackages } from './freshApp/createFreshApp.ts'
import type { FreshApp, PackedPackages } from './freshApp/createFreshApp.ts'
import { apiCalls, openBrowser, shownReference } from './openBrowser.ts'

let browser: Browser
let packed: PackedPackages
beforeAll(async () => {
  browser = await openBrowser()
  packed = await packPackages()
}, 300_000)
afterAll(async () => {
  await browser.close()
  packed[Symbol.dispose]()
})

const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8')
const lines = /## In your own app\s+```tsx\n(.*?)```/s.exec(readme)?.[1] ?? ''

describe.each(['^19.0.0', '^18.3.0'])('a fresh Vite app with React %s, from the packed packages', (react) => {
  let app: FreshApp
  beforeAll(async () => void (app = await createFreshApp({ packed, react, main: lines })), 300_000)
  afterAll(() => app[Symbol.asyncDispose]())

  test('the README’s lines give an error notice whose code is copied, and that tries again under it', async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
    const page = await context.newPage()
    await page.route('**/api/refunds', (route) => route.fulfill({ status: 503 }))
    const deliveries: string[] = []
    await page.route('https://desk.shop.example/**', async (route) => {
      deliveries.push(route.request().postData() ?? '')
      await route.fulfill({ json: {}, headers: { 'access-control-allow-origin': '*' } })
    })
    const calls = apiCalls(page)
    await page.goto(app.url)
    await page.getByRole('button', { name: 'Request refund' }).click()
    await page.getByRole('alert').getByText('Your refund was not requested.').waitFor()
    const tryAgain = page.getByRole('button', { name: 'Try again' })
    for (const [colorScheme, accent] of [
      ['dark', 'rgb(157, 188, 255)'],
      ['light', 'rgb(29, 78, 216)'],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await tryAgain.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe(accent)
    }
    const reference = await shownReference(page)
    await page.locator('[data-waybill-reference]').click()
    await page.getByText('Copied', { exact: true }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(reference)

    await tryAgain.click()
    await expect
      .poll(() => calls.map(({ reference, attempt }) => `${reference} ${attempt}`))
      .toEqual([`${reference} 1`, `${reference} 2`])
    expect(await shownReference(page)).toBe(reference)
    await expect.poll(() => deliveries.join()).toContain(reference)
    await context.close()
  })

  test('every component renders on a server, is taken over without a word on the console, and a crash is caught', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${app.url}everything.html`)
    await page.locator('aside').getByText('Your orders were not shown.').waitFor()
    await page.locator('aside [data-waybill-reference]').waitFor()
    await page.getByRole('radio', { checked: true }).waitFor()
    await page.getByRole('button', { name: 'Save address', exact: true }).click()
    await page.getByText('Your address was not saved.').waitFor()
    await page.locator('[data-part=qr] svg').waitFor({ state: 'attached' })
    expect(await page.locator('[data-waybill-reference]').count()).toBe(9)
    // React itself reports a crash that a boundary caught.
    expect(complaints.filter((text) => !/the crash that belongs here|error boundary/.test(text))).toEqual([])
    await context.close()
  })

  test('what was packed is for the browser where it uses React', () => {
    const { version } = JSON.parse(readFileSync(join(app.folder, 'node_modules/react/package.json'), 'utf8'))
    expect(`^${version}`.slice(0, 3)).toBe(react.slice(0, 3))
    const files = globSync(join(app.folder, 'node_modules/@waybill/react/dist/**/*.js'))
    const client = files.filter((file) => /\buse[A-Z]\w+\(|createContext\(/.test(readFileSync(file, 'utf8')))
    expect(client.length).toBeGreaterThan(10)
    expect(client.filter((file) => !readFileSync(file, 'utf8').startsWith("'use client'"))).toEqual([])
  })
})
