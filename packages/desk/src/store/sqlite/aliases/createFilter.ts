import type { AliasNumber } from './createAliasHash.ts'

/**
 * A Bloom filter: says of a number that it is certainly not among those added, or that it may be, wrongly in one of a hundred cases. So the files of
 * former days need not be searched for every trail that is new.
 */
export function createFilter(bits: Uint8Array): Filter {
  const mask = bits.length * 8 - 1
  return {
    bits,
    add({ high, low }) {
      const step = low | 1
      for (let probe = 0, at = high; probe < PROBES; probe++, at = (at + step) | 0)
        bits[(at & mask) >>> 3]! |= 1 << (at & 7)
    },
    mayHold({ high, low }) {
      const step = low | 1
      for (let probe = 0, at = high; probe < PROBES; probe++, at = (at + step) | 0)
        if ((bits[(at & mask) >>> 3]! & (1 << (at & 7))) === 0) return false
      return true
    },
  }
}

export interface Filter {
  readonly bits: Uint8Array
  add(number: AliasNumber): void
  mayHold(number: AliasNumber): boolean
}

/** Room for so many numbers: ten to twenty bits each, in a power of two. */
export function emptyFilter(count: number): Filter {
  return createFilter(new Uint8Array(2 ** Math.max(3, Math.ceil(Math.log2((count * 10) / 8)))))
}

const PROBES = 6
