import { customAlphabet, customRandom } from 'nanoid'
import { ALPHABET } from './alphabet.ts'
import type { ReferenceLength } from './alphabet.ts'
import { checkSymbol } from './checkSymbol.ts'
import { printBody } from './Reference.ts'
import type { Reference } from './Reference.ts'

/**
 * A new random reference, from the platform's cryptographic random source. Bodies without a digit or without a letter
 * (they read as a phone number or a word), and bodies that hold a rude form, are drawn again.
 */
export function mintReference({ length = 9, random }: MintOptions = {}): Reference {
  const draw = random ? customRandom(ALPHABET, length - 1, random) : secureDraw
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
  readonly random?: ((bytes: number) => Uint8Array<ArrayBuffer>) | undefined
}

const secureDraw = /* @__PURE__ */ customAlphabet(ALPHABET, 8)

/** No letter, no digit, or what people read as an insult or a slogan in spite of the missing vowels (4 as A, 3 as E, 5 as S, V as U). */
const UNFIT =
  /^\d+$|^\D+$|F[V4]?C?K|PH[VK]K|C[V4]?NT|CVM|KKK|N[3V]?66|WTF|XXX|T[V4]RD|P[3N]N5|W4NK|W[HV]R|5HT|4R5|4NVS|RP3|R4P|N42/
