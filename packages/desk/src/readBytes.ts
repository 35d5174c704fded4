import { createGunzip, createInflate } from 'node:zlib'
import type { Reserve } from './createByteBudget.ts'

/**
 * A request's body, plain, gzipped, or deflated as HTTP has it, which is zlib's format (RFC 9110, section 8.4.1.2). Never holds more than
 * `maxBytes` of what was sent, nor more than `maxInflatedBytes` of what it unfolds to: a bomb is cut off while it unfolds. What is held is
 * reserved before.
 */
export async function readBytes(request: Request, limits: BodyLimits): Promise<BytesRead> {
  const { maxBytes, maxInflatedBytes, reserve = () => 'reserved' } = limits
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && !isPacked(encoding)) return { ok: false, reason: 'encoding' }
  if (Number(request.headers.get('content-length')) > maxBytes) return { ok: false, reason: 'size' }
  const sent = await collect(request.body ?? [], { maxBytes, reserve })
  if (!sent.ok || !isPacked(encoding)) return sent
  const unfolding = UNPACKERS[encoding]({ chunkSize: CHUNK_BYTES })
  unfolding.end(sent.bytes)
  try {
    return await collect(unfolding, { maxBytes: maxInflatedBytes, reserve })
  } catch {
    return { ok: false, reason: 'damaged' }
  }
}

export interface BodyLimits {
  readonly maxBytes: number
  readonly maxInflatedBytes: number
  /** @default everything may be held */
  readonly reserve?: Reserve | undefined
}

/**
 * `size`: over a limit. `busy`: other bodies hold too much. `encoding`: another than these, or several. `damaged`: not packed as it says.
 */
export type BytesRead =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: 'size' | 'busy' | 'encoding' | 'damaged' }

const UNPACKERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate } as const

function isPacked(encoding: string): encoding is keyof typeof UNPACKERS {
  return Object.hasOwn(UNPACKERS, encoding)
}

const CHUNK_BYTES = 64 * 1024

async function collect(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limits: CollectLimits) {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of source) {
    size += chunk.byteLength
    if (size > limits.maxBytes) return { ok: false, reason: 'size' } as const
    const reserved = limits.reserve(chunk.byteLength)
    if (reserved !== 'reserved') return { ok: false, reason: reserved } as const
    chunks.push(chunk)
  }
  return { ok: true, bytes: Buffer.concat(chunks) } as const
}

interface CollectLimits {
  readonly maxBytes: number
  readonly reserve: Reserve
}
