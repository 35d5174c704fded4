import { parseOtlpProtobuf } from '@waybill/trail'
import type { OtlpSignal, ParsedOtlpProtobuf } from '@waybill/trail'
import { jsonIn } from '../jsonIn.ts'
import { textOf } from '../readBody.ts'

/** What the bytes of a body say, in the shape of OTLP's JSON whichever they are. */
export function parseBody(bytes: Uint8Array, { encoding, signal }: ParseBodyOptions): ParsedBody {
  return encoding === 'protobuf' ? parseOtlpProtobuf(bytes, { signal }) : parseJson(bytes)
}

export interface ParseBodyOptions {
  readonly encoding: 'json' | 'protobuf'
  readonly signal: OtlpSignal
}

/** `json`: no JSON, or none of an object. `text`: no UTF-8. `too-many`: over a million objects. The others are those of protobuf. */
export type ParsedBody = ParsedOtlpProtobuf | ParsedJson

type ParsedJson =
  { readonly ok: true; readonly body: object } | { readonly ok: false; readonly reason: 'json' | 'text' | 'too-many' }

function parseJson(bytes: Uint8Array): ParsedJson {
  if (bytes.length > MOST_OBJECTS && objectsIn(bytes) > MOST_OBJECTS) return { ok: false, reason: 'too-many' }
  const text = textOf(bytes)
  if (text === undefined) return { ok: false, reason: 'text' }
  const body = jsonIn(text)
  return typeof body === 'object' && body !== null ? { ok: true, body } : { ok: false, reason: 'json' }
}

/** As many as `parseOtlpProtobuf` takes: an empty one takes three bytes here and fifty as an object. */
const MOST_OBJECTS = 1_000_000

/** Those and arrays, counted by how they begin, outside of strings. */
function objectsIn(json: Uint8Array): number {
  let count = 0
  let isString = false
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]
    if (isString && byte === BACKSLASH) i++
    else if (byte === QUOTE) isString = !isString
    else if (!isString && (byte === BRACE || byte === BRACKET)) count++
  }
  return count
}

const [QUOTE, BACKSLASH, BRACE, BRACKET] = [...'"\\{['].map((character) => character.codePointAt(0))
