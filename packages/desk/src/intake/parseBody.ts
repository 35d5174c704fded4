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

/** `json`: no JSON, or none of an object. `text`: no UTF-8. The others are those of protobuf. */
export type ParsedBody = ParsedOtlpProtobuf | ParsedJson

type ParsedJson =
  { readonly ok: true; readonly body: object } | { readonly ok: false; readonly reason: 'json' | 'text' }

function parseJson(bytes: Uint8Array): ParsedJson {
  const text = textOf(bytes)
  if (text === undefined) return { ok: false, reason: 'text' }
  const body = jsonIn(text)
  return typeof body === 'object' && body !== null ? { ok: true, body } : { ok: false, reason: 'json' }
}
