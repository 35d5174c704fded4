import { ALPHABET, GROUPS } from './alphabet.ts'
import type { ReferenceLength } from './alphabet.ts'
import { checkSymbol } from './checkSymbol.ts'
import { hexWord } from './hexWord.ts'
import { bodyOf, printBody } from './Reference.ts'
import type { Reference } from './Reference.ts'

/**
 * The W3C trace-id (32 lower-case hex digits) that stands for a reference. Anyone can compute it, in either direction,
 * with no table: a keyless 64-bit permutation gives the low half, four more rounds the high half, so that neither half
 * carries raw bits that a sampler would fall for.
 */
export function traceIdOf(reference: Reference, { namespace = '' }: NamespaceOptions = {}): string {
  const data = bodyOf(reference).slice(0, -1)
  let value = 0
  for (const symbol of data) value = value * 23 + ALPHABET.indexOf(symbol)
  let left = (1 << 28) | (data.length << 24) | (value / 2 ** 32)
  let right = value >>> 0
  let low = ''
  for (const [round, key] of keysOf(namespace).entries()) {
    if (round === 6) low = hexWord(left) + hexWord(right)
    ;[left, right] = [right, (left ^ mix(right + key)) >>> 0]
  }
  return hexWord(left) + hexWord(right) + low
}

/**
 * The reference a trace-id stands for, or null when the id was not made from one. Takes what tools show: 1 to 32 hex
 * digits in any case (leading zeros may be trimmed), X-Ray's `1-8-24` form, or a decimal 64-bit id. `full` means all 128 bits agree;
 * `low64` means the tool kept only the low half (Datadog, B3), so one foreign id in some 10⁸ passes by chance.
 */
export function referenceOfTraceId(id: unknown, options: TraceIdOptions = {}): DecodedTraceId | null {
  if (typeof id !== 'string' || id.length > 40) return null
  const digits = id.trim().toLowerCase().replace(/^1-([\da-f]{8})-([\da-f]{24})$/, '$1$2')
  return decode(digits, options) ?? (/^\d{1,20}$/.test(digits) ? decode(BigInt(digits).toString(16), options) : null)
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

function decode(hex: string, { namespace = '', lengths }: TraceIdOptions): DecodedTraceId | null {
  if (!/^[\da-f]{1,32}$/.test(hex)) return null
  const digits = hex.padStart(32, '0')
  let left = Number.parseInt(digits.slice(16, 24), 16)
  let right = Number.parseInt(digits.slice(24), 16)
  for (const key of keysOf(namespace).slice(0, 6).toReversed()) {
    ;[left, right] = [(right ^ mix(left + key)) >>> 0, left]
  }
  // The version nibble, which is 1, and the number of data symbols, in one.
  const length = ((left >>> 24) - 15) as ReferenceLength
  if (!(length in GROUPS) || lengths?.includes(length) === false) return null
  let value = (left & 0xffffff) * 2 ** 32 + right
  let data = ''
  for (; data.length < length - 1; value = Math.floor(value / 23)) data = ALPHABET.charAt(value % 23) + data
  const reference = printBody(data + checkSymbol(data))
  // A value beyond the symbols, or another high half, comes back as another id.
  const traceId = traceIdOf(reference, { namespace })
  if (traceId === digits) return { reference, level: 'full' }
  return traceId.slice(16).padStart(32, '0') === digits ? { reference, level: 'low64' } : null
}

/** A 32-bit finalizer with low bias (https://github.com/skeeto/hash-prospector/issues/19). */
function mix(x: number): number {
  x ^= x >>> 16
  x = Math.imul(x, 0x21f0aaad)
  x ^= x >>> 15
  x = Math.imul(x, 0x735a2d97)
  return (x ^ (x >>> 15)) >>> 0
}

let memo: { readonly namespace: string; readonly keys: Uint32Array } | undefined

/** Ten round keys from FNV-1a of the namespace. A page or a service uses one namespace, so the last one is kept. */
function keysOf(namespace: string): Uint32Array {
  if (memo?.namespace !== namespace) {
    let hash = 0x811c9dc5
    for (const byte of new TextEncoder().encode(`trace-reference/1:${namespace}`))
      hash = Math.imul(hash ^ byte, 0x01000193)
    memo = { namespace, keys: Uint32Array.from({ length: 10 }, (_, i) => mix(hash + Math.imul(i + 1, 0x9e3779b9))) }
  }
  return memo.keys
}
