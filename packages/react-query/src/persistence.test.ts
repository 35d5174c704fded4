import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ActionRecord, Waybill } from '@waybill/browser'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

declare const waybill: Waybill

let shop: Shop

beforeAll(async () => {
  shop = await openShop('persistence.page.test.tsx')
}, 60_000)

beforeEach(async () => {
  await shop.open()
  await shop.page.waitForSelector('#prices output:text-is("prices")')
})

afterEach(async () => {
  await shop.page.context().setOffline(false)
  await shop.page.evaluate(() => localStorage.clear())
})

afterAll(() => shop?.close())

/** Chromium's emulated network comes back at its own time: now and then it is the page just left that hears of it, or neither. */
const RELOADED = { retry: 2 }

describe('a mutation of a click while offline', () => {
  test('shows its reference while it waits, and is sent under it when the network is back', async () => {
    await shop.page.context().setOffline(true)
    await shop.page.click('text="Keep"')
    await shows('keep', 'pending true')
    const reference = await code('keep')
    expect(await recorded(reference)).toMatchObject({ name: 'Keep', state: 'open', calls: [] })
    await shop.page.context().setOffline(false)
    await shows('keep', 'success false')
    expect(await code('keep')).toBe(reference)
    expect(shop.sent('keep')).toEqual([{ name: 'keep', reference, attempt: 1 }])
    await poll(() => recorded(reference)).toMatchObject({ state: 'succeeded', attempts: 1 })
  })

  test('that failed before counts its next attempt when the network is back', async () => {
    shop.hold('keep')
    await shop.page.click('text="Keep"')
    await poll(() => shop.sent('keep').length).toBe(1)
    await shop.page.context().setOffline(true)
    shop.refuse('keep')
    await shows('keep', 'pending true')
    await shop.page.context().setOffline(false)
    await shows('keep', 'success false')
    const reference = await code('keep')
    expect(shop.sent('keep')).toEqual([1, 2].map((attempt) => ({ name: 'keep', reference, attempt })))
  })

  test('goes on under its reference after a reload', RELOADED, async () => {
    await shop.page.context().setOffline(true)
    await shop.page.click('text="Keep"')
    await shows('keep', 'pending true')
    const reference = await code('keep')
    await reopen()
    await poll(() => shop.sent('keep').length).toBe(1)
    expect(shop.sent('keep')).toEqual([{ name: 'keep', reference, attempt: 1 }])
    await poll(() => recorded(reference)).toMatchObject({ name: 'Keep', state: 'succeeded', attempts: 1 })
  })

  test('that failed before goes on as the next attempt after a reload', RELOADED, async () => {
    shop.hold('keep')
    await shop.page.click('text="Keep"')
    await poll(() => shop.sent('keep').length).toBe(1)
    const [first] = shop.sent('keep')
    await shop.page.context().setOffline(true)
    shop.refuse('keep')
    await shows('keep', 'pending true')
    await reopen()
    await poll(() => shop.sent('keep').length).toBe(1)
    expect(shop.sent('keep')).toEqual([{ ...first, attempt: 2 }])
    await poll(() => recorded(first?.reference)).toMatchObject({ state: 'succeeded', attempts: 2 })
  })
})

test('mutations that wait for one another keep their own references and count their own attempts', async () => {
  shop.hold('first')
  await shop.page.click('text="first"')
  await shop.page.click('text="second"')
  await shows('second', 'pending true')
  const [first, second] = [await code('first'), await code('second')]
  expect(first).not.toBe(second)
  shop.release('first')
  await shows('first', 'error false')
  await shows('second', 'success false')
  expect(shop.sent('first')).toEqual([1, 2].map((attempt) => ({ name: 'first', reference: first, attempt })))
  expect(shop.sent('second')).toEqual([1, 2].map((attempt) => ({ name: 'second', reference: second, attempt })))
  expect(await shop.page.getAttribute('#first [data-waybill-reference]', 'data-waybill-reference')).toBe(first)
  await poll(() => recorded(first)).toMatchObject({ state: 'failed', attempts: 2 })
  await poll(() => recorded(second)).toMatchObject({ state: 'succeeded', attempts: 2 })
})

test('mutations that wait for one another go on under their references after a reload', RELOADED, async () => {
  await shop.page.context().setOffline(true)
  await shop.page.click('text="first"')
  await shop.page.click('text="second"')
  await shows('second', 'pending true')
  const [first, second] = [await code('first'), await code('second')]
  await reopen()
  await poll(() => shop.sent('second').length).toBe(2)
  expect(shop.sent('first')).toEqual([1, 2].map((attempt) => ({ name: 'first', reference: first, attempt })))
  expect(shop.sent('second')).toEqual([1, 2].map((attempt) => ({ name: 'second', reference: second, attempt })))
})

test('what was cached shows the reference of the response it came with, also after a reload', async () => {
  const [sent] = shop.sent('prices')
  expect(await code('prices')).toBe(sent?.reference)
  await stored('prices')
  await shop.open()
  await poll(() => code('prices')).toBe(sent?.reference)
  expect(shop.sent('prices')).toEqual([])
})

/** Leaves while offline, and comes back online. */
async function reopen(): Promise<void> {
  await stored('"isPaused":true')
  // A page that was left lives on for some milliseconds, and must not hear that the network is back.
  await shop.page.evaluate(() => addEventListener('online', (event) => event.stopImmediatePropagation(), true))
  await shop.page.goto('about:blank')
  await shop.page.context().setOffline(false)
  await shop.open()
}

const stored = (text: string) =>
  poll(() => shop.page.evaluate(() => localStorage.getItem('REACT_QUERY_OFFLINE_CACHE'))).toContain(text)

/** Patient, for the machine may be slow. */
const poll = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 20_000 })

const shows = (name: string, state: string) => shop.page.waitForSelector(`#${name} output:text-is("${state}")`)

/** What the hook gives. */
const code = (name: string) => shop.page.textContent(`#${name} > code`)

function recorded(reference: string | null | undefined): Promise<ActionRecord | undefined> {
  return shop.page.evaluate((wanted) => waybill.session.actions().find((each) => each.reference === wanted), reference)
}
