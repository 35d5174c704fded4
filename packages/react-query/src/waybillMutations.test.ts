import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Waybill } from '@waybill/browser'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

declare const waybill: Waybill

let shop: Shop

beforeAll(async () => {
  shop = await openShop('waybillMutations.page.test.tsx')
}, 60_000)

beforeEach(async () => {
  await shop.open()
})

afterAll(() => shop?.close())

describe('a mutation in a click', () => {
  test.each(['retried', 'stable', 'inline', 'ky', 'graphql'])(
    'keeps its reference over its retries, attempts counted: %s',
    async (name) => {
      await press(name)
      await settled(name, 'success')
      const reference = await shown(name)
      expect(sent(name)).toEqual([1, 2, 3].map((attempt) => ({ name, reference, attempt })))
      const names = {
        retried: 'Request refund',
        stable: 'Keep sending',
        inline: 'Send inline',
        ky: 'By ky',
        graphql: 'Ask',
      }
      const action = {
        reference,
        name: names[name as keyof typeof names],
        state: 'succeeded',
        attempts: 3,
        background: false,
        repeatable: name === 'graphql',
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
    shop.hold('slow')
    await press('slow')
    await vi.waitFor(() => expect(sent('slow')).toHaveLength(1))
    await settled('slow', 'pending')
    expect(await shown('slow')).toBe(sent('slow')[0]?.reference)
    await shop.page.click('#slow >> text=Reset')
    await shop.page.waitForSelector('#slow [data-waybill-reference]', { state: 'detached' })
    shop.release('slow')
  })

  test.each(['quick first', 'slow first'])(
    'that overlaps another shows its own reference when both fail, %s',
    async (order) => {
      shop.hold('slow')
      await press('slow')
      await press('quick')
      if (order === 'quick first') await settled('quick', 'error')
      await vi.waitFor(() => expect(sent('slow')).toHaveLength(1))
      shop.release('slow')
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

  test('shares its action with another of that click, each with its attempts, and fails it though the other succeeds', async () => {
    shop.hold('slow')
    await shop.page.click('text=both')
    await vi.waitFor(() => expect([sent('slow').length, sent('first').length]).toEqual([1, 2]))
    const reference = sent('slow')[0]?.reference
    await vi.waitFor(async () => {
      expect(await recorded(reference)).toMatchObject({ name: 'Save all', state: 'failed' })
    })
    shop.release('slow')
    await shop.page.waitForSelector('button:text-is("both") + output:text-is("success")')
    for (const name of ['first', 'slow']) {
      expect(sent(name)).toEqual([1, 2].map((attempt) => ({ name, reference, attempt })))
    }
    expect(await recorded(reference)).toMatchObject({ state: 'failed', attempts: 2 })
  })

  test('counts its own attempts beside another of that click that is tried again meanwhile', async () => {
    for (const name of ['first', 'slow']) shop.hold(name)
    await shop.page.click('text=both')
    await vi.waitFor(() => expect([sent('slow').length, sent('first').length]).toEqual([1, 1]))
    shop.refuse('first')
    shop.hold('first')
    await vi.waitFor(() => expect(sent('first')).toHaveLength(2))
    shop.release('slow')
    await shop.page.waitForSelector('button:text-is("both") + output:text-is("success")')
    const reference = sent('slow')[0]?.reference
    for (const name of ['first', 'slow']) {
      expect(sent(name)).toEqual([1, 2].map((attempt) => ({ name, reference, attempt })))
    }
    expect(await recorded(reference)).toMatchObject({ name: 'Save all', state: 'open' })
    shop.release('first')
    await vi.waitFor(async () => expect(await recorded(reference)).toMatchObject({ state: 'failed', attempts: 2 }))
  })

  test.each([
    ['at once', 'refetching', 1],
    ['after a callback that waited', 'settling', 2],
    ['after a callback that waited, though it failed', 'failing', 1],
  ])('takes along the queries it invalidates %s, while a ticker keeps to itself', async (_, name, attempts) => {
    await shop.page.click('#orders')
    await shop.page.waitForSelector('text=Orders orders')
    await press(name)
    await vi.waitFor(() => expect(sent('orders')).toHaveLength(2))
    const reference = await shown(name)
    const [byClick, byMutation] = sent('orders')
    expect(byMutation?.reference).toBe(reference)
    await settled(name, name === 'failing' ? 'error' : 'success')
    expect(await recorded(reference)).toMatchObject({ attempts })
    expect(await recorded(byClick?.reference)).toMatchObject({ background: false, name: 'GET /api/orders/:id' })
    await vi.waitFor(() => expect(sent('ticker').length).toBeGreaterThan(5))
    const tickers = new Set(sent('ticker').map((each) => each.reference))
    expect(tickers.size).toBe(sent('ticker').length)
    expect(tickers).not.toContain(reference)
    expect(tickers).not.toContain(byClick?.reference)
  })
})

describe('a mutation', () => {
  test('that throws shows its reference in an error boundary', async () => {
    await press('thrown')
    const reference = await shop.page.getAttribute(
      '[data-variant=page] [data-waybill-reference]',
      'data-waybill-reference',
    )
    expect(sent('thrown')).toEqual([{ name: 'thrown', reference, attempt: 1 }])
    expect(await recorded(reference)).toMatchObject({ name: 'thrown', state: 'failed' })
  })

  test('that follows another and a call shares their action, each as its first attempt, and ends it as it ends', async () => {
    await shop.page.click('text=chain')
    const reference = await shop.page.getAttribute('#last [data-waybill-reference]', 'data-waybill-reference')
    for (const name of ['inside', 'between', 'last']) expect(sent(name)).toEqual([{ name, reference, attempt: 1 }])
    expect(await recorded(reference)).toMatchObject({ name: 'inside', state: 'failed' })
  })

  test('goes on under its reference when the customer tries again, as the next attempt', async () => {
    await press('again')
    await settled('again', 'error')
    const reference = await shown('again')
    await shop.page.click('#again >> text=Try again')
    await vi.waitFor(() => expect(sent('again')).toHaveLength(2))
    await settled('again', 'error')
    await shop.page.click('#again >> text=Try again')
    await settled('again', 'success')
    expect(sent('again')).toEqual([1, 2, 3].map((attempt) => ({ name: 'again', reference, attempt })))
    expect(await shown('again')).toBe(reference)
    expect(await recorded(reference)).toMatchObject({ state: 'succeeded', attempts: 3 })
  })

  test('inside an action belongs to it and leaves its end to it', async () => {
    await shop.page.click('text=inside')
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
    await shop.page.click('text=later')
    await vi.waitFor(() => expect(sent('inside')).toHaveLength(1))
    expect(await recorded(sent('inside')[0]?.reference)).toMatchObject({ name: 'inside', background: false })
  })
})

const press = (label: string): Promise<void> => shop.page.click(`#${label} >> text="${label}"`)

const settled = (label: string, status: string) => shop.page.waitForSelector(`#${label} output:text-is("${status}")`)

const sent = (name: string) => shop.sent(name)

const shown = (label: string, inside = '>') =>
  shop.page.getAttribute(`#${label} ${inside} [data-waybill-reference]`, 'data-waybill-reference')

function recorded(reference: string | null | undefined) {
  return shop.page.evaluate(
    (wanted) => waybill.session.actions().find((record) => record.reference === wanted),
    reference,
  )
}
