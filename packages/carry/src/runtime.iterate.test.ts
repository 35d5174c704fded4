import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFrames } from '../fixtures/createFrames.ts'
import { carryPoint } from './carryPoint.ts'
import { capture, enter, iterate, resume, suspend } from './runtime.ts'

// What the transformation would insert is written out here, so that the runtime is tested by itself.

const point = carryPoint()
const { inForce: now, runIn: within } = createFrames<string>()
const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => expect(point.inForce).toBeUndefined())
afterEach(() => expect(point.inForce).toBeUndefined())

async function drain(iterable: unknown, saw: unknown[] = [], stopAt = Infinity): Promise<unknown[]> {
  const $ = enter()
  const values: unknown[] = []
  const between: unknown[] = []
  try {
    try {
      resume($, await suspend($, Promise.resolve()))
      queueMicrotask(() => between.push(point.inForce))
      for await (const value of iterate($, iterable as AsyncIterable<unknown>)) {
        resume($)
        queueMicrotask(() => between.push(point.inForce))
        saw.push(now())
        values.push(value)
        if (values.length >= stopAt) break
      }
    } finally {
      resume($)
    }
    saw.push(now())
    // While the loop waits, what others run is not its function's.
    expect(new Set(between)).toEqual(new Set([undefined]))
    return values
  } finally {
    suspend($)
  }
}

async function drainNatively(iterable: unknown): Promise<unknown[]> {
  const values: unknown[] = []
  for await (const value of iterable as AsyncIterable<unknown>) values.push(value)
  return values
}

test('calls `next` and `return` where the loop stands, and what follows the loop is carried', async () => {
  const calls: unknown[] = []
  const source = {
    [Symbol.asyncIterator]: () => ({
      count: 0,
      async next() {
        calls.push(['next', now()])
        await task()
        return { done: false, value: ++this.count }
      },
      return() {
        calls.push(['return', now()])
        return Promise.resolve({ done: true })
      },
    }),
  }
  const saw: unknown[] = []
  expect(await within('a', () => drain(source, saw, 2))).toEqual([1, 2])
  expect(calls).toEqual([
    ['next', 'a'],
    ['next', 'a'],
    ['return', 'a'],
  ])
  expect(saw).toEqual(['a', 'a', 'a'])
})

test('left by break over an array, which has no `return`, is suspended as the engine waits all the same', async () => {
  const inner: unknown[] = []
  async function leaves(): Promise<void> {
    const $ = enter()
    try {
      try {
        for await (const _ of iterate($, [1, 2] as unknown as AsyncIterable<number>)) {
          resume($)
          // Runs as soon as the loop waits for the end of what it leaves.
          queueMicrotask(() => inner.push(point.inForce))
          break
        }
      } finally {
        resume($)
        inner.push(now())
      }
    } finally {
      suspend($)
    }
  }
  await within('a', leaves)
  expect(inner).toEqual([undefined, 'a'])
})

test('needs no `return`, and its methods are read as often as natively', async () => {
  const reads = (log: string[]): object =>
    new Proxy(
      {
        [Symbol.iterator]: () =>
          new Proxy(
            { next: () => ({ done: log.length > 12, value: 1 }) },
            { get: (target, key) => (log.push(`iterator.${String(key)}`), Reflect.get(target, key)) },
          ),
      },
      { get: (target, key) => (log.push(String(key)), Reflect.get(target, key)) },
    )
  const [ours, native]: [string[], string[]] = [[], []]
  await drain(reads(ours), [], 1)
  for await (const _ of reads(native) as AsyncIterable<unknown>) break
  expect(ours).toEqual(native)
})

