import { TOLERANCE_MS } from './clockBounds.ts'
import type { ClockBound } from './clockBounds.ts'
import { knownOf } from './knownOf.ts'
import type { Known } from './knownOf.ts'
import type { Machine } from './machinesOf.ts'
import { wrongOf } from './wrongOf.ts'

/**
 * What has to be added to the times of which machines so that all clocks agree; nothing of those that agree with most of the others.
 * `machines` are told by their places.
 */
export function offsetsOf(bounds: readonly ClockBound[], machines: readonly Machine[]): Map<number, Offset> {
  // Most trails: nothing to do.
  if (bounds.every(isKept)) return new Map()
  const known = knownOf(bounds, machines)
  const wrong = wrongOf(known, machines)
  const found = new Map<number, Offset>(
    known.numbers.filter((each) => !wrong.has(each)).map((each) => [each, { addMs: 0, isLeast: false }]),
  )
  for (const rest = new Set(wrong); rest.size > 0;) {
    const ranges = Array.from(rest, (machine) => rangeOf(machine, { found, known }))
    const next = ranges.toSorted((a, b) => a.high - a.low - (b.high - b.low) || leastIn(b) - leastIn(a))[0]!
    rest.delete(next.machine)
    found.set(next.machine, offsetIn(next))
  }
  return new Map([...found].filter(([, { addMs }]) => addMs !== 0))
}

export interface Offset {
  /** Whole milliseconds. */
  readonly addMs: number
  /** Whether it may have to be more, away from 0. */
  readonly isLeast: boolean
}

function isKept({ least, most }: ClockBound): boolean {
  return least <= TOLERANCE_MS && most >= -TOLERANCE_MS
}

/** Where a machine's offset lies by those found already. */
function rangeOf(machine: number, { found, known: { most } }: RangeOptions): Range {
  let low = { value: -Infinity, isLeast: false }
  let high = { value: Infinity, isLeast: false }
  const agreeing: Offset[] = []
  for (const [other, offset] of found) {
    const { addMs, isLeast } = offset
    const [lowest, highest] = [addMs - most(machine, other), addMs + most(other, machine)]
    if (lowest > low.value) low = { value: lowest, isLeast }
    if (highest < high.value) high = { value: highest, isLeast }
    if (lowest > -Infinity && highest < Infinity) agreeing.push(offset)
  }
  return { machine, low: low.value, high: high.value, isLeast: low.isLeast || high.isLeast, agreeing }
}

interface RangeOptions {
  readonly found: ReadonlyMap<number, Offset>
  readonly known: Known
}

interface Range {
  readonly machine: number
  readonly low: number
  readonly high: number
  /** Whether what it is reckoned by is itself only the least. */
  readonly isLeast: boolean
  /** Of machines with which it exchanged calls, so that both directions are bounded. */
  readonly agreeing: readonly Offset[]
}

/** How far from 0 it is at least. */
function leastIn({ low, high }: Range): number {
  return Math.max(low, -high)
}

/** Two clocks that agree are moved by the same. */
function offsetIn({ low, high, isLeast, agreeing }: Range): Offset {
  if (low <= TOLERANCE_MS && high >= -TOLERANCE_MS) return { addMs: 0, isLeast: false }
  const agreed = agreeing.find(({ addMs }) => low <= addMs && addMs <= high)
  if (agreed) return agreed
  if (Number.isFinite(low) && Number.isFinite(high)) return { addMs: Math.round((low + high) / 2), isLeast }
  // Whole milliseconds, away from what would be too little.
  return { addMs: Number.isFinite(low) ? Math.ceil(low) : Math.floor(high), isLeast: true }
}
