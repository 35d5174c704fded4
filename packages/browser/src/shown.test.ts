import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'
import type { Span } from '../fixtures/site.ts'

const SCREEN = 'waybill.screen.text'
const TIME_ZONE = 'waybill.screen.time_zone'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(() => shop.forget())

test('what the screen said, and the time zone, are delivered with the action’s step and no other', async () => {
  const context = await shop.browser.newContext({ timezoneId: 'Asia/Kolkata' })
  const page = await shop.visit({ context })
  await page.evaluate(async () => {
    const { waybill } = window.shop
    const action = waybill.begin('Request refund')
    await action.fetch('/api/refund', { method: 'POST' })
    action.fail(new Error('503'))
    waybill.shown(action.reference, 'One moment …')
    waybill.shown(action.reference, ' Your refund\nwas not requested. ')
    await waybill.flush()
  })
  const [action, call] = ['Request refund', 'POST /api/refund'].map(told)
  expect(action?.attributes).toMatchObject({
    [SCREEN]: 'Your refund was not requested.',
    // As Chromium has it; both are names of one zone.
    [TIME_ZONE]: expect.stringMatching(/^Asia\/(?:Kolkata|Calcutta)$/),
  })
  expect(Object.keys(call?.attributes ?? {}).filter((name) => name.startsWith('waybill.screen'))).toEqual([])
  await context.close()
})

test('is kept over a reload, and by each attempt with its own words', async () => {
  const page = await shop.visit({ delivers: false })
  const reference = await page.evaluate(async () => {
    const { waybill } = window.shop
    const action = waybill.begin('Pay')
    action.fail()
    waybill.shown(action.reference, 'Not paid.')
    action.retry()
    action.succeed()
    // All else is written by then.
    await waybill.flush()
    waybill.shown(action.reference, 'Paid.')
    return action.reference
  })
  await page.goto(`${shop.site.origin}/?options={}`)
  await page.evaluate(() => window.shop.waybill.flush())
  const rounds = shop.site.delivered().filter(({ name }) => name === 'Pay')
  expect(rounds.map(({ attributes }) => attributes[SCREEN])).toEqual(['Not paid.', 'Paid.'])
  expect(reference).toBe(rounds[0]?.attributes['waybill.reference'])
  await page.close()
})

test('what is no text, empty, too late or of no action is ignored; a long one is cut', async () => {
  const page = await shop.visit()
  const errors = await page.evaluate(async () => {
    const { waybill, errors } = window.shop
    const action = waybill.begin('Odd')
    action.headers()
    const texts: unknown[] = [undefined, null, 7, {}, Symbol('x'), '', ' \n ', { toString: () => 'object' }]
    for (const text of texts) waybill.shown(action.reference, text as string)
    const wrong: unknown[] = ['nothing', undefined, null, 7, {}]
    for (const reference of wrong) waybill.shown(reference as typeof action.reference, 'Of nobody.')
    waybill.begin('Only looked at')
    action.succeed()
    const long = waybill.begin('Long')
    long.succeed()
    waybill.shown(long.reference, 'x'.repeat(199) + '😀 and more')
    await waybill.flush()
    waybill.shown(action.reference, 'Too late.')
    await waybill.flush()
    return [...errors.map(String), ...(JSON.stringify({ ...localStorage }).match(/Too late/) ?? [])]
  })
  expect(errors).toEqual([])
  expect(told('Odd')?.attributes[SCREEN]).toBeUndefined()
  expect(told('Long')?.attributes[SCREEN]).toBe('x'.repeat(199))
  expect(JSON.stringify(shop.site.collector.requests)).not.toMatch(/Of nobody|Too late|object/)
  await page.close()
})

test('where the platform has no time zone there is none, and steps are delivered all the same', async () => {
  const page = await shop.visit({ delivers: false })
  const delivery = await page.evaluate(async () => {
    Object.defineProperty(Intl, 'DateTimeFormat', { value: undefined })
    const waybill = window.shop.createWaybill({ service: 'zoneless', deliverTo: '/waybill' })
    waybill.begin('Pay').succeed()
    await waybill.flush()
    return waybill.session.actions().at(-1)?.delivery
  })
  expect(delivery).toBe('delivered')
  expect(told('Pay')?.attributes).not.toHaveProperty(TIME_ZONE)
  await page.close()
})

/** The action's or the call's own step, not the sign that it began. */
function told(name: string): Span | undefined {
  return shop.site.delivered().findLast((span) => span.name === name && !('waybill.started_for' in span.attributes))
}
