/**
 * A clock in milliseconds since the epoch, finer than one: steps of one process that begin within a millisecond keep their
 * order. It follows the system's clock when that is set, or stood still while the machine slept.
 */
export function createClock({ system = Date.now, steady = () => performance.now() }: ClockOptions = {}): () => number {
  let offset = performance.timeOrigin
  return () => {
    const behind = system() - (offset + steady())
    if (Math.abs(behind) > TOLERATED_MS) offset += behind
    return offset + steady()
  }
}

export interface ClockOptions {
  /** Milliseconds since the epoch. @default Date.now */
  readonly system?: (() => number) | undefined
  /** Milliseconds since the process began, with fractions. @default performance.now */
  readonly steady?: (() => number) | undefined
}

/** Less than people tell apart, more than the system's clock jumps by rounding and slewing. */
const TOLERATED_MS = 5
