import { randomBytes } from 'node:crypto'
import { DAMAGED, keepSecret, keptIn, NO_SECRET, parseSecret, SECRET_BYTES } from './openHashSecret.ts'

/** Where the hash secret of a desk lies whose database is a server: in the folder that the desk was started in. */
const FILE = 'waybill.secret'

/**
 * The secret that keys the hashes of persons' ids, where the database is a server that has no file to put it beside: the one given, else what `waybill.secret` holds,
 * else a new one. It is not in the database, because whoever has both can try every id there is.
 *
 * @throws Error when it is damaged.
 */
export function serverHashSecret(given: string | undefined): ServerHashSecret {
  const kept = given === undefined ? keptIn(FILE) : parseSecret(given)
  if (kept === 'damaged') throw new Error(given === undefined ? DAMAGED(FILE) : NO_SECRET)
  const secret = kept ?? randomBytes(SECRET_BYTES)
  return {
    secret,
    keep() {
      if (!kept) keepSecret(secret, FILE)
    },
  }
}

export interface ServerHashSecret {
  readonly secret: Uint8Array
  /** Writes a new one into the file. Not before the database has taken it for its own. */
  readonly keep: () => void
}
