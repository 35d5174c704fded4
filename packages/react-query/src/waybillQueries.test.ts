import type { FocusManager, QueryClient } from '@tanstack/react-query'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActionRecord, Waybill } from '@waybill/browser'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

declare const waybill: Waybill
declare const queryClient: QueryClient
declare const focusManager: FocusManager

let shop: Shop

beforeAll(async () => {
  shop = await openShop('waybillQueries.page.test.tsx')
}, 60_000)

afterAll(() => shop?.close())

describe('a fetch that a click causes', () => {
  test('keeps the reference of the click over three retries, attempts counted', async () => {
    await shop.open('?retried')
    await shop.page.click('text="Open"')
    await shows('retried', 'success idle')
    const reference = await code('retried')
    expect(shop.sent('retried')).toEqual([1, 2, 3, 4].map((attempt) => ({ name: 'retried', reference, attempt })))
    expect(await recorded(reference)).toMatchObject({ background: false, attempts: 4, name: 'GET /api/retried/:id' })
  })

  test('gives its plain error its reference, which "Try again" keeps', async () => {
    await shop.open('?failing')
    await shop.page.click('text="Open"')
    await shows('asked', 'error idle')
    await shows('besides', 'error idle')
    const reference = await code('asked')
    expect(await noticed('#asked')).toBe(reference)
    expect(await noticed('#besides')).toBe(reference)
    expect(shop.sent('besides')).toEqual([{ name: 'besides', reference, attempt: 1 }])
    await shop.page.click('#asked >> text="Try again"')
    await expect
      .poll(() => shop.sent('asked'))
      .toEqual([1, 2].map((attempt) => ({ name: 'asked', reference, attempt })))
  })

  test('shows its reference in an error boundary', async () => {
    await shop.open('?thrown')
    await shop.page.click('text="Open"')
    expect(await noticed('')).toBe(shop.sent('thrown')[0]?.reference)
    expect(await recorded(await noticed(''))).toMatchObject({ state: 'failed', name: 'GET /api/thrown/:id' })
  })

  test('belongs to the first of two clicks that share it', async () => {
    await shop.open('?shared')
    shop.hold('shared')
    await shop.page.click('text="One"')
    await poll(() => shop.sent('shared')).toHaveLength(1)
    await shop.page.click('text="Two"')
    await shop.page.waitForSelector('#shared ~ *, div + div > #shared')
    shop.release('shared')
    await poll(() => shop.page.locator('code:text-matches(".")').count()).toBe(2)
    const [first] = shop.sent('shared')
    expect(await shop.page.locator('code').allTextContents()).toEqual([first?.reference, first?.reference])
    expect(shop.sent('shared')).toHaveLength(1)
  })

  test('belongs to the click though a poll is under way, which it replaces', async () => {
    await shop.open('?background')
    await shows('polled', 'success idle')
    shop.hold('polled')
    const before = shop.sent('polled').length
    await shop.page.evaluate(() => focusManager.setFocused(false))
    await shop.page.evaluate(() => focusManager.setFocused(true))
    await poll(() => shop.sent('polled')).toHaveLength(before + 1)
    await shop.page.click('text="Refresh polled"')
    await poll(() => shop.sent('polled')).toHaveLength(before + 2)
    const [byFocus, byClick] = shop.sent('polled').slice(before)
    expect(await recorded(byFocus?.reference)).toMatchObject({ background: true })
    expect(await recorded(byClick?.reference)).toMatchObject({ background: false })
    shop.release('polled')
    await poll(() => code('polled')).toBe(byClick?.reference)
  })

  test('waits while offline, and goes out under the click’s reference', async () => {
    await shop.open('?retried')
    await shop.page.context().setOffline(true)
    await shop.page.click('text="Open"')
    await shows('retried', 'pending paused')
    await shop.page.context().setOffline(false)
    await shows('retried', 'success idle')
    const reference = await code('retried')
    expect(shop.sent('retried')).toEqual([1, 2, 3, 4].map((attempt) => ({ name: 'retried', reference, attempt })))
    expect(await recorded(reference)).toMatchObject({ background: false })
  })

  test('is enabled by state that the click set; what its data enables is nobody’s', async () => {
    await shop.open('?dependent')
    await shop.page.click('text="Choose"')
    await poll(() => code('after')).toBeTruthy()
    const [details, after] = [shop.sent('details')[0]?.reference, shop.sent('after')[0]?.reference]
    expect(await code('details')).toBe(details)
    expect(await code('after')).toBe(after)
    expect(await recorded(details)).toMatchObject({ background: false })
    expect(await recorded(after)).toMatchObject({ background: true })
  })

  test('suspends under the click’s reference, and is tried again under it from an error boundary', async () => {
    await shop.open('?suspended')
    await shop.page.click('text="Open"')
    const reference = await noticed('')
    await shop.page.click('text="Try again"')
    await poll(() => shop.sent('suspended').length).toBe(2)
    await shop.page.click('text="Try again"')
    await shop.page.waitForSelector('#suspended')
    expect(shop.sent('suspended')).toEqual([1, 2, 3].map((attempt) => ({ name: 'suspended', reference, attempt })))
    expect(await recorded(reference)).toMatchObject({ background: false, attempts: 3 })
  })

  test('of the next page belongs to the click that asked for it, with its retries', async () => {
    await shop.open('?pages')
    await shop.page.waitForSelector('output:text-is("1")')
    const first = await code('pages')
    expect(shop.sent('pages').at(-1)?.reference).toBe(first)
    await shop.page.click('text="More"')
    await shop.page.waitForSelector('output:text-is("2")')
    const reference = await code('pages')
    expect(shop.sent('more')).toEqual([1, 2].map((attempt) => ({ name: 'more', reference, attempt })))
    expect(await recorded(first)).toMatchObject({ background: true })
    expect(await recorded(reference)).toMatchObject({ background: false })
  })

  test('ahead of need belongs to the click, and to nobody when the mouse only came by', async () => {
    await shop.open('?prefetched')
    await shop.page.click('text="Prefetch"')
    await poll(() => shop.sent('pressed')).toHaveLength(2)
    const [pressed, again] = shop.sent('pressed')
    const [hovered] = shop.sent('hovered')
    expect(again).toEqual({ ...pressed, attempt: 2 })
    expect(await recorded(pressed?.reference)).toMatchObject({ background: false })
    expect(await recorded(hovered?.reference)).toMatchObject({ background: true })
  })
})

