import { jsonIn } from '../jsonIn.ts'

/**
 * How many spans, log records or data points a collector says it did not keep (`partialSuccess`), out of its answer in the request's encoding. 0 where it
 * says nothing that can be read.
 */
export function rejectedIn(bytes: Uint8Array, encoding: 'json' | 'protobuf'): number {
  const count = encoding === 'json' ? inJson(bytes) : inProtobuf(bytes)
  return Number.isSafeInteger(count) && count > 0 ? count : 0
}

function inJson(bytes: Uint8Array): number {
  const partial: object = Object(Object(jsonIn(new TextDecoder().decode(bytes))).partialSuccess)
  const [count] = Object.entries(partial).filter(([name]) => name.startsWith('rejected'))
  return Number(count?.[1] ?? 0)
}

/** All three answers are alike: field 1 holds a message, whose field 1 is the number. */
function inProtobuf(bytes: Uint8Array): number {
  const partial = bytes[0] === ((1 << 3) | LENGTH_DELIMITED) ? bytes.subarray(1) : undefined
  if (!partial) return 0
  const length = varint(partial)
  const inner = partial.subarray(length.size, length.size + length.value)
  return inner[0] === 1 << 3 ? varint(inner.subarray(1)).value : 0
}

const LENGTH_DELIMITED = 2

function varint(bytes: Uint8Array): { readonly value: number; readonly size: number } {
  let value = 0
  for (const [index, byte] of bytes.subarray(0, 8).entries()) {
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { value, size: index + 1 }
  }
  return { value: 0, size: 0 }
}
