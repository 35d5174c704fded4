import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createWaybill } from '@waybill/server'
import type { Step } from '@waybill/trail'
import { beforeEach, describe, expect, test, vi } from 'vitest'

let steps: Step[] = []
let faults: string[] = []
const waybill = createWaybill({
  service: 'shop-api',
  onStep: (step) => steps.push(step),
  onError: (error) => faults.push(String(error)),
})

beforeEach(() => {
  steps = []
  faults = []
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})

describe('the context', () => {
  test('is in force through everything that is awaited, and nowhere else', async () => {
    const contexts = Array.from({ length: 50 }, () => waybill.mint())
    const seen = await Promise.all(
      contexts.map((context) =>
        waybill.resume(context, async () => {
          await sleep(Math.random() * 5)
          return waybill.current()
        }),
      ),
    )
    expect(seen).toEqual(contexts)
    expect(waybill.current()).toBeUndefined()
  })

  test('goes with a bound listener of an emitter that was there before', () => {
    const emitter = new EventEmitter()
    const context = waybill.mint()
    const seen: unknown[] = []
    waybill.resume(context, () =>
      emitter.on(
        'event',
        waybill.bind(() => seen.push(waybill.current())),
      ),
    )
    waybill.resume(waybill.mint(), () => emitter.emit('event'))
    expect(seen).toEqual([context])
    expect(waybill.bind(() => waybill.current())()).toBeUndefined()
  })
})

