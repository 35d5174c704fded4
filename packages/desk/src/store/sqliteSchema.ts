import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

/**
 * Opens a store's file, making it when it is not there, and gives the database with the store's secret.
 *
 * `ev` is indexed by the trail's small number only and grows at its end; an index on random ids costs three times the
 * bytes written. `alias` holds every value that leads to a trail. Numbers of forgotten trails are not given again, so that
 * nothing left over could ever lead to somebody else's. `evicted` holds the span ids of strangers' requests that a full trail gave
 * up, so that what they led to is known for theirs when it comes later.
 */
export function openSqlite(file: string): { database: DatabaseSync; secret: Uint8Array } {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;')
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > VERSION) {
    database.close()
    throw new Error(
      '[waybill] The desk database was made by a newer version, and opening it could damage it. Update @waybill/desk.',
    )
  }
  database.exec(SCHEMA)
  database.prepare("INSERT OR IGNORE INTO meta (key, value) VALUES ('secret', ?)").run(randomBytes(32))
  const secret = database.prepare("SELECT value FROM meta WHERE key = 'secret'").get()?.['value']
  if (!(secret instanceof Uint8Array))
    throw new Error('[waybill] The desk database has lost its secret. Restore it from a copy.')
  return { database, secret }
}

const VERSION = 1

const SCHEMA = `
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, ref TEXT NOT NULL UNIQUE, seen_hour INTEGER NOT NULL,
  steps INTEGER NOT NULL DEFAULT 0, claims INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS refs_seen ON refs (seen_hour);
CREATE TABLE IF NOT EXISTS ev (id INTEGER PRIMARY KEY, ref_id INTEGER NOT NULL, step TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS ev_ref ON ev (ref_id);
CREATE TABLE IF NOT EXISTS alias (
  value TEXT NOT NULL, ref_id INTEGER NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (value, ref_id, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS evicted (
  ref_id INTEGER NOT NULL, span TEXT NOT NULL, PRIMARY KEY (ref_id, span)
) WITHOUT ROWID;
PRAGMA user_version = ${VERSION};
COMMIT;
`
