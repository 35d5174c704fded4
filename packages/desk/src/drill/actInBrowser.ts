import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseReference, parseTraceparent, referenceOfTraceId } from '@waybill/reference'
import type { Browser, BrowserType, Page, Response } from 'playwright'
import { answeredIn, keepFrom, shownIn } from './act.ts'
import type { Acted, ActOptions, Shown } from './act.ts'
import type { BrowserAction } from './DrillConfig.ts'
import { DrillError } from './DrillError.ts'

/**
 * Does the action by a click in a real browser, and reads off the screen what the customer sees.
 *
 * @throws DrillError when there is no Playwright, no browser, nothing to click, or the click calls nobody.
 */
export async function actInBrowser(action: BrowserAction, options: BrowserOptions): Promise<Acted> {
  const { base, folder, variables, signal, namespace } = options
  const browser = await launch(options)
  const close = (): void => void browser.close().catch(() => undefined)
  signal?.addEventListener('abort', close, { once: true })
  try {
    const { storageState } = action
    const context = await browser.newContext(
      storageState === null ? {} : { storageState: resolve(folder, storageState) },
    )
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await page.goto(new URL(variables.fill(action.open, 'action.browser.open'), base).href)
    for (const [label, value] of Object.entries(action.fill))
      await page.getByLabel(label, { exact: true }).fill(variables.fill(value, 'action.browser.fill'))
    const target = targetOf(page, action.click)
    await target.waitFor()
    const own = ownCall(page, action)
    await target.click()
    const response = await own
    const request = response.request()
    const headers = request.headers()
    const text = await response.text().catch(() => '')
    const answer = { headers: new Headers(await response.allHeaders()), text, status: response.status() }
    keepFrom(answer, action.keep, options)
    const sent = sentIn(headers, namespace)
    return {
      sent,
      answered: answeredIn(answer, namespace),
      shown: action.shown === null ? null : await shownOn(page, action.shown, namespace),
      status: answer.status,
      url: request.url(),
    }
  } catch (error) {
    if (error instanceof DrillError || signal?.aborted) throw error
    const said = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new DrillError(
      `The click could not be done in the browser: ${variables.hide(String(said))}. Check "open" and "click" by hand in a private window.`,
      { cause: error },
    )
  } finally {
    signal?.removeEventListener('abort', close)
    await browser.close().catch(() => undefined)
  }
}

export interface BrowserOptions extends ActOptions {
  readonly folder: string
  /** A browser's executable. @default Playwright's own */
  readonly executable?: string | undefined
}

const PATIENCE_MS = 20_000

async function launch({ executable }: BrowserOptions): Promise<Browser> {
  const chromium = await playwright()
  try {
    return await chromium.launch({
      ...(executable !== undefined && { executablePath: executable }),
      // Chromium's sandbox refuses to run as root, as it does in most containers.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    })
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new DrillError(
      `The browser did not start (${said}). Run npx playwright install chromium, or name one by --browser /usr/bin/chromium.`,
      { cause: error },
    )
  }
}

/** An optional peer: of the project where the drill runs, else beside us. */
async function playwright(): Promise<BrowserType> {
  for (const from of [pathToFileURL(join(process.cwd(), 'package.json')), import.meta.url]) {
    for (const name of ['playwright', 'playwright-core']) {
      let file: string
      try {
        file = createRequire(from).resolve(name)
      } catch {
        continue
      }
      const loaded: { chromium?: BrowserType; default?: { chromium?: BrowserType } } = await import(
        pathToFileURL(file).href
      )
      const chromium = loaded.chromium ?? loaded.default?.chromium
      if (chromium) return chromium
    }
  }
  throw new DrillError(
    'A click needs Playwright, and there is none here. Run npm install --save-dev playwright, or let the drill do the call that the click makes: "action": { "http": { "method": "POST", "path": … } }.',
  )
}

function targetOf(page: Page, click: string) {
  if (click.startsWith('css=')) return page.locator(click).first()
  const [button, link] = (['button', 'link'] as const).map((role) => page.getByRole(role, { name: click, exact: true }))
  return button!.or(link!).first()
}

/** The answer to the call that the click is about: the one that was named, else the first that changes something, else the first with an answer. */
function ownCall(page: Page, { call, click }: BrowserAction): Promise<Response> {
  return new Promise((resolve, reject) => {
    let first: Response | undefined
    const timer = setTimeout(() => {
      if (first && call === null) return resolve(first)
      const what = call === null ? 'no call to a server' : `no call "${call}"`
      reject(
        new DrillError(
          `The click on "${click}" led to ${what} that was answered within ${PATIENCE_MS / 1000} s. Check its name, or write "call": "POST /api/…".`,
        ),
      )
    }, PATIENCE_MS)
    page.on('response', (response) => {
      const request = response.request()
      const line = `${request.method()} ${new URL(request.url()).pathname}`
      const isOwn = call === null ? !SAFE.has(request.method()) && !isReport(line) : line.includes(call)
      if (!isOwn) {
        if (!['image', 'font', 'stylesheet', 'script'].includes(request.resourceType())) first ??= response
        return
      }
      clearTimeout(timer)
      resolve(response)
    })
  })
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The browser's own steps on their way to the desk. */
function isReport(line: string): boolean {
  return line.endsWith('/v1/traces')
}

function sentIn(headers: Readonly<Record<string, string>>, namespace: string): string | null {
  const parsed = parseReference(headers['trace-reference'])
  if (parsed.ok) return parsed.reference
  return referenceOfTraceId(parseTraceparent(headers['traceparent'])?.traceId, { namespace })?.reference ?? null
}

async function shownOn(page: Page, selector: string, namespace: string): Promise<Shown> {
  const place = page.locator(selector).first()
  try {
    await place.waitFor()
  } catch {
    return { id: null }
  }
  // What is read, not what a script could read: the attribute counts only where there are no words.
  const words = (await place.innerText()).trim()
  const shown = shownIn(words, namespace)
  return shown.id !== null && words !== ''
    ? shown
    : shownIn((await place.getAttribute('data-waybill-reference')) ?? '', namespace)
}
