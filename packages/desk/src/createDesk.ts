import type { ReferenceLength } from '@waybill/reference'
import { Hono } from 'hono'
import { createAccess } from './access/createAccess.ts'
import type { AccessLogLine } from './access/createAccess.ts'
import { createKeyRing } from './access/createKeyRing.ts'
import { signInRoutes } from './access/signInRoutes.ts'
import { createForwarder } from './forward/createForwarder.ts'
import { forwardTarget } from './forward/forwardTarget.ts'
import type { ForwardOptions } from './forward/forwardTarget.ts'
import { createBodyTaker } from './intake/createBodyTaker.ts'
import { intakeRoutes } from './intake/intakeRoutes.ts'
import { linkRoutes } from './links/linkRoutes.ts'
import { lookUpRoutes } from './lookup/lookUpRoutes.ts'
import { mcpRoutes } from './mcp/mcpRoutes.ts'
import { problem } from './problem.ts'
import { servePage } from './servePage.ts'
import { createSqliteStore } from './store/sqliteStore.ts'
import type { StoreLimits } from './store/Store.ts'

/**
 * The desk as a fetch handler: OTLP intake, look-up API and page over one store. Listens nowhere by itself; `startDesk`
 * does. One process per database file.
 *
 * @throws TypeError when a key or the token is empty, or a collector's address is none; Error when the database cannot be opened.
 */
export function createDesk(options: DeskOptions): Desk {
  const { databaseFile, readToken, namespace, lengths, browserOrigins, limits = {} } = options
  const { keepDays = 30, trustProxy = false, log = () => {}, onError = console.error, now = Date.now } = options
  const keys = { ingest: createKeyRing(options.ingestKeys), browser: createKeyRing(options.browserKeys ?? []) }
  createKeyRing([readToken])
  const target = options.forward && forwardTarget(options.forward)
  const store = createSqliteStore({ databaseFile, namespace, now, ...limits })
  const access = createAccess({
    readToken,
    secret: store.secret,
    requestsPerMinute: limits.lookUpsPerMinute ?? 120,
    trustProxy,
    log,
    now,
  })
  const forwarder = target && createForwarder({ target, secret: store.secret, onError })
  const identity = { namespace, lengths }
  const shared = { store, identity, trustProxy, onError, now }

  const app = new Hono()
  const serverRequestsPerMinute = limits.serverRequestsPerMinute ?? 60_000
  const browserRequestsPerMinute = limits.browserRequestsPerMinute ?? 300
  app.route(
    '/',
    intakeRoutes({
      ...shared,
      takeBody: createBodyTaker({ store, identity, now }),
      forward: forwarder?.hold,
      keys,
      browserOrigins,
      browserRequestsPerMinute,
      serverRequestsPerMinute,
    }),
  )
  app.route('/', linkRoutes({ ...shared, keys, strangersPerMinute: browserRequestsPerMinute, serverRequestsPerMinute }))
  const reading = { ...shared, access, keepDays, mostMatches: limits.matches ?? 20 }
  app.route('/', lookUpRoutes(reading))
  app.route('/', mcpRoutes(reading))
  app.route('/', signInRoutes({ access, trustProxy, onError, now }))
  app.route('/', servePage({ folder: options.pageFolder }))
  app.notFound(() => problem({ status: 404, title: 'There is nothing at this address.' }))

  const prune = (): void => void store.prune(now() - keepDays * DAY_MS).catch(onError)
  prune()
  const timer = setInterval(prune, HOUR_MS)
  timer.unref()

  return {
    fetch: async (request, env) => app.fetch(request, env),
    async stop() {
      clearInterval(timer)
      await Promise.all([store.stop(), forwarder?.stop()])
    },
  }
}

export interface Desk {
  /** Answers one request. `env` is what `@hono/node-server` gives; it holds the client's address. */
  readonly fetch: (request: Request, env?: object) => Promise<Response>
  /** Writes what is waiting and closes the store. */
  readonly stop: () => Promise<void>
}

export interface DeskOptions {
  /** Path of the SQLite file, made when missing, or `:memory:`. */
  readonly databaseFile: string
  /** Opens look-up. */
  readonly readToken: string
  /** Keys with which servers send steps. */
  readonly ingestKeys: readonly string[]
  /** Public keys with which browsers send steps; those are kept as claims. @default none */
  readonly browserKeys?: readonly string[] | undefined
  /** Origins whose pages may use a browser key. @default any, since the key is public */
  readonly browserOrigins?: readonly string[] | undefined
  /** Equal on all sides; see `traceIdOf`. @default '' */
  readonly namespace?: string | undefined
  /** Lengths of references in use. @default all */
  readonly lengths?: readonly ReferenceLength[] | undefined
  /** Trails are forgotten that many days after their last step. @default 30 */
  readonly keepDays?: number | undefined
  /** Takes the client's address from the last entry of `X-Forwarded-For`. Only behind a proxy of yours. @default false */
  readonly trustProxy?: boolean | undefined
  /** A collector to which everything that is taken in goes on, so that other tools hold the traces, too. @default none */
  readonly forward?: ForwardOptions | undefined
  readonly limits?: DeskLimits | undefined
  /** Where the built page lies. @default the package's own */
  readonly pageFolder?: URL | undefined
  /** Hears of every look-up. @default nobody */
  readonly log?: ((line: AccessLogLine) => void) | undefined
  /** Hears of the desk's own faults. @default console.error */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
}

export interface DeskLimits extends StoreLimits {
  /** Matches of one look-up. @default 20 */
  readonly matches?: number | undefined
  /** Look-ups of one address. @default 120 */
  readonly lookUpsPerMinute?: number | undefined
  /** Requests of one browser's address; a browser key has twenty times as many. @default 300 */
  readonly browserRequestsPerMinute?: number | undefined
  /** Requests with one server key. @default 60000 */
  readonly serverRequestsPerMinute?: number | undefined
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
