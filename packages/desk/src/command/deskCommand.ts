import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { createLog, LOG_FORMATS, LOG_LEVELS } from '../operate/createLog.ts'
import type { Log } from '../operate/createLog.ts'
import { spanReaderOf } from '../spans/spanReaderOf.ts'
import type { RunningDesk } from '../startDesk.ts'
import { databaseAddress, shownAddress } from '../store/databaseAddress.ts'
import { warnOfPassword } from './databaseOption.ts'
import { readDeskConfig, shownConfig, traceLinkOf } from './deskConfig.ts'
import type { DeskConfig } from './deskConfig.ts'
import { deskKeys } from './deskKeys.ts'
import type { DeskKeys } from './deskKeys.ts'
import { faultText } from './faultText.ts'
import { linesToPaste } from './linesToPaste.ts'

/** `waybill desk`: runs until it is told to stop. */
export function deskCommand(): Command {
  // No defaults here: what is not given as an option may be in the environment or the file.
  return new Command('desk')
    .description('start the desk, where support looks trails up')
    .option('-p, --port <number>', 'port; 0 takes a free one (default: 4100)')
    .option('--host <address>', 'address to listen on; 0.0.0.0 for every network of this machine (default: 127.0.0.1)')
    .option('-d, --database <address>', 'SQLite file, made when missing, or postgres://… (default: waybill.db)')
    .option('--access-database <address>', 'where tokens and the access log are, if not with the database')
    .option('-n, --namespace <name>', 'the namespace your services use')
    .option('--keep-days <number>', 'days until a trail is forgotten (default: 30)')
    .option('--quota <size>', 'most that the database may take, such as 10GB (default: no limit)')
    .option('--origin <url...>', 'origins whose pages may send steps with a browser key (default: any)')
    .option('--trust-proxy <address...>', 'your proxies, whose X-Forwarded-For is believed, such as 10.0.0.0/8')
    .option('--identity-header <name>', 'the header in which those proxies say who signed in')
    .option('--identity-scope <scope...>', 'what those may do: read, and link to handle trails, too (default: read)')
    .option('--forward <url>', 'a collector that gets everything that comes in, too, by OTLP/HTTP')
    .option('--spans <address...>', 'where spans are kept already: clickhouse://… or tempo://… (see SPANS.md)')
    .option(
      '--trace-link <name=url...>',
      'other tools that show a trail: Jaeger=https://jaeger.example/trace/{traceId}',
    )
    .option('--grace <time>', 'how long requests under way may go on at the end (default: 10s)')
    .addOption(new Option('--log-level <level>', `${LOG_LEVELS.join(', ')} (default: info)`))
    .addOption(new Option('--log-format <format>', `${LOG_FORMATS.join(' or ')} (default: text at a terminal)`))
    .option('-c, --config <file>', 'JSON file with any of these')
    .option('--check-config', 'print the resulting configuration, without secrets, and end')
    .addHelpText('after', ENVIRONMENT)
    .action(run)
}