describe('a fetch that nobody’s click causes', () => {
  test('keeps its reference over its retries, and gets another on focus and reconnect', async () => {
    await shop.open('?background')
    await shows('polled', 'success idle')
    const loaded = await code('polled')
    expect(shop.sent('polled')).toEqual([1, 2, 3].map((attempt) => ({ name: 'polled', reference: loaded, attempt })))
    await shop.page.evaluate(() => focusManager.setFocused(false))
    await shop.page.evaluate(() => focusManager.setFocused(true))
    await poll(() => shop.sent('polled').length).toBe(4)
    await poll(() => code('polled')).toBe(shop.sent('polled')[3]?.reference)
    await shop.page.context().setOffline(true)
    await poll(() => shop.page.evaluate(() => navigator.onLine)).toBe(false)
    await shop.page.context().setOffline(false)
    await poll(() => shop.sent('polled').length).toBe(5)
    await poll(() => code('polled')).toBe(shop.sent('polled')[4]?.reference)
    const references = new Set(shop.sent('polled').map(({ reference }) => reference))
    expect(references.size).toBe(3)
    for (const reference of references) expect(await recorded(reference)).toMatchObject({ background: true })
  })

  test('has a reference of its own at each interval, and shows the last', async () => {
    await shop.open('?polling')
    await poll(() => shop.sent('polling').length).toBeGreaterThan(4)
    const last = await code('polling')
    const sent = shop.sent('polling').map(({ reference }) => reference)
    expect(new Set(sent).size).toBe(sent.length)
    expect(sent.slice(3)).toContain(last)
  })

  test('shows no reference for an answer that no traced call gave, not that of the one before', async () => {
    await shop.open('?untraced')
    await shows('untraced', 'success idle')
    expect(await code('untraced')).toBe(shop.sent('untraced')[0]?.reference)
    await shop.page.evaluate(() => void setTimeout(() => void queryClient.invalidateQueries()))
    await poll(() => code('untraced')).toBe('')
  })

  test('gives its plain error its reference', async () => {
    await shop.open('?failing')
    await shows('loaded', 'error idle')
    expect(await noticed('#loaded')).toBe(shop.sent('loaded')[0]?.reference)
    expect(await code('loaded')).toBe(shop.sent('loaded')[0]?.reference)
  })
})

