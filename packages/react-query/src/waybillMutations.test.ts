import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { chromium } from 'playwright'
import type { Browser, Page } from 'playwright'
import { build, defaultClientConditions } from 'vite'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Waybill } from '@waybill/browser'
import { CHROMIUM_FLAGS } from '../../../test/chromiumFlags.ts'
import { findChromium } from '../../../test/findChromium.ts'

declare const waybill: Waybill

interface Request {
  readonly name: string
  readonly reference: string | undefined
  readonly attempt: number
}

let server: Server
let browser: Browser
let page: Page
let requests: Request[] = []
let failures = new Map<string, number>()
let held: (() => void) | undefined

beforeAll(async () => {
  const script = await bundle()
  server = createServer(({ url = '', headers }, response) => {
    const [, api, name = '', failing = '0'] = url.split('/')
    if (api !== 'api') {
      response.setHeader('content-type', url === '/page.js' ? 'text/javascript' : 'text/html')
      response.end(url === '/page.js' ? script : '<!doctype html><body><script type="module" src="/page.js"></script>')
      return
    }
    requests.push({ name, reference: String(headers['trace-reference']), attempt: Number(headers['trace-attempt']) })
    const failed = failures.get(name) ?? 0
    failures.set(name, failed + 1)
    const answer = (): void => void response.writeHead(failed < Number(failing) ? 503 : 200).end(name)
    if (name === 'slow') held = answer
    else answer()
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const executablePath = findChromium()
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: [...CHROMIUM_FLAGS] })
  page = await browser.newPage()
}, 60_000)

