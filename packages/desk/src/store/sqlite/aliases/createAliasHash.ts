import { createHmac } from 'node:crypto'
import type { Reference } from '@waybill/reference'

/**
 * Gives the 64-bit number under which a value is looked up. Ids of spans are their own number, and a person's hash is its first sixteen digits, so
 * that the beginning of one finds it; everything else is hashed with the store's secret, so that nobody can make values that share a number, nor
 * tell from a file which values are in it. What a browser said has numbers of its own, see `claimedKey`.
 */
export function createAliasHash(secret: Uint8Array): AliasHash {
  const key = createHmac('sha256', secret).update('waybill alias hashes').digest()
  const [seedHigh, seedLow] = [key.readUInt32LE(0), key.readUInt32LE(4)]

  /** Two multiplicative hashes, mixed into one another at the end (https://github.com/bryc/code, cyrb64). */
  function hashText(value: string): AliasNumber {
    let a = seedHigh ^ value.length
    let b = seedLow
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at)
      a = Math.imul(a ^ code, 0x9e3779b1)
      b = Math.imul(b ^ code, 0x5f356495)
    }
    a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
    b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
    return { high: (a ^ (a >>> 16)) >>> 0, low: (b ^ (b >>> 16)) >>> 0 }
  }

  return {
    of(value) {
      const isClaimed = value.startsWith(' ')
      const digits = value.length - (isClaimed ? 1 : 0)
      if ((digits === 16 || digits === 64) && HEX.test(value)) {
        const at = isClaimed ? 1 : 0
        const low = parseInt(value.slice(at + 8, at + 16), 16)
        return { high: parseInt(value.slice(at, at + 8), 16), low: isClaimed ? (low ^ CLAIMED) >>> 0 : low }
      }
      return hashText(value)
    },
    // No value has a carriage return in it.
    ofReference: (reference) => hashText(`\r${reference}`),
  }
}

export interface AliasHash {
  of(value: string): AliasNumber
  ofReference(reference: Reference): AliasNumber
}

/** Its halves, 32 bits each. */
export interface AliasNumber {
  readonly high: number
  readonly low: number
}

const HEX = /^ ?[\da-f]+$/

/** In the low half only, so that claims by persons are found by the beginning of the hash as well. */
const CLAIMED = 0x5bd1e995
