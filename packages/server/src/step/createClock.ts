/**
 * A clock in milliseconds since the epoch, finer than one: each reading is later than the one before by a microsecond at least, so
 * steps of one process keep their order on the wire. It follows the system's clock when that is set, or stood still while the machine slept.
 */
export function createClock({ system = Date.now, steady = () => performance.now() }: ClockOptions = {}): () => number {
  let offset = performance.timeOrigin
  let last = 0
  return () => {
    const elapsed = steady()
    const behind = system() - (offset + elapsed)
    if (Math.abs(behind) > TOLERATED_MS) offset += behind
    const at = offset + elapsed
    last = at <= last + MICROSECOND && last - at < TOLERATED_MS ? last + MICROSECOND : at
    return last
  }
}

export interface ClockOptions {
  /** Milliseconds since the epoch. @default Date.now */
  readonly system?: (() => number) | undefined
  /** Milliseconds since the process began, with fractions. @default performance.now */
  readonly steady?: (() => number) | undefined
}

const MICROSECOND = 0.001

/** Less than people tell apart, more than the system's clock jumps by rounding and slewing. */
const TOLERATED_MS = 5
