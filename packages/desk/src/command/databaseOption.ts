import { existsSync } from 'node:fs'
import { Option } from 'commander'
import type { Command } from 'commander'
import { databaseAddress, shownAddress } from '../store/databaseAddress.ts'

/** The option of the commands that work on a desk's database themselves. */
export function databaseOption(): Option {
  return new Option('-d, --database <address>', 'the desk’s SQLite file, or postgres://…')
    .env('WAYBILL_DATABASE')
    .default('waybill.db')
}

/** Where tokens and the access log are, if not with the database. */
export function accessDatabaseOption(): Option {
  return new Option('--access-database <address>', 'where tokens and the access log are, if not there').env(
    'WAYBILL_ACCESS_DATABASE',
  )
}

/**
 * A database that a command was given, as it may be shown. Where there is none, the command ends as one that was used wrongly; of a password that others can see it warns.
 */
export function checkedDatabase(database: string, command: Command): string {
  const shown = wellFormed(database, command)
  for (const [name, as] of [
    ['database', '--database'],
    ['accessDatabase', '--access-database'],
  ] as const) {
    if (command.getOptionValueSource(name) === 'cli') warnOfPassword(String(command.getOptionValue(name)), as)
  }
  const address = databaseAddress(database)
  if (address.engine === 'sqlite' && !existsSync(address.file))
    command.error(
      `[waybill] There is no desk database at ${shown}. Say where it is with --database, or WAYBILL_DATABASE.`,
    )
  return shown
}

/** An address as it may be shown; where it is none the command ends. */
export function wellFormed(database: string, command: Command): string {
  try {
    return shownAddress(database)
  } catch (error) {
    return command.error(error instanceof Error ? error.message : String(error))
  }
}

/** Whoever lists processes sees what they were started with. */
export function warnOfPassword(database: string, as: string): void {
  if (hasPassword(database))
    console.error(
      `[waybill] Every user of this machine can read the password in ${as} while this runs, in the list of processes. Put the address into ${as === '--access-database' ? 'WAYBILL_ACCESS_DATABASE' : 'WAYBILL_DATABASE'} instead.`,
    )
}

function hasPassword(database: string): boolean {
  return databaseAddress(database).engine !== 'sqlite' && shownAddress(database).includes('…')
}
