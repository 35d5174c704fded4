import { random as secure } from 'nanoid'
import { ALPHABET } from './alphabet.ts'
import type { ReferenceLength } from './alphabet.ts'
import { checkSymbol } from './checkSymbol.ts'
import { printBody } from './Reference.ts'
import type { Reference } from './Reference.ts'

/**
 * A new random reference, from the platform's cryptographic random source. Bodies without a digit or without a letter
 * (they read as a phone number or a word), and bodies that hold a rude form, are drawn again.
 */
export function mintReference({ length = 9, random = secure }: MintOptions = {}): Reference {
  for (;;) {
    const data = draw(length - 1, random)
    const body = data + checkSymbol(data)
    if (!UNFIT.test(body)) return printBody(body)
  }
}

export interface MintOptions {
  /** Symbols, check symbol included. Longer codes for more traffic. @default 9 */
  readonly length?: ReferenceLength | undefined
  /** Returns that many random bytes. For tests, and for hosts with a random source of their own. @default nanoid's own */
  readonly random?: ((bytes: number) => Uint8Array) | undefined
}

/** Bytes beyond the last whole 23 are passed over, or the first symbols would come more often. */
function draw(length: number, random: (bytes: number) => Uint8Array): string {
  let data = ''
  for (;;) {
    // So many that a second draw is rare.
    const bytes = random(13)
    for (let i = 13; i--;) {
      const byte = bytes[i]!
      if (byte < 253 && (data += ALPHABET[byte % 23]!).length === length) return data
    }
  }
}

/** No letter, no digit, or what people read as an insult or a slogan without its vowels or with a digit for one. */
const UNFIT = /^\d+$|^\D+$|F[4CV]C?K|C[V4]?NT|N[3V]?66|KKK|XXX|WTF|R4P|RP3|N42|5HT/
