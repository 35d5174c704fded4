import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BrowserContext, Page } from 'playwright'
import { closeByHand } from '../fixtures/closeByHand.ts'
import { openProfile } from '../fixtures/openProfile.ts'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'
import { startCollector } from '../fixtures/startCollector.ts'

const SOON = { timeout: 30_000 }

let shop: Shop
let context: BrowserContext

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(async () => {
  await context?.close()
  context = await shop.browser.newContext()
  shop.forget()
  // Answers 200 with a web page: nothing is acknowledged, and Chromium logs no failed request of its own.
  shop.site.collector.mode = 'garbage'
})

/** What another script on the page keeps, and expects to find again. */
const FOREIGN = {
  cart: '{"items":[1,2]}',
  'waybill:other-app': 'theirs',
  'waybill:other-app:0123456789abcdef': '{"v":1}',
}

/** Opens the shop on a storage that is already somebody's and then broken by `breakIt`; hears all that reaches the page. */
async function open(
  breakIt: () => void,
  at: { readonly context?: BrowserContext; readonly url?: string } = {},
): Promise<Opened> {
  const page = await (at.context ?? context).newPage()
  const noise: string[] = []
  page.on('pageerror', (error) => noise.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') noise.push(message.text())
  })
  await page.addInitScript((foreign) => {
    try {
      Object.assign(window, { rawStorage: localStorage })
      for (const [key, text] of Object.entries(foreign)) localStorage.setItem(key, text)
    } catch {
      // Forbidden by the browser itself.
    }
  }, FOREIGN)
  await page.addInitScript(breakIt)
  await page.goto(at.url ?? shop.site.origin)
  return { page, noise }
}

interface Opened {
  readonly page: Page
  readonly noise: readonly string[]
}

/** A customer clicks, and the application uses every part of a handle and of the session. */
async function use(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button data-waybill-action="Look up">Look up</button>', 'click', () => waybill.fetch('/api/look?by=click'))
  })
  await page.click('text=Look up')
  await page.evaluate(async () => {
    const { waybill } = window.shop
    const action = waybill.begin('Pay')
    waybill.session.subscribe(() => waybill.session.actions())
    await action.fetch('/api/pay?by=handle')
    action.note({ order: 'A-1001' })
    action.fail(new Error('Declined'))
    action.retry()
    await action.fetch('/api/pay?by=handle')
    action.succeed()
    if (waybill.actionOf(action.reference)?.name !== 'Pay') throw new Error('Its own action is not found.')
    await waybill.flush()
  })
}

const states = (page: Page) =>
  page.evaluate(() =>
    Object.fromEntries(window.shop.waybill.session.actions().map(({ name, delivery }) => [name, delivery])),
  )

/** Actions that read `saved` and are not in the storage. */
const untrue = (page: Page) =>
  page.evaluate(() => {
    const stored = Object.values({ ...window.rawStorage }).join()
    const saved = window.shop.waybill.session.actions().filter(({ delivery }) => delivery === 'saved')
    return saved.filter(({ reference }) => !stored.includes(reference)).map(({ name }) => name)
  })

const foreignLeft = (page: Page) =>
  page.evaluate((keys) => Object.fromEntries(keys.map((key) => [key, window.rawStorage?.[key]])), Object.keys(FOREIGN))

/** What holds whatever the storage does: calls carry their reference, and all of it is delivered, once. */
async function expectUnharmed({ page, noise }: Opened, delivered = shop.site.delivered): Promise<void> {
  const calls = shop.site.calls.filter(({ path }) => path === '/api/pay' || path === '/api/look')
  expect(calls).toHaveLength(3)
  for (const { headers } of calls) expect(headers['trace-reference']).toMatch(/^\w{3}-\w{3}-\w{3}$/)
  expect(await untrue(page)).toEqual([])
  shop.site.collector.mode = 'accept'
  await expect
    .poll(async () => {
      await page.evaluate(() => window.shop.waybill.flush())
      return states(page)
    }, SOON)
    .toEqual({ 'Look up': 'delivered', Pay: 'delivered' })
  const names = [...new Map(delivered().map((span) => [span.spanId, span])).values()].map(({ name }) => name)
  expect(names.filter((name) => name === 'Pay')).toHaveLength(2)
  expect(names.filter((name) => name === 'GET /api/pay')).toHaveLength(2)
  expect(noise).toEqual([])
}

const REFUSED: Record<string, () => void> = {
  'a forbidden sessionStorage': () => {
    Object.defineProperty(window, 'sessionStorage', {
      get(): never {
        throw new DOMException('Forbidden', 'SecurityError')
      },
    })
  },
  'no localStorage at all': () => {
    Object.defineProperty(window, 'localStorage', { value: undefined })
  },
  'a localStorage that is null, as in old web views': () => {
    Object.defineProperty(window, 'localStorage', { value: null })
  },
  'reads that throw': () => {
    Storage.prototype.getItem = () => {
      throw new DOMException('Gone', 'InvalidStateError')
    }
  },
  'a quota that is full from the start': () => {
    // For real: halves until not one more character finds room.
    for (let size = 4 * 1024 * 1024, i = 0; size >= 1; i++) {
      try {
        localStorage.setItem(`theirs ${i}`, 'x'.repeat(size))
      } catch {
        size /= 2
      }
    }
  },
}

