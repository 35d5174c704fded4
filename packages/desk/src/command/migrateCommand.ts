import { Command } from 'commander'
import { checkTarget } from '../migrate/checkTarget.ts'
import { migrate } from '../migrate/migrate.ts'
import type { Migrated } from '../migrate/migrate.ts'
import { openTrailSource } from '../migrate/openTrailSource.ts'
import type { OpenedTrailSource } from '../migrate/openTrailSource.ts'
import type { TrailCount } from '../migrate/TrailRecord.ts'
import { lockDatabase } from '../store/sqlite/lockDatabase.ts'
import { createProgress } from './createProgress.ts'
import { warnOfPassword, wellFormed } from './databaseOption.ts'
import { faultText } from './faultText.ts'
import { namespaceOption } from './namespaceOption.ts'
import { noteInLog } from './noteInLog.ts'

/** `waybill migrate`: moves trails, tokens, sign-ins and the access log from one database into another. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('move all that a desk keeps into another database: new SQLite files, or PostgreSQL')
    .argument('<from>', 'the desk’s SQLite file, also that of an older version; it is not changed')
    .argument('[to]', 'a new SQLite file, or postgres://… (default: WAYBILL_DATABASE)')
    .addOption(namespaceOption())
    .option('--dry-run', 'only count, and check what it would be moved into', false)
    .option('--verify', 'compare every trail at the end, and not only some', false)
    .option('-q, --quiet', 'print no progress', false)
    .addHelpText('after', EXAMPLES)
    .action(run)
}

const EXAMPLES = `
Stop the desk on <from> first: what it took in meanwhile would be missing. Killed at any time, the same command goes on where it ended; run
again after the end it adds what is new, and doubles nothing. Desks may run on a PostgreSQL <to> meanwhile.
Moved are trails, tokens, sign-ins and the access log, and beside a new SQLite file, or into waybill.secret and waybill.keys of this folder, the hash
secret and the keys that the desk made up: copy these two to where each desk on PostgreSQL is started, or set WAYBILL_HASH_SECRET.
At the end every trail is looked for, and some hundred, or with --verify all, are compared step by step.
A password in an argument can be read by every user of this machine: put the address into WAYBILL_DATABASE.

Exit codes: 0 moved and found; 1 not; 2 used wrongly.

Examples:
  $ waybill migrate waybill.db waybill-3.db --dry-run
  $ WAYBILL_DATABASE=postgres://desk:…@db.example/waybill waybill migrate waybill.db --verify`

interface MigrateOptions {
  readonly namespace: string
  readonly dryRun: boolean
  readonly verify: boolean
  readonly quiet: boolean
}

async function run(from: string, given: string | undefined, options: MigrateOptions, command: Command): Promise<void> {
  const to = given ?? process.env['WAYBILL_DATABASE']
  if (!to) return command.error('error: say where to: a second argument, or WAYBILL_DATABASE')
  const shown = wellFormed(to, command)
  if (given !== undefined) warnOfPassword(given, 'an argument')
  try {
    const faults: string[] = []
    const opened = openTrailSource({
      database: from,
      hashSecret: process.env['WAYBILL_HASH_SECRET'] || undefined,
      onDamage: (file) => faults.push(DAMAGED(file)),
    })
    const unlock = options.dryRun ? () => {} : lockSource(opened.file)
    try {
      faults.push(...(await move({ ...options, ...opened, to, shown })))
    } finally {
      await opened.source.close()
      unlock()
    }
    for (const fault of faults) console.error(fault)
    if (faults.length > 0) process.exitCode = 1
  } catch (error) {
    console.error(faultText(error, from))
    process.exitCode = error instanceof TypeError ? 2 : 1
  }
}

interface Move extends MigrateOptions, OpenedTrailSource {
  readonly to: string
  readonly shown: string
}

/** Gives what went wrong, in sentences. */
async function move({ to, shown, dryRun, verify, quiet, kind, ...from }: Move): Promise<string[]> {
  const { file, source } = from
  const all = await source.count()
  const state = await checkTarget({ database: to, source: file, secret: source.secret })
  console.log(`from    ${file}: ${countText(all)}, in ${kind}`)
  console.log(`to      ${shown}: ${state === 'new' ? 'new' : 'there, with the same hash secret'}`)
  if (dryRun) {
    console.log('nothing was written; stop the desk on the first before you move it')
    return []
  }
  const progress = createProgress({ all, quiet })
  const compare = verify ? 'all' : 'some'
  const migrated = await migrate({ ...from, to, compare, onProgress: progress.show }).finally(progress.end)
  await noteInLog({ database: to, event: 'migrate', trails: migrated.verified.trails })
  print(migrated)
  const { faulty } = migrated.verified
  return faulty.length > 0 ? [FAULTY(faulty)] : []
}

function print({ moved, access, verified, written }: Migrated): void {
  console.log(`moved   ${countText(moved)}`)
  if (access) {
    const { tokens, signIns, lines } = access
    console.log(`access  ${count(tokens, 'token')}, ${count(signIns, 'sign-in')}, ${count(lines, 'line')} of the log`)
  }
  for (const file of written) console.log(`wrote   ${file}`)
  console.log(
    `looked  for ${count(verified.trails, 'trail')}, compared ${verified.compared}: ${verified.faulty.length === 0 ? 'all there' : `${verified.faulty.length} not as they were`}`,
  )
}

/** The desk's own lock, so that none starts meanwhile. Where no lock can be written no desk can run. */
function lockSource(file: string): () => void {
  try {
    return lockDatabase(file)
  } catch (error) {
    const reason: unknown = error instanceof Error ? (error.cause ?? error) : error
    const { code, errcode } = Object(reason) as { readonly code?: unknown; readonly errcode?: unknown }
    if (errcode === SQLITE_BUSY) throw new Error(DESK_RUNS(file), { cause: error })
    if (code === 'EACCES' || code === 'EROFS') return () => {}
    throw error
  }
}

const SQLITE_BUSY = 5

function countText({ trails, steps }: TrailCount): string {
  return `${count(trails, 'trail')}, ${count(steps, 'step')}`
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`
}

const DESK_RUNS = (file: string): string =>
  `[waybill] A desk, or another migration, runs on ${file}, and what comes in meanwhile would be missing. Stop it first; senders keep what they cannot deliver and send it again.`

const DAMAGED = (file: string): string =>
  `[waybill] ${file} cannot be read, so its trails were not moved. Put it back from a backup and run this again.`

const FAULTY = (references: readonly string[]): string =>
  `[waybill] ${references.length} are missing or not as they were: ${references.slice(0, 10).join(', ')}${references.length > 10 ? ', …' : ''}. If no desk on the target forgot or erased them meanwhile, run this again. The source is as it was.`
