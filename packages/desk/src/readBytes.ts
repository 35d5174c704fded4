import { gunzip, inflate } from 'node:zlib'

/**
 * A request's body, plain, gzipped, or deflated as HTTP has it, which is zlib's format (RFC 9110, section 8.4.1.2). Never holds more than `maxBytes` of what was sent, nor more than `maxInflatedBytes` of what it
 * unfolds to: a bomb is cut off while it unfolds.
 */
export async function readBytes(request: Request, { maxBytes, maxInflatedBytes }: BodyLimits): Promise<BytesRead> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && !isPacked(encoding)) return { ok: false, reason: 'encoding' }
  // Whoever goes away in the middle is no fault of the desk's.
  const bytes = await collect(request, maxBytes).catch(() => undefined)
  if (bytes === undefined) return { ok: false, reason: 'damaged' }
  if (bytes === null) return { ok: false, reason: 'size' }
  return isPacked(encoding) ? unpack(bytes, { encoding, maxOutputLength: maxInflatedBytes }) : { ok: true, bytes }
}

const UNPACKERS = { gzip: gunzip, 'x-gzip': gunzip, deflate: inflate } as const
type Packing = keyof typeof UNPACKERS

function isPacked(encoding: string): encoding is Packing {
  return Object.hasOwn(UNPACKERS, encoding)
}

export interface BodyLimits {
  readonly maxBytes: number
  readonly maxInflatedBytes: number
}

/** `size`: over a limit. `encoding`: another than these, or several. `damaged`: cut off by its sender, or not packed as it says. */
export type BytesRead =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: 'size' | 'encoding' | 'damaged' }

async function collect(request: Request, maxBytes: number): Promise<Buffer | null> {
  if (Number(request.headers.get('content-length')) > maxBytes) return null
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function unpack(bytes: Buffer, { encoding, maxOutputLength }: UnpackOptions): Promise<BytesRead> {
  return new Promise((resolve) => {
    UNPACKERS[encoding](bytes, { maxOutputLength }, (error, unpacked) => {
      if (!error) return resolve({ ok: true, bytes: unpacked })
      const isTooLarge = 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      resolve({ ok: false, reason: isTooLarge ? 'size' : 'damaged' })
    })
  })
}

interface UnpackOptions {
  readonly encoding: Packing
  readonly maxOutputLength: number
}