beforeEach(async () => {
  requests = []
  failures = new Map()
  held = undefined
  const address = server.address()
  await page.goto(`http://localhost:${typeof address === 'object' ? address?.port : ''}/`)
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

describe('a mutation in a click', () => {
  test.each(['retried', 'stable', 'inline', 'ky'])(
    'keeps its reference over its retries, attempts counted: %s',
    async (name) => {
      await press(name)
      await settled(name, 'success')
      const reference = await shown(name)
      expect(sent(name)).toEqual([1, 2, 3].map((attempt) => ({ name, reference, attempt })))
      const names = { retried: 'Request refund', stable: 'Keep sending', inline: 'Send inline', ky: 'By ky' }
      const action = {
        reference,
        name: names[name as keyof typeof names],
        state: 'succeeded',
        attempts: 3,
        background: false,
      }
      expect(await recorded(reference)).toMatchObject(action)
    },
  )

  test('without a name belongs to the click', async () => {
    await press('unnamed')
    await settled('unnamed', 'success')
    const reference = await shown('unnamed')
    expect(sent('unnamed')).toEqual([{ name: 'unnamed', reference, attempt: 1 }])
    expect(await recorded(reference)).toMatchObject({ name: 'POST /api/unnamed/:id', background: false })
  })

  test('shows its reference while it is pending, and none after a reset', async () => {
    await press('slow')
    await vi.waitFor(() => expect(sent('slow')).toHaveLength(1))
    expect(await page.textContent('#slow output')).toBe('pending')
    expect(await shown('slow')).toBe(sent('slow')[0]?.reference)
    await page.click('#slow >> text=Reset')
    await page.waitForSelector('#slow [data-waybill-reference]', { state: 'detached' })
    held?.()
  })

  test.each(['quick first', 'slow first'])(
    'that overlaps another shows its own reference when both fail, %s',
    async (order) => {
      await press('slow')
      await press('quick')
      if (order === 'quick first') await settled('quick', 'error')
      await vi.waitFor(() => expect(held).toBeTypeOf('function'))
      held?.()
      await settled('slow', 'error')
      await settled('quick', 'error')
      for (const name of ['slow', 'quick']) {
        expect(sent(name)).toEqual([{ name, reference: await shown(name), attempt: 1 }])
        expect(await shown(name, '[data-waybill=error-notice]')).toBe(await shown(name))
      }
      expect(await recorded(await shown('quick'))).toMatchObject({ name: 'quick', state: 'failed' })
      expect(await shown('slow')).not.toBe(await shown('quick'))
    },
  )

  test('shares its action with another of that click, which fails when either failed, after both', async () => {
    await page.click('text=both')
    await vi.waitFor(() => expect(held).toBeTypeOf('function'))
    const reference = sent('slow')[0]?.reference
    expect(sent('first')).toEqual([{ name: 'first', reference, attempt: 1 }])
    expect(await recorded(reference)).toMatchObject({ name: 'Save all', state: 'open' })
    held?.()
    await vi.waitFor(async () => expect(await recorded(reference)).toMatchObject({ state: 'failed' }))
  })

  test('takes along the queries it invalidates, while a ticker keeps to itself', async () => {
    await page.click('#orders')
    await page.waitForSelector('text=Orders orders')
    await press('refetching')
    await vi.waitFor(() => expect(sent('orders')).toHaveLength(2))
    const reference = await shown('refetching')
    const [byClick, byMutation] = sent('orders')
    expect(byMutation?.reference).toBe(reference)
    expect(await recorded(byClick?.reference)).toMatchObject({ background: false, name: 'GET /api/orders/:id' })
    await vi.waitFor(() => expect(sent('ticker').length).toBeGreaterThan(5))
    const tickers = new Set(sent('ticker').map((each) => each.reference))
    expect(tickers.size).toBe(sent('ticker').length)
    expect(tickers).not.toContain(reference)
    expect(tickers).not.toContain(byClick?.reference)
  })
})

describe('a mutation', () => {
  test('goes on under its reference when the customer tries again, as the next attempt', async () => {
    await press('again')
    await settled('again', 'error')
    const reference = await shown('again')
    await page.click('#again >> text=Try again')
    await vi.waitFor(() => expect(sent('again')).toHaveLength(2))
    await settled('again', 'error')
    await page.click('#again >> text=Try again')
    await settled('again', 'success')
    expect(sent('again')).toEqual([1, 2, 3].map((attempt) => ({ name: 'again', reference, attempt })))
    expect(await shown('again')).toBe(reference)
    expect(await recorded(reference)).toMatchObject({ state: 'succeeded', attempts: 3 })
  })

  test('inside an action belongs to it and leaves its end to it', async () => {
    await page.click('text=inside')
    await vi.waitFor(() => expect(sent('after')).toHaveLength(1))
    const [after] = sent('after')
    expect(sent('inside')).toEqual([{ name: 'inside', reference: after?.reference, attempt: 1 }])
    await vi.waitFor(async () => {
      expect(await recorded(after?.reference)).toMatchObject({ name: 'Check out', state: 'succeeded' })
    })
    const calls = (await recorded(after?.reference))?.calls
    expect(calls?.map(({ path }) => path)).toEqual(['/api/inside/:id', '/api/after/:id'])
  })

  test('that nobody’s click started begins an action of its own', async () => {
    await page.click('text=later')
    await vi.waitFor(() => expect(sent('inside')).toHaveLength(1))
    expect(await recorded(sent('inside')[0]?.reference)).toMatchObject({ name: 'inside', background: false })
  })

  test('that was paused and persisted goes on under its reference after a reload', async () => {
    await page.click('text=keep')
    await page.click('text=persist')
    await page.evaluate(() => waybill.flush())
    const before = await page.evaluate(() =>
      waybill.session.actions().find(({ name }) => name === 'Keep over a reload'),
    )
    expect(before?.state).toBe('open')
    expect(sent('kept')).toEqual([])
    await page.reload()
    await page.click('text=resume')
    await vi.waitFor(() => expect(sent('kept')).toHaveLength(1))
    expect(sent('kept')[0]?.reference).toBe(before?.reference)
    await vi.waitFor(async () => expect(await recorded(before?.reference)).toMatchObject({ state: 'succeeded' }))
  })
})

const press = (label: string): Promise<void> => page.click(`#${label} >> text="${label}"`)

const settled = (label: string, status: string) => page.waitForSelector(`#${label} output:text-is("${status}")`)

const sent = (name: string): readonly Request[] => requests.filter((request) => request.name === name)

const shown = (label: string, inside = '>') =>
  page.getAttribute(`#${label} ${inside} [data-waybill-reference]`, 'data-waybill-reference')

function recorded(reference: string | null | undefined) {
  return page.evaluate((wanted) => waybill.session.actions().find((record) => record.reference === wanted), reference)
}

/** The page as one script, from source, as an application's own bundler would make it. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    root: import.meta.dirname,
    mode: 'development',
    resolve: { conditions: ['waybill-source', ...defaultClientConditions] },
    define: { 'process.env.NODE_ENV': '"development"' },
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: join(import.meta.dirname, 'waybillMutations.page.test.tsx') },
    },
  })
  for (const { output } of [built].flat().filter((each) => 'output' in each)) return output[0].code
  throw new Error('[waybill] The test page was not built.')
}