const ENVIRONMENT = `
Environment (several keys are separated by commas). Keys that are absent are made up, printed, and kept for the next start
in a file beside a SQLite database, such as waybill.db.keys, else in waybill.keys of this folder:
  WAYBILL_DESK_TOKEN   opens the look-up, for people and programs
  WAYBILL_INGEST_KEY   with which servers send steps; secret
  WAYBILL_BROWSER_KEY  with which browsers send steps; public
  WAYBILL_HASH_SECRET  keys the hashes of customers' ids: 32 bytes in base64 (default: in a file such
                       as waybill.db.secret, or waybill.secret of this folder)

Several desks on one PostgreSQL (postgres://user:password@host/database) all need the same four. Every user of this machine can read the password of an
address in an option while the desk runs: put it into WAYBILL_DATABASE, or into the file.

Every option can also stand in the environment or in the file; an option wins over the environment, and that over the file:
  WAYBILL_PORT, _HOST, _DATABASE, _ACCESS_DATABASE, _NAMESPACE, _KEEP_DAYS, _QUOTA, _ORIGINS, _TRUSTED_PROXIES, _IDENTITY_HEADER, _IDENTITY_SCOPES,
  _FORWARD_URL, _FORWARD_HEADERS (name=value,name=value), _SPANS, _SPANS_HEADERS (for Tempo), _TRACE_LINKS, _GRACE, _LOG_LEVEL, _LOG_FORMAT, and WAYBILL_CONFIG for the file
  { "port": 4100, "keepDays": 30, "quota": "10GB", "origins": ["https://shop.example"], "trustedProxies": ["10.0.0.0/8"] }

Who looks after what, and where numbers are shown, stand in the file (or as JSON in WAYBILL_OWNERS, _FACT_LINKS); the first owner that fits counts:
  { "owners": [{ "service": "refund-worker", "name": "Payments team", "contact": "#payments in Slack", "url": "https://wiki.example/payments" }],
    "factLinks": { "order": "https://admin.shop.example/orders/{value}" } }

With --log-format json nothing but JSON is printed, and no key. SIGTERM lets requests under way finish; a second one does not.
Exit codes: 0 stopped; 1 it could not start, or was stopped twice; 2 the configuration is wrong.

Examples:
  $ WAYBILL_DESK_TOKEN=… waybill desk --port 4100 --database /var/lib/waybill/desk.db
  $ WAYBILL_DATABASE=postgres://desk:…@db.example/waybill waybill desk
  $ waybill desk --config desk.json --check-config`

interface DeskCommandOptions {
  readonly config?: string
  readonly checkConfig?: boolean
  readonly origin?: readonly string[]
  readonly trustProxy?: readonly string[]
  readonly traceLink?: readonly string[]
  readonly identityScope?: readonly string[]
  readonly forward?: string
  readonly [option: string]: unknown
}

async function run(options: DeskCommandOptions): Promise<void> {
  const { config: file, checkConfig, origin, trustProxy, traceLink, identityScope, forward, ...rest } = options
  const read = readDeskConfig({
    flags: {
      ...rest,
      origins: origin,
      trustedProxies: trustProxy,
      traceLinks: traceLink,
      identityScopes: identityScope,
      forwardUrl: forward,
    },
    environment: process.env,
    file: file ?? (process.env['WAYBILL_CONFIG'] || undefined),
  })
  if (!read.ok) {
    console.error('[waybill] The desk cannot start with this configuration:')
    for (const fault of read.faults) console.error(`  ${fault}`)
    console.error('(see waybill desk --help)')
    process.exitCode = 2
    return
  }
  for (const [name, as] of [
    ['database', '--database'],
    ['accessDatabase', '--access-database'],
  ] as const) {
    const given = rest[name]
    if (typeof given === 'string') warnOfPassword(given, as)
  }
  if (checkConfig) return await check(read.config)
  await start(read.config)
}

/** What only shows when the parts of a desk look at their options shows here, too. */
async function check(config: DeskConfig): Promise<void> {
  const { checkDeskOptions } = await import('../createDesk.ts')
  try {
    checkDeskOptions(optionsOf(config, deskKeys({ database: config.database })))
    console.log(JSON.stringify(shownConfig(config), null, 2))
    for (const line of await probedSpans(config)) console.error(line)
  } catch (error) {
    console.error(faultText(error, shownAddress(config.database)))
    process.exitCode = 2
  }
}

/** Whether what spans are to be read from can be read, a line each. The desk starts either way. */
async function probedSpans({ spans = [], spansHeaders: headers }: DeskConfig): Promise<string[]> {
  const readers = spans.map((address) => spanReaderOf(address, { headers }))
  const probed = await Promise.all(readers.map((reader) => reader.probe(AbortSignal.timeout(PROBE_MS))))
  return probed.map((each, index) =>
    each.ok
      ? `spans are read from ${each.found}`
      : `[waybill] Spans cannot be read from ${readers[index]?.where}: ${each.detail}`,
  )
}

const PROBE_MS = 5000

