import { randomBytes } from 'node:crypto'
import { linkSync, rmSync } from 'node:fs'
import { DAMAGED, keptIn, NO_SECRET, parseSecret, SECRET_BYTES, textOf } from './openHashSecret.ts'
import { writePrivate } from './privateFile.ts'

/** Where the hash secret of a desk lies whose database is a server: in the folder that the desk was started in. */
const FILE = 'waybill.secret'

/**
 * The secret that keys the hashes of persons' ids, where the database is a server that has no file to put it beside: the one given, else what `waybill.secret` holds,
 * else a new one, which is in that file before anything is hashed with it. It is not in the database, because whoever has both can try every id there is.
 *
 * @throws Error when it is damaged, or a new one cannot be written down.
 */
export function serverHashSecret(given: string | undefined): ServerHashSecret {
  const kept = given === undefined ? keptIn(FILE) : parseSecret(given)
  if (kept === 'damaged') throw new Error(given === undefined ? DAMAGED(FILE) : NO_SECRET)
  return kept ? { secret: kept, takeBack() {} } : newSecret()
}

export interface ServerHashSecret {
  readonly secret: Uint8Array
  /** Takes away a file that was made here, because the database has another secret already. */
  readonly takeBack: () => void
}

function newSecret(): ServerHashSecret {
  const secret = randomBytes(SECRET_BYTES)
  const draft = `${FILE}.${process.pid}`
  try {
    writePrivate(draft, `${textOf(secret)}\n`)
    linkSync(draft, FILE)
  } catch (cause) {
    // Another desk that starts in the same folder was faster.
    const others = keptIn(FILE)
    if (others instanceof Uint8Array) return { secret: others, takeBack() {} }
    throw new Error(UNWRITABLE, { cause })
  } finally {
    rmSync(draft, { force: true })
  }
  return {
    secret,
    takeBack() {
      const there = keptIn(FILE)
      if (there instanceof Uint8Array && secret.equals(there)) rmSync(FILE, { force: true })
    },
  }
}

const UNWRITABLE = `[waybill] A new hash secret cannot be written into ${FILE}, and without it no trail could be found by its customer after the next start. Start the desk in a folder where this user may write, or set WAYBILL_HASH_SECRET.`
