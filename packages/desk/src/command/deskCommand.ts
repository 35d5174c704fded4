import { Command } from 'commander'
import type { RunningDesk } from '../startDesk.ts'
import { deskKeys } from './deskKeys.ts'
import type { DeskKeys } from './deskKeys.ts'
import { linesToPaste } from './linesToPaste.ts'
import { namespaceOption } from './namespaceOption.ts'
import { wholeNumber } from './wholeNumber.ts'

/** `waybill desk`: runs until it is interrupted. */
export function deskCommand(): Command {
  return new Command('desk')
    .description('start the desk, where support looks trails up')
    .option('-p, --port <number>', 'port; 0 takes a free one', wholeNumber(0, 65_535), 4100)
    .option('--host <address>', 'address to listen on; 0.0.0.0 for every network of this machine', '127.0.0.1')
    .option('-d, --database <file>', 'SQLite file, made when missing', 'waybill.db')
    .addOption(namespaceOption())
    .option('--keep-days <number>', 'days until a trail is forgotten', wholeNumber(1, 36_500), 30)
    .option('--origin <url...>', 'origins whose pages may send steps with a browser key (default: any)')
    .option('--trust-proxy <address...>', 'addresses or networks of your proxies, whose X-Forwarded-For is believed')
    .option('--identity-header <name>', 'header in which such a proxy says who signed in, such as X-Forwarded-Email')
    .addHelpText('after', ENVIRONMENT)
    .action(run)
}

const ENVIRONMENT = `
Environment (several keys are separated by commas). Keys that are absent are made up, printed, and kept for the next start
in a file beside the database, such as waybill.db.keys:
  WAYBILL_DESK_TOKEN   opens the look-up, for people and programs
  WAYBILL_INGEST_KEY   with which servers send steps; secret
  WAYBILL_BROWSER_KEY  with which browsers send steps; public

Example:
  $ WAYBILL_DESK_TOKEN=… waybill desk --port 4100 --database /var/lib/waybill/desk.db`

interface DeskCommandOptions {
  readonly port: number
  readonly host: string
  readonly database: string
  readonly namespace: string
  readonly keepDays: number
  readonly origin?: string[]
  readonly trustProxy?: string[]
  readonly identityHeader?: string
}

async function run(options: DeskCommandOptions): Promise<void> {
  // Only now, so that the other commands need not load a server.
  const { startDesk } = await import('../startDesk.ts')
  let desk: RunningDesk
  let keys: DeskKeys
  try {
    keys = deskKeys({ database: options.database })
    desk = await startDesk({
      port: options.port,
      host: options.host,
      databaseFile: options.database,
      namespace: options.namespace,
      keepDays: options.keepDays,
      browserOrigins: options.origin,
      trustedProxies: options.trustProxy,
      identityHeader: options.identityHeader,
      readToken: keys.token.value,
      ingestKeys: keysIn(keys.ingest.value),
      browserKeys: keysIn(keys.browser.value),
      log: (entry) => console.log(JSON.stringify(entry)),
    })
  } catch (error) {
    console.error(messageOf(error, options.database))
    process.exit(1)
  }
  console.log(`desk         ${desk.url}`)
  console.log(`database     ${options.database}`)
  const all = [keys.token, keys.ingest, keys.browser]
  for (const [index, label] of ['read token ', 'ingest key ', 'browser key'].entries())
    console.log(`${label}  ${all[index]?.isGiven ? 'from the environment' : all[index]?.value}`)
  if (!all.every(({ isGiven }) => isGiven)) {
    console.log(keep(keys))
    console.log()
    for (const line of linesToPaste({ url: desk.url, namespace: options.namespace, keys })) console.log(line)
    console.log()
  }
  console.log('ready')

  const stop = (): void => void desk.stop().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

/** Keeps what was made up, and says whether the keys will be the same at the next start. */
function keep(keys: DeskKeys): string {
  const { file } = keys
  if (file === undefined) return 'These keys last until the desk stops; set them in the environment to keep them.'
  try {
    keys.keep()
  } catch (error) {
    return `These keys last until the desk stops, for ${file} cannot be written (${String(error)}); set them in the environment to keep them.`
  }
  if (keys.isOpenToOthers())
    return `These keys are kept in ${file} for the next start. Other users of this machine may read it: chmod 600 ${file}`
  return `These keys are kept for the next start in ${file}, which only you may read.`
}

function keysIn(list: string): string[] {
  return list
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '')
}

function messageOf(error: unknown, database: string): string {
  if (!(error instanceof Error)) return String(error)
  const sqlite = 'code' in error && error.code === 'ERR_SQLITE_ERROR'
  if (!sqlite) return error.message
  return `[waybill] The database ${database} cannot be opened (${error.message}). Check that its folder exists, may be written to, and that the file is one of the desk's.`
}
