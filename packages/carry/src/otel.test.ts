import { EventEmitter } from 'node:events'
import { context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { Context, ContextManager } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  StackContextManager,
  WebTracerProvider,
} from '@opentelemetry/sdk-trace-web'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importCarried } from '../fixtures/importCarried.ts'
import { carryPoint } from './carryPoint.ts'
import { createContextManager } from './otel.ts'

const point = carryPoint()
const KEY = createContextKey('name')
const named = (name: string): Context => ROOT_CONTEXT.setValue(KEY, name)
const nameIn = (manager: ContextManager): unknown => manager.active().getValue(KEY)
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

afterEach(() => expect(point.inForce).toBeUndefined())

describe('with the SDK for browsers', () => {
  const exporter = new InMemorySpanExporter()

  function register(contextManager: ContextManager): void {
    new WebTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register({ contextManager })
  }
  afterEach(() => {
    exporter.reset()
    context.disable()
    trace.disable()
  })

  /** Of each span that has ended: its name, and its parent's. */
  function parents(): Record<string, string | undefined> {
    const spans = exporter.getFinishedSpans()
    const nameOf = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
    return Object.fromEntries(
      spans.map(({ name, parentSpanContext }) => [name, nameOf.get(parentSpanContext?.spanId ?? '')]),
    )
  }

  const app = () =>
    importCarried<'buy'>(`
      export const buy = (tracer, name, sleep) =>
        tracer.startActiveSpan(name, async (span) => {
          try {
            await sleep(Math.random() * 5)
            tracer.startSpan(name + ' first').end()
            await Promise.all([pay(tracer, name, sleep), sleep(3)])
            for await (const item of items(tracer, name, sleep)) tracer.startSpan(name + item).end()
            tracer.startSpan(name + ' last').end()
          } finally {
            span.end()
          }
        })
      const pay = async (tracer, name, sleep) => {
        await null
        await tracer.startActiveSpan(name + ' pays', async (span) => {
          await sleep(Math.random() * 5)
          tracer.startSpan(name + ' paid').end()
          span.end()
        })
        tracer.startSpan(name + ' goes on').end()
      }
      async function* items(tracer, name, sleep) {
        await sleep(Math.random() * 5)
        tracer.startSpan(name + ' loads').end()
        yield ' item'
      }`)

  const expected = (name: string) => ({
    [name]: undefined,
    [`${name} first`]: name,
    [`${name} pays`]: name,
    [`${name} paid`]: `${name} pays`,
    [`${name} goes on`]: name,
    [`${name} loads`]: name,
    [`${name} item`]: name,
    [`${name} last`]: name,
  })

  test('spans that are started after an await are children of the span that was active, for a hundred at once', async () => {
    register(createContextManager())
    const { buy } = await app()
    const names = Array.from({ length: 100 }, (_, each) => `buy ${each}`)
    await Promise.all(names.map((name) => buy(trace.getTracer('shop'), name, sleep)))
    expect(parents()).toEqual(Object.assign({}, ...names.map(expected)))
    expect(trace.getActiveSpan()).toBeUndefined()
  })

  test('which the SDK’s own manager makes roots', async () => {
    register(new StackContextManager())
    const { buy } = await app()
    await buy(trace.getTracer('shop'), 'buy', sleep)
    expect(parents()).toEqual(Object.fromEntries(Object.keys(expected('buy')).map((name) => [name, undefined])))
  })

  test('a poller that runs beside has no span', async () => {
    register(createContextManager())
    const { buy } = await app()
    const tracer = trace.getTracer('shop')
    const { poll } = await importCarried<'poll'>(`
      export async function poll(tracer, sleep, isOver) {
        for (let each = 0; !isOver(); each++) { tracer.startSpan('poll ' + each).end(); await sleep(1) }
      }`)
    let isOver = false
    const polling = poll(tracer, sleep, () => isOver)
    await Promise.all([buy(tracer, 'a', sleep), buy(tracer, 'b', sleep)])
    isOver = true
    await polling
    const polls = Object.entries(parents()).filter(([name]) => name.startsWith('poll'))
    expect(polls.length).toBeGreaterThan(2)
    for (const [, parent] of polls) expect(parent).toBeUndefined()
  })
})

