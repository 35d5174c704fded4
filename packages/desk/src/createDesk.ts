import type { ReferenceLength } from '@waybill/reference'
import { Hono } from 'hono'
import type { AccessStore } from './access/AccessStore.ts'
import { createAccess } from './access/createAccess.ts'
import type { AccessLogLine } from './access/createAccess.ts'
import { createProxyTrust, personScopesOf } from './access/createProxyTrust.ts'
import type { ProxyTrustOptions } from './access/createProxyTrust.ts'
import type { Tokens } from './access/createTokens.ts'
import { faultAnswer } from './access/faultAnswer.ts'
import { environmentTokens } from './access/environmentTokens.ts'
import type { EnvironmentKeys } from './access/environmentTokens.ts'
import { openAccessStore } from './access/openAccessStore.ts'
import { createForwarder } from './forward/createForwarder.ts'
import { forwardTarget } from './forward/forwardTarget.ts'
import type { ForwardOptions } from './forward/forwardTarget.ts'
import { handlingRoutes } from './handling/handlingRoutes.ts'
import { intakeRoutes } from './intake/intakeRoutes.ts'
import { linkRoutes } from './links/linkRoutes.ts'
import { lookUpRoutes } from './lookup/lookUpRoutes.ts'
import { mcpRoutes } from './mcp/mcpRoutes.ts'
import { countBodies } from './operate/countBodies.ts'
import { countRequests } from './operate/countRequests.ts'
import { createErrorFilter } from './operate/createErrorFilter.ts'
import { createMetrics } from './operate/createMetrics.ts'
import { createReadiness } from './operate/createReadiness.ts'
import { forwarderGauges } from './operate/forwarderGauges.ts'
import { operateRoutes } from './operate/operateRoutes.ts'
import { storeGauges } from './operate/storeGauges.ts'
import { problem } from './problem.ts'
import { secureAnswers } from './secureAnswers.ts'
import { servePage } from './servePage.ts'
import { privacyRoutes } from './privacy/privacyRoutes.ts'
import { createTrailSpans } from './spans/createTrailSpans.ts'
import type { SpanReader } from './spans/SpanReader.ts'
import { createTraceLinks } from './traceLinks/createTraceLinks.ts'
import type { TraceLinkTemplate } from './traceLinks/createTraceLinks.ts'
import { createDirectory } from './owners/createDirectory.ts'
import type { DirectoryOptions } from './owners/createDirectory.ts'
import { startRetention } from './store/startRetention.ts'
import type { StoreLimits } from './store/Store.ts'
import { openDeskStore } from './writer/openDeskStore.ts'

/**
 * The desk as a fetch handler: OTLP intake, look-up API and page over one store. Listens nowhere by itself; `startDesk`
 * does. A database file belongs to one desk at a time, and is written by a thread of its own.
 *
 * @throws TypeError when a key is weak or used twice, or an origin, a proxy's or a collector's address is none; Error when a database cannot be opened, or another desk has it.
 */
