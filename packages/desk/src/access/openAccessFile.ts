import { DatabaseSync } from 'node:sqlite'
import { fileBeside } from '../store/fileBeside.ts'
import { makePrivate } from '../store/privateFile.ts'

/**
 * Opens the file of tokens, sign-ins and access log, making it when it is not there, for its owner only.
 *
 * @throws Error when it is no database of this kind, or a newer version made it.
 */
export function openAccessFile(
  file: string,
  { keepLogDays }: { readonly keepLogDays?: number | undefined },
): DatabaseSync {
  // SQLite gives the files beside it the same mode.
  if (file !== ':memory:') makePrivate(file)
  const database = new DatabaseSync(file, { timeout: 5000 })
  try {
    database.exec('BEGIN IMMEDIATE')
    const fault = faultOf(database)
    if (fault) throw new Error(`[waybill] The file ${file} ${fault}`)
    database.exec(SCHEMA)
    if (keepLogDays !== undefined) {
      database.prepare("UPDATE meta SET value = ? WHERE key = 'log_keep_ms'").run(keepLogDays * 86_400_000)
    }
    database.exec('COMMIT; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 0;')
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

/** Where the access file of a desk's database is. */
export function accessFileOf(databaseFile: string): string {
  return databaseFile === ':memory:' ? databaseFile : fileBeside(databaseFile, '.access')
}

/** So that no other program's file is taken for one of these: "WBac". */
const APPLICATION = 0x57_42_61_63
const VERSION = 1

const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO meta (key, value) VALUES ('log_keep_ms', 365 * 86400000);

CREATE TABLE IF NOT EXISTS tokens (
  id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL, origins TEXT NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER, revoked_at INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS tokens_name ON tokens (name) WHERE revoked_at IS NULL;

CREATE TABLE IF NOT EXISTS sign_ins (
  hash TEXT PRIMARY KEY, token_id TEXT NOT NULL, seal TEXT, expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS log (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, event TEXT NOT NULL, who TEXT NOT NULL, via TEXT NOT NULL,
  address TEXT NOT NULL, kind TEXT, matches INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS log_who ON log (who, id);
CREATE TRIGGER IF NOT EXISTS log_no_update BEFORE UPDATE ON log
  BEGIN SELECT RAISE(ABORT, 'The access log is append-only.'); END;
CREATE TRIGGER IF NOT EXISTS log_no_replace BEFORE INSERT ON log WHEN EXISTS (SELECT 1 FROM log WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'The access log is append-only.'); END;
CREATE TRIGGER IF NOT EXISTS log_no_delete BEFORE DELETE ON log
  WHEN OLD.at > unixepoch() * 1000 - (SELECT value FROM meta WHERE key = 'log_keep_ms')
  BEGIN SELECT RAISE(ABORT, 'The access log is append-only.'); END;

PRAGMA application_id = ${APPLICATION};
PRAGMA user_version = ${VERSION};
`

function faultOf(database: DatabaseSync): string | null {
  const numberOf = (sql: string): number => Number(Object.values(database.prepare(sql).get() ?? {})[0])
  const application = numberOf('PRAGMA application_id')
  if (application === 0 && numberOf('SELECT count(*) FROM sqlite_schema') === 0) return null
  if (application !== APPLICATION) {
    return 'is another program’s database, so the desk leaves it alone. Move it away, or choose another place for the desk’s database.'
  }
  return numberOf('PRAGMA user_version') > VERSION
    ? 'was made by a newer version, and opening it could damage it. Update @waybill/desk.'
    : null
}
