import { Command } from 'commander'
import { openStore } from '../store/openStore.ts'
import { accessDatabaseOption, checkedDatabase, databaseOption } from './databaseOption.ts'
import { faultText } from './faultText.ts'
import { namespaceOption } from './namespaceOption.ts'
import { noteInLog } from './noteInLog.ts'
import { wholeNumber } from './wholeNumber.ts'

/** `waybill prune`: forgets what is old, as the desk does every hour; the way to tell it that the clock is right. */
export function pruneCommand(): Command {
  return new Command('prune')
    .description('forget trails that are older than the desk keeps them, also while the desk runs')
    .addOption(databaseOption())
    .addOption(accessDatabaseOption())
    .addOption(namespaceOption())
    .option('--keep-days <number>', 'days until a trail is forgotten', wholeNumber(1, 36_500), 30)
    .option('--force', 'all that is due at once, because this machine’s clock is right', false)
    .addHelpText('after', EXAMPLES)
    .action(run)
}

const EXAMPLES = `
The desk forgets a day's share an hour at most, and nothing where the clock is more than 8 days ahead of when it last ran. After a
longer pause it needs to be told once that the clock is right.

Examples:
  $ date && waybill prune --database /var/lib/waybill/desk.db --force
  $ date && WAYBILL_DATABASE=postgres://desk:…@db.example/waybill waybill prune --force`

interface PruneCommandOptions {
  readonly database: string
  readonly accessDatabase?: string
  readonly namespace: string
  readonly keepDays: number
  readonly force: boolean
}

async function run(options: PruneCommandOptions, command: Command): Promise<void> {
  const { database, accessDatabase, namespace, keepDays, force } = options
  const shown = checkedDatabase(database, command)
  try {
    const store = await openStore({ database, hashSecret: process.env['WAYBILL_HASH_SECRET'] || undefined, namespace })
    const retained = await store.retain({ keepDays, force }).finally(() => store.stop())
    const { forgotten, due } = retained
    console.log(`${forgotten} forgotten, ${due} left that are older than ${keepDays} days`)
    if (retained.state !== 'refused')
      return await noteInLog({ database, accessDatabase, event: 'prune', trails: forgotten })
    fail(
      `[waybill] The clock is ${retained.daysAhead} days ahead of when the desk last ran, and may be wrong, so nothing was forgotten. If it is right, add --force.`,
    )
  } catch (error) {
    fail(faultText(error, shown))
  }
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 1
}
