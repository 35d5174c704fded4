import type { PGlite } from '@electric-sql/pglite'

/**
 * Makes the socket server hand on a client's messages up to its Sync before it takes up another client's. Out of the box it
 * does so only inside a transaction: between two clients' queries with parameters, one's Parse may meet the other's Bind, and
 * both fail (pglite-socket 0.2.17, `QueryQueueManager`). It asks the database whether a transaction is open; here the
 * answer is also yes while a batch of messages is.
 */
export function wholeBatches(db: PGlite): PGlite {
  const isInTransaction = db.isInTransaction.bind(db)
  const execProtocolRawStream = db.execProtocolRawStream.bind(db)
  const exec = db.exec.bind(db)
  let isInBatch = false
  db.isInTransaction = () => isInBatch || isInTransaction()
  db.execProtocolRawStream = (message, options) => {
    isInBatch = WITHIN_BATCH.has(message[0] ?? 0)
    return execProtocolRawStream(message, options)
  }
  // What the server calls when a client goes away in the middle of something.
  db.exec = (query, options) => {
    isInBatch = false
    return exec(query, options)
  }
  return db
}

/** Parse, Bind, Describe, Execute, Close and Flush: the messages that a Sync has to follow (PostgreSQL's protocol, section 54.7). */
const WITHIN_BATCH: ReadonlySet<number> = new Set(Array.from('PBDECH', (letter) => letter.charCodeAt(0)))
