import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Tells whether a key is one of `keys`. Only their hashes stay in memory, and every one is compared in constant time, so
 * neither a heap dump nor a stopwatch gives a key away.
 *
 * @throws TypeError when a key is empty, because then everybody would hold it.
 */
export function createKeyRing(keys: readonly string[]): KeyRing {
  if (keys.some((key) => key.trim() === '')) {
    throw new TypeError('[waybill] A desk key is empty, so anybody could use it. Leave it out or give it a value.')
  }
  const digests = keys.map(digestOf)
  return {
    find(candidate) {
      const digest = digestOf(candidate)
      let found = -1
      digests.forEach((known, index) => {
        if (timingSafeEqual(known, digest)) found = index
      })
      return found
    },
  }
}

export interface KeyRing {
  /** The key's place in the list, or -1. */
  find(candidate: string): number
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
