import { carryPoint, NOTHING } from './carryPoint.ts'
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
  return { own: framesNow(), outside: point.inForce, isRunning: true }
}

/** Just before the function is suspended, and at its end. Ends the stretch, once; returns `value`. */
export function suspend<T>(activation: Activation, value?: T): T {
  if (activation.isRunning) {
    point.inForce = activation.outside
    activation.outside = undefined
    activation.isRunning = false
  }
  return value as T
}

/** Just after the function goes on. Begins a stretch, unless one runs: a `catch` is reached with and without a suspension. Returns `value`. */
export function resume<T>(activation: Activation, value?: T): T {
  if (!activation.isRunning) {
    activation.outside = point.inForce
    point.inForce = activation.own
    activation.isRunning = true
  }
  return value as T
}

/**
 * What `for await` goes over. Its iterator's methods are called in the function's stretch, and each ends that stretch, for the loop
 * suspends as soon as they return. What cannot be iterated is returned as it is, so that the loop fails as it would.
 */
export function iterate<T>(activation: Activation, iterable: T): T {
  const source = iterable as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined
  const key = source?.[Symbol.asyncIterator] != null ? Symbol.asyncIterator : Symbol.iterator
  if (typeof source?.[key] !== 'function') return iterable
  return { [key]: () => suspending(activation, (source[key] as () => object).call(source)) } as T
}

function suspending(activation: Activation, inner: Partial<AsyncIterator<unknown>>): object {
  const { next } = inner
  const ending = (method: unknown) =>
    function (this: unknown, ...args: unknown[]): unknown {
      try {
        return Reflect.apply(method as () => unknown, inner, args)
      } finally {
        suspend(activation)
      }
    }
  return {
    next: ending(next),
    get return() {
      const method = inner.return
      return method == null ? method : ending(method)
    },
  }
}

const point = carryPoint()

/** Most often one source at most, and what it has in force is being carried already. */
function framesNow(): Frames {
  const { inForce, sources } = point
  let isNothing = true
  let isCarried = inForce !== undefined
  const frames: unknown[] = []
  for (let index = 0; index < sources.length; index++) {
    const frame = sources[index]!()
    frames.push(frame)
    if (frame !== undefined) isNothing = false
    if (frame !== inForce?.[index]) isCarried = false
  }
  if (isNothing) return NOTHING
  return isCarried ? inForce! : frames
}