describe('cancelling', () => {
  test('goes to the server when the query function took the signal, and a new fetch is another action’s', async () => {
    await shop.open('?cancelled')
    shop.hold('signalled')
    await shop.page.click('text="Signal"')
    await poll(() => shop.sent('signalled').length).toBeGreaterThan(0)
    const before = shop.sent('signalled')
    await shop.page.evaluate(() => queryClient.cancelQueries({ queryKey: ['signalled'] }))
    await poll(() => shop.cut.filter((name) => name === 'signalled')).toHaveLength(before.length)
    expect(await code('signalled')).toBe('')
    shop.release('signalled')
    await shop.page.click('text="Refresh signalled"')
    await shows('signalled', 'success idle')
    expect(await code('signalled')).toBe(shop.sent('signalled').at(-1)?.reference)
    expect(before.map(({ reference }) => reference)).not.toContain(await code('signalled'))
  })

  test('happens at unmounting with the signal taken, and does not without', async () => {
    await shop.open('?cancelled')
    for (const name of ['signalled', 'plain']) shop.hold(name)
    await shop.page.click('text="Signal"')
    await shop.page.click('text="No signal"')
    await poll(() => shop.sent('plain')).toHaveLength(1)
    const cut = shop.cut.length
    await shop.page.click('text="No signal"')
    await shop.page.click('text="Signal"')
    await poll(() => shop.cut.length).toBeGreaterThan(cut)
    shop.release('plain')
    await shop.page.click('text="No signal"')
    await shows('plain', 'success idle')
    expect(await code('plain')).toBe(shop.sent('plain')[0]?.reference)
    expect(shop.sent('plain')).toHaveLength(1)
    expect(shop.cut).not.toContain('plain')
  })
})

test('an optimistic update that is rolled back shows its own reference, and its refetch belongs to it', async () => {
  await shop.open('?liked')
  await shows('likes', 'success idle')
  const before = await shop.page.textContent('b')
  shop.hold('like')
  await shop.page.click('text="Like"')
  await shop.page.waitForSelector('b:text-is("one more")')
  await poll(() => shop.sent('like')).toHaveLength(1)
  shop.hold('likes')
  shop.release('like')
  await shop.page.waitForSelector(`b:text-is("${before}")`)
  await poll(() => shop.sent('likes')).toHaveLength(2)
  shop.release('likes')
  const reference = await noticed('#likes')
  expect(await shop.page.textContent('i')).toBe(reference)
  expect(shop.sent('like')).toEqual([{ name: 'like', reference, attempt: 1 }])
  await poll(() => code('likes')).toBe(reference)
  expect(shop.sent('likes')[1]?.reference).toBe(reference)
  expect(await recorded(reference)).toMatchObject({ name: 'Like', state: 'failed' })
})

/** Patient, for the machine may be slow. */
const poll = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 20_000 })

const shows = (name: string, state: string) => shop.page.waitForSelector(`#${name} output:text-is("${state}")`)

/** What `useQueryReference` gives. */
const code = (name: string) => shop.page.textContent(`code[data-key="${name}"]`)

/** The code in an error notice. */
const noticed = (inside: string) =>
  shop.page.getAttribute(`${inside} [data-waybill="error-notice"] [data-waybill-reference]`, 'data-waybill-reference')

function recorded(reference: string | null | undefined): Promise<ActionRecord | undefined> {
  return shop.page.evaluate((wanted) => waybill.session.actions().find((each) => each.reference === wanted), reference)
}
