import type { ReferenceLength } from '@waybill/reference'
import { Hono } from 'hono'
import { createAccess } from './access/createAccess.ts'
import type { AccessLogLine } from './access/createAccess.ts'
import { createKeyRing } from './access/createKeyRing.ts'
import { signInRoutes } from './access/signInRoutes.ts'
import { createBodyTaker } from './intake/createBodyTaker.ts'
import { intakeRoutes } from './intake/intakeRoutes.ts'
import { linkRoutes } from './links/linkRoutes.ts'
import { lookUpRoutes } from './lookup/lookUpRoutes.ts'
import { countBodies } from './operate/countBodies.ts'
import { countRequests } from './operate/countRequests.ts'
import { createMetrics } from './operate/createMetrics.ts'
import { createReadiness } from './operate/createReadiness.ts'
import { operateRoutes } from './operate/operateRoutes.ts'
import { storeGauges } from './operate/storeGauges.ts'
import { watchStore } from './operate/watchStore.ts'
import { problem } from './problem.ts'
import { servePage } from './servePage.ts'
import { createSqliteStore } from './store/sqliteStore.ts'
import type { StoreLimits } from './store/Store.ts'

/**
 * The desk as a fetch handler: OTLP intake, look-up API and page over one store. Listens nowhere by itself; `startDesk`
 * does. One process per database file.
 *
 * @throws TypeError when a key or the token is empty; Error when the database cannot be opened.
 */
export function createDesk(options: DeskOptions): Desk {
  const { databaseFile, readToken, namespace, lengths, browserOrigins, limits = {} } = options
  const {
    keepDays = 30,
    trustProxy = false,
    log = () => {},
    warn = () => {},
    onError = console.error,
    now = Date.now,
  } = options
  const keys = { ingest: createKeyRing(options.ingestKeys), browser: createKeyRing(options.browserKeys ?? []) }
  createKeyRing([readToken])
  const watched = watchStore(createSqliteStore({ databaseFile, namespace, now, ...limits }), (written) =>
    metrics.write(written),
  )
  const { store } = watched
  const metrics = createMetrics({
    gauges: storeGauges(watched),
    onFirstDrop: ({ signal, by }) => warn(DROPPED[by](signal)),
  })
  const readiness = createReadiness({ store, onError })
  const access = createAccess({
    readToken,
    secret: store.secret,
    requestsPerMinute: limits.lookUpsPerMinute ?? 120,
    trustProxy,
    log,
    now,
  })
  const identity = { namespace, lengths }
  const shared = { store, identity, trustProxy, onError, now }

  const app = new Hono()
  app.use(countRequests(metrics))
  app.route('/', operateRoutes({ access, metrics, readiness }))
  const serverRequestsPerMinute = limits.serverRequestsPerMinute ?? 60_000
  const browserRequestsPerMinute = limits.browserRequestsPerMinute ?? 300
  app.route(
    '/',
    intakeRoutes({
      ...shared,
      takeBody: countBodies(createBodyTaker({ store, identity, now }), metrics),
      keys,
      browserOrigins,
      browserRequestsPerMinute,
      serverRequestsPerMinute,
    }),
  )
  app.route('/', linkRoutes({ ...shared, keys, strangersPerMinute: browserRequestsPerMinute, serverRequestsPerMinute }))
  app.route(
    '/',
    lookUpRoutes({
      ...shared,
      access,
      metrics,
      keepDays,
      mostMatches: limits.matches ?? 20,
    }),
  )
  app.route('/', signInRoutes({ access, trustProxy, onError, now }))
  app.route('/', servePage({ folder: options.pageFolder }))
  app.notFound(() => problem({ status: 404, title: 'There is nothing at this address.' }))

  const prune = (): void => void store.prune(now() - keepDays * DAY_MS).catch(onError)
  prune()
  const timer = setInterval(prune, HOUR_MS)
  timer.unref()

  return {
    fetch: async (request, env) => app.fetch(request, env),
    drain: readiness.stopping,
    async stop() {
      readiness.stopping()
      clearInterval(timer)
      await store.stop()
    },
  }
}

export interface Desk {
  /** Answers one request. `env` is what `@hono/node-server` gives; it holds the client's address. */
  readonly fetch: (request: Request, env?: object) => Promise<Response>
  /** From now on `/readyz` sends others away; requests are answered all the same. */
  readonly drain: () => void
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
  /** Addresses or ranges (CIDR) of proxies whose `X-Forwarded-For` is believed. @default none */
  readonly trustedProxies?: readonly string[] | undefined
  /** The header in which those proxies say who signed in. @default none */
  readonly identityHeader?: string | undefined
  /** Most that the database may take on the disk. @default no limit */
  readonly quotaBytes?: number | undefined
  /** A collector that gets what comes in, too. @default none */
  readonly forward?: { readonly url: string; readonly headers?: Readonly<Record<string, string>> } | undefined
  readonly limits?: DeskLimits | undefined
  /** Where the built page lies. @default the package's own */
  readonly pageFolder?: URL | undefined
  /** Hears of every look-up. @default nobody */
  readonly log?: ((line: AccessLogLine) => void) | undefined
  /** Hears of the desk's own faults. @default console.error */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Hears once of each thing that whoever runs the desk should know, in a sentence. @default nobody */
  readonly warn?: ((message: string) => void) | undefined
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

const DROPPED = {
  intake: (signal: string) =>
    `[waybill] Bodies of OpenTelemetry ${signal} come in; the desk keeps none, and answers that all is well. Send them elsewhere to keep them.`,
  forwarder: (signal: string) =>
    `[waybill] Some ${signal} were not sent on, since the collector takes them too slowly or not at all; the desk itself has them. Check the collector.`,
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