describe('a step', () => {
  test('is recorded when it ends, under the step around it', async () => {
    const context = waybill.mint()
    const result = await waybill.resume(context, () =>
      waybill.run({ hop: 'schedule', name: 'nightly sync', facts: { run: '7' } }, async (outer) => {
        await waybill.run({ hop: 'database', name: 'sync order' }, () => sleep(5))
        outer.note({ orders: '12' })
        return 'done'
      }),
    )
    expect(result).toBe('done')
    expect(steps).toMatchObject([
      { hop: 'database', name: 'sync order', status: 'ok', parentId: steps[1]?.id },
      { hop: 'schedule', name: 'nightly sync', service: 'shop-api', facts: { run: '7', orders: '12' } },
    ])
    expect(steps[0]?.durationMs).toBeGreaterThan(3)
    expect(new Set(steps.map((step) => step.reference))).toEqual(new Set([context.reference]))
  })

  test('is in force for work that begins when it is awaited, such as a query builder’s', async () => {
    let asked: unknown
    const query = {
      // oxlint-disable-next-line unicorn/no-thenable -- query builders have one
      then(resolve: (rows: string) => void) {
        asked = waybill.current()?.spanId
        resolve('rows')
      },
    }
    await waybill.run<unknown>({ hop: 'database', name: 'orders' }, () => query)
    expect(asked).toBe(steps[0]?.id)
  })

  test('keeps the class of what was thrown, not its message, and throws it on unchanged', async () => {
    const error = new RangeError('jane@example.com said no')
    await expect(waybill.run({ hop: 'worker', name: 'refunds' }, () => Promise.reject(error))).rejects.toBe(error)
    expect(steps).toMatchObject([{ status: 'error', error: { type: 'RangeError' } }])
    expect(JSON.stringify(steps)).not.toContain('jane')
  })

  test.each([
    ['a TimeoutError', new DOMException('late', 'TimeoutError'), 'timeout'],
    ['one that a time limit caused', new Error('x', { cause: new DOMException('late', 'TimeoutError') }), 'timeout'],
    ["undici's time limits", new TypeError('fetch failed', { cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } }), 'timeout'],
    ['a code of Node', Object.assign(new Error('no'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['a cause, where the error itself says nothing', new Error('x', { cause: { code: '23505' } }), '23505'],
    ['text', 'jane@example.com', 'Error'],
    ['a name that holds text', Object.assign(new Error('no'), { name: 'Jane said: no' }), 'Error'],
    ['nothing', undefined, 'Error'],
  ])('names the type of %s', async (_, thrown, type) => {
    // oxlint-disable-next-line prefer-promise-reject-errors -- what people throw is the subject.
    await waybill.run({ hop: 'worker', name: 'refunds' }, () => Promise.reject(thrown)).catch(() => undefined)
    expect(steps).toMatchObject([{ status: 'error', error: { type } }])
  })

  test('carries what the application declares, by the step, from afar, or by the error', async () => {
    await waybill.run({ hop: 'worker', name: 'a' }, (step) => step.effect('held', 'refund pending review'))
    await waybill.run({ hop: 'worker', name: 'b' }, () => {
      waybill.effect('done')
      waybill.note({ order: 'A-1001' })
      waybill.identify('C-2041')
    })
    const declined = Object.assign(new Error('declined'), { effect: 'none', remains: 'nothing charged' })
    await waybill.run({ hop: 'api', name: 'c' }, () => Promise.reject(declined)).catch(() => undefined)
    expect(steps).toMatchObject([
      { effect: 'held', remains: 'refund pending review', status: 'ok' },
      { effect: 'done', person: 'C-2041', facts: { order: 'A-1001' } },
      { effect: 'none', remains: 'nothing charged', status: 'error' },
    ])
  })

  test('shows long work at once, by a marker that names the step to come', async () => {
    await waybill.run({ hop: 'worker', name: 'refunds', jobId: 'j1', attempt: 2, announce: true }, () => {
      expect(steps).toMatchObject([{ status: 'running', durationMs: 0, jobId: 'j1', attempt: 2 }])
    })
    expect(steps[0]?.startedFor).toBe(steps[1]?.id)
    expect(steps[0]?.id).not.toBe(steps[1]?.id)
  })

  test('says of a claim that was not believed only that', async () => {
    const context = waybill.accept({ 'Trace-Reference': 'evil' })
    await waybill.resume(context, () => waybill.run({ hop: 'api', name: 'a' }, () => undefined))
    expect(steps).toMatchObject([{ attributes: { 'waybill.claim.refused': true } }])
    expect(JSON.stringify(steps)).not.toContain('evil')
  })

  test('goes on under the reference of the action it turns out to belong to, and what follows with it', () => {
    const action = waybill.accept({ 'Trace-Reference': waybill.mint().reference, 'Trace-Attempt': '2' })
    const step = waybill.begin({ hop: 'webhook', name: 'POST /webhooks' })
    const begun = { ...step.context }
    waybill.resume(step.context, () => {
      step.belongTo(action)
      expect(waybill.logFields()).toMatchObject({ reference: action.reference, trace_id: action.traceId })
      waybill.begin({ hop: 'database', name: 'order paid' }).end()
    })
    step.end()
    step.belongTo(begun)
    const { reference, traceId, attempt } = action
    expect(steps).toMatchObject([
      { name: 'order paid', reference, traceId, attempt, parentId: begun.spanId },
      { id: begun.spanId, reference, traceId, attempt },
    ])
    expect(steps[1]?.parentId).toBeUndefined()
    expect(step.context.reference).toBe(reference)
  })

  test('stays where its beginning was told', () => {
    const step = waybill.begin({ hop: 'worker', name: 'refunds', announce: true })
    step.belongTo(waybill.mint())
    step.end()
    expect(steps[1]?.reference).toBe(steps[0]?.reference)
  })

  test('begins a reference of its own outside of a context, and ends once', () => {
    const step = waybill.begin({ hop: 'alert', name: 'queue is long' })
    step.end()
    step.end(new Error('again'))
    expect(steps).toMatchObject([{ hop: 'alert', status: 'ok' }])
    expect(waybill.current()).toBeUndefined()
  })

  test('told only if it fails, takes along what happened inside it, and of what is held back in there nothing', async () => {
    const other = createWaybill({ service: 'beside', onStep: (step) => steps.push(step) })
    const work = (fails: boolean): Promise<void> =>
      waybill
        .run({ hop: 'schedule', name: 'outer', tell: 'if-failed' }, async () => {
          await waybill.run({ hop: 'schedule', name: 'inner', tell: 'without-parts' }, () =>
            waybill.run({ hop: 'tool', name: 'part of inner' }, () => undefined),
          )
          await other.run({ hop: 'tool', name: 'part', parent: waybill.current() }, () => undefined)
          if (fails) throw new Error('no')
        })
        .catch(() => undefined)
    await work(false)
    expect(steps).toEqual([])
    await work(true)
    expect(steps.map(({ service, name }) => [service, name])).toEqual([
      ['shop-api', 'inner'],
      ['beside', 'part'],
      ['shop-api', 'outer'],
    ])
  })

  test('links to what only became known on the way', () => {
    const [one, two] = [waybill.mint(), waybill.mint()]
    const step = waybill.begin({ hop: 'schedule', name: 'run', links: [{ rel: 'parent', to: one }] })
    step.set({ links: [{ rel: 'child', to: two }] })
    step.end()
    expect(steps[0]?.links?.map(({ rel, reference }) => [rel, reference])).toEqual([
      ['parent', one.reference],
      ['child', two.reference],
    ])
  })

  test('keeps of facts what fits the rule and tells of the rest', () => {
    const step = waybill.begin({ hop: 'api', name: 'a', facts: { '2fa': 'sms', 'order no': 'secret' } })
    step.note({ order: 1001, coupon: null, long: 'secret'.padEnd(201), name: 'A\u202e\nB' })
    step.note(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`fact${i}`, 'x'])))
    step.end()
    expect(Object.keys(steps[0]?.facts ?? {})).toHaveLength(20)
    expect(steps[0]?.facts).toMatchObject({ '2fa': 'sms', order: '1001', name: 'A B' })
    expect(faults.slice(0, 2)).toEqual([
      'TypeError: [waybill] A fact was left out for its name: order?no',
      'TypeError: [waybill] A fact was left out for its length: long',
    ])
    expect(faults).toHaveLength(2 + 40 - 17)
  })

  test('shows at its beginning the facts of then, and tells of facts that come after its end', () => {
    const step = waybill.begin({ hop: 'api', name: 'a', facts: { order: 'A-1001' }, announce: true })
    step.note({ refund: 'R-1' })
    step.end()
    step.note({ late: 'x' })
    expect(steps.map(({ facts }) => facts)).toEqual([{ order: 'A-1001' }, { order: 'A-1001', refund: 'R-1' }])
    expect(faults).toEqual(['TypeError: [waybill] A fact was left out for its time: late'])
  })

  test('takes a person by text or number, and nobody by anything else', () => {
    const step = waybill.begin({ hop: 'api', name: 'a' })
    for (const wrong of [null, undefined, '', {}] as unknown[]) step.identify(wrong as string)
    step.end()
    const other = waybill.begin({ hop: 'api', name: 'b' })
    other.identify(42 as unknown as string)
    other.end()
    expect(steps.map(({ person }) => person)).toEqual([undefined, '42'])
    expect(faults).toHaveLength(1)
  })

  test('never throws for what it is given', () => {
    const step = waybill.begin({ hop: 'api', name: 'a' })
    const noted = {
      get order(): string {
        throw new Error('not yet')
      },
    }
    step.note(noted)
    step.end()
    expect(faults).toEqual(['Error: not yet'])
  })
})

