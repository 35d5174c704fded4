import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchChromium } from '../../../../test/launchChromium.ts'
import { bundlePage } from '../../../browser/fixtures/bundlePage.ts'
import { serveScript } from '../../fixtures/serveScript.ts'

let site: Awaited<ReturnType<typeof serveScript>>
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  site = await serveScript(await bundlePage('../../react/fixtures/clipboardPage.tsx'))
  browser = await launchChromium(['--host-resolver-rules=MAP shop.example 127.0.0.1'])
})
afterAll(async () => {
  await browser.close()
  site.close()
})
beforeEach(async () => void (context = await browser.newContext()))
afterEach(() => context.close())

interface Environment {
  readonly name: string
  readonly host?: string
  readonly path?: string
  readonly arrange?: (page: Page) => Promise<unknown>
  readonly says: 'Copied' | 'Selected: copy it now'
}

const ENVIRONMENTS: readonly Environment[] = [
  { name: 'where the clipboard is allowed', says: 'Copied', arrange: (page) => permit(page, 'granted') },
  { name: 'where its permission is denied', says: 'Copied', arrange: (page) => permit(page, 'denied') },
  { name: 'on an insecure origin', host: 'shop.example', says: 'Copied' },
  { name: 'in a sandboxed frame', path: '/framed', says: 'Copied' },
  { name: 'where there is no clipboard and the command is refused', says: 'Selected: copy it now', arrange: refuseAll },
]

test.each(ENVIRONMENTS)('$name, what is said is what the clipboard holds', async (environment) => {
  const { host = '127.0.0.1', path = '/', arrange, says } = environment
  const page = await context.newPage()
  await arrange?.(page)
  await page.goto(`http://${host}:${site.port}${path}`)
  const view = path === '/' ? page : page.frameLocator('iframe')
  const field = page.locator('textarea')
  await field.fill('what was there before')
  await field.press('Control+A')
  await field.press('Control+X')

  const button = view.locator('[data-waybill-reference]')
  const reference = await button.getAttribute('data-waybill-reference')
  await button.click()
  const announced = await view.locator('output:not(:empty)').textContent()
  const word = await button.locator('[data-part=copy]').textContent()
  expect(word).toBe(says)
  expect(announced).toContain(says === 'Copied' ? 'Reference copied.' : 'did not copy')

  if (says === 'Selected: copy it now') {
    expect(await page.evaluate(() => String(getSelection()))).toBe(reference)
    expect(await paste(page)).toBe('what was there before')
    await button.click()
    // As the announcement tells the customer to.
    await page.keyboard.press('Control+C')
  }
  expect(await paste(page)).toBe(reference)
})

/** What the clipboard really holds, by the customer's own command, which every page allows. */
async function paste(page: Page): Promise<string> {
  const field = page.locator('textarea')
  await field.fill('')
  await field.press('Control+V')
  return field.inputValue()
}

async function permit(page: Page, setting: 'granted' | 'denied'): Promise<void> {
  const session = await context.newCDPSession(page)
  const { targetInfo } = await session.send('Target.getTargetInfo')
  await session.send('Browser.setPermission', {
    permission: { name: 'clipboard-write' },
    setting,
    origin: `http://127.0.0.1:${site.port}`,
    ...(targetInfo.browserContextId && { browserContextId: targetInfo.browserContextId }),
  })
}

function refuseAll(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })
    Document.prototype.execCommand = () => false
  })
}
