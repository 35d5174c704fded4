import { jsonIn } from '../jsonIn.ts'
import { readBytes } from './readAnswer.ts'
import { SpanFault } from './SpanFault.ts'

/**
 * Asks a ClickHouse server over HTTP and gives the rows. Every value goes as a bound parameter. A user of `readonly = 1` may set nothing: then the limits are those
 * of its own profile, and of the query itself.
 *
 * @throws SpanFault
 */
export function createClickHouseQuestion({ url, user, password }: ClickHouseServer) {
  let maySet = true

  async function send({ sql, parameters = {}, limits = {}, signal }: ClickHouseQuestion): Promise<Response> {
    const address = new URL(url)
    address.searchParams.set('default_format', 'JSONEachRow')
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(`param_${name}`, value)
    if (maySet) for (const [name, value] of Object.entries(limits)) address.searchParams.set(name, String(value))
    return await fetch(address, {
      method: 'POST',
      headers: { 'x-clickhouse-user': user, 'x-clickhouse-key': password, 'content-type': 'text/plain' },
      body: sql,
      signal,
      redirect: 'error',
    })
  }

  return async (question: ClickHouseQuestion): Promise<Row[]> => {
    for (;;) {
      const response = await send(question)
      const text = new TextDecoder().decode(await readBytes(response))
      const code = Number(response.headers.get('x-clickhouse-exception-code') ?? codeIn(text))
      if (response.ok && code === 0) return rowsIn(text)
      if (CANNOT_SET.has(code) && maySet) {
        maySet = false
        continue
      }
      throw new SpanFault(
        REASONS[code] ?? (code === 0 ? STATUSES[response.status] : undefined) ?? 'unreadable',
        code === 0 ? `It answered ${response.status}.` : `ClickHouse answered with its error ${code}.`,
      )
    }
  }
}

export type AskClickHouse = ReturnType<typeof createClickHouseQuestion>

export interface ClickHouseServer {
  /** Its HTTP interface, with the database as `?database=`. */
  readonly url: URL
  readonly user: string
  readonly password: string
}

export interface ClickHouseQuestion {
  readonly sql: string
  /** By the names in `{name:Type}`, in the form that ClickHouse reads. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** Settings such as `max_rows_to_read`. */
  readonly limits?: Readonly<Record<string, string | number>> | undefined
  readonly signal: AbortSignal
}

export type Row = Readonly<Record<string, unknown>>

/** ClickHouse's error codes (https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp). */
const CANNOT_SET: ReadonlySet<number> = new Set([
  115, // UNKNOWN_SETTING
  164, // READONLY
  452, // SETTING_CONSTRAINT_VIOLATION
])
const REASONS: Readonly<Record<number, SpanFault['reason']>> = {
  158: 'over-budget', // TOO_MANY_ROWS
  159: 'timed-out', // TIMEOUT_EXCEEDED
  164: 'refused', // READONLY
  192: 'refused', // UNKNOWN_USER
  193: 'refused', // WRONG_PASSWORD
  202: 'refused', // TOO_MANY_SIMULTANEOUS_QUERIES
  241: 'over-budget', // MEMORY_LIMIT_EXCEEDED
  307: 'over-budget', // TOO_MANY_BYTES
  396: 'over-budget', // TOO_MANY_ROWS_OR_BYTES
  497: 'refused', // ACCESS_DENIED
  516: 'refused', // AUTHENTICATION_FAILED
}

/** Of what stands before it, such as a proxy, which knows no codes. */
const STATUSES: Readonly<Record<number, SpanFault['reason']>> = {
  401: 'refused',
  403: 'refused',
  429: 'refused',
  500: 'unreachable',
  502: 'unreachable',
  503: 'unreachable',
  504: 'timed-out',
}

/** A server that had begun to answer can tell what went wrong only at the end of it. */
function codeIn(text: string): number {
  return Number(/(?:^|\n)(?:__exception__[^]*)?Code: (\d+)\. DB::Exception/.exec(text)?.[1] ?? 0)
}

function rowsIn(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const row = jsonIn(line)
      if (typeof row !== 'object' || row === null) throw new SpanFault('unreadable', 'ClickHouse answered no JSON.')
      return row as Row
    })
}
