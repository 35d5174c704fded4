import { ClickHouseError } from '@clickhouse/client'
import { DatabaseFault } from '../DatabaseFault.ts'

/** What ClickHouse, or the way to it, does wrong, in words without the address, in which a password may be, and without what was written or asked. */
export function clickHouseFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseFault || error.message.startsWith('[waybill]')) return error
  // Its text may quote a row that it could not read.
  if (error instanceof ClickHouseError) return new DatabaseFault(`[waybill] ${wordsOf(error.code)} (${error.code}).`)
  const code = 'code' in error ? String(error.code) : undefined
  return new DatabaseFault(`[waybill] ${UNREACHABLE}${code === undefined ? '' : ` (${code})`}.`)
}

function wordsOf(code: string): string {
  return WORDS.find(({ codes }) => codes.includes(code))?.words ?? REFUSED
}

const UNREACHABLE =
  'The desk’s ClickHouse does not answer as it should, so nothing is kept or found until it does. Check that it runs and can be reached from here'

const REFUSED = 'The desk’s ClickHouse refused what it was asked. Look the number up in its log, or in system.errors'

/** By the codes in ClickHouse's src/Common/ErrorCodes.cpp. */
const WORDS: readonly { readonly codes: readonly string[]; readonly words: string }[] = [
  {
    codes: ['192', '193', '194', '516'],
    words: 'ClickHouse does not let the desk in. Check the user and the password in the address of its database',
  },
  {
    codes: ['164', '497'],
    words:
      'The desk’s user may not do that in ClickHouse. It must be able to make, read, change and drop tables in its database (GRANT ALL ON database.*), and not be read-only',
  },
  {
    codes: ['81'],
    words: 'ClickHouse has no database of that name. Make it with CREATE DATABASE, or check the address',
  },
  {
    codes: ['60', '47', '16', '36'],
    words:
      'The desk’s tables in ClickHouse are not as it made them. Put them back from a backup, or give the desk a database of its own',
  },
  {
    codes: ['243'],
    words: 'ClickHouse’s disk is full, so nothing is kept until there is room',
  },
  {
    codes: ['159', '160', '202', '209', '241', '242', '252', '439'],
    words:
      'The desk’s ClickHouse is too busy at the moment. If it stays so, look at its load, its memory and its merges',
  },
]
