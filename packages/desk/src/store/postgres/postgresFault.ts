import pg from 'pg'
import { DatabaseFault } from '../DatabaseFault.ts'

/** What PostgreSQL, or the way to it, does wrong, in words without the address, in which a password may be. Other errors stay as they are. */
export function postgresFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseFault || error.message.startsWith('[waybill]')) return error
  const code = 'code' in error ? String(error.code) : undefined
  const cause = withoutContents(error)
  const words = code !== undefined && WORDS.find(({ codes }) => codes.test(code))?.words
  if (words) return new DatabaseFault(`[waybill] ${words} (${code}).`, { cause })
  return LOST.test(error.message) ? new DatabaseFault(`[waybill] ${UNREACHABLE}.`, { cause }) : cause
}

/** What the client says of a connection, without a code. */
const LOST = /timeout|terminated|not queryable|Connection ended|SSL|after calling end/i

/** PostgreSQL may quote the row, or the value, that it could not take. */
function withoutContents(error: Error): Error {
  if (error instanceof pg.DatabaseError)
    Object.assign(error, { detail: undefined, where: undefined, internalQuery: undefined })
  return error
}

const UNREACHABLE =
  'The desk’s PostgreSQL does not answer, so nothing is kept or found until it does. Check that it runs and can be reached from here'

/** By Node's codes of sockets and PostgreSQL's (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const WORDS: readonly { readonly codes: RegExp; readonly words: string }[] = [
  {
    codes: /^(?:53300|57P05)$/,
    words:
      'PostgreSQL has no connection left for the desk, which takes up to 20. Raise max_connections, or run fewer desks on it',
  },
  { codes: /^(?:E[A-Z]+|08...|57P0[1-4])$/, words: UNREACHABLE },
  {
    codes: /^28...$/,
    words: 'PostgreSQL does not let the desk in. Check the user and the password in the address of its database',
  },
  {
    codes: /^3D000$/,
    words: 'PostgreSQL has no database of that name. Make it with CREATE DATABASE, or check the address',
  },
  {
    codes: /^42501$/,
    words:
      'The desk’s user may not do that in PostgreSQL. It must be able to make a schema in the database (GRANT CREATE ON DATABASE), or own the schema that is there',
  },
  {
    codes: /^25006$/,
    words: 'This PostgreSQL takes no writes; it may be a standby. Give the desk the address of the primary server',
  },
  { codes: /^53[12]00$/, words: 'PostgreSQL has no disk or no memory left, so nothing is kept until there is room' },
  {
    codes: /^(?:55P03|57014)$/,
    words: 'PostgreSQL took too long. Check what else holds the desk’s tables, or keeps the server busy',
  },
  {
    codes: /^(?:3F000|42P01)$/,
    words: 'The desk’s tables are gone from PostgreSQL. Put them back from a backup, or start the desk anew',
  },
]
