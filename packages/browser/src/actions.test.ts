import { decodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeByHand } from '../fixtures/closeByHand.ts'
import { later } from '../fixtures/later.ts'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

let shop: Shop
let context: BrowserContext
let page: Page

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(async () => {
  await context?.close()
  context = await shop.browser.newContext()
  await context.clock.install()
  page = await shop.visit({ context })
  shop.forget()
})

/** What the desk decodes of all that was delivered, each step once, as it was told last. */
function steps(): Step[] {
  const all = shop.site.collector.requests.flatMap(({ body }) => decodeOtlp(JSON.parse(body)).steps)
  return [...new Map(all.map((step) => [step.id, step])).values()]
}

/** Of whole actions, without the markers of their start. */
const rounds = () => steps().filter(({ action, startedFor }) => action && !startedFor)

const records = () => page.evaluate(() => [...window.shop.waybill.session.actions()])

test('a crash while the page was drawn is told as one, and with an AbortError it is a failure, too', async () => {
  await page.evaluate(async () => {
    const { waybill } = window.shop
    waybill.begin('Show orders').fail(new TypeError('no items'), { during: 'render' })
    waybill.begin('Show cart').fail(new DOMException('', 'AbortError'), { during: 'render' })
    waybill.begin('Show help').fail(undefined, { during: 'render' })
    waybill.begin('Pay').fail(new TypeError('no items'))
    waybill.begin('Look').fail(new TypeError('no items'), Object({ during: 'jane@example.org' }))
    waybill.begin('Ask').fail(new TypeError('no items'), Object(null))
    await waybill.flush()
  })
  expect(
    rounds().map(({ name, action, status, error, failure }) => [name, action, status, error?.type, failure]),
  ).toEqual([
    ['Show orders', 'failed', 'error', 'TypeError', 'render'],
    ['Show cart', 'failed', 'error', 'AbortError', 'render'],
    ['Show help', 'failed', 'error', 'error', 'render'],
    ['Pay', 'failed', 'error', 'TypeError', undefined],
    ['Look', 'failed', 'error', 'TypeError', undefined],
    ['Ask', 'failed', 'error', 'TypeError', undefined],
  ])
  expect(shop.site.collector.requests.map(({ body }) => body).join()).not.toContain('jane')
})

test('an action that has succeeded fails when the page crashes over its answer, and by nothing else', async () => {
  const [shown, other] = await page.evaluate(async () => {
    const { waybill } = window.shop
    const pay = waybill.begin('Pay')
    await (await pay.fetch('/api/pay', { method: 'POST' })).json()
    pay.succeed()
    const crash = new TypeError('no items')
    pay.fail(crash, { during: 'render' })
    pay.fail(crash, { during: 'render' })
    const refund = waybill.begin('Refund')
    refund.succeed()
    refund.fail(new TypeError('too late'))
    await waybill.flush()
    return [waybill.referenceOf(crash) === pay.reference && pay.state, refund.state]
  })
  expect([shown, other]).toEqual(['failed', 'succeeded'])
  expect(rounds().map(({ name, action, attempt, failure }) => [name, action, attempt, failure])).toEqual([
    ['Pay', 'succeeded', 1, undefined],
    ['Pay', 'failed', 1, 'render'],
    ['Refund', 'succeeded', 1, undefined],
  ])
  expect((await records()).map(({ state, attempts }) => [state, attempts])).toEqual([
    ['failed', 1],
    ['succeeded', 1],
  ])
})

