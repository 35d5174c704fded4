import { customRandom, random as secure } from 'nanoid'
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
  const draw = customRandom(ALPHABET, 8, random)
  for (;;) {
    const data = draw(length - 1)
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

/** No letter, no digit, or what people read as an insult or a slogan without its vowels or with a digit for one. */
const UNFIT = /^\d+$|^\D+$|F[4CV]C?K|C[V4]?NT|N[3V]?66|KKK|XXX|WTF|R4P|RP3|N42|5HT/
