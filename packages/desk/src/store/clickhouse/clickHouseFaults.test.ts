import { randomBytes } from 'node:crypto'
import { mintReference } from '@waybill/reference'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { seededRandom } from '../../../../browser/fixtures/seededRandom.ts'
import { startClickHouse } from '../../../fixtures/startClickHouse.ts'
import { startClickHouseProxy } from '../../../fixtures/startClickHouseProxy.ts'
import type { ClickHouseProxy, ProxyFault } from '../../../fixtures/startClickHouseProxy.ts'
import { stepOf } from '../../../fixtures/stepOf.ts'
import type { OpenStoreOptions } from '../../../fixtures/describeStore.ts'
import type { Store } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { clickHouseAddress } from './clickHouseAddress.ts'
import { createClickHouse } from './createClickHouse.ts'
import { createClickHouseStore } from './createClickHouseStore.ts'

const clickHouse = await startClickHouse()
afterAll(() => clickHouse?.stop())

/** A longer storm: CLICKHOUSE_SEEDS=20. */
const SEEDS = Array.from({ length: Number(process.env['CLICKHOUSE_SEEDS'] ?? 1) }, (_, index) => index + 1)

describe.runIf(clickHouse)('a ClickHouse store beside faults', () => {
  let proxy: ClickHouseProxy
  beforeAll(async () => {
    proxy = await startClickHouseProxy(clickHouse!)
  })
  afterAll(() => proxy.stop())

  const stores: Store[] = []
  afterEach(async () => {
    proxy.faultOf = () => undefined
    for (const store of stores.splice(0)) await store.stop()
  })

  async function openStore(limits: OpenStoreOptions = {}): Promise<Store> {
    const { address } = await clickHouse!.makeDatabase()
    const hashSecret = randomBytes(32).toString('base64')
    const store = createClickHouseStore({ url: proxy.through(address), hashSecret, pauseMs: 0, ...limits })
    stores.push(store)
    await store.opened
    return store
  }

  const TABLES = ['waybill_alias', 'waybill_seen', 'waybill_step', 'waybill_trail']
  const FAULTS: readonly ProxyFault[] = ['cut', 'deaf', 'fail']

  test.each(
    TABLES.flatMap((table) =>
      (['cut', 'deaf'] as const).flatMap((fault) => [false, true].map((isKnown) => ({ table, fault, isKnown }))),
    ),
  )(
    'a group that ends at $table by $fault, in a trail that is there already: $isKnown, is refused, harms nothing and is kept once when it comes again',
    async ({ table, fault, isKnown }) => {
      let now = Date.UTC(2026, 5, 1)
      const store = await openStore({ stepsPerTrail: 4, now: () => now })
      const reference = mintReference()
      const before = isKnown ? [stepOf({ reference, facts: { order: 'A-0' } })] : []
      if (isKnown) await store.append(before)
      now += 3_600_000
      const steps = [1, 2].map((number) => stepOf({ reference, facts: { order: `A-${number}` } }))
      proxy.faultOf = (sql) => (sql.includes(`INSERT INTO ${table} `) ? fault : undefined)
      const told = store.append(steps).then(
        () => 'kept',
        (error: unknown) => String(error),
      )
      expect(await told).toContain('[waybill] The desk’s ClickHouse')
      proxy.faultOf = () => undefined
      // Whatever is seen of it is whole steps of its own, and what was there stays.
      const seen = await store.trail(reference)
      expect(seen.slice(0, before.length)).toEqual(before)
      expect([...before, ...steps]).toEqual(expect.arrayContaining([...seen]))
      expect(await store.known([reference])).toEqual(isKnown || seen.length > 0 ? [reference] : [])
      for (let times = 0; times < 2; times++) expect(await store.append(steps)).toEqual({ ok: true, refused: 0 })
      expect(await store.trail(reference)).toEqual([...before, ...steps])
      expect((await store.recent({ since: 0, limit: 9 })).references).toEqual([reference])
      for (const { id, facts } of steps)
        for (const value of [id, facts!['order']!.toLowerCase()])
          expect(await store.find([value], { limit: 2 })).toMatchObject([{ reference }])
      // Its caps count each step once.
      const more = [1, 2].map(() => stepOf({ reference }))
      expect(await store.append(more)).toEqual({ ok: true, refused: isKnown ? 1 : 0 })
      expect((await store.size()).trails).toBe(1)
    },
  )

  test('a message holds neither the password nor what was sent', async () => {
    const store = await openStore()
    for (const fault of FAULTS) {
      proxy.faultOf = () => fault
      const secretive = stepOf({ facts: { order: 'VERY-PRIVATE' } })
      for (const ask of [() => store.append([secretive]), () => store.find(['very-private'], { limit: 1 })]) {
        const error: unknown = await ask().then(
          () => undefined,
          (rejected: unknown) => rejected,
        )
        expect(error).toMatchObject({
          fault: 'database',
          message: expect.stringMatching(/^\[waybill\] The desk’s ClickHouse/),
        })
        const words = JSON.stringify(error, Object.getOwnPropertyNames(error))
        expect(words).not.toMatch(/private|desk-password/i)
      }
    }
  })

  test('while ClickHouse is down everything rejects, and once it is back all that was kept is there, by itself', async () => {
    const store = await openStore()
    const kept = stepOf()
    await store.append([kept])
    await clickHouse!.kill()
    const lost = stepOf()
    await expect(store.append([lost])).rejects.toThrow('does not answer')
    await expect(store.trail(kept.reference)).rejects.toThrow('does not answer')
    await expect(store.check()).rejects.toThrow('does not answer')
    await expect(store.retain({ keepDays: 1 })).rejects.toThrow('does not answer')
    // One that begins meanwhile says what is wrong, and finds it later.
    const begun = createClickHouseStore({
      url: proxy.through(clickHouse!.address()),
      hashSecret: randomBytes(32).toString('base64'),
    })
    stores.push(begun)
    await expect(begun.opened).rejects.toThrow('[waybill] The desk’s ClickHouse does not answer')
    await clickHouse!.start()
    expect(await store.trail(kept.reference)).toEqual([kept])
    expect(await store.append([lost])).toEqual({ ok: true, refused: 0 })
    expect(await store.trail(lost.reference)).toEqual([lost])
    expect(await begun.known([kept.reference])).toEqual([])
  })

  test('one that does not answer in time is not waited for', async () => {
    const hasty = createClickHouse({ ...clickHouseAddress(proxy.through(clickHouse!.address())), timeoutMs: 50 })
    proxy.faultOf = () => 'hang'
    await expect(hasty.rows('SELECT 1 AS one')).rejects.toThrow('does not answer')
    proxy.faultOf = () => undefined
    expect(await hasty.rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await hasty.close()
  })

  test.each(SEEDS)(
    'of what many senders send again until it is kept, through faults of every kind, nothing is lost or doubled (seed %i)',
    async (seed) => {
      const random = seededRandom(seed)
      const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
      const store = await openStore()
      proxy.faultOf = () => (random() < 0.15 ? pick(FAULTS) : undefined)
      const references = Array.from({ length: 12 }, () => mintReference())
      let faults = 0
      async function send(): Promise<StoredStep[]> {
        const sent: StoredStep[] = []
        for (let group = 0; group < 8; group++) {
          const steps = Array.from({ length: 3 }, () =>
            stepOf({ reference: pick(references), facts: { order: `A-${random()}` } }),
          )
          for (;;) {
            const answer = await store.append(steps).catch(() => undefined)
            if (answer?.ok) break
            faults++
          }
          sent.push(...steps)
        }
        return sent
      }
      const sent = (await Promise.all(Array.from({ length: 6 }, send))).flat()
      proxy.faultOf = () => undefined
      expect(faults).toBeGreaterThan(0)
      for (const reference of new Set(sent.map((step) => step.reference))) {
        const own = sent.filter((step) => step.reference === reference)
        const kept = await store.trail(reference)
        expect(kept.map(({ id }) => id).toSorted()).toEqual(own.map(({ id }) => id).toSorted())
      }
      for (const { reference, facts } of sent.slice(0, 20))
        expect(await store.find([facts!['order']!.toLowerCase()], { limit: 2 })).toMatchObject([{ reference }])
    },
  )
})
