import { setImmediate as turn } from 'node:timers/promises'
import { mintReference } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import type { OpenStep } from '@waybill/server'
import { runBatch, scheduled } from '@waybill/server/schedule'
import type { BatchItem } from '@waybill/server/schedule'
import type { Step } from '@waybill/trail'
import { Cron } from 'croner'
import { beforeEach, describe, expect, test } from 'vitest'
import { PRIVATE, PRIVATE_PARTS } from '../fixtures/privateText.ts'

let steps: Step[] = []
let faults: unknown[] = []
const waybill = createWaybill({
  service: 'shop-worker',
  onStep: (step) => steps.push(step),
  onError: (error) => faults.push(error),
})
beforeEach(() => {
  steps = []
  faults = []
})

const ended = (): Step[] => steps.filter(({ status }) => status !== 'running')
const named = (name: string): Step[] => ended().filter((step) => step.name === name)

describe('a run of a schedule', () => {
  test('set up outside of any action begins a reference of its own each time, seen while it goes on', async () => {
    const seen: (string | undefined)[] = []
    const job = new Cron(
      '0 0 1 1 *',
      { paused: true },
      scheduled(waybill, 'tidy up', () => {
        seen.push(waybill.current()?.reference)
        expect(steps.at(-1)).toMatchObject({ status: 'running', name: 'tidy up' })
      }),
    )
    await job.trigger()
    await job.trigger()
    job.stop()
    expect(new Set(seen).size).toBe(2)
    expect(ended()).toMatchObject(
      seen.map((reference) => ({ hop: 'schedule', name: 'tidy up', status: 'ok', reference, parentId: undefined })),
    )
    expect(ended().some(({ links }) => links)).toBe(false)
  })

  test('set up inside a customer’s action links to it, and never goes on with it, whatever sets it off', async () => {
    const runs: string[] = []
    const run = (): void => void runs.push(waybill.current()!.reference)
    const action = await waybill.run({ hop: 'api', name: 'POST /api/subscriptions' }, ({ context }) => {
      const job = new Cron('* * * * * *', { maxRuns: 2 }, scheduled(waybill, 'remind', run))
      const timer = setInterval(scheduled(waybill, 'poll', run), 20)
      return { context, stop: () => (job.stop(), clearInterval(timer)) }
    })
    await expect.poll(() => [named('remind').length >= 2, named('poll').length >= 2]).toEqual([true, true])
    action.stop()
    const { reference, traceId, spanId } = action.context
    expect(new Set(runs).size).toBe(runs.length)
    expect(runs).not.toContain(reference)
    for (const step of [...named('remind'), ...named('poll')]) {
      expect(step.links).toEqual([{ rel: 'parent', reference, traceId, spanId }])
    }
    expect(steps.filter((step) => step.reference === reference)).toMatchObject([{ name: 'POST /api/subscriptions' }])
  })

  test('wrapped when the service starts and set going inside an action, or called by hand in one, links to that', async () => {
    const wrapped = scheduled(waybill, 'remind', () => undefined)
    const [one, other] = [waybill.mint(), waybill.mint()]
    const job = waybill.resume(one, () => new Cron('0 0 1 1 *', wrapped))
    await waybill.resume(other, () => job.trigger())
    job.stop()
    const both = waybill.resume(one, () => scheduled(waybill, 'both', () => undefined))
    waybill.resume(other, both)
    expect(ended().map(({ links }) => links?.map((link) => link.reference))).toEqual([
      [other.reference],
      [one.reference, other.reference],
    ])
  })

  test('leaves croner’s protection against overlap, its arguments and its count as they are', async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const refused: unknown[] = []
    const begun: unknown[] = []
    const job = new Cron(
      '* * * * * *',
      { protect: (self) => void refused.push(self), context: { shop: 'north' } },
      scheduled(waybill, 'slow', function (this: unknown, self: unknown, context: unknown) {
        begun.push([this === self, context])
        return held
      }),
    )
    await expect.poll(() => refused.length).toBeGreaterThan(0)
    expect([begun, refused[0] === job, job.isBusy()]).toEqual([[[true, { shop: 'north' }]], true, true])
    expect(named('slow')).toEqual([])
    job.stop()
    release()
    await expect.poll(() => named('slow').map(({ status }) => status)).toEqual(['ok'])
    expect(job.isBusy()).toBe(false)
  })

  test('gives croner’s `catch` the very error, and the trail its type alone', async () => {
    const error = new RangeError(PRIVATE.prompt)
    const caught: unknown[] = []
    const options = { paused: true, catch: (thrown: unknown) => void caught.push(thrown) }
    for (const fail of [
      () => Promise.reject(error),
      () => {
        throw error
      },
    ]) {
      const job = new Cron('0 0 1 1 *', options, scheduled(waybill, 'fails', fail))
      await job.trigger()
      const open = new Cron('0 0 1 1 *', { paused: true }, scheduled(waybill, 'fails', fail))
      await expect(open.trigger()).rejects.toBe(error)
      for (const each of [job, open]) each.stop()
    }
    expect(caught).toEqual([error, error])
    expect(named('fails').map((step) => [step.status, step.error])).toEqual(
      Array.from({ length: 4 }, () => ['error', { type: 'RangeError' }]),
    )
    expect(JSON.stringify(steps)).not.toMatch(PRIVATE_PARTS)
  })

  test('returns and throws at once what is no promise, for callers that do not wait', async () => {
    const error = new TypeError('no')
    expect(scheduled(waybill, 'sum', (a: number, b: number) => a + b)(1, 2)).toBe(3)
    expect(named('sum')).toMatchObject([{ status: 'ok' }])
    const thrown = scheduled(waybill, 'throws', () => {
      throw error
    })
    expect(thrown).toThrow(error)
    await expect(scheduled(waybill, 'rejects', async () => Promise.reject(undefined))()).rejects.toBeUndefined()
    expect(ended().map(({ name, status }) => [name, status])).toEqual([
      ['sum', 'ok'],
      ['throws', 'error'],
      ['rejects', 'error'],
    ])
  })

  test('a query that begins when it is awaited runs under the run’s reference', async () => {
    let seen: string | undefined
    const lazy = {}
    Reflect.set(lazy, 'then', (resolve: (value: string) => void) => {
      seen = waybill.current()?.reference
      resolve('rows')
    })
    const action = waybill.mint()
    expect(await waybill.resume(action, () => scheduled(waybill, 'query', () => lazy as PromiseLike<string>)())).toBe(
      'rows',
    )
    expect(seen).toBe(named('query')[0]?.reference)
    expect(seen).not.toBe(action.reference)
  })
})

