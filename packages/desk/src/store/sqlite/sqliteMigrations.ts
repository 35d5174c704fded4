import type { DatabaseSync } from 'node:sqlite'

/** Stands in each of the desk's files, so that no other program's database is taken for one: "Wayb" in ASCII. */
export const APPLICATION_ID = 0x57617962

/** The version that a database has after all migrations. */
export const VERSION = 2

/**
 * Brings a database to `VERSION`, one transaction a step; after a crash the next start goes on where it ended.
 *
 * `ev` is indexed by the trail's small number only and grows at its end; an index on random ids costs three times the
 * bytes written. `alias` holds every value that leads to a trail. Numbers of forgotten trails are not given again, so that
 * nothing left over could ever lead to somebody else's. `evicted` holds the span ids of strangers' requests that a full trail gave
 * up, so that what they led to is known for theirs when it comes later.
 */
export function migrate(database: DatabaseSync, from: number): void {
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index >= from) database.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${index + 1}; COMMIT;`)
  }
}

/** What leads from each version to the next. Never changed once released, only added to. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE refs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, ref TEXT NOT NULL UNIQUE, seen_hour INTEGER NOT NULL,
    steps INTEGER NOT NULL DEFAULT 0, claims INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX refs_seen ON refs (seen_hour);
  CREATE TABLE ev (id INTEGER PRIMARY KEY, ref_id INTEGER NOT NULL, step TEXT NOT NULL);
  CREATE INDEX ev_ref ON ev (ref_id);
  CREATE TABLE alias (
    value TEXT NOT NULL, ref_id INTEGER NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (value, ref_id, kind)
  ) WITHOUT ROWID;
  CREATE TABLE evicted (
    ref_id INTEGER NOT NULL, span TEXT NOT NULL, PRIMARY KEY (ref_id, span)
  ) WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};`,
  // The hash secret was in the database before; `openHashSecret` has put it into a file of its own by now.
  `DELETE FROM meta WHERE key = 'secret'; PRAGMA application_id = ${APPLICATION_ID};`,
]