test.each(Object.entries(REFUSED))(
  'with %s the session reads memory, and calls and delivery go on',
  async (_, breakIt) => {
    const shown = await open(breakIt)
    await use(shown.page)
    expect(await states(shown.page)).toEqual({ 'Look up': 'memory', Pay: 'memory' })
    await expectUnharmed(shown)
    expect(await foreignLeft(shown.page)).toEqual(FOREIGN)
  },
)

test('with cookies and site data blocked in the browser’s settings the session reads memory', async () => {
  const profile = await openProfile({ preferences: { profile: { default_content_setting_values: { cookies: 2 } } } })
  try {
    const shown = await open(() => {}, { context: await profile.open() })
    const refusal = await shown.page.evaluate(() => {
      try {
        return String(localStorage.length)
      } catch (error) {
        return String(error)
      }
    })
    expect(refusal).toContain('SecurityError')
    await use(shown.page)
    expect(await states(shown.page)).toEqual({ 'Look up': 'memory', Pay: 'memory' })
    await expectUnharmed(shown)
  } finally {
    await profile.remove()
  }
})

test('in a sandboxed frame without an origin the session reads memory, and calls to listed origins are traced', async () => {
  const collector = await startCollector()
  try {
    await collector.fail('garbage')
    const { page, noise } = await open(() => {})
    const options = { deliverTo: collector.deliverTo, tracedOrigins: [shop.site.otherOrigin] }
    await page.evaluate((given) => {
      const frame = document.createElement('iframe')
      frame.setAttribute('sandbox', 'allow-scripts')
      frame.src = `/framed?options=${encodeURIComponent(JSON.stringify(given))}`
      document.body.append(frame)
    }, options)
    await expect.poll(() => page.frames().length, SOON).toBe(2)
    const frame = page.frames()[1]!
    await frame.waitForFunction(() => 'shop' in window)
    await frame.evaluate(async (origin) => {
      const action = window.shop.waybill.begin('Pay')
      await action.fetch(`${origin}/api/pay`)
      action.succeed()
      await window.shop.waybill.flush()
    }, shop.site.otherOrigin)
    const reads = () => frame.evaluate(() => window.shop.waybill.session.actions().map(({ delivery }) => delivery))
    expect(shop.site.calls.map(({ headers }) => headers['trace-reference'])).toEqual([
      expect.stringMatching(/^\w{3}-\w{3}-\w{3}$/),
    ])
    expect(await reads()).toEqual(['memory'])
    await collector.fail('none')
    await frame.evaluate(() => window.shop.waybill.flush())
    expect(await reads()).toEqual(['delivered'])
    expect(noise).toEqual([])
  } finally {
    await collector.close()
  }
})

test('a quota that fills up on the way: what is saved stays so, what comes after reads memory', async () => {
  const shown = await open(() => {})
  const { page } = shown
  await page.evaluate(() => void window.shop.waybill.begin('Earlier'))
  await expect.poll(() => states(page), SOON).toEqual({ Earlier: 'saved' })
  await page.evaluate(REFUSED['a quota that is full from the start']!)
  await page.evaluate(async () => {
    const action = window.shop.waybill.begin('Pay')
    action.note({ order: 'A-1001' })
    await action.fetch('/api/pay')
    await window.shop.waybill.flush()
  })
  expect((await states(page))['Pay']).toBe('memory')
  expect(await untrue(page)).toEqual([])
  expect(await foreignLeft(page)).toEqual(FOREIGN)
  shop.site.collector.mode = 'accept'
  await page.evaluate(() => window.shop.waybill.flush())
  expect(await states(page)).toEqual({ Earlier: 'delivered', Pay: 'delivered' })
  expect(shown.noise).toEqual([])
})

test('on a full quota a page that comes after leaves what it cannot keep, so that a later one delivers it', async () => {
  const { page } = await open(() => {})
  await page.evaluate(() => {
    for (let i = 0; i < 5; i++) window.shop.waybill.begin(`Pay ${i}`).fail()
  })
  const all = Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`Pay ${i}`, 'saved']))
  await expect.poll(() => states(page), SOON).toEqual(all)
  await page.evaluate(REFUSED['a quota that is full from the start']!)
  await page.reload()
  expect(Object.values(await states(page))).toEqual(['memory', 'memory', 'memory', 'memory', 'memory'])
  const stored = await page.evaluate(() => Object.values({ ...localStorage }).filter((text) => text.includes('"Pay ')))
  expect(stored).toHaveLength(5)
})

