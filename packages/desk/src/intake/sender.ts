import { bearerOf } from '../access/bearerOf.ts'
import type { KeyRing } from '../access/createKeyRing.ts'

/**
 * Who sends steps: a server, by `Authorization: Bearer` with an ingest key, or a browser, by `?key=` with the public key,
 * because what a page sends as it goes carries no headers. Null for nobody known. A server's key in a query would end up in
 * access logs, so it does not count there.
 */
export function senderOf(request: Request, keys: SenderKeys): Sender | null {
  const bearer = bearerOf(request)
  if (bearer !== null) {
    const index = keys.ingest.find(bearer)
    return index < 0 ? null : { kind: 'server', key: `server ${index}` }
  }
  const key = new URL(request.url).searchParams.get('key')
  const index = key === null ? -1 : keys.browser.find(key)
  return index < 0 ? null : { kind: 'browser', key: `browser ${index}` }
}

export interface Sender {
  readonly kind: 'server' | 'browser'
  /** Names the key without giving it away. */
  readonly key: string
}

export interface SenderKeys {
  readonly ingest: KeyRing
  readonly browser: KeyRing
}
