import type { Pool, PoolClient } from 'pg'
import { inPostgresTransaction } from './inPostgresTransaction.ts'
import type { PostgresAddress } from './postgresAddress.ts'

/**
 * Makes the desk's tables in a schema of their own, or brings them to this version. Several desks may do it at once. Nothing outside the schema is touched.
 *
 * A trail's row is its lock and its counts. `step` and `alias` are partitioned by the day on which steps arrived, so that a day is forgotten by
 * dropping it. `alias` is found by a hash of its value, since values may be longer than PostgreSQL's indexes take, and read only where the
 * value itself is right. Rows whose trail is gone mean nothing, and go with their day: numbers of trails are not given again.
 *
 * @throws Error when the schema is another program's, or a newer version made it.
 */
export async function openPostgresSchema(pool: Pool, { schema }: Pick<PostgresAddress, 'schema'>): Promise<void> {
  await inPostgresTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK])
    const version = await versionOf(client, schema)
    if (version === 'foreign') throw new Error(FOREIGN(schema))
    if (version > VERSION) throw new Error(NEWER)
    if (version === VERSION) return
    await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`)
    await client.query(`SET LOCAL search_path = "${schema}"`)
    for (const sql of MIGRATIONS.slice(version)) await client.query(sql)
    await client.query(
      "INSERT INTO meta (key, value) VALUES ('version', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      [String(VERSION)],
    )
  })
}

/** Advisory locks of a desk, by what they are for: "Wayb" and a number. */
export const SCHEMA_LOCK = '1465874786001'
export const PARTITION_LOCK = '1465874786002'
export const FORGETTING_LOCK = '1465874786003'

async function versionOf(client: PoolClient, schema: string): Promise<number | 'foreign'> {
  const values = [schema]
  const { rows: tables } = await client.query('SELECT tablename FROM pg_tables WHERE schemaname = $1', values)
  if (tables.length === 0) return 0
  if (!tables.some(({ tablename }) => tablename === 'meta')) return 'foreign'
  const { rows } = await client.query(
    "SELECT column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = 'meta' ORDER BY ordinal_position",
    values,
  )
  if (rows.map(({ column_name }) => column_name).join() !== 'key,value') return 'foreign'
  const { rows: found } = await client.query(`SELECT value FROM "${schema}".meta WHERE key = 'version'`)
  const version = Number(found[0]?.['value'])
  return Number.isInteger(version) && version > 0 ? version : 'foreign'
}

/** What leads from each version to the next. Never changed once released, only added to. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);
  CREATE TABLE trail (
    id bigserial PRIMARY KEY, ref text NOT NULL UNIQUE, seen_hour integer NOT NULL, first_day integer NOT NULL,
    steps integer NOT NULL DEFAULT 0, claims integer NOT NULL DEFAULT 0
  ) WITH (fillfactor = 80);
  CREATE INDEX trail_seen ON trail (seen_hour, id);
  CREATE SEQUENCE step_id;
  CREATE TABLE step (day integer NOT NULL, trail bigint NOT NULL, id bigint NOT NULL, step text NOT NULL) PARTITION BY RANGE (day);
  CREATE INDEX step_trail ON step (trail, id);
  CREATE TABLE alias (
    day integer NOT NULL, hash bigint NOT NULL, trail bigint NOT NULL, kind text NOT NULL, value text COLLATE "C" NOT NULL,
    PRIMARY KEY (hash, trail, kind, day)
  ) PARTITION BY RANGE (day);
  CREATE INDEX alias_person ON alias (value) WHERE kind = 'person';
  CREATE TABLE evicted (trail bigint NOT NULL REFERENCES trail ON DELETE CASCADE, span text NOT NULL, PRIMARY KEY (trail, span));
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

const NEWER =
  '[waybill] The desk database was made by a newer version, and opening it could damage it. Update @waybill/desk.'

const FOREIGN = (schema: string): string =>
  `[waybill] The schema ${schema} holds another program's tables, so it was left as it is. Give the desk a schema of its own: add ?schema=… to the database's address.`
