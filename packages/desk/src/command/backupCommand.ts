import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { accessFileOf } from '../access/openAccessFile.ts'
import { backUp } from '../backup/backUp.ts'
import { databaseAddress } from '../store/databaseAddress.ts'
import { deskFile } from '../store/deskFile.ts'
import { postgresAddress } from '../store/postgres/postgresAddress.ts'
import { assertDesks } from '../store/sqlite/sqliteSchema.ts'
import { checkedDatabase, databaseOption } from './databaseOption.ts'
import { noteInLog } from './noteInLog.ts'

/** `waybill backup`: a consistent copy of a database, also while its desk runs. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('copy the desk’s database into a folder, also while the desk runs')
    .argument('<folder>', 'a folder for this backup alone; made when missing')
    .addOption(databaseOption())
    .addHelpText('after', EXAMPLES)
    .action(run)
}

const EXAMPLES = `
Copies the database and, where there is one, <database>.access with tokens and the access log, and checks both. Not in it are
<database>.secret, without which no trail is found by its customer, and <database>.keys: copy those once, and keep them elsewhere.

A PostgreSQL database is copied by its own pg_dump, and this prints the command for it.

To restore: stop the desk, move the database, its -wal and its -shm away, copy the backup and the secret to where they were, start the desk.

Example:
  $ waybill backup /backups/$(date +%F) --database /var/lib/waybill/desk.db`

async function run(folder: string, { database }: { readonly database: string }, command: Command): Promise<void> {
  const shown = checkedDatabase(database, command)
  const address = databaseAddress(database)
  if (address.engine !== 'sqlite')
    return fail(address.engine === 'postgres' ? BY_PG_DUMP(address.url, folder) : BY_ITSELF)
  try {
    assertDesks(address.file)
    for (const databaseFile of [address.file, accessFileOf(address.file)]) {
      if (existsSync(databaseFile))
        console.log(`${await backUp({ databaseFile, folder, onProgress: progressOf(databaseFile) })} is whole`)
    }
    await noteInLog({ database, accessDatabase: process.env['WAYBILL_ACCESS_DATABASE'] || undefined, event: 'backup' })
    console.log(
      `The hash secret is not in it. Keep a copy of ${deskFile(database, '.secret')}, or of WAYBILL_HASH_SECRET, in another place.`,
    )
  } catch (error) {
    fail(
      error instanceof Error && error.message.startsWith('[waybill]')
        ? error.message
        : `[waybill] The backup of ${shown} failed (${String(error)}). Check that the folder may be written to and has room, and make it again.`,
    )
  }
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 1
}

/** With the password in `PGPASSWORD` or `~/.pgpass`, and never in an argument. */
function BY_PG_DUMP(url: URL, folder: string): string {
  const { schema } = postgresAddress(url)
  const bare = new URL(url)
  bare.password = ''
  for (const name of ['password', 'schema']) bare.searchParams.delete(name)
  return `[waybill] PostgreSQL copies its databases itself, also while desks run; nothing was copied here. The password goes into PGPASSWORD or ~/.pgpass:
  pg_dump --format=custom --schema=${schema} --file='${folder}/waybill.dump' '${bare.href}'
and back, into a database without that schema and while no desk runs:
  pg_restore --exit-on-error --no-owner --dbname='${bare.href}' '${folder}/waybill.dump'
Without the hash secret no trail is found by its customer: keep a copy of waybill.secret, or of WAYBILL_HASH_SECRET, in another place, and of waybill.keys where the desk made up its keys.`
}

const BY_ITSELF =
  '[waybill] ClickHouse copies its databases itself, see BACKUP in its manual; nothing was copied here. Keep a copy of waybill.secret, or of WAYBILL_HASH_SECRET, in another place.'

/** For people at a terminal only. */
function progressOf(file: string): ((done: number) => void) | undefined {
  if (!process.stderr.isTTY) return undefined
  return (done) => void process.stderr.write(`\r${file} ${Math.floor(done * 100)} %${done === 1 ? '\n' : ''}`)
}
