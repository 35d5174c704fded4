import { SpanFault } from './SpanFault.ts'

/**
 * The bytes of another server's answer.
 *
 * @throws SpanFault where they are more than a look-up may hold.
 */
export async function readBytes(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.byteLength
    if (length > MOST_BYTES) throw new SpanFault('over-budget', `The answer is larger than ${MOST_BYTES} bytes.`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const MOST_BYTES = 32 * 1024 * 1024
