import type { Pool, PoolClient } from 'pg'
import { inPostgresTransaction } from './inPostgresTransaction.ts'
import type { PostgresAddress } from './postgresAddress.ts'

/**
 * Makes the desk's tables in a schema of their own, or brings them to this version. Several desks may do it at once. Nothing outside the schema is touched.
 *
 * A trail's row is its lock and its counts. `step` and `alias` are partitioned by the day on which steps arrived, so that a day is forgotten by
 * dropping it; `first_day` is no later than any of a trail's days. `alias` is found by a hash of its value, since values may be longer than PostgreSQL's indexes take, and read only where the
 * value itself is right. `uncleared` are the days in whose bytes something erased may still be. Rows whose trail is gone mean nothing, and go with their day: numbers of trails are not given again.
 *
 * @throws Error when the schema is another program's, or a newer version made it.
 */
export async function openPostgresSchema(pool: Pool, { schema }: Pick<PostgresAddress, 'schema'>): Promise<void> {
  await inPostgresTransaction(pool, async (client) => {
    await assertUsable(client, schema)
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1), 1)', [`waybill ${schema}`])
    const version = await versionOf(client, schema)
    if (version === 'foreign') throw new Error(FOREIGN(schema))
    if (version > VERSION) throw new Error(NEWER)
    if (version === VERSION) return
    // One that is there may be all that the user is allowed to have.
    const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])
    if (rowCount === 0) await client.query(`CREATE SCHEMA "${schema}"`)
    for (const sql of MIGRATIONS.slice(version)) await client.query(sql)
    await client.query(
      "INSERT INTO meta (key, value) VALUES ('version', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      [String(VERSION)],
    )
  })
}

/** Advisory locks of the desks on one schema, as PostgreSQL's functions take them. Who makes the tables has the first. */
export const PARTITION_LOCK = "hashtext('waybill ' || current_schema()), 2"
export const FORGETTING_LOCK = "hashtext('waybill ' || current_schema()), 3"
export const CLEARING_LOCK = "hashtext('waybill ' || current_schema()), 4"

async function assertUsable(client: PoolClient, schema: string): Promise<void> {
  const { rows } = await client.query(
    `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding,
       current_setting('search_path') AS path`,
  )
  const { version, encoding, path } = rows[0] ?? {}
  if (version < OLDEST) throw new Error(TOO_OLD)
  if (encoding !== 'UTF8') throw new Error(NOT_UTF8(String(encoding)))
  // Otherwise the desk could come upon somebody else's tables.
  if (path !== schema) throw new Error(POOLED)
}

/** `foreign` where anything is in the schema that is not the desk's. */
async function versionOf(client: PoolClient, schema: string): Promise<number | 'foreign'> {
  const { rows } = await client.query(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
     UNION SELECT proname FROM pg_proc WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)`,
    [schema],
  )
  if (rows.length === 0) return 0
  const names = new Set(rows.map(({ name }) => name))
  if (!OWN.every((name) => names.has(name))) return 'foreign'
  const { rows: found } = await client.query("SELECT value FROM meta WHERE key = 'version'")
  const version = Number(found[0]?.['value'])
  return Number.isInteger(version) && version > 0 ? version : 'foreign'
}

/** What every version has, and no other program has all of. */
const OWN = ['meta', 'trail', 'step', 'alias', 'evicted', 'keep_log']

/** What leads from each version to the next. Never changed once released, only added to. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);
  CREATE TABLE trail (
    id bigserial PRIMARY KEY, ref text NOT NULL UNIQUE, seen_hour integer NOT NULL, first_day integer NOT NULL,
    steps integer NOT NULL DEFAULT 0, claims integer NOT NULL DEFAULT 0
  ) WITH (fillfactor = 80);
  CREATE INDEX trail_seen ON trail (seen_hour, id);
  CREATE INDEX trail_first ON trail (first_day);
  CREATE SEQUENCE step_id;
  CREATE TABLE step (day integer NOT NULL, trail bigint NOT NULL, id bigint NOT NULL, step text NOT NULL) PARTITION BY RANGE (day);
  CREATE INDEX step_trail ON step (trail, id);
  CREATE TABLE alias (
    day integer NOT NULL, hash bigint NOT NULL, trail bigint NOT NULL, kind text NOT NULL, value text COLLATE "C" NOT NULL,
    PRIMARY KEY (hash, trail, kind, day)
  ) PARTITION BY RANGE (day);
  CREATE INDEX alias_person ON alias (value) WHERE kind = 'person';
  CREATE TABLE evicted (trail bigint NOT NULL REFERENCES trail ON DELETE CASCADE, span text NOT NULL, PRIMARY KEY (trail, span));
  CREATE TABLE uncleared (day integer PRIMARY KEY);
  CREATE TABLE token (
    place bigserial PRIMARY KEY, id text NOT NULL UNIQUE, name text NOT NULL, hash text NOT NULL UNIQUE, scopes text[] NOT NULL,
    origins text[] NOT NULL, created_at bigint NOT NULL, expires_at bigint, revoked_at bigint
  );
  CREATE UNIQUE INDEX token_name ON token (name) WHERE revoked_at IS NULL;
  CREATE TABLE sign_in (hash text PRIMARY KEY, token_id text NOT NULL, seal text, expires_at bigint NOT NULL);
  CREATE TABLE log (
    id bigserial PRIMARY KEY, at bigint NOT NULL, event text NOT NULL, who text NOT NULL, via text NOT NULL, address text NOT NULL,
    kind text, matches integer NOT NULL
  );
  CREATE INDEX log_who ON log (who, id);
  CREATE FUNCTION keep_log() RETURNS trigger LANGUAGE plpgsql AS $body$
  DECLARE keep_ms bigint;
  BEGIN
    EXECUTE format('SELECT value::bigint FROM %I.meta WHERE key = ''log_keep_ms''', TG_TABLE_SCHEMA) INTO keep_ms;
    IF TG_OP = 'DELETE' AND OLD.at <= extract(epoch FROM now()) * 1000 - coalesce(keep_ms, 0) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'The access log is append-only.';
  END $body$;
  CREATE TRIGGER log_append_only BEFORE UPDATE OR DELETE ON log FOR EACH ROW EXECUTE FUNCTION keep_log();
  CREATE TRIGGER log_no_truncate BEFORE TRUNCATE ON log FOR EACH STATEMENT EXECUTE FUNCTION keep_log();
  INSERT INTO meta (key, value) VALUES ('log_keep_ms', '${365 * 86_400_000}');`,
]

const VERSION = MIGRATIONS.length

/** PostgreSQL 13. */
const OLDEST = 130_000

const TOO_OLD =
  '[waybill] The desk needs PostgreSQL 13 or newer, and this one is older. Update it, or give the desk another.'

const NOT_UTF8 = (encoding: string): string =>
  `[waybill] The desk’s database has the encoding ${encoding}, which cannot hold every character. Make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`

const POOLED =
  '[waybill] What stands between the desk and PostgreSQL drops the option search_path, so the desk could come upon tables that are not its own. Give it the address of the server itself, or of a pooler that passes `options` on.'

const NEWER =
  '[waybill] The desk database was made by a newer version, and opening it could damage it. Update @waybill/desk.'

const FOREIGN = (schema: string): string =>
  `[waybill] The schema ${schema} holds another program's tables, so it was left as it is. Give the desk a schema of its own: add ?schema=… to the database's address.`
