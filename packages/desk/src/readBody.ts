import { readBytes } from './readBytes.ts'
import type { BodyLimits, BytesRead } from './readBytes.ts'

/** The text of a request's body, as `readBytes` reads it. */
export async function readBody(request: Request, limits: BodyLimits): Promise<BodyRead> {
  const read = await readBytes(request, limits)
  if (!read.ok) return read
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(read.bytes) }
  } catch {
    return { ok: false, reason: 'damaged' }
  }
}

/** `damaged` is also what is no UTF-8. */
export type BodyRead = { readonly ok: true; readonly text: string } | Extract<BytesRead, { ok: false }>