async function start(config: DeskConfig): Promise<void> {
  const format = config.logFormat ?? (process.stdout.isTTY ? 'text' : 'json')
  const log = createLog({ format, level: config.logLevel })
  // Only now, so that the other commands need not load a server.
  const { startDesk } = await import('../startDesk.ts')
  let desk: RunningDesk
  let keys: DeskKeys
  try {
    checkFolder(config.database)
    keys = deskKeys({ database: config.database })
    desk = await startDesk({ ...optionsOf(config, keys), log: log.access, warn: log.warn, onError: log.error })
  } catch (error) {
    console.error(faultText(error, shownAddress(config.database)))
    process.exit(error instanceof TypeError ? 2 : 1)
  }
  const kept = [keys.token, keys.ingest, keys.browser].every(({ isGiven }) => isGiven) ? null : keep(keys)
  if (config.logFormat === 'json') {
    if (kept) log.warn(kept)
    log.info('ready', { url: desk.url, database: shownAddress(config.database) })
  } else {
    printStart({ desk, config, keys, kept })
  }
  stopOnSignal(desk, log)
}

function optionsOf(config: DeskConfig, keys: DeskKeys) {
  const {
    port,
    host,
    database,
    accessDatabase,
    namespace,
    keepDays,
    origins,
    trustedProxies,
    identityHeader,
    identityScopes,
    quota,
    grace,
  } = config
  const { forwardUrl, forwardHeaders, spans, spansHeaders: headers } = config
  return {
    port,
    host,
    database,
    accessDatabase,
    namespace,
    keepDays,
    browserOrigins: origins,
    trustedProxies,
    identityHeader,
    identityScopes,
    quotaBytes: quota,
    forward:
      forwardUrl === undefined ? undefined : { url: forwardUrl, ...(forwardHeaders && { headers: forwardHeaders }) },
    spans: spans?.map((address) => spanReaderOf(address, { headers })),
    traceLinks: config.traceLinks?.map(traceLinkOf),
    owners: config.owners,
    factLinks: config.factLinks,
    graceMs: grace,
    hashSecret: process.env['WAYBILL_HASH_SECRET'] || undefined,
    readToken: keys.token.value,
    ingestKeys: keysIn(keys.ingest.value),
    browserKeys: keysIn(keys.browser.value),
  }
}

/** The first signal lets what is under way finish, the second does not wait. */
function stopOnSignal(desk: RunningDesk, log: Log): void {
  let isStopping = false
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      log.flush()
      process.exit(1)
    }
    isStopping = true
    log.info('stopping', { signal })
    void desk.stop().then(
      () => {
        log.flush()
        process.exit(0)
      },
      (error: unknown) => {
        log.error(error)
        log.flush()
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

interface PrintOptions {
  readonly desk: RunningDesk
  readonly config: DeskConfig
  readonly keys: DeskKeys
  readonly kept: string | null
}

/** For whoever starts a desk by hand. */
function printStart({ desk, config, keys, kept }: PrintOptions): void {
  console.log(`desk         ${desk.url}`)
  console.log(`database     ${shownAddress(config.database)}`)
  const { token, ingest, browser } = keys
  for (const [label, key] of [
    ['read token ', token],
    ['ingest key ', ingest],
    ['browser key', browser],
  ] as const)
    console.log(`${label}  ${key.isGiven ? 'from the environment' : key.value}`)
  if (kept) {
    console.log(kept)
    console.log()
    for (const line of linesToPaste({ url: desk.url, namespace: config.namespace, keys })) console.log(line)
    console.log()
  }
  console.log('ready')
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

/** @throws Error when the database cannot be there, before anything is made. */
function checkFolder(database: string): void {
  const address = databaseAddress(database)
  if (address.engine !== 'sqlite' || address.file === ':memory:') return
  const folder = dirname(resolve(address.file))
  if (existsSync(folder)) return
  throw new Error(
    `[waybill] There is no folder ${folder}, so the database cannot be made there. Make it, or name another file with --database.`,
  )
}
