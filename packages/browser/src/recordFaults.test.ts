import { afterAll, beforeAll, expect, test } from 'vitest'
import { disturbTab } from '../fixtures/disturbTab.ts'
import { later, passTime } from '../fixtures/later.ts'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

let shop: Shop

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())

test('a record that is cut, swollen, or wrong in any one place is left or mended, and harms neither page nor delivery', async () => {
  const page = await shop.visit({ delivers: false })
  const noise: string[] = []
  page.on('pageerror', (error) => noise.push(String(error)))
  page.on('console', (message) => noise.push(message.text()))
  const { harmed, tried } = await page.evaluate(async () => {
    const { createWaybill } = window.shop
    const answer = async (): Promise<Response> => new Response('{}')
    // A record with something of everything in it, as this version writes it.
    const first = createWaybill({ service: 'model', fetch: answer })
    const action = first.begin('Pay')
    action.note({ order: 'A-1001' })
    await action.fetch('/api/pay')
    action.fail(new TypeError('Failed to fetch'))
    action.retry()
    await first.flush()
    first.stop()
    const of = (storage: Storage): [string, string][] =>
      Object.entries(storage).filter(([key]) => key.includes('model'))
    const [profile, tab] = [of(localStorage), of(sessionStorage)]
    const record = profile.find(([, text]) => text.includes(action.reference))![1]

    function* wrongs(): Generator<string> {
      yield* ['', '{', 'null', '1', '"text"', '[]', '{}', record.slice(0, record.length / 2), record + record]
      yield record.replace('Pay', 'x'.repeat(1_500_000))
      for (const place of placesIn(JSON.parse(record))) {
        for (const value of [undefined, null, -1, 'x', [], {}]) {
          const copy = JSON.parse(record)
          const owner = place.slice(0, -1).reduce((at, key) => at[key], copy)
          owner[place.at(-1)!] = value
          yield JSON.stringify(copy)
        }
      }
    }
    function placesIn(value: unknown, at: string[] = []): string[][] {
      if (typeof value !== 'object' || value === null) return [at]
      return [
        ...(at.length ? [at] : []),
        ...Object.entries(value).flatMap(([key, each]) => placesIn(each, [...at, key])),
      ]
    }

    const harmed: string[] = []
    let tried = 0
    for (const wrong of wrongs()) {
      for (const whose of ['its own', 'left behind'] as const) {
        const service = `wrong-${tried++}`
        const put = (storage: Storage, all: [string, string][]): void => {
          for (const [key, text] of all) storage.setItem(key.replace('model', service), text === record ? wrong : text)
        }
        put(localStorage, profile)
        if (whose === 'its own') put(sessionStorage, tab)
        const now = (): number => Date.now() + (whose === 'its own' ? 0 : 60_000)
        const bodies: string[] = []
        try {
          const waybill = createWaybill({
            service,
            deliverTo: '/waybill',
            now,
            fetch: async (_, init) => {
              if (bodies.push(JSON.stringify(init?.body)) > 12) throw new TypeError('It is sent for ever.')
              return answer()
            },
          })
          for (const each of waybill.session.actions()) {
            const known = waybill.actionOf(each.reference)
            known?.note({ order: 'A-1002' })
            known?.retry()
            await known?.fetch('/api/pay')
            known?.succeed()
          }
          waybill.begin('After').succeed()
          await waybill.flush()
          await waybill.flush()
          const [delivery] = waybill.session.actions().flatMap((each) => (each.name === 'After' ? [each.delivery] : []))
          if (bodies.length > 12 || delivery !== 'delivered' || !bodies.join().includes('After'))
            harmed.push(`${whose} ${wrong.slice(0, 600)}: ${bodies.length} requests, After ${delivery}`)
          waybill.stop()
        } catch (error) {
          harmed.push(`${whose} ${wrong.slice(0, 600)}: ${String(error)}`)
        }
        for (const storage of [localStorage, sessionStorage])
          for (const key of Object.keys(storage)) if (key.includes(service)) storage.removeItem(key)
      }
    }
    return { harmed, tried }
  })
  expect(harmed).toEqual([])
  expect(tried).toBeGreaterThan(200)
  expect(noise).toEqual([])
})

/** A page that is killed after `harm` was done to what it stored; the next one comes a minute later, and delivers so many of its actions. */
async function afterHarm(harm: (text: string) => void, { text = '', count }: Harm): Promise<string[]> {
  shop.forget()
  shop.site.collector.mode = 503
  const context = await shop.browser.newContext()
  const page = await shop.visit({ context })
  await page.evaluate(async () => {
    for (let i = 0; i < 3; i++) void window.shop.waybill.begin(`Pay ${i}`).fetch('/api/pay?wait=60000')
    await window.shop.waybill.flush()
  })
  await page.evaluate(harm, text)
  await disturbTab(page, 'killed')
  shop.site.collector.mode = 'accept'
  const next = await context.newPage()
  await next.addInitScript(() => {
    const { now } = Date
    Date.now = () => now() + 60_000
  })
  await context.clock.install()
  await next.goto(shop.site.origin)
  const bodies = () => shop.site.collector.requests.filter(({ mode }) => mode === 'accept').map(({ body }) => body)
  await expect.poll(later(context, () => paidIn(bodies()))).toHaveLength(count)
  await passTime(context, 4000)
  await context.close()
  return bodies()
}

interface Harm {
  readonly text?: string
  readonly count: number
}

const paidIn = (bodies: readonly string[]): string[] => [...new Set(bodies.join().match(/Pay \d/g))].toSorted()

test('one broken record loses none of its siblings', async () => {
  const bodies = await afterHarm(
    () => {
      const [key, text] = Object.entries<string>(localStorage).find(([, text]) => text.includes('Pay 1'))!
      localStorage.setItem(key, text.slice(0, 40))
    },
    { count: 2 },
  )
  expect(paidIn(bodies)).toEqual(['Pay 0', 'Pay 2'])
})

test.each(['2 x', '2 1e999'])(
  'a page whose last time reads "%s" is taken for long gone, and tells times that can be',
  async (mark) => {
    const bodies = await afterHarm(
      (mark) => {
        const key = Object.keys(localStorage).find((each) => /^waybill:shop-web:.*:$/.test(each))!
        localStorage.setItem(key, mark)
      },
      { text: mark, count: 3 },
    )
    const times = [...bodies.join().matchAll(/UnixNano":"([^"]*)"/g)].map(([, time]) => Number(time) / 1e6)
    expect(times.length).toBeGreaterThan(5)
    for (const time of times) expect(Math.abs(time - Date.now())).toBeLessThan(120_000)
  },
)

test('a session id that is somebody’s text is not taken', async () => {
  shop.forget()
  const page = await shop.visit()
  await page.evaluate(() => localStorage.setItem('waybill:shop-web', 'jane@example.org 99999999999999'))
  await page.reload()
  await page.evaluate(() => (window.shop.waybill.begin('Pay'), window.shop.waybill.flush()))
  expect(await page.evaluate(() => window.shop.waybill.session.id)).toMatch(/^[\da-f]{16}$/)
  expect(JSON.stringify(shop.site.collector.requests)).not.toContain('jane')
})
