import { createGunzip } from 'node:zlib'
import type { Reserve } from './createByteBudget.ts'

/**
 * A request's body, plain or gzipped. Never holds more than `maxBytes` of what was sent, nor more than `maxInflatedBytes` of what it
 * unfolds to: a gzip bomb is cut off while it unfolds. What is held is reserved before.
 */
export async function readBytes(request: Request, limits: BodyLimits): Promise<BytesRead> {
  const { maxBytes, maxInflatedBytes, reserve = () => 'reserved' } = limits
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') return { ok: false, reason: 'encoding' }
  if (Number(request.headers.get('content-length')) > maxBytes) return { ok: false, reason: 'size' }
  const sent = await collect(request.body ?? [], { maxBytes, reserve })
  if (!sent.ok || encoding === 'identity') return sent
  const unfolding = createGunzip({ chunkSize: CHUNK_BYTES })
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

/** `size`: over a limit. `busy`: other bodies hold too much. `encoding`: neither plain nor gzip. `damaged`: broken gzip. */
export type BytesRead =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: 'size' | 'busy' | 'encoding' | 'damaged' }

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
