import { mediaTypeOf } from './mediaTypeOf.ts'

/** The type of a body in protobuf, as the sender writes it; null for any other, or none. */
export function protobufTypeOf(request: Request): string | null {
  const type = mediaTypeOf(request)
  return type === 'application/x-protobuf' || type === 'application/protobuf' ? type : null
}

/**
 * An answer of the intake for a sender of protobuf, to whom OTLP answers in protobuf: `ExportTraceServiceResponse`, which those of logs and
 * metrics are spelled like, or `google.rpc.Status` with the problem's title and detail.
 */
export async function protobufAnswer(answer: Response, type: string): Promise<Response> {
  const { partialSuccess, title, detail } = (await answer.json()) as AnswerBody
  const message = [title, detail].filter(Boolean).join(' ')
  const body = answer.ok ? exportResponse(partialSuccess) : chunk(2, message)
  const headers = new Headers(answer.headers)
  headers.set('content-type', type)
  return new Response(Uint8Array.from(body), { status: answer.status, headers })
}

/** What the intake's own answers hold. */
interface AnswerBody {
  readonly partialSuccess?: { readonly errorMessage: string; readonly [rejected: string]: string }
  readonly title?: string
  readonly detail?: string
}

function exportResponse(partial: AnswerBody['partialSuccess']): readonly number[] {
  if (!partial) return []
  const { errorMessage, ...counts } = partial
  const rejected = Number(Object.values(counts)[0] ?? 0)
  return chunk(1, [...(rejected ? [1 << 3, ...varint(rejected)] : []), ...chunk(2, errorMessage)])
}

/** A field of bytes or text. */
function chunk(number: number, content: string | readonly number[]): readonly number[] {
  const bytes = typeof content === 'string' ? [...new TextEncoder().encode(content)] : content
  return [(number << 3) | 2, ...varint(bytes.length), ...bytes]
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))]
}
