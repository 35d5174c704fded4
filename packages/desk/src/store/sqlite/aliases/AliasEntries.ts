import type { AliasKind } from '../../aliasesOf.ts'
import type { AliasNumber } from './createAliasHash.ts'

/**
 * Entries that lead from the number of a value to a trail, sorted by number, those of one number by the trail's place, the last first. Four
 * 32-bit words each: the number's halves, the low half of the place, and in the last one the place's high byte, the kind, and the trail's generation.
 */
export type AliasEntries = Uint32Array<ArrayBuffer>

/** Words of one entry. */
export const ENTRY = 4

export interface AliasEntry {
  readonly place: number
  readonly kind: number
  /** An entry of a generation that the trail has left behind leads nowhere any more. */
  readonly generation: number
}

export function entryAt(entries: AliasEntries, index: number): AliasEntry {
  const last = entries[index * ENTRY + 3]!
  return {
    place: (last >>> 24) * 2 ** 32 + entries[index * ENTRY + 2]!,
    kind: (last >>> 16) & 0xff,
    generation: last & 0xffff,
  }
}

/** What is found by its reference has this kind. */
export const REFERENCE_KIND = 1

/** Facts share one; which of them it is, the step says. */
export function kindNumber(kind: AliasKind): number {
  if (kind.startsWith('fact:')) return 12
  return KINDS.indexOf(kind) + 2
}

const KINDS: readonly AliasKind[] = [
  'span',
  'claim',
  'cut-short',
  'started',
  'trace',
  'claimed-trace',
  'job',
  'session',
  'person',
  'provider',
  'fact:',
  'link:parent',
  'link:child',
]

/** Gathers entries in any order. */
export function createEntryList(): EntryList {
  let words = new Uint32Array(1024 * ENTRY)
  let count = 0
  return {
    add({ high, low }, { place, kind, generation }) {
      if ((count + 1) * ENTRY > words.length) {
        const larger = new Uint32Array(words.length * 2)
        larger.set(words)
        words = larger
      }
      const at = count++ * ENTRY
      words[at] = high
      words[at + 1] = low
      words[at + 2] = place
      words[at + 3] = (Math.floor(place / 2 ** 32) << 24) | (kind << 16) | generation
    },
    sorted() {
      const order = new Uint32Array(count)
      for (let index = 0; index < count; index++) order[index] = index * ENTRY
      order.sort((a, b) => compare(words, a, words, b))
      const sorted = new Uint32Array(count * ENTRY)
      for (let index = 0; index < count; index++) copyEntry(words, order[index]!, sorted, index * ENTRY)
      return sorted
    },
  }
}

export interface EntryList {
  add(number: AliasNumber, entry: AliasEntry): void
  sorted(): AliasEntries
}

export function mergeEntries(lists: readonly AliasEntries[]): AliasEntries {
  if (lists.length === 1) return lists[0]!
  if (lists.length === 0) return new Uint32Array(0)
  const half = lists.length >> 1
  return mergeTwo(mergeEntries(lists.slice(0, half)), mergeEntries(lists.slice(half)))
}

function mergeTwo(a: AliasEntries, b: AliasEntries): AliasEntries {
  const merged = new Uint32Array(a.length + b.length)
  let [inA, inB, to] = [0, 0, 0]
  for (; inA < a.length && inB < b.length; to += ENTRY) {
    if (compare(a, inA, b, inB) <= 0) {
      copyEntry(a, inA, merged, to)
      inA += ENTRY
    } else {
      copyEntry(b, inB, merged, to)
      inB += ENTRY
    }
  }
  merged.set(a.subarray(inA), to)
  merged.set(b.subarray(inB), to + a.length - inA)
  return merged
}

/** The first entry whose number is not below this one. */
export function firstFrom(entries: AliasEntries, { high, low }: AliasNumber): number {
  let from = 0
  let to = entries.length / ENTRY
  while (from < to) {
    const middle = (from + to) >>> 1
    const each = entries[middle * ENTRY]!
    if (each < high || (each === high && entries[middle * ENTRY + 1]! < low)) from = middle + 1
    else to = middle
  }
  return from
}

export function isOf(entries: AliasEntries, index: number, { high, low }: AliasNumber): boolean {
  return entries[index * ENTRY] === high && entries[index * ENTRY + 1] === low
}

function compare(a: Uint32Array, atA: number, b: Uint32Array, atB: number): number {
  return (
    a[atA]! - b[atB]! ||
    a[atA + 1]! - b[atB + 1]! ||
    (b[atB + 3]! >>> 24) - (a[atA + 3]! >>> 24) ||
    b[atB + 2]! - a[atA + 2]!
  )
}

function copyEntry(from: Uint32Array, at: number, to: Uint32Array, toAt: number): void {
  to[toAt] = from[at]!
  to[toAt + 1] = from[at + 1]!
  to[toAt + 2] = from[at + 2]!
  to[toAt + 3] = from[at + 3]!
}
