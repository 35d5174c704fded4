import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { accessFileOf } from '../access/openAccessFile.ts'
import { backUp } from '../backup/backUp.ts'
import { fileBeside } from '../store/fileBeside.ts'
import { assertDesks } from '../store/sqlite/sqliteSchema.ts'

/** `waybill backup`: a consistent copy of a database, also while its desk runs. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('copy the desk’s database into a folder, also while the desk runs')
    .argument('<folder>', 'a folder for this backup alone; made when missing')
    .option('-d, --database <file>', 'the desk’s SQLite file', 'waybill.db')
    .addHelpText('after', EXAMPLES)
    .action(run)
}

const EXAMPLES = `
Copies the database and, where there is one, <database>.access with tokens and the access log, and checks both. Not in it are
<database>.secret, without which no trail is found by its customer, and <database>.keys: copy those once, and keep them elsewhere.

To restore: stop the desk, move the database, its -wal and its -shm away, copy the backup and the secret to where they were, start the desk.

Example:
  $ waybill backup /backups/$(date +%F) --database /var/lib/waybill/desk.db`

async function run(folder: string, { database }: { readonly database: string }): Promise<void> {
  try {
    if (!existsSync(database))
      throw new Error(`[waybill] There is no ${database}. Say where the desk's database is with --database.`)
    assertDesks(database)
    for (const databaseFile of [database, accessFileOf(database)]) {
      if (existsSync(databaseFile))
        console.log(`${await backUp({ databaseFile, folder, onProgress: progressOf(databaseFile) })} is whole`)
    }
    console.log(
      `The hash secret is not in it. Keep a copy of ${fileBeside(database, '.secret')}, or of WAYBILL_HASH_SECRET, in another place.`,
    )
  } catch (error) {
    console.error(
      error instanceof Error && error.message.startsWith('[waybill]')
        ? error.message
        : `[waybill] The backup failed (${String(error)}). Check that the folder may be written to and has room, and make it again.`,
    )
    process.exitCode = 1
  }
}

/** For people at a terminal only. */
function progressOf(file: string): ((done: number) => void) | undefined {
  if (!process.stderr.isTTY) return undefined
  return (done) => void process.stderr.write(`\r${file} ${Math.floor(done * 100)} %${done === 1 ? '\n' : ''}`)
}
