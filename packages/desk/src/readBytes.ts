import { gunzip } from 'node:zlib'

/**
 * A request's body, plain or gzipped. Never holds more than `maxBytes` of what was sent, nor more than `maxInflatedBytes` of what it
 * unfolds to: a gzip bomb is cut off while it unfolds.
 */
export async function readBytes(request: Request, { maxBytes, maxInflatedBytes }: BodyLimits): Promise<BytesRead> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') return { ok: false, reason: 'encoding' }
  const bytes = await collect(request, maxBytes)
  if (!bytes) return { ok: false, reason: 'size' }
  return encoding === 'gzip' ? inflate(bytes, maxInflatedBytes) : { ok: true, bytes }
}

export interface BodyLimits {
  readonly maxBytes: number
  readonly maxInflatedBytes: number
}

/** `size`: over a limit. `encoding`: neither plain nor gzip. `damaged`: broken gzip. */
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

function inflate(bytes: Buffer, maxOutputLength: number): Promise<BytesRead> {
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength }, (error, inflated) => {
      if (!error) return resolve({ ok: true, bytes: inflated })
      const isTooLarge = 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      resolve({ ok: false, reason: isTooLarge ? 'size' : 'damaged' })
    })
  })
}
