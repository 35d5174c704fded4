import { clickHouseSpans } from './clickHouseSpans.ts'
import type { SpanReader } from './SpanReader.ts'
import { tempoSpans } from './tempoSpans.ts'

/**
 * A reader of spans by its address: `clickhouse://user:password@host:8123/database/table`, where the database is `default` and the table `otel_traces` if
 * left out, or `tempo://host:3200`; `clickhouses://` and `tempos://` with TLS. `headers` are sent to Tempo with every question.
 *
 * @throws TypeError when it is none. The message never repeats it, because a password may be in it.
 */
export function spanReaderOf(address: string, { headers }: SpanReaderOptions = {}): SpanReader {
  const [, engine = '', secure = ''] = /^(clickhouse|tempo)(s?):\/\/[^/]/.exec(address) ?? []
  const http = `http${secure}${address.slice(engine.length + secure.length)}`
  if (engine === '' || !URL.canParse(http)) throw new TypeError(NO_ADDRESS)
  const url = new URL(http)
  const { username, password, origin } = url
  // Nothing that could be set there is read, and a secret in it would be shown.
  if (url.search || url.hash) throw new TypeError(NO_ADDRESS)
  if (engine === 'tempo')
    return tempoSpans({ url: new URL(origin + url.pathname), headers: { ...basic(url), ...headers } })
  const [database, table, ...more] = url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  if (more.length > 0) throw new TypeError(NO_ADDRESS)
  return clickHouseSpans({
    url: new URL(origin),
    user: decodeURIComponent(username) || 'default',
    password: decodeURIComponent(password),
    database,
    table,
  })
}

export interface SpanReaderOptions {
  /** Such as `X-Scope-OrgID` or `Authorization`. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Requests take no user in their address. */
function basic({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {}
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
}

const NO_ADDRESS =
  '[waybill] Spans can be read from ClickHouse (clickhouse://user:password@host:8123/database/otel_traces) or Tempo (tempo://host:3200); clickhouses:// and tempos:// with TLS.'
