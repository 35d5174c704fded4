import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { createSqliteStore } from '../store/sqlite/sqliteStore.ts'
import { namespaceOption } from './namespaceOption.ts'
import { wholeNumber } from './wholeNumber.ts'

/** `waybill prune`: forgets what is old, as the desk does every hour; the way to tell it that the clock is right. */
export function pruneCommand(): Command {
  return new Command('prune')
    .description('forget trails that are older than the desk keeps them, also while the desk runs')
    .option('-d, --database <file>', 'the desk’s SQLite file', 'waybill.db')
    .addOption(namespaceOption())
    .option('--keep-days <number>', 'days until a trail is forgotten', wholeNumber(1, 36_500), 30)
    .option('--force', 'all that is due at once, because this machine’s clock is right', false)
    .addHelpText('after', EXAMPLES)
    .action(run)
}

const EXAMPLES = `
The desk forgets a day's share an hour at most, and nothing where the clock is more than 8 days ahead of when it last ran. After a
longer pause it needs to be told once that the clock is right.

Example:
  $ date && waybill prune --database /var/lib/waybill/desk.db --force`

interface PruneCommandOptions {
  readonly database: string
  readonly namespace: string
  readonly keepDays: number
  readonly force: boolean
}

async function run({ database: file, namespace, keepDays, force }: PruneCommandOptions): Promise<void> {
  if (!existsSync(file)) return fail(`[waybill] There is no ${file}. Say where the desk's database is with --database.`)
  try {
    const hashSecret = process.env['WAYBILL_HASH_SECRET'] || undefined
    const store = createSqliteStore({ databaseFile: file, hashSecret, namespace })
    const { state, forgotten, due, ...more } = await store.retain({ keepDays, force }).finally(() => store.stop())
    console.log(`${forgotten} forgotten, ${due} left that are older than ${keepDays} days`)
    if (state === 'refused') {
      fail(
        `[waybill] The clock is ${'daysAhead' in more ? more.daysAhead : 'many'} days ahead of when the desk last ran, and may be wrong, so nothing was forgotten. If it is right, add --force.`,
      )
    }
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error))
  }
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 1
}
