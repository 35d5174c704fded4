import { ALPHABET, LENGTHS } from './alphabet.ts'
import type { ReferenceLength } from './alphabet.ts'
import { checkSymbol } from './checkSymbol.ts'
import { hexOf } from './hexOf.ts'
import { bodyOf, printBody } from './Reference.ts'
import type { Reference } from './Reference.ts'
import { trimmedText } from './trimmedText.ts'

/**
 * The W3C trace-id (32 lower-case hex digits) that stands for a reference. Anyone can compute it, in either direction,
 * with no table: a keyless 64-bit permutation gives the low half, four more rounds the high half, so that neither half
 * carries raw bits that a sampler would fall for.
 */
export function traceIdOf(reference: Reference, options: NamespaceOptions = {}): string {
  const data = bodyOf(reference).slice(0, -1)
  let value = 0
  for (const symbol of data) value = value * 23 + ALPHABET.indexOf(symbol)
  const keys = keysOf(options)
  const low = permute([((data.length + 16) << 24) | (value / 2 ** 32), value >>> 0], keys.slice(0, 6))
  return hexOf([...permute(low, keys.slice(6)), ...low])
}

/**
 * The reference a trace-id stands for, or null when the id was not made from one. Takes what tools show: 1 to 32 hex
 * digits in any case (leading zeros may be trimmed), X-Ray's `1-8-24` form, or a decimal 64-bit id. `full` means all 128 bits agree;
 * `low64` means the tool kept only the low half (Datadog, B3), so one foreign id in some 10⁸ passes by chance.
 */
export function referenceOfTraceId(id: unknown, options: TraceIdOptions = {}): DecodedTraceId | null {
  const digits = trimmedText(id, 40)
    .toLowerCase()
    .replace(/^1-(.{8})-/, '$1')
  return decode(digits, options) ?? (/^\d+$/.test(digits) ? decode(BigInt(digits).toString(16), options) : null)
}

export interface NamespaceOptions {
  /** Public name such as `acme-shop/prod`, equal on all sides; keeps environments from reading one another's ids. @default '' */
  readonly namespace?: string | undefined
}

export interface TraceIdOptions extends NamespaceOptions {
  /** The lengths in use. Fewer lengths, fewer chance hits. @default all */
  readonly lengths?: readonly ReferenceLength[] | undefined
}

export interface DecodedTraceId {
  readonly reference: Reference
  readonly level: 'full' | 'low64'
}

type Words = readonly [number, number]

/** Whatever `text` holds is taken for digits: only an id made from a reference comes out again as it went in. */
function decode(text: string, options: TraceIdOptions): DecodedTraceId | null {
  const digits = text.padStart(32, '0')
  const low = [parseInt(digits.slice(24), 16), parseInt(digits.slice(16, 24), 16)] as const
  // A Feistel network is undone by its own steps: halves swapped, keys in reverse.
  const [right, left] = permute(low, keysOf(options).slice(0, 6).toReversed())
  // The version nibble, which is 1, and the number of data symbols, in one.
  const length = ((left >>> 24) - 15) as ReferenceLength
  if (!(options.lengths ?? LENGTHS).includes(length)) return null
  let value = (left % 2 ** 24) * 2 ** 32 + right
  let data = ''
  for (; data.length < length - 1; value = (value - (value % 23)) / 23) data = ALPHABET[value % 23]! + data
  const reference = printBody(data + checkSymbol(data))
  const traceId = traceIdOf(reference, options)
  if (!traceId.endsWith(digits.replace(/^0{16}/, ''))) return null
  return { reference, level: traceId === digits ? 'full' : 'low64' }
}

function permute([left, right]: Words, keys: readonly number[]): Words {
  for (const key of keys) [left, right] = [right, (left ^ mix(right + key)) >>> 0]
  return [left, right]
}

/** A 32-bit finalizer with low bias (https://github.com/skeeto/hash-prospector/issues/19). */
function mix(x: number): number {
  x ^= x >>> 16
  x = Math.imul(x, 0x21f0aaad)
  x ^= x >>> 15
  x = Math.imul(x, 0x735a2d97)
  return x ^ (x >>> 15)
}

/** A process has few namespaces, and asks for the same at every action. */
function keysOf({ namespace = '' }: NamespaceOptions): readonly number[] {
  return (known[namespace] ??= roundKeys(`trace-reference/1:${namespace}`))
}

const known: Record<string, readonly number[]> = { __proto__: null } as never

/** Ten, from FNV-1a of the text. */
function roundKeys(text: string): readonly number[] {
  let hash = new TextEncoder().encode(text).reduce((state, byte) => Math.imul(state ^ byte, 0x01000193), 0x811c9dc5)
  return Array.from({ length: 10 }, () => mix((hash += 0x9e3779b9)))
}
