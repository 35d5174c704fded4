/**
 * Gives growing numbers, by the clock, so that those of several desks are in about the order of time as well; never the same or a smaller one again, wherever the
 * clock is set.
 */
export function createCounter(now: () => number, { perMs, step, offset }: CounterOptions): Counter {
  let last = 0

  function next(): number {
    last = Math.max(Math.max(0, now() - START_MS) * perMs + offset, last + step)
    return last
  }

  return Object.assign(next, {
    notBefore(number: number) {
      last = Math.max(last, number - (number % step) + offset)
    },
  })
}

export interface Counter {
  (): number
  /** What is given from now on is larger than this. */
  notBefore(number: number): void
}

export interface CounterOptions {
  /** Numbers that a millisecond has. More are taken from the next ones. */
  readonly perMs: number
  /** Between two of them. */
  readonly step: number
  /** Of this counter among the others, less than `step`. */
  readonly offset: number
}

/** Numbers since then are short enough to be counted with. */
const START_MS = Date.UTC(2020, 0, 1)
