import { ALPHABET, LENGTHS } from './alphabet.ts'
import type { ReferenceLength } from './alphabet.ts'
import { checkSymbol } from './checkSymbol.ts'
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
  const keys = keysOf(namespace)
  const low = forward([((1 << 28) | (data.length << 24) | (value / TWO_32)) >>> 0, value >>> 0], keys, 0, 6)
  return hex(forward(low, keys, 6, 10)) + hex(low)
}

/**
 * The reference a trace-id stands for, or null when the id was not made from one. Takes what tools show: 1 to 32 hex
 * digits in any case (leading zeros may be trimmed), X-Ray's `1-8-24` form, or a decimal 64-bit id. `full` means all 128 bits agree;
 * `low64` means the tool kept only the low half (Datadog, B3), so one foreign id in some 10⁸ passes by chance.
 */
export function referenceOfTraceId(
  id: unknown,
  { namespace = '', lengths = LENGTHS }: TraceIdOptions = {},
): DecodedTraceId | null {
  if (typeof id !== 'string' || id.length > 40) return null
  const text = id.trim().toLowerCase()
  const digits = /^1-([\da-f]{8})-([\da-f]{24})$/.exec(text)?.slice(1).join('') ?? text
  const fromHex = /^[\da-f]{1,32}$/.test(digits) ? decode(digits.padStart(32, '0'), namespace, lengths) : null
  if (fromHex || !/^\d{1,20}$/.test(digits)) return fromHex
  const decimal = BigInt(digits).toString(16)
  return decimal.length > 16 ? null : decode(decimal.padStart(32, '0'), namespace, lengths)
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

const TWO_32 = 2 ** 32

function decode(digits: string, namespace: string, lengths: readonly ReferenceLength[]): DecodedTraceId | null {
  const keys = keysOf(namespace)
  const low: Words = [word(digits, 16), word(digits, 24)]
  let [left, right] = low
  for (let i = 5; i >= 0; i--) [left, right] = [(right ^ mix(left + keys[i]!)) >>> 0, left]
  const count = (left >>> 24) & 15
  const value = (left & 0xffffff) * TWO_32 + right
  if (left >>> 28 !== 1 || !lengths.includes((count + 1) as ReferenceLength) || value >= 23 ** count) return null
  const high = digits.slice(0, 16)
  const level = high === hex(forward(low, keys, 6, 10)) ? 'full' : /^0+$/.test(high) ? 'low64' : null
  if (!level) return null
  const data = symbolsOf(value, count)
  return { reference: printBody(data + checkSymbol(data)), level }
}

function symbolsOf(value: number, count: number): string {
  let data = ''
  for (let rest = value; data.length < count; rest = Math.floor(rest / 23)) data = ALPHABET.charAt(rest % 23) + data
  return data
}

function forward([left, right]: Words, keys: Uint32Array, from: number, to: number): Words {
  for (let i = from; i < to; i++) [left, right] = [right, (left ^ mix(right + keys[i]!)) >>> 0]
  return [left, right]
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

const word = (digits: string, at: number): number => Number.parseInt(digits.slice(at, at + 8), 16)

const hex = (words: Words): string => words.map((value) => value.toString(16).padStart(8, '0')).join('')
