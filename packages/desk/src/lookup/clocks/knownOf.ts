import { TOLERANCE_MS } from './clockBounds.ts'
import type { ClockBound } from './clockBounds.ts'
import type { Machine } from './machinesOf.ts'

/**
 * What is known of the clocks, with everything that follows by way of third machines. A service that has several clocks contradicts itself:
 * whatever is said of it is left out. A device has one, so where it and a service contradict each other the service is to blame.
 */
export function knownOf(bounds: readonly ClockBound[], machines: readonly Machine[]): Known {
  const unknowable = new Set<number>()
  for (;;) {
    const rest = chosenOf(bounds, machines).filter(({ from, to }) => !unknowable.has(from) && !unknowable.has(to))
    const numbers = [...new Set(rest.flatMap(({ from, to }) => [from, to]))]
    const most = tableOf(rest, numbers)
    const contradicting = contradictingPairs(most).filter((place) => !machines[numbers[place]!]!.isDevice)
    if (contradicting.length === 0) {
      complete(most)
      contradicting.push(...[...numbers.keys()].filter((place) => most[place]![place]! < -ROUNDING_MS))
    }
    if (contradicting.length === 0) {
      const places = new Map(numbers.map((number, place) => [number, place]))
      const caused = new Set(rest.filter(({ from }) => !machines[from]!.isDevice).map(({ to }) => to))
      return { numbers, caused, most: (from, to) => most[places.get(from)!]![places.get(to)!]! }
    }
    for (const place of contradicting) unknowable.add(numbers[place]!)
  }
}

export interface Known {
  /** The machines that anything is known of. */
  readonly numbers: readonly number[]
  /** Those of which a server caused a step. */
  readonly caused: ReadonlySet<number>
  /** What is right to add to the times of `to` is at most so much above what is right to add to those of `from`; milliseconds. */
  readonly most: (from: number, to: number) => number
}

/** No honest trail has more machines, and of many more all that follows takes long to reckon. */
function chosenOf(bounds: readonly ClockBound[], machines: readonly Machine[]): readonly ClockBound[] {
  const related = new Set(bounds.flatMap(({ from, to }) => [from, to]))
  if (related.size <= MOST_MACHINES) return bounds
  const serversFirst = [...related].toSorted((a, b) => Number(machines[a]!.isDevice) - Number(machines[b]!.isDevice))
  const chosen = new Set(serversFirst.slice(0, MOST_MACHINES))
  return bounds.filter(({ from, to }) => chosen.has(from) && chosen.has(to))
}

const MOST_MACHINES = 50

/** From each to each, by their places in `numbers`. */
type Table = number[][]

function tableOf(bounds: readonly ClockBound[], numbers: readonly number[]): Table {
  const places = new Map(numbers.map((number, place) => [number, place]))
  const most = numbers.map((_, row) => numbers.map((__, column) => (row === column ? 0 : Infinity)))
  const narrow = (from: number, to: number, value: number): void => {
    const row = most[places.get(from)!]!
    const column = places.get(to)!
    row[column] = Math.min(row[column]!, value)
  }
  for (const { from, to, least, ...bound } of bounds) {
    narrow(from, to, bound.most)
    narrow(to, from, -least)
  }
  return most
}

/** Those that are in one by less than the tolerance are brought to agree: times are rounded. */
function contradictingPairs(most: Table): number[] {
  const contradicting = new Set<number>()
  for (const [one, row] of most.entries()) {
    for (const [other, high] of row.entries()) {
      const low = -most[other]![one]!
      if (low <= high) continue
      if (low > high + TOLERANCE_MS) contradicting.add(one).add(other)
      row[other] = (low + high) / 2
      most[other]![one] = -row[other]
    }
  }
  return [...contradicting]
}

/** The shortest ways between all of them (Floyd and Warshall). */
function complete(most: Table): void {
  for (const [middle, onwards] of most.entries())
    for (const row of most)
      for (const [column, onward] of onwards.entries())
        if (row[middle]! + onward < row[column]!) row[column] = row[middle]! + onward
}

/** What fractions of milliseconds lose in sums. */
const ROUNDING_MS = 1
