import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../fixtures/openApp.ts'
import type { Spans } from '../fixtures/otelPage.ts'
import { carry } from './esbuild.ts'

let browser: Awaited<ReturnType<typeof openBrowser>>
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function buyAll(isCarried: boolean) {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '..', 'fixtures', 'otelPage.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['waybill-source'],
    plugins: isCarried ? [carry({ log() {} })] : [],
  })
  const page = await browser.newPage()
  const sent: { path: string; spanId: string }[] = []
  await page.route('http://shop.test/**', async (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname.startsWith('/api/')) {
      const traceparent = await route.request().headerValue('traceparent')
      sent.push({ path: pathname, spanId: traceparent?.split('-')[2] ?? '' })
    }
    const body = pathname === '/app.js' ? outputFiles[0]!.text : '<script type="module" src="/app.js"></script>'
    await route.fulfill({ contentType: pathname === '/app.js' ? 'text/javascript' : 'text/html', body })
  })
  await page.goto('http://shop.test/')
  await page.waitForFunction(() => 'buyAll' in globalThis)
  const spans = await page.evaluate(() =>
    (globalThis as unknown as { buyAll(names: readonly string[]): Promise<Spans> }).buyAll([
      'apples',
      'pears',
      'plums',
    ]),
  )
  await page.close()
  return sent.map(({ path, spanId }) => `${path} in ${spans[spanId]!.parent}`).toSorted((a, b) => a.localeCompare(b))
}

test('in Chromium a call that OpenTelemetry’s own instrumentation traces is a child of the span around it, behind any await', async () => {
  const expected = ['apples', 'pears', 'plums'].flatMap((name) =>
    Array.from({ length: 2 }, () => `/api/${name} in ${name}`),
  )
  expect(await buyAll(true)).toEqual([
    ...expected.slice(0, 2),
    ...Array.from({ length: 3 }, () => '/api/nobody in undefined'),
    ...expected.slice(2),
  ])
})

test('which it is not where the plugin is missing', async () => {
  for (const call of await buyAll(false)) expect(call).toMatch(/ in undefined$/)
})