describe('the host', () => {
  test('never sees a fault of ours', async () => {
    const faults: unknown[] = []
    const fragile = createWaybill({
      service: 'shop-api',
      onStep: () => {
        throw new Error('listener broke')
      },
      onError: (error) => {
        faults.push(error)
        throw error
      },
    })
    await expect(fragile.run({ hop: 'api', name: 'a' }, () => 'fine')).resolves.toBe('fine')
    expect(faults).toHaveLength(1)
  })

  test('tells a step whose caller went away at once, and its end as the same step', async () => {
    const step = waybill.begin({ hop: 'api', name: 'POST /api/pay' })
    step.cutShort('aborted')
    step.cutShort('aborted')
    step.effect('done', 'paid')
    step.end()
    step.cutShort('aborted')
    expect(steps).toMatchObject([
      { id: step.context.spanId, status: 'error', error: { type: 'aborted' } },
      { id: step.context.spanId, status: 'ok', effect: 'done', remains: 'paid' },
    ])
    expect(steps[1]?.error).toBeUndefined()
  })

  test('is told at once of a set-up that cannot work', () => {
    expect(() => createWaybill({ service: '' })).toThrow(/^\[waybill\].*needs a name/)
    expect(() => createWaybill({ service: 'a', deliverTo: 'desk' })).toThrow(/^\[waybill\].*address/)
  })

  test('gets log fields in a new object each time', () => {
    const context = waybill.mint()
    waybill.resume(context, () => {
      expect(waybill.logFields()).toEqual({ reference: context.reference, trace_id: context.traceId })
      expect(waybill.logFields()).not.toBe(waybill.logFields())
    })
    expect(waybill.logFields()).toEqual({})
  })
})
