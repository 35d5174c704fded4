import { carryPoint, framesNow } from './carryPoint.ts'
import type { Frames } from './carryPoint.ts'

/**
 * What transformed code calls. A carried function runs in stretches, each from one suspension to the next. In every stretch what
 * was in force as the function was called is in force again, and at its end what was in force before it: strictly nested, as a
 * stretch is synchronous.
 */
export interface Activation {
  /** What was in force as the function was called. */
  readonly own: Frames
  /** What was in force as the stretch began that runs now. */
  outside: Frames | undefined
  isRunning: boolean
}

/** At the start of a carried function. */
export function enter(): Activation {
  return { own: framesNow(point), outside: point.inForce, isRunning: true }
}

/** As an async generator is created, whose first stretch begins at its first `next()`. Of one whose creation is not seen, `own` is nothing. */
export function capture(own: Frames = framesNow(point)): Activation {
  return { own, outside: undefined, isRunning: false }
}

/** Just before the function is suspended, and at its end. Ends the stretch, once; returns what is awaited in place of `value`. */
export function suspend<T>(activation: Activation, value?: T): T {
  if (activation.isRunning) {
    point.inForce = activation.outside
    activation.outside = undefined
    activation.isRunning = false
  }
  // Of promises of this very class the engine looks for no `then`.
  if (!isObject(value) || value['constructor'] === Promise) return value as T
  return carriedThenable(activation, value) as T
}

/** Just after the function goes on. Begins a stretch, unless one runs: a `catch` is reached with and without a suspension. Returns `value`. */
export function resume<T>(activation: Activation, value?: T): T {
  if (!activation.isRunning) {
    activation.outside = point.inForce
    point.inForce = activation.own
    activation.isRunning = true
    if (point.isWatched) tell(activation)
  }
  return value as T
}

function tell({ own, outside }: Activation): void {
  point.isWatched = false
  for (const source of point.sources) source.saw?.(own, outside)
}

/** What is disposed of before the resource in front of it, which is then disposed of in the function's stretch, also by a rejection. */
export function resumeFirst(activation: Activation): Disposable {
  return { [Symbol.dispose]: () => void resume(activation) }
}

/**
 * What `for await` and `yield*` go over. The iterator's methods are called in the function's stretch, and each ends that stretch,
 * for the function is suspended as soon as they return. What cannot be iterated is returned as it is, and fails as it would.
 */
export function iterate<T>(activation: Activation, iterable: T): T {
  const source = Object(iterable) as Partial<Record<symbol, unknown>>
  const asynchronous = source[Symbol.asyncIterator]
  const method = asynchronous ?? source[Symbol.iterator]
  if (typeof method !== 'function') return iterable
  const key = method === asynchronous ? Symbol.asyncIterator : Symbol.iterator
  return {
    [key]: () => carriedIterator(activation, Reflect.apply(method, iterable, []) as Record<string, unknown>),
  } as T
}

function carriedIterator(activation: Activation, inner: Record<string, unknown>): unknown {
  const carried = (method: unknown): unknown => {
    // Whoever drains a generator that stands at a `yield*` calls these from a stretch of their own.
    if (typeof method === 'function') return (...args: readonly unknown[]) => callIn(activation, method, inner, args)
    // Where there is none, a loop that is left over an iterator which is not asynchronous is suspended all the same.
    suspend(activation)
    return method
  }
  return {
    next: carried(inner['next']),
    get return() {
      return carried(inner['return'])
    },
    get throw() {
      return carried(inner['throw'])
    },
  }
}

/** The engine calls `then` of what is no promise of its own in a microtask, and a query that begins there is the function's. */
function carriedThenable(activation: Activation, value: object): object {
  let then: unknown
  try {
    then = (value as { readonly then?: unknown }).then
  } catch (error) {
    // Where the engine reads it, this rejects what is awaited; here it would be thrown a microtask earlier.
    return {
      // oxlint-disable-next-line unicorn/no-thenable -- it fails as what it stands for does
      get then() {
        throw error
      },
    }
  }
  if (typeof then !== 'function') return value
  // oxlint-disable-next-line unicorn/no-thenable -- that it is one is why it is here
  return { then: (...settle: readonly unknown[]) => callIn(activation, then, value, settle) }
}

function callIn(activation: Activation, method: Function, self: object, args: readonly unknown[]): unknown {
  resume(activation)
  try {
    return Reflect.apply(method, self, args)
  } finally {
    suspend(activation)
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

const point = carryPoint()