test('takes arrays, texts, sync and async generators, and promises in them', async () => {
  function* some(): Generator {
    yield Promise.resolve(1)
    yield 2
  }
  async function* others(): AsyncGenerator {
    yield 1
    yield await Promise.resolve(2)
  }
  const hidden = () => Object.assign([1], { [Symbol.asyncIterator]: null })
  for (const make of [() => [1, Promise.resolve(2)], () => 'ab', some, others, () => new Set([1]), () => [], hidden])
    expect(await within('a', () => drain(make()))).toEqual(await drainNatively(make()))
})

test('ends a sync iterator as the engine does when one of its promises is rejected', async () => {
  const ends = async (loop: (iterable: unknown) => Promise<unknown>): Promise<unknown> => {
    const log: unknown[] = []
    function* some(): Generator {
      try {
        yield Promise.resolve(1)
        yield Promise.reject(new Error('in it'))
      } finally {
        log.push('ended')
      }
    }
    return [await loop(some()).catch((error: unknown) => String(error)), log]
  }
  expect(await ends((each) => within('a', () => drain(each)))).toEqual(await ends(drainNatively))
})

test.each([
  ['undefined', undefined],
  ['null', null],
  ['a number', 5],
  ['an object', {}],
  ['a method that is none', { [Symbol.asyncIterator]: 5, [Symbol.iterator]: () => [].values() }],
  ['a method that gives no object', { [Symbol.asyncIterator]: () => 5 }],
  ['an iterator without next', { [Symbol.asyncIterator]: () => ({}) }],
  ['a next that gives no object', { [Symbol.asyncIterator]: () => ({ next: () => 5 }) }],
  ['a return that is no method', { [Symbol.asyncIterator]: () => ({ next: () => ({ value: 1 }), return: 5 }) }],
])('fails with the engine’s TypeError: %s', async (_, iterable) => {
  await expect(within('a', () => drain(iterable, [], 1))).rejects.toThrow(TypeError)
})

test('throws at once what the iterable throws at once, and the function goes on with its own', async () => {
  const fails = (): never => {
    throw new Error('at once')
  }
  const saw: unknown[] = []
  const goesOn = async (iterable: unknown): Promise<void> => {
    const $ = enter()
    try {
      try {
        await suspend($, drain(iterable))
      } catch {
        resume($)
        saw.push(now())
      }
    } finally {
      suspend($)
    }
  }
  for (const iterable of [
    { [Symbol.asyncIterator]: fails },
    { [Symbol.asyncIterator]: () => ({ next: fails }) },
    { [Symbol.iterator]: () => ({ next: fails }) },
  ])
    await within('a', () => goesOn(iterable))
  expect(saw).toEqual(['a', 'a', 'a'])
})

test('delegated to by `yield*` is asked in its generator’s stretch, with what is sent and thrown in', async () => {
  const calls: unknown[] = []
  const inner = {
    [Symbol.asyncIterator]: () => ({
      next: (value: unknown) => (calls.push(['next', now(), value]), { done: false, value: 1 }),
      throw: (thrown: unknown) => (calls.push(['throw', now(), thrown]), { done: false, value: 2 }),
      return: (value: unknown) => (calls.push(['return', now(), value]), { done: true, value }),
    }),
  }
  async function* delegates($: ReturnType<typeof capture>): AsyncGenerator<number, void, unknown> {
    resume($)
    try {
      resume($, yield* iterate($, inner as unknown as AsyncGenerator<number, void, unknown>))
    } finally {
      suspend($)
    }
  }
  const steps = within('maker', () => delegates(capture()))
  async function drains(): Promise<void> {
    const $ = enter()
    try {
      resume($, await suspend($, steps.next('lost')))
      resume($, await suspend($, steps.next('sent')))
      resume($, await suspend($, steps.throw('thrown')))
      resume($, await suspend($, steps.return()))
    } finally {
      suspend($)
    }
  }
  await within('other', drains)
  expect(calls).toEqual([
    ['next', 'maker', undefined],
    ['next', 'maker', 'sent'],
    ['throw', 'maker', 'thrown'],
    ['return', 'maker', undefined],
  ])
})
