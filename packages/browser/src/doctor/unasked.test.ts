import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { openDoctorPages } from '../../fixtures/openDoctorPages.ts'
import type { DoctorPages } from '../../fixtures/openDoctorPages.ts'
import { openShop } from '../../fixtures/openShop.ts'

/** The doctor that a waybill has by itself in development. */
let pages: DoctorPages
beforeAll(async () => {
  pages = await openDoctorPages()
})
afterAll(() => pages.close())
beforeEach(() => {
  pages.site.calls.length = 0
  pages.site.collector.mode = 'accept'
})

function consoleOf(page: Page): string[] {
  const said: string[] = []
  page.on('console', (message) => {
    if (message.text().startsWith('[waybill]')) said.push(message.text())
  })
  return said
}

async function deliverTwice(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let time = 0; time < 2; time++) {
      window.doctorPage.waybill.begin('Pay').succeed()
      await window.doctorPage.waybill.flush()
    }
  })
}

/** Long enough for every question the doctor might ask. */
const quiet = (page: Page): Promise<void> => page.evaluate(() => new Promise((go) => void setTimeout(go, 700)))

test('says on the console, once, that the desk refuses the key', async () => {
  pages.site.collector.mode = 401
  const page = await pages.visit({ unasked: true, options: { deliverTo: '/waybill', key: 'wrong-key' } })
  const said = consoleOf(page)
  await deliverTwice(page)
  await expect.poll(() => said).toHaveLength(1)
  await quiet(page)
  expect(said).toEqual([expect.stringContaining('/waybill/v1/traces refuses the key (401)')])
})

test('says which headers a listed API’s CORS must allow, and which of its kind is not listed', async () => {
  const { otherOrigin } = pages.site
  const page = await pages.visit({ unasked: true, options: { tracedOrigins: [otherOrigin] } })
  const said = consoleOf(page)
  const call = (origin: string, query = '') =>
    page.evaluate((url) => window.doctorPage.waybill.fetch(url).catch(() => undefined), `${origin}/api/orders${query}`)
  await call(otherOrigin, '?cors=allow-content-type')
  await expect.poll(() => said).toHaveLength(1)
  expect(said[0]).toContain('refuses calls that carry a reference')

  const unlisting = await pages.visit({ unasked: true })
  const more = consoleOf(unlisting)
  await unlisting.evaluate((url) => window.doctorPage.waybill.fetch(url), `${otherOrigin}/api/orders`)
  await expect.poll(() => more).toHaveLength(1)
  expect(more[0]).toContain(`Calls to ${otherOrigin} carry no reference`)
})

test('says nothing when all is well, when it is switched off, and of a fetch of the application’s own', async () => {
  const well = await pages.visit({ unasked: true, options: { deliverTo: '/waybill' } })
  pages.site.collector.mode = 401
  const off = await pages.visit({ unasked: true, options: { deliverTo: '/waybill', doctor: false } })
  const own = await pages.visit({ unasked: true })
  const said = [well, off, own].map(consoleOf)
  await deliverTwice(off)
  await own.evaluate(async () => {
    const { createWaybill } = window.doctorPage
    const waybill = createWaybill({ service: 'own', deliverTo: '/waybill', fetch: (...args) => window.fetch(...args) })
    waybill.begin('Pay').succeed()
    await waybill.flush()
  })
  pages.site.collector.mode = 'accept'
  await deliverTwice(well)
  await well.evaluate(() => window.doctorPage.waybill.fetch('/api/orders'))
  await Promise.all([well, off, own].map(quiet))
  expect(said).toEqual([[], [], []])
})

test('does not say of a listed origin that it is not, once the waybill is stopped', async () => {
  const { otherOrigin } = pages.site
  const page = await pages.visit({ unasked: true, options: { tracedOrigins: [otherOrigin] } })
  const said = consoleOf(page)
  await page.evaluate(async (url) => {
    window.doctorPage.waybill.stop()
    await window.doctorPage.waybill.fetch(url)
  }, `${otherOrigin}/api/orders`)
  await quiet(page)
  expect(said).toEqual([])
})

test('reads of what goes to an origin that is not listed no more than the waybill does without it', async () => {
  const page = await pages.visit({ unasked: true })
  const [watched, unwatched] = await page.evaluate(async (origin) => {
    const { waybill, createWaybill } = window.doctorPage
    async function readsOf(fetch: typeof globalThis.fetch): Promise<string[]> {
      const reads: string[] = []
      const init = new Proxy(
        { method: 'POST', body: 'one' },
        {
          get: (target, name) => (reads.push(`get ${String(name)}`), Reflect.get(target, name)),
          has: (target, name) => (reads.push(`has ${String(name)}`), Reflect.has(target, name)),
          ownKeys: (target) => (reads.push('keys'), Reflect.ownKeys(target)),
        },
      )
      const address = { toString: () => (reads.push('address'), `${origin}/api/orders`) }
      await Reflect.apply(fetch, undefined, [address, init])
      return reads
    }
    return [await readsOf(waybill.fetch), await readsOf(createWaybill({ service: 'bare', doctor: false }).fetch)]
  }, pages.site.otherOrigin)
  expect(watched).toEqual(unwatched)
  expect(watched).toContain('address')
})

test('a request of another realm arrives as it was', async () => {
  const page = await pages.visit({ unasked: true })
  await page.evaluate(async () => {
    const frame = document.body.appendChild(document.createElement('iframe'))
    const { Request } = frame.contentWindow as Window & typeof globalThis
    await window.doctorPage.waybill.fetch(
      new Request(`${location.origin}/api/framed`, { method: 'PUT', body: 'framed' }),
    )
  })
  expect(pages.site.calls.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
    'PUT /api/framed framed',
  ])
})

test('a page that nobody built, where there is no `process`, works and is not watched', async () => {
  const shop = await openShop()
  shop.site.collector.mode = 401
  const page = await shop.visit()
  const said = consoleOf(page)
  const kind = await page.evaluate(async () => {
    window.shop.waybill.begin('Pay').succeed()
    await window.shop.waybill.flush()
    await window.shop.sleep(700)
    return typeof (globalThis as { process?: unknown }).process
  })
  expect(kind).toBe('undefined')
  expect(said).toEqual([])
  await shop.close()
})
