import type { ReferenceLength } from '@waybill/reference'
import { Hono } from 'hono'
import { createAccess } from './access/createAccess.ts'
import type { AccessLogLine } from './access/createAccess.ts'
import { createProxyTrust } from './access/createProxyTrust.ts'
import type { ProxyTrustOptions } from './access/createProxyTrust.ts'
import type { Tokens } from './access/createTokens.ts'
import { environmentTokens } from './access/environmentTokens.ts'
import type { EnvironmentKeys } from './access/environmentTokens.ts'
import { accessFileOf } from './access/openAccessFile.ts'
import { sqliteAccessStore } from './access/sqliteAccessStore.ts'
import { createForwarder } from './forward/createForwarder.ts'
import { forwardTarget } from './forward/forwardTarget.ts'
import type { ForwardOptions } from './forward/forwardTarget.ts'
import { intakeRoutes } from './intake/intakeRoutes.ts'
import type { Dropped } from './intake/intakeRoutes.ts'
import { linkRoutes } from './links/linkRoutes.ts'
import { lookUpRoutes } from './lookup/lookUpRoutes.ts'
import { mcpRoutes } from './mcp/mcpRoutes.ts'
import { problem } from './problem.ts'
import { secureAnswers } from './secureAnswers.ts'
import { servePage } from './servePage.ts'
import type { StoreLimits } from './store/Store.ts'
import { openDeskStore } from './writer/openDeskStore.ts'

/**
 * The desk as a fetch handler: OTLP intake, look-up API and page over one store. Listens nowhere by itself; `startDesk`
 * does. A database file belongs to one desk at a time, and is written by a thread of its own.
 *
 * @throws TypeError when a key is weak or used twice, or an origin, a proxy's or a collector's address is none; Error when a database cannot be opened, or another desk has it.
 */
export function createDesk(options: DeskOptions): Desk {
  const { databaseFile, namespace, lengths, browserOrigins, limits = {} } = options
  const { keepDays = 30, log = () => {}, onError = console.error, now = Date.now } = options
  const { onDropped = ({ notice }) => notice !== null && console.info(notice) } = options
  const environment = environmentTokens(options)
  const callerOf = createProxyTrust(options)
  const target = options.forward && forwardTarget(options.forward)
  const identity = { namespace, lengths }
  const { store, takeBody } = openDeskStore({ databaseFile, identity, now, onError, ...limits })
  const forwarder = target && createForwarder({ target, secret: store.secret, onError })
  const access = createAccess({
    environment,
    browserOrigins,
    store: sqliteAccessStore({ file: accessFileOf(databaseFile), keepLogDays: options.keepLogDays }),
    callerOf,
    limits: {
      lookUpsPerMinute: limits.lookUpsPerMinute ?? 120,
      browserRequestsPerMinute: limits.browserRequestsPerMinute ?? 300,
      serverRequestsPerMinute: limits.serverRequestsPerMinute ?? 60_000,
    },
    log,
    onError,
    now,
    clock: options.clock ?? (() => performance.now()),
  })
  const shared = { store, access, identity, onError, now }

  const app = new Hono()
  app.use(secureAnswers())
  const inFlightBytes = limits.inFlightBytes ?? 64 * 1024 * 1024
  app.route('/', intakeRoutes({ ...shared, takeBody, forward: forwarder?.hold, inFlightBytes, onDropped }))
  app.route('/', linkRoutes(shared))
  const reading = { ...shared, keepDays, mostMatches: limits.matches ?? 20 }
  app.route('/', lookUpRoutes(reading))
  app.route('/', mcpRoutes(reading))
  app.route('/', access.routes)
  app.route('/', servePage({ folder: options.pageFolder }))
  app.notFound(() => problem({ status: 404, title: 'There is nothing at this address.' }))

  const prune = (): void => void store.prune(now() - keepDays * DAY_MS).catch(onError)
  prune()
  const timer = setInterval(prune, HOUR_MS)
  timer.unref()

  return {
    fetch: async (request, env) => app.fetch(request, env),
    tokens: access.tokens,
    async stop() {
      clearInterval(timer)
      await access.stop()
      await Promise.all([store.stop(), forwarder?.stop()])
    },
  }
}

export interface Desk {
  /** Answers one request. `env` is what `@hono/node-server` gives; it holds the client's address. */
  readonly fetch: (request: Request, env?: object) => Promise<Response>
  /** Makes and revokes tokens, as `waybill token` does. */
  readonly tokens: Tokens
  /** Writes what is waiting and closes the store. */
  readonly stop: () => Promise<void>
}

export interface DeskOptions extends EnvironmentKeys, ProxyTrustOptions {
  /** Path of the SQLite file, made when missing, or `:memory:`. */
  readonly databaseFile: string
  /** Equal on all sides; see `traceIdOf`. @default '' */
  readonly namespace?: string | undefined
  /** Lengths of references in use. @default all */
  readonly lengths?: readonly ReferenceLength[] | undefined
  /** Trails are forgotten that many days after their last step. @default 30 */
  readonly keepDays?: number | undefined
  /** Lines of the access log are forgotten after that many days. @default 365 */
  readonly keepLogDays?: number | undefined
  /** A collector to which everything that is taken in goes on, so that other tools hold the traces, too. @default none */
  readonly forward?: ForwardOptions | undefined
  readonly limits?: DeskLimits | undefined
  /** Where the built page lies. @default the package's own */
  readonly pageFolder?: URL | undefined
  /** Hears every line of the access log, once it is written. @default nobody */
  readonly log?: ((line: AccessLogLine) => void) | undefined
  /** Hears of what was answered with success and not kept: metrics, and log records that are for no trail. @default its notices go to the console */
  readonly onDropped?: ((dropped: Dropped) => unknown) | undefined
  /** Hears of the desk's own faults. @default console.error */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Milliseconds that only ever grow, by which limits count, so that none depends on the wall clock. @default performance.now */
  readonly clock?: (() => number) | undefined
}

export interface DeskLimits extends StoreLimits {
  /** Matches of one look-up. @default 20 */
  readonly matches?: number | undefined
  /** Look-ups of one named token or person, or of one address with the environment's read token. @default 120 */
  readonly lookUpsPerMinute?: number | undefined
  /** Requests of one browser's address; a browser key has twenty times as many. @default 300 */
  readonly browserRequestsPerMinute?: number | undefined
  /** Requests with one server key. @default 60000 */
  readonly serverRequestsPerMinute?: number | undefined
  /**
   * Bytes, as sent and inflated, that bodies under way may hold together; a quarter of it is for browsers. Beyond it intake answers
   * 503. @default 64 MiB
   */
  readonly inFlightBytes?: number | undefined
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
