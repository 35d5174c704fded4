/**
 * What a `clickhouse://` or `clickhouses://` address says: where ClickHouse answers over HTTP, who the desk is there, and in which database its tables are,
 * `default` where it says nothing. The port is 8123, or 8443 with TLS, unless there is another.
 *
 * @throws TypeError when the database has a name that needs quoting.
 */
export function clickHouseAddress(address: URL): ClickHouseAddress {
  const isSecure = address.protocol === 'clickhouses:'
  const database = decodeURIComponent(address.pathname.slice(1)) || 'default'
  if (!/^[a-z_]\w{0,62}$/i.test(database)) throw new TypeError(NO_NAME)
  return {
    url: `${isSecure ? 'https' : 'http'}://${address.hostname}:${address.port || (isSecure ? 8443 : 8123)}`,
    username: decodeURIComponent(address.username) || 'default',
    password: decodeURIComponent(address.password),
    database,
  }
}

export interface ClickHouseAddress {
  /** Without a user. */
  readonly url: string
  readonly username: string
  readonly password: string
  readonly database: string
}

const NO_NAME =
  '[waybill] The database in ClickHouse’s address must be a plain name: letters, digits and _, 63 at most, not beginning with a digit.'
