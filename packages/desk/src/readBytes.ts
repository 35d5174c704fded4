import { createGunzip, createInflate } from 'node:zlib'
import type { Reserve } from './createByteBudget.ts'

/**
 * A request's body, plain, gzipped, or deflated as HTTP has it, which is zlib's format (RFC 9110, section 8.4.1.2). Never holds more than
 * `maxBytes` of what was sent, nor more than `maxInflatedBytes` of what it unfolds to: a bomb is cut off while it unfolds. What is held
 * is reserved before.
 */
export async function readBytes(request: Request, limits: BodyLimits): Promise<BytesRead> {
  const { maxBytes, maxInflatedBytes, reserve = () => 'reserved' } = limits
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && !isPacked(encoding)) return { ok: false, reason: 'encoding' }
  if (Number(request.headers.get('content-length')) > maxBytes) return { ok: false, reason: 'size' }
  const sent = await collect(request.body ?? [], { maxBytes, reserve })
  if (!sent.ok) return sent
  const bytes = Buffer.concat(sent.chunks)
  return isPacked(encoding)
    ? await unpack(bytes, { encoding, maxBytes: maxInflatedBytes, reserve })
    : { ok: true, bytes }
}

const UNPACKERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate } as const
type Packing = keyof typeof UNPACKERS

function isPacked(encoding: string): encoding is Packing {
  return Object.hasOwn(UNPACKERS, encoding)
}

export interface BodyLimits {
  readonly maxBytes: number
  readonly maxInflatedBytes: number
  /** @default everything may be held */
  readonly reserve?: Reserve | undefined
}

/** `size`: over a limit. `busy`: other bodies hold too much. `encoding`: another than these, or several. `damaged`: not packed as it says. */
export type BytesRead =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: 'size' | 'busy' | 'encoding' | 'damaged' }

async function unpack(bytes: Buffer, { encoding, ...limits }: UnpackLimits): Promise<BytesRead> {
  const size = encoding === 'deflate' ? 0 : sizeInGzip(bytes)
  if (size > limits.maxBytes) return { ok: false, reason: 'size' }
  const reserved = limits.reserve(size)
  if (reserved !== 'reserved') return { ok: false, reason: reserved }
  // With room for all of it zlib's own threads do the work, and nothing is put together here.
  const unpacking = UNPACKERS[encoding]({ chunkSize: Math.max(CHUNK_BYTES, size + SPARE_BYTES) })
  unpacking.end(bytes)
  try {
    const unpacked = await collect(unpacking, { ...limits, reserve: beyond(size, limits.reserve) })
    if (!unpacked.ok) return unpacked
    const [first, ...more] = unpacked.chunks
    return { ok: true, bytes: first && more.length === 0 ? first : Buffer.concat(unpacked.chunks) }
  } catch {
    return { ok: false, reason: 'damaged' }
  }
}

/** Reserves only what comes after the first `size` bytes, which are reserved already. */
function beyond(size: number, reserve: Reserve): Reserve {
  let left = size
  return (bytes) => {
    const more = Math.max(0, bytes - left)
    left -= bytes - more
    return reserve(more)
  }
}

/** Gzip ends with the size of what it holds (RFC 1952); where that is not true it cannot be unpacked either, or there is more than one part. */
function sizeInGzip(bytes: Buffer): number {
  return bytes.byteLength < SMALLEST_GZIP ? 0 : bytes.readUInt32LE(bytes.byteLength - 4)
}

const SMALLEST_GZIP = 18
const CHUNK_BYTES = 16 * 1024
/** In which zlib sees that nothing follows. */
const SPARE_BYTES = 64

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
  return { ok: true, chunks } as const
}

interface CollectLimits {
  readonly maxBytes: number
  readonly reserve: Reserve
}

interface UnpackLimits extends CollectLimits {
  readonly encoding: Packing
}