test('what the application lets the customer repeat says so, on the page and at the desk, from the start and over a reload', async () => {
  const seen = await page.evaluate(async () => {
    const { waybill } = window.shop
    const saved = waybill.begin('Save draft', { repeatable: true })
    await waybill.flush()
    const ran = await waybill.run('Search', async ({ repeatable }) => repeatable, { repeatable: true })
    const once = waybill.begin('Pay')
    const no = waybill.begin('Order', { repeatable: false })
    const odd = waybill.begin('Ask', Object({ repeatable: 'jane@example.org' }))
    const none = waybill.begin('Call', Object(null))
    return [saved, once, no, odd, none].map(({ repeatable }) => repeatable).concat(ran)
  })
  expect(seen).toEqual([true, false, false, false, false, true])
  expect(steps().map(({ repeatable, startedFor }) => [repeatable, !!startedFor])).toEqual([[true, true]])
  await page.reload()
  expect((await records()).map(({ name, repeatable }) => `${name} ${repeatable}`).toSorted()).toEqual([
    'Ask false',
    'Call false',
    'Order false',
    'Pay false',
    'Save draft true',
    'Search true',
  ])
  await page.evaluate(async () => {
    const { waybill } = window.shop
    for (const { reference } of waybill.session.actions()) {
      const action = waybill.actionOf(reference)!
      if (action.repeatable) action.retry()
      action.fail()
    }
    await waybill.flush()
  })
  const told = rounds().map(({ name, attempt, repeatable }) => `${name} ${attempt} ${repeatable}`)
  expect(told.toSorted()).toEqual([
    'Ask 1 undefined',
    'Call 1 undefined',
    'Order 1 undefined',
    'Pay 1 undefined',
    'Save draft 1 true',
    'Save draft 2 true',
    'Search 1 true',
    'Search 2 true',
  ])
  expect(shop.site.collector.requests.map(({ body }) => body).join()).not.toContain('jane')
})

test('a click whose first call began its action is repeatable once it is begun as such', async () => {
  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on('<button>Go</button>', 'click', () => {
      void waybill.fetch('/api/first')
      waybill.begin('Save draft', { repeatable: true })
    })
  })
  await page.click('text=Go')
  await expect.poll(() => shop.site.calls.length).toBe(1)
  expect((await records()).map(({ name, repeatable }) => [name, repeatable])).toEqual([['Save draft', true]])
})

/** In order of their start: what each is, its attempt, and how it stands. */
function told(): string[] {
  return steps()
    .filter(({ startedFor }) => !startedFor)
    .toSorted((a, b) => a.at - b.at || (a.action ? -1 : 1))
    .map(({ name, action, attempt = 1, status, error }) =>
      [action ? `${name} ${action}` : name, attempt, error?.type ?? status].join(' '),
    )
}

const TRIED_AGAIN: readonly (readonly [how: string, go: () => void, told: readonly string[]])[] = [
  [
    'by ky, after a click',
    () => {
      const { ky, kyHooks, waybill } = window.shop
      const retry = { limit: 2, delay: () => 5 }
      void ky.get('/api/pay?failures=1', { fetch: waybill.fetch, hooks: kyHooks(waybill), retry }).json()
    },
    ['Go succeeded 1 ok', 'GET /api/pay 1 503', 'GET /api/pay 2 ok'],
  ],
  [
    'by code of its own, after a timer in an action with a handle',
    () => {
      const { sleep, waybill } = window.shop
      void waybill.run('Go', async (action) => {
        while (!(await action.fetch('/api/pay?failures=1')).ok) await sleep(5)
      })
    },
    ['Go succeeded 1 ok', 'GET /api/pay 1 503', 'GET /api/pay 2 ok'],
  ],
  [
    'by the customer, before a click’s action fell silent',
    () => {
      const { waybill } = window.shop
      const action = waybill.current()!
      void waybill.fetch('/api/pay?failures=1').then(() => {
        action.retry()
        return action.fetch('/api/pay?failures=1')
      })
    },
    ['Go failed 1 503', 'GET /api/pay 1 503', 'Go succeeded 2 ok', 'GET /api/pay 2 ok'],
  ],
  [
    'by the customer, in an action whose handle nobody told of the failure',
    () => {
      const action = window.shop.waybill.begin('Go')
      const goOn = async (): Promise<void> => {
        await action.fetch('/api/pay?failures=1')
        action.retry()
        await action.fetch('/api/pay?failures=1')
        action.succeed()
      }
      void goOn()
    },
    ['Go failed 1 503', 'GET /api/pay 1 503', 'Go succeeded 2 ok', 'GET /api/pay 2 ok'],
  ],
  [
    'by the customer, while the first call was open',
    () => {
      const { sleep, waybill } = window.shop
      const action = waybill.begin('Go')
      const goOn = async (): Promise<void> => {
        void action.fetch('/api/pay?wait=60000')
        await sleep(20)
        action.retry()
        await action.fetch('/api/pay')
        action.succeed()
      }
      void goOn()
    },
    ['Go abandoned 1 ok', 'Go succeeded 2 ok', 'GET /api/pay 2 ok'],
  ],
  [
    'no more, by a run that returns the answer as it came',
    () => void window.shop.waybill.run('Go', (action) => action.fetch('/api/pay?status=503')),
    ['Go failed 1 503', 'GET /api/pay 1 503'],
  ],
]

