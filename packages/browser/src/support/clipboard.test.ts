import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchChromium } from '../../../../test/launchChromium.ts'
import { bundlePage } from '../../fixtures/bundlePage.ts'
import { startSite } from '../../fixtures/site.ts'
import type { Site } from '../../fixtures/site.ts'

let site: Site
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  site = await startSite(await bundlePage('clipboardPage.ts'))
  browser = await launchChromium(['--host-resolver-rules=MAP shop.example 127.0.0.1'])
})
afterAll(async () => {
  await browser.close()
  site.close()
})
beforeEach(async () => {
  await context?.close()
  context = await browser.newContext()
})

async function copy(page: Page): Promise<{ result: unknown; text: string }> {
  await page.click('button')
  const output = page.locator('output:not(:empty)')
  return JSON.parse((await output.textContent()) ?? '')
}

/** By the customer's own command, which every page allows. */
async function paste(page: Page): Promise<string> {
  await page.focus('textarea')
  await page.keyboard.press('Control+V')
  return page.inputValue('textarea')
}

test('a secure page’s clipboard really holds the text', async () => {
  const page = await context.newPage()
  await page.goto(site.origin)
  const { result, text } = await copy(page)
  expect(result).toEqual({ ok: true, how: 'copied' })
  expect(await paste(page)).toBe(text)
})

test('on an insecure origin, which has no clipboard, the copy command really puts it there', async () => {
  const page = await context.newPage()
  await page.goto(site.origin.replace('127.0.0.1', 'shop.example'))
  expect(await page.evaluate(() => isSecureContext || 'clipboard' in navigator)).toBe(false)
  const { result, text } = await copy(page)
  expect(result).toEqual({ ok: true, how: 'copied' })
  expect(await paste(page)).toBe(text)
})

test('where the clipboard is denied by policy, what is said is what it holds', async () => {
  const page = await context.newPage()
  await page.route(`${site.origin}/`, async (route) => {
    const response = await route.fetch()
    const headers = { ...response.headers(), 'permissions-policy': 'clipboard-write=()' }
    await route.fulfill({ response, headers })
  })
  await page.goto(site.origin)
  const refusal = await page.evaluate(() => navigator.clipboard.writeText('').catch((error: Error) => error.name))
  expect(refusal).toBe('NotAllowedError')
  const { result, text } = await copy(page)
  const held = await paste(page)
  expect(result).toEqual(held === text ? { ok: true, how: 'copied' } : { ok: false, reason: 'refused' })
})
