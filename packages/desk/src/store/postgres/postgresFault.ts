/** What PostgreSQL, or the way to it, does wrong, in words without the address, in which a password may be. Other errors stay as they are. */
export function postgresFault(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  const message = error instanceof Error ? error.message : ''
  if (code !== undefined) {
    const words = WORDS.find(({ codes }) => codes.test(code))?.words
    if (words) return new Error(`[waybill] ${words} (${code}).`, { cause: error })
  }
  if (/timeout|terminated|not queryable|Connection ended/i.test(message) && !message.startsWith('[waybill]'))
    return new Error(`[waybill] ${UNREACHABLE}.`, { cause: error })
  return error
}

const UNREACHABLE =
  'The desk’s PostgreSQL does not answer, so nothing is kept or found until it does. Check that it runs and can be reached from here'

/** By Node's codes of sockets and PostgreSQL's (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const WORDS: readonly { readonly codes: RegExp; readonly words: string }[] = [
  { codes: /^(?:E[A-Z]+|08...|57P0[1-5]|53300)$/, words: UNREACHABLE },
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
  { codes: /^53100$/, words: 'PostgreSQL’s disk is full, so nothing is kept until there is room' },
]
