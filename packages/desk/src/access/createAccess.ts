import { Hono } from 'hono'
import type { Context } from 'hono'
import type { Access, Identity, Scope } from './Access.ts'
import { AccessLogError } from './AccessLogError.ts'
import type { AccessLine, AccessStore } from './AccessStore.ts'
import { createDoor } from './createDoor.ts'
import type { ProxyTrust } from './createProxyTrust.ts'
import { createRefusals } from './createRefusals.ts'
import { createRequestLimits } from './createRequestLimits.ts'
import type { RequestLimitsOptions } from './createRequestLimits.ts'
import { createSignIns } from './createSignIns.ts'
import { createTokenCheck } from './createTokenCheck.ts'
import { createTokens } from './createTokens.ts'
import type { Tokens } from './createTokens.ts'
import type { EnvironmentToken } from './environmentTokens.ts'
import { logRoutes } from './logRoutes.ts'
import { signInRoutes } from './signInRoutes.ts'

/** Who may do what at a desk, and the record of what they did. Owns the store it is given. */
export function createAccess(options: AccessOptions): DeskAccess {
  const { environment, store, callerOf, personScopes, limits, browserOrigins = [], log, onError, now, clock } = options
  const tokenCheck = createTokenCheck({ environment, store, clock, now })
  const signIns = createSignIns({ store, environment, tokenCheck, now })
  const refusals = createRefusals({ write, now })
  const door = createDoor({
    callerOf,
    personScopes,
    tokenCheck,
    signIns,
    limits: createRequestLimits({ ...limits, clock }),
    refusals,
    onError,
  })

  async function write(line: AccessLine): Promise<void> {
    await store.append(line)
    log({ ...line, at: new Date(line.at).toISOString() })
  }

  const access: Access = {
    admit: door.admit,
    async record({ event, identity: { who, via, address }, kind = null, matches = 0 }) {
      await write({ at: now(), event, who, via, address, kind, matches }).catch((cause: unknown) => {
        throw new AccessLogError(cause)
      })
    },
  }

  const prune = (): void => void store.prune(now()).catch(onError)
  prune()
  let minutes = 0
  const timer = setInterval(() => {
    void refusals.endMinute().catch(onError)
    if (++minutes % 60 === 0) prune()
  }, MINUTE_MS)
  timer.unref()

  return {
    ...access,
    tokens: createTokens({ store, by: PROGRAM, now }),
    routes: new Hono()
      .route('/', signInRoutes({ access, door, signIns, tokenCheck, callerOf, personScopes, onError }))
      .route('/', logRoutes({ access, store, refusals })),
    async allowedOrigin(origin, context) {
      const key = context.req.query('key')
      const checked = key === undefined ? null : await tokenCheck.checkPublic(key)
      const origins = checked && checked.state !== 'unknown' ? checked.token.origins : browserOrigins
      return origins.length === 0 ? '*' : origins.includes(origin) ? origin : null
    },
    async stop() {
      clearInterval(timer)
      await refusals.endMinute().catch(onError)
      await store.stop()
    },
  }
}

export interface DeskAccess extends Access {
  readonly tokens: Tokens
  /** Signing in and out, and the log. */
  readonly routes: Hono
  /** What CORS answers a page of this origin that sends with this request's browser key; null for no. */
  allowedOrigin(origin: string, context: Context): Promise<string | null>
  /** Writes what is counted, and closes the store. */
  stop(): Promise<void>
}

export interface AccessOptions {
  /** The keys of the desk's options. */
  readonly environment: ReadonlyMap<string, EnvironmentToken>
  readonly browserOrigins?: readonly string[] | undefined
  readonly store: AccessStore
  readonly callerOf: ProxyTrust
  /** What somebody may do who signed in at the proxy. */
  readonly personScopes: ReadonlySet<Scope>
  readonly limits: Omit<RequestLimitsOptions, 'clock'>
  readonly log: (line: AccessLogLine) => void
  readonly onError: (error: unknown) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds that only ever grow, whatever is done to the wall clock. */
  readonly clock: () => number
}

/** A line of the access log as a program hears it. */
export interface AccessLogLine extends Omit<AccessLine, 'at'> {
  /** ISO 8601 with milliseconds. */
  readonly at: string
}

const PROGRAM: Pick<Identity, 'who' | 'via' | 'address'> = { who: 'program', via: 'command', address: 'local' }
const MINUTE_MS = 60_000