export function createDesk(options: DeskOptions): Desk {
  const { database, namespace, lengths, browserOrigins, limits = {} } = options
  const { keepDays = 30, log = () => {}, warn = console.warn, now = Date.now } = options
  const onError = createErrorFilter({ onError: options.onError ?? console.error })
  const { environment, callerOf, personScopes, target, traceLinks, directory } = checkDeskOptions(options)
  const identity = { namespace, lengths }
  const { store, takeBody, opened } = openDeskStore({
    database,
    hashSecret: options.hashSecret,
    identity,
    now,
    onError,
    ...limits,
  })
  const metrics = createMetrics()
  const bodies = countBodies(takeBody, metrics)
  const readiness = createReadiness({ store, onError })
  const forwarder =
    target &&
    createForwarder({
      target,
      secret: store.secret,
      onError,
      onSent: (signal) => metrics.forwarded({ signal, outcome: 'sent' }),
      onDropped: (signal) => metrics.forwarded({ signal, outcome: 'dropped' }),
    })
  const openAccess = (): AccessStore => {
    try {
      return openAccessStore({ database, accessDatabase: options.accessDatabase, keepLogDays: options.keepLogDays })
    } catch (error) {
      void store.stop().catch(onError)
      throw error
    }
  }
  const access = createAccess({
    environment,
    browserOrigins,
    store: openAccess(),
    callerOf,
    personScopes,
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
  metrics.show({ ...storeGauges(store), ...bodies.gauges, ...forwarderGauges(forwarder) })
  const shared = { store, access, identity, onError, now }

  const app = new Hono()
  app.use(secureAnswers())
  app.use(countRequests(metrics))
  app.route('/', operateRoutes({ access, metrics, readiness }))
  app.route(
    '/',
    intakeRoutes({
      ...shared,
      takeBody: bodies.takeBody,
      forward: forwarder?.hold,
      inFlightBytes: limits.inFlightBytes ?? 64 * 1024 * 1024,
      onDropped({ signal, count, notice }) {
        metrics.dropped({ signal, count })
        if (notice !== null) warn(`[waybill] ${notice}`)
      },
    }),
  )
  app.route('/', linkRoutes(shared))
  const { spans: readers = [] } = options
  const spans =
    readers.length > 0
      ? createTrailSpans({ readers, secret: store.secret, identity, mostDays: keepDays, now })
      : undefined
  const reading = { ...shared, metrics, keepDays, spans, traceLinks, directory, mostMatches: limits.matches ?? 20 }
  app.route('/', lookUpRoutes(reading))
  app.route('/', handlingRoutes(reading))
  app.route('/', mcpRoutes(reading))
  app.route('/', access.routes)
  app.route('/', privacyRoutes(shared))
  app.route('/', servePage({ folder: options.pageFolder }))
  app.onError((error) => {
    onError(error)
    return faultAnswer(error)
  })
  app.notFound(() => problem({ status: 404, title: 'There is nothing at this address.' }))

  const stopRetention = startRetention({ store, keepDays, quotaBytes: options.quotaBytes, warn, onError })

  // Whoever does not wait for it hears of it by every request's answer.
  opened.catch(() => {})

  return {
    opened,
    fetch: async (request, env) => app.fetch(request, env),
    tokens: access.tokens,
    drain: readiness.stopping,
    async stop() {
      readiness.stopping()
      stopRetention()
      await access.stop()
      await Promise.all([store.stop(), forwarder?.stop()])
    },
  }
}

/**
 * Looks at what can be wrong with a desk's options before anything is opened.
 *
 * @throws TypeError that says what is.
 */
export function checkDeskOptions(options: DeskOptions) {
  return {
    environment: environmentTokens(options),
    callerOf: createProxyTrust(options),
    personScopes: personScopesOf(options),
    target: options.forward && forwardTarget(options.forward),
    traceLinks: createTraceLinks(options.traceLinks ?? []),
    directory: createDirectory(options),
  }
}

export interface Desk {
  /** Fulfilled once the database is there, at once where it is SQLite; rejects with what is wrong with it. Requests that come earlier wait. */
  readonly opened: Promise<void>
  /** Answers one request. `env` is what `@hono/node-server` gives; it holds the client's address. */
  readonly fetch: (request: Request, env?: object) => Promise<Response>
  /** Makes and revokes tokens, as `waybill token` does. */
  readonly tokens: Tokens
  /** From now on `/readyz` sends others away; requests are answered all the same. */
  readonly drain: () => void
  /** Writes what is waiting and closes the store. */
  readonly stop: () => Promise<void>
}

export interface DeskOptions extends EnvironmentKeys, ProxyTrustOptions, DirectoryOptions {
  /**
   * Path of the SQLite file, made when missing, or `:memory:`; or the address of a database that several desks may share, such as
   * `postgres://desk:password@db.example/waybill`.
   */
  readonly database: string
  /**
   * Where tokens, sign-ins and the access log are, if not with the database: the path of a SQLite file, or the address of a PostgreSQL. Several desks on one ClickHouse need it.
   * @default with the database; in `waybill.access` in the working directory where that is ClickHouse
   */
  readonly accessDatabase?: string | undefined
  /**
   * Keys the hashes of customers' ids: at least 32 bytes in base64, the same for as long as the database lives. @default in the file `<database>.secret`, made
   * with the database
   */
  readonly hashSecret?: string | undefined
  /** Equal on all sides; see `traceIdOf`. @default '' */
  readonly namespace?: string | undefined
  /** Lengths of references in use. @default all */
  readonly lengths?: readonly ReferenceLength[] | undefined
  /** Trails are forgotten that many days after their last step. @default 30 */
  readonly keepDays?: number | undefined
  /** Lines of the access log are forgotten after that many days. @default 365 */
  readonly keepLogDays?: number | undefined
  /**
   * Above so many bytes in the database the trails that were added to longest ago are forgotten before their time, but none of the last
   * 24 hours. @default none
   */
  readonly quotaBytes?: number | undefined
  /** A collector to which everything that is taken in goes on, so that other tools hold the traces, too. @default none */
  readonly forward?: ForwardOptions | undefined
  /** Where spans are kept already, by which an opened trail is completed: `clickHouseSpans`, `tempoSpans`. @default none */
  readonly spans?: readonly SpanReader[] | undefined
  /** Other tools that show a trail, such as `{ name: 'Jaeger', url: 'https://jaeger.example/trace/{traceId}' }`; see `createTraceLinks`. @default none */
  readonly traceLinks?: readonly TraceLinkTemplate[] | undefined
  readonly limits?: DeskLimits | undefined
  /** Where the built page lies. @default the package's own */
  readonly pageFolder?: URL | undefined
  /** Hears every line of the access log, once it is written. @default nobody */
  readonly log?: ((line: AccessLogLine) => void) | undefined
  /** Hears of the desk's own faults. @default console.error */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Hears once of each thing that whoever runs the desk should know, in a sentence. @default console.warn */
  readonly warn?: ((message: string) => void) | undefined
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
