import { readBytes } from './readBytes.ts'
import type { BodyLimits, BytesRead } from './readBytes.ts'

/** The text of a request's body, as `readBytes` reads it. */
export async function readBody(request: Request, limits: BodyLimits): Promise<BodyRead> {
  const read = await readBytes(request, limits)
  if (!read.ok) return read
  const text = textOf(read.bytes)
  return text === undefined ? { ok: false, reason: 'damaged' } : { ok: true, text }
}

/** What bytes say in UTF-8; undefined where they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** `damaged` is also what is no UTF-8. */
export type BodyRead = { readonly ok: true; readonly text: string } | Extract<BytesRead, { ok: false }>