interface Order {
  readonly id: string
  readonly reference: string | null
  readonly fails?: boolean
}
const describeOrder = ({ id, reference }: Order): BatchItem => ({ facts: { order: id }, reference })
const options = { name: 'sync the order', customerName: 'nightly sync of the order', describe: describeOrder }

describe('a batch', () => {
  test('of 1,000 items with 3 failures: one run, a step for each, links both ways, no reference mixed up', async () => {
    const orders = Array.from({ length: 1000 }, (_, at): Order => ({
      id: `A-${at}`,
      reference: at % 4 === 3 ? null : mintReference(),
      fails: [17, 503, 998].includes(at),
    }))
    let wrong = 0
    let [atOnce, most] = [0, 0]
    const failures: unknown[] = []
    const { counts, context } = await waybill.run({ hop: 'schedule', name: 'nightly sync' }, async (run) => {
      const onFailed = (error: unknown, { id }: Order): void =>
        void failures.push([id, Object(error).code, waybill.current()?.reference])
      const counts = await runBatch(waybill, orders, { ...options, concurrency: 50, onFailed }, async (order, step) => {
        const expected = order.reference ?? run.context.reference
        most = Math.max(most, ++atOnce)
        for (let i = 0; i < 3; i++) {
          await turn()
          if (waybill.current()?.reference !== expected || step.context.reference !== expected) wrong++
        }
        atOnce--
        await waybill.run({ hop: 'database', name: 'UPDATE orders' }, () => undefined)
        if (order.fails) throw Object.assign(new Error(PRIVATE.prompt), { code: '23514' })
      })
      return { counts, context: run.context }
    })
    expect(counts).toEqual({ items: 1000, done: 997, failed: 3 })
    expect([wrong, most]).toEqual([0, 50])
    expect(failures).toEqual(['A-17', 'A-503', 'A-998'].map((id) => [id, '23514', context.reference]))

    const items = named('sync the order')
    expect(items).toHaveLength(1000)
    expect(new Set(items.map(({ id }) => id)).size).toBe(1000)
    expect(new Set(items.map(({ reference, parentId }) => `${reference} ${parentId}`))).toEqual(
      new Set([`${context.reference} ${context.spanId}`]),
    )
    const byOrder = new Map(named('nightly sync of the order').map((step) => [step.facts?.['order'], step]))
    expect(byOrder.size).toBe(750)
    for (const item of items) {
      const { id, reference, fails } = orders[Number(item.facts?.['order']?.slice(2))]!
      const there = byOrder.get(id)
      expect([item.facts, item.status]).toEqual([{ order: id }, fails ? 'error' : 'ok'])
      if (reference === null) expect([there, item.links]).toEqual([undefined, undefined])
      else {
        expect(there).toMatchObject({ reference, status: item.status, parentId: undefined, facts: { order: id } })
        expect(item.links).toEqual([{ rel: 'child', reference, traceId: there?.traceId, spanId: there?.id }])
        expect(there?.links).toEqual([
          { rel: 'parent', reference: context.reference, traceId: context.traceId, spanId: item.id },
        ])
      }
    }
    expect(named('nightly sync')).toMatchObject([
      {
        status: 'ok',
        facts: { items: '997 of 1,000 done, 3 failed' },
        attributes: { 'waybill.items.name': 'sync the order', 'waybill.items.done': 997, 'waybill.items.failed': 3 },
      },
    ])
    expect(JSON.stringify(steps)).not.toMatch(PRIVATE_PARTS)
    expect(faults).toEqual([])
  })

  test('tells every failure with its parts, and of many successes only the first', async () => {
    const orders = Array.from({ length: 2500 }, (_, at): Order => ({
      id: `A-${at}`,
      reference: null,
      fails: at % 1000 === 999,
    }))
    orders.push({ id: 'of a customer', reference: mintReference() })
    await runBatch(waybill, orders, options, async ({ fails }) => {
      await waybill.run({ hop: 'database', name: 'UPDATE orders' }, () => turn())
      if (fails) throw new Error('no')
    })
    const [run, ...items] = named('sync the order').toSorted((a, b) =>
      (a.parentId ?? '').localeCompare(b.parentId ?? ''),
    )
    const byStatus = (status: string): number => items.filter((item) => item.status === status).length
    expect([byStatus('ok'), byStatus('error')]).toEqual([999, 2])
    // A hundred whole ones, the two that failed, and the customer's.
    expect(named('UPDATE orders')).toHaveLength(103)
    const failed = items.filter(({ status }) => status === 'error').map(({ id }) => id)
    expect(named('UPDATE orders').filter(({ parentId }) => failed.includes(parentId!))).toHaveLength(2)
    expect(named('nightly sync of the order')).toHaveLength(1)
    expect(run?.facts).toEqual({
      items: '2,499 of 2,501 done, 2 failed; told one by one are the first 1,000, and all that failed',
    })
  })

  test('says in both trails what became of the customer’s business', async () => {
    const held = Object.assign(new Error('no'), { effect: 'held', remains: 'booked, not sent' })
    const works = {
      declared: () => waybill.effect('done', 'in the books'),
      thrown: () => Promise.reject(held),
      silent: () => undefined,
      marked: (step: OpenStep) => step.set({ errorType: '402' }),
    }
    const counts = await runBatch(
      waybill,
      Object.keys(works) as (keyof typeof works)[],
      {
        ...options,
        describe: (id) => ({ facts: { order: id }, reference: mintReference() }),
      },
      (id, step) => {
        if (id === 'declared') step.effect('none')
        return works[id](step)
      },
    )
    expect(counts).toEqual({ items: 4, done: 2, failed: 2 })
    for (const name of ['sync the order', 'nightly sync of the order']) {
      const told = named(name).filter(({ facts }) => facts?.['order'])
      expect(told.map(({ facts, effect, remains }) => [facts?.['order'], effect, remains])).toEqual([
        ['declared', 'done', 'in the books'],
        ['thrown', 'held', 'booked, not sent'],
        ['silent', undefined, undefined],
        ['marked', undefined, undefined],
      ])
      expect(told.map(({ error }) => error?.type)).toEqual([undefined, 'Error', undefined, '402'])
    }
  })

  test('leaves an item with a stored reference that is none in the run’s own trail, and says so', async () => {
    const bad = ['RF7-K29-QXS', `${mintReference()}, ${mintReference()}`, PRIVATE.prompt, '']
    await waybill.run({ hop: 'schedule', name: 'run' }, async ({ context }) => {
      const orders = [...bad, context.reference].map((reference, at) => ({ id: `A-${at}`, reference }))
      await runBatch(waybill, orders, options, () => {
        expect(waybill.current()?.reference).toBe(context.reference)
      })
    })
    expect(new Set(ended().map(({ reference }) => reference)).size).toBe(1)
    expect(
      named('sync the order').map(({ links, attributes }) => [links, attributes?.['waybill.claim.refused']]),
    ).toEqual([
      [undefined, true],
      [undefined, true],
      [undefined, true],
      [undefined, undefined],
      [undefined, undefined],
    ])
    expect(JSON.stringify(steps)).not.toMatch(PRIVATE_PARTS)
  })

  test('is stopped by what `onFailed` throws: none begins after it, those under way end, and the counts are noted', async () => {
    const stop = new Error('enough')
    const ends: number[] = []
    const run = waybill.run({ hop: 'schedule', name: 'run' }, () =>
      runBatch(
        waybill,
        [0, 1, 2, 3, 4, 5],
        {
          name: 'item',
          describe: () => ({}),
          concurrency: 3,
          onFailed: () => {
            throw stop
          },
        },
        async (at) => {
          if (at === 1) throw new Error('no')
          for (let i = 0; i < 5; i++) await turn()
          ends.push(at)
        },
      ),
    )
    await expect(run).rejects.toBe(stop)
    expect(ends).toEqual([0, 2])
    expect(named('run')).toMatchObject([{ status: 'error', facts: { items: '2 of 3 done, 1 failed' } }])
    expect(named('item').map(({ facts, status }) => [facts, status])).toEqual([
      [undefined, 'error'],
      [undefined, 'ok'],
      [undefined, 'ok'],
    ])
  })

  test('takes items as a cursor gives them, and rejects with what the cursor, or a description, throws', async () => {
    let taken = 0
    async function* cursor(): AsyncGenerator<number> {
      for (; taken < 3; taken++) yield taken
      throw new Error('connection lost')
    }
    const done: number[] = []
    const batch = { name: 'item', describe: () => ({}), concurrency: 2 }
    await expect(runBatch(waybill, cursor(), batch, (at) => void done.push(at))).rejects.toThrow('connection lost')
    expect(new Set(done)).toEqual(new Set([0, 1, 2]))
    const broken = {
      ...batch,
      describe: () => {
        throw new Error('no id')
      },
    }
    await expect(runBatch(waybill, [1], broken, () => undefined)).rejects.toThrow('no id')
    await expect(runBatch(waybill, [1], { ...batch, concurrency: 0 }, () => undefined)).rejects.toThrow('[waybill]')
  })

  test('outside of a step, or a second one in it, is a step of its own', async () => {
    const batch = { name: 'item', describe: (at: number) => ({ facts: { at } }) }
    await runBatch(waybill, [1, 2], batch, () => undefined)
    await waybill.run({ hop: 'worker', name: 'run' }, async () => {
      await runBatch(waybill, [1, 2], { ...batch, name: 'first' }, () => undefined)
      await runBatch(waybill, [1, 2, 3], { ...batch, name: 'second' }, () => undefined)
    })
    const of = (name: string): Step[] => named(name)
    const alone = of('item').find(({ parentId }) => parentId === undefined)
    expect(alone?.facts).toEqual({ items: '2 of 2 done, 0 failed' })
    const [run] = of('run')
    expect(run?.facts).toEqual({ items: '2 of 2 done, 0 failed' })
    const second = of('second').find(({ parentId }) => parentId === run?.id)
    expect(second?.facts).toEqual({ items: '3 of 3 done, 0 failed' })
    expect(of('second').filter(({ parentId }) => parentId === second?.id)).toHaveLength(3)
  })
})
