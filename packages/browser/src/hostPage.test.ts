import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { mintReference, traceIdOf, traceparentOf } from '@waybill/reference'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

/** What the page around us does, and must not suffer for. */
let shop: Shop

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(() => shop.forget())

test('an onError that throws reaches nobody: calls end as fetch ends them, and delivery goes on', async () => {
  shop.site.collector.mode = 503
  const page = await shop.visit()
  const faults: Error[] = []
  page.on('pageerror', (error) => faults.push(error))
  const seen = await page.evaluate(async () => {
    const told: unknown[] = []
    const waybill = window.shop.createWaybill({
      service: 'loud',
      deliverTo: '/waybill',
      onError(error) {
        told.push(error)
        throw new Error('loud')
      },
    })
    const rejected = await waybill.fetch('http://').then(() => '', String)
    const action = waybill.begin('Pay')
    action.note({ 'no such name': 'x' })
    await action.fetch('/api/pay')
    action.succeed()
    const flushed = await waybill.flush().then(
      () => 'flushed',
      () => 'refused',
    )
    Object.assign(window, { loud: waybill })
    return { rejected: rejected.startsWith('TypeError'), flushed, told: told.length > 1 }
  })
  expect(seen).toEqual({ rejected: true, flushed: 'flushed', told: true })
  shop.site.collector.mode = 'accept'
  await expect.poll(() => shop.site.delivered().some(({ name }) => name === 'Pay')).toBe(true)
  expect(faults).toEqual([])
})

test('globals of the names we use, and members that every object has', async () => {
  const page = await (await shop.browser.newContext()).newPage()
  const faults: Error[] = []
  page.on('pageerror', (error) => faults.push(error))
  await page.addInitScript({
    content: 'var origin = "LHR"; var scheduler = { init() {} }; Object.prototype.leak = "leaked"',
  })
  await page.goto(shop.site.origin)
  await page.evaluate(async () => {
    const action = window.shop.waybill.begin('Pay')
    action.note({ order: 'A-1' })
    await action.fetch('/api/pay')
    action.succeed()
    await window.shop.waybill.flush()
  })
  expect(shop.site.calls[0]?.headers['trace-reference']).toMatch(/^\w{3}-\w{3}-\w{3}$/)
  expect(JSON.stringify(shop.site.delivered())).not.toContain('leak')
  expect(faults).toEqual([])
})

test('what a click leaves behind is not taken for the page’s load, nor are calls behind its timers', async () => {
  const reference = mintReference()
  const page = await (await shop.browser.newContext()).newPage()
  await page.goto(`${shop.site.origin}/?traceparent=${traceparentOf(traceIdOf(reference))}`)
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    void waybill.fetch('/api/load')
    on('<button>Pay</button>', 'click', async () => {
      setTimeout(() => void waybill.fetch('/api/timer'))
      // Two in one click: what they await is nobody's.
      for (const name of ['left', 'right'])
        void waybill.run(name, async () => {
          await Promise.resolve()
          await waybill.fetch(`/api/${name}`)
        })
    })
  })
  await page.click('text=Pay')
  await expect.poll(() => shop.site.calls.length).toBe(4)
  const loaded = shop.site.calls.filter(({ headers }) => headers['trace-reference'] === reference)
  expect(loaded.map(({ path }) => path)).toEqual(['/api/load'])
})

test('a blob, and a page’s own scheme, are no calls', async () => {
  const page = await shop.visit()
  const calls = await page.evaluate(async () => {
    const { waybill } = window.shop
    const action = waybill.begin('Look')
    const text = await (await action.fetch(URL.createObjectURL(new Blob(['seen'])))).text()
    action.succeed()
    return [text, waybill.session.actions()[0]?.calls]
  })
  expect(calls).toEqual(['seen', []])
})

test('on a server a waybill keeps the process for no moment', async () => {
  const script = `const { createWaybill } = await import('@waybill/browser')
    createWaybill({ service: 'ssr', deliverTo: '/waybill' })`
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const args = ['--conditions=waybill-source', '--input-type=module', '-e', script]
  // Ended by force, it would reject.
  await expect(promisify(execFile)(process.execPath, args, { cwd, timeout: 15_000 })).resolves.toBeTruthy()
})