test('a quota that has room again is used again, and until then nothing tells what is no longer so', async () => {
  const { page, noise } = await open(() => {
    const { setItem } = Storage.prototype
    Object.assign(window, { isFull: false })
    Storage.prototype.setItem = function (...args) {
      if (window.isFull) throw new DOMException('Full', 'QuotaExceededError')
      setItem.apply(this, args)
    }
  })
  shop.site.collector.mode = 'accept'
  const textOf = (name: string) =>
    page.evaluate((name) => Object.values({ ...localStorage }).find((text) => text.includes(`"${name}"`)), name)
  await page.evaluate(() => (window.shop.waybill.begin('Pay'), window.shop.waybill.flush()))
  await page.evaluate(async () => {
    window.isFull = true
    const { actionOf, flush, session } = window.shop.waybill
    actionOf(session.actions()[0]!.reference)!.succeed()
    await flush()
    await flush()
  })
  expect(await textOf('Pay')).toBeUndefined()
  expect(await page.evaluate(() => window.shop.errors.length)).toBe(1)
  await page.evaluate(async () => {
    window.isFull = false
    window.shop.waybill.begin('Later').succeed()
    await window.shop.waybill.flush()
    await window.shop.waybill.flush()
  })
  expect(await textOf('Later')).toContain('succeeded')
  expect(await textOf('Pay')).toContain('succeeded')
  expect(noise).toEqual([])
})

test('one write that fails, the third, is not taken for a saved one', async () => {
  const shown = await open(() => {
    const { setItem } = Storage.prototype
    let calls = 0
    Storage.prototype.setItem = function (...args) {
      if (++calls === 3) throw new DOMException('Full', 'QuotaExceededError')
      setItem.apply(this, args)
    }
  })
  await use(shown.page)
  await expectUnharmed(shown)
  expect(await foreignLeft(shown.page)).toEqual(FOREIGN)
})

test('another script’s localStorage.clear() on the way loses nothing that is still to be delivered', async () => {
  const shown = await open(() => {})
  const { page, noise } = shown
  await page.evaluate(() => window.shop.waybill.begin('Earlier').fail())
  await expect.poll(() => states(page), SOON).toEqual({ Earlier: 'saved' })
  await page.evaluate(async () => {
    localStorage.clear()
    window.shop.waybill.begin('Later').succeed()
    await window.shop.waybill.flush()
  })
  expect(await untrue(page)).toEqual([])
  const stored = await page.evaluate(() => Object.values({ ...localStorage }).join())
  expect(stored).toContain('"Earlier"')
  expect(stored).toContain('"Later"')
  await page.reload()
  shop.site.collector.mode = 'accept'
  await expect
    .poll(async () => {
      await page.evaluate(() => window.shop.waybill.flush())
      return shop.site.delivered().map(({ name }) => name)
    }, SOON)
    .toEqual(expect.arrayContaining(['Earlier', 'Later']))
  expect(noise).toEqual([])
})

test('without delivery, what closed tabs left goes when their session is over', async () => {
  let page = await shop.visit({ context, delivers: false })
  const stored = () => page.evaluate(() => Object.values(localStorage).filter((text) => text.includes('Look')).length)
  await page.evaluate(() => (window.shop.waybill.begin('Look'), window.shop.waybill.flush()))
  expect(await stored()).toBe(1)
  await closeByHand(page)
  page = await context.newPage()
  await page.addInitScript(() => {
    const { now } = Date
    Date.now = () => now() + 31 * 60_000
  })
  await page.goto(`${shop.site.origin}/?offline`)
  await page.evaluate(() => window.shop.waybill.flush())
  expect(await stored()).toBe(0)
})

test('two services on one origin, one named like the start of the other, keep to themselves', async () => {
  const { page, noise } = await open(() => {})
  const visit = (name: string) =>
    page.evaluate(async (name) => {
      const { createWaybill } = window.shop
      const seen: string[] = []
      for (const service of ['shop', 'shop:admin', 'shop-web-2']) {
        const waybill = createWaybill({ service, deliverTo: '/waybill' })
        if (name) waybill.begin(`${name} ${service}`).succeed()
        // oxlint-disable-next-line no-await-in-loop -- one after the other, as their scripts run
        await waybill.flush()
        seen.push(
          waybill.session
            .actions()
            .map((each) => each.name)
            .join(),
        )
        waybill.stop()
      }
      return seen
    }, name)
  await visit('First')
  await page.reload()
  expect(await visit('')).toEqual(['First shop', 'First shop:admin', 'First shop-web-2'])
  expect(await foreignLeft(page)).toEqual(FOREIGN)
  expect(noise).toEqual([])
})

test('a clock that is set back a day neither stops writing nor delivery', async () => {
  const shown = await open(() => {
    const now = Date.now
    let back = 0
    Date.now = () => now() - back
    Object.assign(window, { setBack: (ms: number) => void (back = ms) })
  })
  const { page, noise } = shown
  await page.evaluate(async () => {
    window.shop.waybill.begin('Before').succeed()
    await window.shop.waybill.flush()
    window.setBack(24 * 3_600_000)
    window.shop.waybill.begin('After').succeed()
  })
  await expect.poll(() => states(page), SOON).toMatchObject({ After: 'saved' })
  shop.site.collector.mode = 'accept'
  await expect.poll(() => states(page), SOON).toEqual({ Before: 'delivered', After: 'delivered' })
  expect(noise).toEqual([])
})

declare global {
  interface Window {
    readonly rawStorage?: Storage
    isFull: boolean
    setBack(ms: number): void
  }
}