describe('the manager', () => {
  let manager: ContextManager
  beforeEach(() => {
    manager = createContextManager().enable()
  })
  afterEach(() => manager.disable())

  test('holds a context for a function’s synchronous run, with its `this` and arguments, also if it throws', () => {
    const self = {}
    const given = manager.with(
      named('a'),
      function (this: object, ...args: number[]) {
        return [this, args, nameIn(manager), manager.with(named('b'), () => nameIn(manager)), nameIn(manager)]
      },
      self,
      1,
      2,
    )
    expect(given).toEqual([self, [1, 2], 'a', 'b', 'a'])
    expect(given[0]).toBe(self)
    const fails = (): never => {
      throw new Error('as it should')
    }
    expect(() => manager.with(named('a'), fails)).toThrow('as it should')
    expect(manager.active()).toBe(ROOT_CONTEXT)
  })

  test('takes no context for the root’s', () => {
    const active = manager.with(named('a'), () => manager.with(undefined as unknown as Context, () => manager.active()))
    expect(active).toBe(ROOT_CONTEXT)
  })

  test('lets the innermost count, of what is held and what is carried', async () => {
    const saw: Record<string, unknown> = {}
    const see = (label: string) => (saw[label] = nameIn(manager))
    const { outer, items } = await importCarried<'outer' | 'items'>(`
      export async function outer({ see, hold, sleep, other }) {
        see('before')
        await sleep(1)
        see('carried')
        const held = hold('held', async () => {
          see('held')
          await other.next()
          see('carried from what was held')
        })
        see('carried after')
        hold('held', () => void other.next())
        await held
        see('carried still')
      }
      export async function* items({ see, sleep }) {
        see('generator')
        yield 1
        see('generator, in what is held elsewhere')
      }`)
    const hold = (name: string, fn: () => unknown) => manager.with(named(name), fn)
    const other = hold('maker', () => items({ see, sleep }))
    await hold('caller', () => outer({ see, hold, sleep, other }))
    expect(saw).toEqual({
      before: 'caller',
      carried: 'caller',
      held: 'held',
      generator: 'maker',
      'carried after': 'caller',
      'generator, in what is held elsewhere': 'maker',
      'carried from what was held': 'held',
      'carried still': 'caller',
    })
  })

  test('leaves what else is carried where it is', () => {
    const at: number = point.sources.push(() => (point.inForce ? point.inForce[at] : 'action')) - 1
    const inIt = manager.with(named('a'), () => [nameIn(manager), point.inForce?.[at]])
    expect(inIt).toEqual(['a', 'action'])
    point.sources[at] = () => undefined
  })

  test('binds functions: their context, `this`, arguments and how many they take', () => {
    const self = {}
    const bound = manager.bind(named('a'), function (this: unknown, one: number, two: number) {
      return [this, one + two, nameIn(manager)]
    })
    expect(bound.length).toBe(2)
    const given = manager.with(named('b'), () => bound.call(self, 1, 2))
    expect(given).toEqual([self, 3, 'a'])
    const ofActive = manager.with(named('b'), () =>
      manager.bind(undefined as unknown as Context, () => nameIn(manager)),
    )
    expect(ofActive()).toBe('b')
  })

  test('binds the listeners of an event target, which can be removed and are not added twice', () => {
    const target = manager.bind(named('a'), new EventTarget())
    const saw: unknown[] = []
    const listener = () => void saw.push(nameIn(manager))
    const object = {
      handleEvent({ type }: Event) {
        saw.push(this === object, type, nameIn(manager))
      },
    }
    target.addEventListener('one', listener)
    target.addEventListener('one', listener)
    target.addEventListener('one', object, { once: true })
    manager.with(named('b'), () => target.dispatchEvent(new Event('one')))
    expect(saw.splice(0)).toEqual(['a', true, 'one', 'a'])
    target.dispatchEvent(new Event('one'))
    expect(saw.splice(0)).toEqual(['a'])
    target.removeEventListener('one', listener)
    target.dispatchEvent(new Event('one'))
    expect(saw).toEqual([])
    expect(manager.bind(named('b'), target)).toBe(target)
    target.addEventListener('two', listener)
    target.dispatchEvent(new Event('two'))
    expect(saw).toEqual(['a'])
  })

  test.each(['on', 'addListener', 'once', 'prependListener', 'prependOnceListener'] as const)(
    'binds the listeners of an emitter: %s',
    (method) => {
      const emitter = manager.bind(named('a'), new EventEmitter())
      const saw: unknown[] = []
      const listener = (...args: unknown[]) => void saw.push(args, nameIn(manager))
      emitter[method]('one', listener)
      emitter[method]('two', listener)
      emitter.off('two', listener)
      emitter.emit('one', 1, 2)
      emitter.emit('two')
      expect(saw).toEqual([[1, 2], 'a'])
      expect(emitter.listenerCount('one')).toBe(method.toLowerCase().includes('once') ? 0 : 1)
    },
  )

  test('gives anything else back as it is', () => {
    for (const target of [undefined, null, 1, 'text', {}]) expect(manager.bind(named('a'), target)).toBe(target)
  })

  test('ends with `disable`, also for what is carried, and begins with `enable`', async () => {
    const saw: unknown[] = []
    const { waits } = await importCarried<'waits'>(`export async function waits(see, sleep) { await sleep(1); see() }`)
    const see = () => saw.push(nameIn(manager))
    const waiting = manager.with(named('a'), () => waits(see, sleep))
    manager.disable()
    await waiting
    manager.with(named('b'), see)
    expect(manager.active()).toBe(ROOT_CONTEXT)
    expect(manager.with(named('b'), (value: number) => value, undefined, 5)).toBe(5)
    expect(saw).toEqual([undefined, undefined])
    const sources = point.sources.length
    manager.enable().enable()
    expect(point.sources.length).toBe(sources)
    await manager.with(named('c'), () => waits(see, sleep))
    expect(saw).toEqual([undefined, undefined, 'c'])
  })
})
