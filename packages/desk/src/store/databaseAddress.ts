/**
 * What a desk's database is, by its one address: `postgres://…` or `postgresql://…`, `clickhouse://…` (`clickhouses://…` with TLS), `:memory:`, else the path of a SQLite
 * file.
 *
 * @throws TypeError when it has the form of an address, and is none that a desk can use. The message never repeats it, because a password may be in it.
 */
export function databaseAddress(database: string): DatabaseAddress {
  const scheme = /^([a-z][a-z\d+.-]+):\/\//i.exec(database)?.[1]?.toLowerCase()
  if (scheme === undefined) return { engine: 'sqlite', file: database }
  const engine = ENGINES.get(scheme)
  if (!engine) throw new TypeError(NO_ENGINE(scheme))
  if (!URL.canParse(database)) throw new TypeError(NO_URL(scheme))
  return { engine, url: new URL(database) }
}

/** A database's address as it may be shown: without the password. */
export function shownAddress(database: string): string {
  const address = databaseAddress(database)
  if (address.engine === 'sqlite') return address.file
  const url = new URL(address.url)
  if (url.password) url.password = '…'
  for (const name of new Set(url.searchParams.keys()))
    if (/pass|secret|key|token/i.test(name)) url.searchParams.set(name, '…')
  return url.href.replaceAll(encodeURI('…'), '…')
}

export type DatabaseAddress =
  | { readonly engine: 'sqlite'; readonly file: string }
  | { readonly engine: 'postgres' | 'clickhouse'; readonly url: URL }

const ENGINES: ReadonlyMap<string, 'postgres' | 'clickhouse'> = new Map([
  ['postgres', 'postgres'],
  ['postgresql', 'postgres'],
  ['clickhouse', 'clickhouse'],
  ['clickhouses', 'clickhouse'],
])

const NO_ENGINE = (scheme: string): string =>
  `[waybill] A desk cannot keep its trails in ${scheme}://. Give it the path of a SQLite file, or the address of a PostgreSQL (postgres://user:password@host/database) or ClickHouse server (clickhouse://user:password@host:8123/database).`

const NO_URL = (scheme: string): string =>
  `[waybill] The address of the desk's database begins with ${scheme}:// and cannot be read. It is of the form ${scheme}://user:password@host/database; what is special in the password is written with %.`
