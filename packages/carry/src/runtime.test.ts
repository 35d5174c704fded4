import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFrames } from '../fixtures/createFrames.ts'
import { carryPoint, NOTHING } from './carryPoint.ts'
import { capture, enter, resume, suspend } from './runtime.ts'

/* oxlint-disable unicorn/no-thenable -- the engine awaits them, and so does carried code */
// What the transformation would insert is written out here, so that the runtime is tested by itself.

const point = carryPoint()
const { inForce: now, runIn: within } = createFrames<string>()

beforeEach(() => expect(point.inForce).toBeUndefined())
afterEach(() => expect(point.inForce).toBeUndefined())

/** `async (…) => { saw.push(now()); await one(); saw.push(now()); … }` after the transformation. */
async function carried(saw: unknown[], ...awaited: readonly (() => unknown)[]): Promise<void> {
  const $ = enter()
  try {
    saw.push(now())
    for (const each of awaited) {
      resume($, await suspend($, each()))
      saw.push(now())
    }
  } finally {
    suspend($)
  }
}

/** A module of its own. */
const COPY: string = './runtime.ts?copy'

const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('an async function', () => {
  test('has what was in force as it was called after every await, and outside nothing is left', async () => {
    const saw: unknown[] = []
    const done = within('a', () => carried(saw, task, () => 1, task))
    expect(point.inForce).toBeUndefined()
    await done
    expect(saw).toEqual(['a', 'a', 'a', 'a'])
  })

  test('keeps its own beside a thousand others whose stretches lie between', async () => {
    const all = Array.from({ length: 1000 }, (_, each) => ({ frame: `${each}`, saw: [] as unknown[] }))
    await Promise.all(all.map(({ frame, saw }) => within(frame, () => carried(saw, task, () => null, task))))
    for (const { frame, saw } of all) expect(saw).toEqual([frame, frame, frame, frame])
  })

  test('called with nothing in force is nobody’s, whatever settles what it waits for', async () => {
    const saw: unknown[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const done = carried(saw, () => promise)
    await within('a', () => carried([], task, () => resolve()))
    await done
    expect(saw).toEqual([undefined, undefined])
  })

  test('called in another’s later stretch takes over what is carried there, as it is', async () => {
    const saw: unknown[] = []
    let inner: unknown
    await within('a', () => carried([], task, () => ((inner = point.inForce), carried(saw, task, task))))
    expect(saw).toEqual(['a', 'a', 'a'])
    expect(inner).toEqual(['a'])
  })

  test('called inside another’s stretch ends its own stretches there, and that one goes on', async () => {
    const inner: unknown[] = []
    const outer: unknown[] = []
    await within('a', () =>
      carried(
        [],
        task,
        () => void carried(inner, task),
        () => outer.push(now()),
        task,
        () => outer.push(now()),
      ),
    )
    expect(outer).toEqual(['a', 'a'])
    expect(inner).toEqual(['a', 'a'])
  })

  test('that throws, before and after its first await, leaves nothing behind', async () => {
    const fails = (): never => {
      throw new Error('as it should')
    }
    await expect(within('a', () => carried([], fails))).rejects.toThrow('as it should')
    await expect(within('a', () => carried([], task, fails))).rejects.toThrow('as it should')
    await expect(within('a', () => carried([], () => Promise.reject(new Error('rejected'))))).rejects.toThrow(
      'rejected',
    )
  })

  test('resumes once in a catch that is reached with and without a suspension', async () => {
    const saw: unknown[] = []
    async function caught(fail: () => unknown): Promise<void> {
      const $ = enter()
      try {
        try {
          resume($, await suspend($, fail()))
        } catch {
          resume($)
          saw.push(now())
          resume($, await suspend($, task()))
          saw.push(now())
        }
      } finally {
        suspend($)
      }
    }
    await within('a', () => caught(() => Promise.reject(new Error('later'))))
    await within('b', () =>
      caught(() => {
        throw new Error('at once')
      }),
    )
    expect(saw).toEqual(['a', 'a', 'b', 'b'])
  })

  test('suspended inside another’s stretch gives that back once, and holds on to nothing of it', () => {
    const outer = within('outer', capture)
    const inner = within('inner', capture)
    resume(outer)
    resume(inner)
    expect(now()).toBe('inner')
    suspend(inner)
    expect(inner).toEqual({ own: ['inner'], outside: undefined, isRunning: false })
    suspend(inner)
    expect(now()).toBe('outer')
    suspend(outer)
  })
})

describe('what is awaited', () => {
  test('is the very value, unless its `then` is called by the engine', () => {
    const $ = enter()
    class Mine extends Promise<unknown> {}
    const values = [undefined, null, 0, 'text', Symbol.iterator, {}, [], () => 1, { then: 1 }, Promise.resolve()]
    for (const value of values) expect(suspend($, value)).toBe(value)
    const late = { then: () => undefined }
    for (const value of [late, Object.assign(() => 1, late), new Mine(() => undefined)])
      expect(suspend($, value)).not.toBe(value)
  })

  test('begins in what the function carries when it begins in its `then`, whose `this` and settling are its own', async () => {
    const saw: unknown[] = []
    class Query {
      readonly rows = 3
      reads = 0
      get then() {
        this.reads++
        return function (this: Query, settle: (value: unknown) => void): void {
          saw.push(now())
          settle(this.rows)
        }
      }
    }
    const query = new Query()
    const got: unknown[] = []
    async function asks(): Promise<void> {
      const $ = enter()
      try {
        resume($, await suspend($, task()))
        got.push(resume($, await suspend($, query)))
        saw.push(now())
      } finally {
        suspend($)
      }
    }
    await within('a', asks)
    expect(saw).toEqual(['a', 'a'])
    expect(got).toEqual([3])
    expect(query.reads).toBe(1)
  })

  const throws = (): never => {
    throw new Error('no')
  }

  test.each([
    ['a value', () => 1],
    ['a promise', () => Promise.resolve()],
    ['a promise that is rejected', () => Promise.reject(new Error('no'))],
    ['a thenable', () => ({ then: (settle: () => void) => settle() })],
    ['a thenable that throws', () => ({ then: throws })],
    ['a promise of another class', () => class extends Promise<unknown> {}.resolve()],
  ])('%s takes as many turns as it does natively', async (_, make) => {
    const turns: string[] = []
    async function native(): Promise<void> {
      try {
        await make()
      } catch {}
      turns.push('native')
    }
    async function mine(): Promise<void> {
      const $ = enter()
      try {
        try {
          resume($, await suspend($, make()))
        } catch {
          resume($)
        }
        turns.push('carried')
      } finally {
        suspend($)
      }
    }
    // Each goes first once: what is reached in the same turn keeps the order in which it began.
    await Promise.all([native(), mine(), native()])
    expect(turns).toEqual(['native', 'carried', 'native'])
  })
})

describe('an async generator', () => {
  async function* carriedSteps(saw: unknown[], ...rest: readonly unknown[]): AsyncGenerator<number, void, unknown> {
    const $ = rest[0] as ReturnType<typeof capture>
    resume($)
    try {
      for (let step = 0; step < 3; step++) {
        saw.push(now())
        resume($, await suspend($, task()))
        saw.push(now())
        resume($, yield suspend($, step))
      }
    } finally {
      suspend($)
    }
  }

  test('belongs to who made it, whoever asks it for more', async () => {
    const saw: unknown[] = []
    const steps = within('maker', () => carriedSteps(saw, capture()))
    expect(point.inForce).toBeUndefined()
    const around: unknown[] = []
    await within('other', () =>
      carried(
        around,
        () => steps.next(),
        task,
        () => steps.next(),
      ),
    )
    await steps.next()
    await steps.return()
    expect(new Set(saw)).toEqual(new Set(['maker']))
    expect(around).toEqual(['other', 'other', 'other', 'other'])
  })

  test('resumed inside another’s stretch gives that stretch back as it suspends', async () => {
    const saw: unknown[] = []
    const steps = within('maker', () => carriedSteps(saw, capture()))
    const around: unknown[] = []
    await within('other', () =>
      carried([], task, () => {
        around.push(now())
        void steps.next()
        around.push(now())
      }),
    )
    expect(around).toEqual(['other', 'other'])
    expect(saw[0]).toBe('maker')
  })

  test('thrown into or ended at a yield leaves nothing behind', async () => {
    const one = within('maker', () => carriedSteps([], capture()))
    await one.next()
    await expect(one.throw(new Error('into'))).rejects.toThrow('into')
    const other = within('maker', () => carriedSteps([], capture()))
    await other.next()
    expect(await other.return()).toEqual({ done: true, value: undefined })
  })
})

describe('the page’s point', () => {
  test('is one for two copies of the runtime, whose stretches lie in one another', async () => {
    const copy = (await import(COPY)) as typeof import('./runtime.ts')
    expect(copy.enter).not.toBe(enter)
    const saw: unknown[] = []
    async function theirs(): Promise<void> {
      const $ = copy.enter()
      try {
        copy.resume($, await copy.suspend($, task()))
        saw.push(now())
        copy.resume($, await copy.suspend($, carried(saw, task)))
        saw.push(now())
      } finally {
        copy.suspend($)
      }
    }
    await within('a', () => carried(saw, task, theirs, task))
    expect(saw).toEqual(['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a'])
  })

  test('carries several sources, each its own, and those that come later', async () => {
    let other: string | undefined = 'x'
    const at: number = point.sources.push((): unknown => (point.inForce ? point.inForce[at] : other)) - 1
    const saw: unknown[] = []
    const both = (): unknown => [now(), point.sources[at]!()]
    async function shows(): Promise<void> {
      const $ = enter()
      try {
        resume($, await suspend($, task()))
        saw.push(both())
      } finally {
        suspend($)
      }
    }
    const first = within('a', shows)
    other = undefined
    const second = within('b', shows)
    other = 'y'
    const third = shows()
    other = undefined
    await Promise.all([first, second, third])
    expect(saw).toEqual([
      ['a', 'x'],
      ['b', undefined],
      [undefined, 'y'],
    ])
    const $ = within('c', capture)
    resume($)
    point.sources[at] = () => 'z'
    expect(enter().own).toEqual([...$.own.slice(0, at), 'z'])
    point.sources[at] = () => undefined
    suspend($)
  })

  test('tells a source that asked of the next stretch, once, and whether it is inside another', () => {
    const heard: unknown[] = []
    const source = Object.assign(() => undefined, { saw: (...args: unknown[]) => heard.push(args) })
    point.sources.push(source)
    const one = within('a', capture)
    const other = within('b', capture)
    resume(one)
    point.isWatched = true
    resume(other)
    expect(heard).toEqual([[other.own, one.own]])
    suspend(other)
    resume(other)
    suspend(other)
    suspend(one)
    expect(heard.length).toBe(1)
    expect(point.isWatched).toBe(false)
  })

  test('has one shared nothing', () => {
    expect(enter().own).toBe(NOTHING)
    expect(capture().own).toBe(NOTHING)
    expect(within('a', () => capture(NOTHING))).toEqual({ own: NOTHING, outside: undefined, isRunning: false })
  })
})