test.each(TRIED_AGAIN)('a call that was refused and is tried again %s is no good step', async (_, go, expected) => {
  await page.evaluate((go) => {
    window.shop.on('<button data-waybill-action="Go">Go</button>', 'click', () => void window.eval(`(${go})()`))
  }, String(go))
  await page.click('text=Go')
  await expect.poll(later(context, told)).toEqual(expected)
})

test('what a run that returned a refusal gave is the caller’s as it came, and an opaque answer is none', async () => {
  const seen = await page.evaluate(async (other) => {
    const { waybill } = window.shop
    const refused = await waybill.run('Pay', ({ fetch }) => fetch('/api/pay?status=402'))
    const opaque = await waybill.run('Ping', () => fetch(`${other}/api/ping?status=500`, { mode: 'no-cors' }))
    const data = await waybill.run('Look', async () => ({ status: 500 }))
    return [refused.status, opaque.status, data, waybill.session.actions().map(({ name, state }) => `${name} ${state}`)]
  }, shop.site.otherOrigin)
  expect(seen).toEqual([402, 0, { status: 500 }, ['Pay failed', 'Ping succeeded', 'Look succeeded']])
})

/** Of the only action: when its last call was over, and when the action was, on the page and at the desk. */
async function ends(): Promise<{
  calls: number
  record: number | undefined
  step: number | undefined
  state: unknown
}> {
  const [record] = await records()
  const step = rounds().at(-1)
  return {
    calls: Math.max(...(record?.calls ?? []).map(({ at, durationMs = Number.NaN }) => at + durationMs)),
    record: record?.endedAt,
    step: step && step.at + step.durationMs,
    state: record?.state,
  }
}

const WAITS = `window.shop.on('<button data-waybill-action="Go">Go</button>', 'click', () => {
  void window.shop.waybill.fetch('/api/slow?wait=400&status=500')
  void window.shop.waybill.fetch('/api/fast')
})`

test('a click’s action ends when the last of its calls did, however long it was silent then', async () => {
  await page.evaluate(WAITS)
  await page.click('text=Go')
  await expect.poll(later(context, () => rounds().length)).toBe(1)
  const { calls, record, step, state } = await ends()
  expect(state).toBe('succeeded')
  expect(record).toBe(calls)
  expect(step).toBeCloseTo(calls, 1)
  const [{ startedAt } = { startedAt: 0 }] = await records()
  expect(rounds()[0]?.durationMs).toBeCloseTo(calls - startedAt, 1)
})

test.each([
  ['reloaded', 'before it was silent for long'],
  ['left for good', 'and its session is over'],
])('a click’s action whose page is %s %s ends when the last of its calls did', async (how) => {
  await page.evaluate(WAITS)
  await page.click('text=Go')
  await expect.poll(async () => (await records())[0]?.calls.every(({ durationMs }) => durationMs)).toBe(true)
  const { calls } = await ends()
  if (how === 'left for good') {
    const next = await context.newPage()
    await closeByHand(page)
    await next.addInitScript(() => {
      const now = Date.now
      Date.now = () => now() + 3_600_000
    })
    await next.goto(shop.site.origin)
  } else await page.reload()
  await expect.poll(later(context, () => rounds().length)).toBe(1)
  const [round] = rounds()
  expect([round?.action, round && round.at + round.durationMs]).toEqual(['succeeded', expect.closeTo(calls, 1)])
})

test.each([
  ['refused', '/api/pay?status=503', 'failed 503'],
  ['answered', '/api/pay', 'abandoned ok'],
])(
  'an action with a handle whose last call was %s and that nobody ended is over with its session: %s',
  async (_, path, end) => {
    await page.evaluate(async (path) => {
      await window.shop.waybill.begin('Pay').fetch(path)
      await window.shop.waybill.flush()
    }, path)
    await page.addInitScript(() => {
      const now = Date.now
      Date.now = () => now() + 3_600_000
    })
    await page.reload()
    await expect
      .poll(later(context, () => rounds().map((each) => `${each.action} ${each.error?.type ?? each.status}`)))
      .toEqual([end])
  },
)
