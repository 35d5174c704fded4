import { gunzip } from 'node:zlib'

/**
 * The text of a request's body, plain or gzipped. Never holds more than `maxBytes` of what was sent, nor more than
 * `maxInflatedBytes` of what it unfolds to: a gzip bomb is cut off while it unfolds.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<BodyRead> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') return { ok: false, reason: 'encoding' }
  const bytes = await collect(request, limits.maxBytes)
  if (!bytes) return { ok: false, reason: 'size' }
  const inflated = encoding === 'gzip' ? await inflate(bytes, limits.maxInflatedBytes) : bytes
  if (typeof inflated === 'string') return { ok: false, reason: inflated }
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(inflated) }
  } catch {
    return { ok: false, reason: 'damaged' }
  }
}

export interface BodyLimits {
  readonly maxBytes: number
  readonly maxInflatedBytes: number
}

/** `size`: over a limit. `encoding`: neither plain nor gzip. `damaged`: broken gzip, or no UTF-8. */
export type BodyRead =
  | { readonly ok: true; readonly text: string }
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

function inflate(bytes: Buffer, maxOutputLength: number): Promise<Buffer | 'size' | 'damaged'> {
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength }, (error, inflated) => {
      if (!error) resolve(inflated)
      else resolve('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'size' : 'damaged')
    })
  })
}
