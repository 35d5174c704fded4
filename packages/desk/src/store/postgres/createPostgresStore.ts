import type { NamespaceOptions } from '@waybill/reference'
import { createGroupCommit } from '../groupCommit.ts'
import { checkOf } from '../openHashSecret.ts'
import { serverHashSecret } from '../serverHashSecret.ts'
import type { Store, StoreLimits } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { createPostgresEraser } from './createPostgresEraser.ts'
import { createPostgresForgetting } from './createPostgresForgetting.ts'
import { createPostgresPool } from './createPostgresPool.ts'
import { createPostgresReader } from './createPostgresReader.ts'
import { createPostgresWriter } from './createPostgresWriter.ts'
import { postgresAddress } from './postgresAddress.ts'
import { createPostgresDays } from './postgresDays.ts'
import { createOpening } from './createOpening.ts'
import { postgresFault } from './postgresFault.ts'
import { createPostgresMeta } from './postgresMeta.ts'
import { openPostgresSchema } from './postgresSchema.ts'

/**
 * A store in PostgreSQL 13 or newer, which several desks may have open at once. Whatever is asked before it is opened waits for that. While the server is
 * away everything rejects; once it is back, it goes on.
 *
 * @throws TypeError when the address is none; Error when the hash secret is damaged.
 */
export function createPostgresStore(options: PostgresStoreOptions): PostgresStore {
  const { url, hashSecret, namespace = '', now = Date.now } = options
  const { stepsPerTrail = 2000, claimsPerTrail = 200, waitingSteps = 20_000 } = options
  const address = postgresAddress(url)
  const { secret, takeBack } = serverHashSecret(hashSecret)
  const reading = createPostgresPool(address, { most: READERS, statementTimeoutMs: READ_MS })
  const writing = createPostgresPool(address, { most: WRITERS + 3, statementTimeoutMs: WRITE_MS })
  const days = createPostgresDays(writing)
  const meta = createPostgresMeta(writing)
  const write = createPostgresWriter(writing, { namespace, stepsPerTrail, claimsPerTrail, now, days })
  const { retain, shrinkTo } = createPostgresForgetting(writing, { now, days })
  const erase = createPostgresEraser(writing, { namespace })
  const group = createGroupCommit({
    write: async (groups: readonly (readonly StoredStep[])[]) => {
      await opening()
      return await write(groups)
    },
    mostWaiting: waitingSteps,
    mostUnderWay: WRITERS,
  })
  let stopped: Promise<void> | undefined

  async function open(): Promise<void> {
    await openPostgresSchema(writing, address)
    if ((await keptCheck()) === checkOf(secret).toString('hex')) return
    takeBack()
    throw new Error(OTHER_SECRET)
  }

  /** The first desk's check stays, however many begin at once. */
  async function keptCheck(): Promise<string | undefined> {
    await writing.query('INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      'secret_check',
      checkOf(secret).toString('hex'),
    ])
    return await meta.text('secret_check')
  }

  const opening = createOpening(open)
  const opened = opening()
  opened.catch(() => {})
  const once =
    <Args extends readonly unknown[], Result>(ask: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await opening()
      try {
        return await ask(...args)
      } catch (error) {
        throw postgresFault(error)
      }
    }

  const reader = createPostgresReader(reading)
  return {
    opened,
    secret,
    trail: once(reader.trail),
    evictedFrom: once(reader.evictedFrom),
    find: once(reader.find),
    findClaims: once(reader.findClaims),
    recent: once(reader.recent),
    known: once(reader.known),
    personFrom: once(reader.personFrom),
    unseen: once(reader.unseen),
    size: once(reader.size),
    async append(steps) {
      const written = group.add(steps)
      if (typeof written === 'string') return { ok: false, reason: written }
      return await written.catch((error: unknown) => {
        throw postgresFault(error)
      })
    },
    retain: once(retain),
    shrinkTo: once(shrinkTo),
    erase: once(async (whom, eraseOptions) => {
      // What is waiting would be written afterwards.
      await group.drain()
      return await erase(whom, eraseOptions)
    }),
    check: once(async () => {
      const value = String(now())
      await meta.set('checked', value)
      if ((await meta.text('checked')) === undefined)
        throw new Error('[waybill] What was written to the desk’s database is not there.')
    }),
    stop: () => (stopped ??= stop()),
  }

  async function stop(): Promise<void> {
    await group.drain()
    await opened.catch(() => {})
    await Promise.all([reading.end(), writing.end()])
  }
}

export interface PostgresStore extends Store {
  /** Fulfilled once the database is the desk's; rejects with what is wrong. */
  readonly opened: Promise<void>
}

export interface PostgresStoreOptions extends NamespaceOptions, StoreLimits {
  /** `postgres://user:password@host:port/database`, with `?schema=` where the desk's tables are not in `waybill`. */
  readonly url: URL
  /** See `serverHashSecret`. */
  readonly hashSecret?: string | undefined
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
}

const READERS = 4
/** Groups that are written at once. */
const WRITERS = 2
/** A look-up takes milliseconds; a group of thousands of steps, a day's share to forget, or an index to write take longer. */
const READ_MS = 10_000
const WRITE_MS = 60_000

const OTHER_SECRET =
  '[waybill] The hash secret of this desk is not the one that the database’s hashes were made with, so no trail could be found by its customer. All desks on one database need the same: copy the first one’s waybill.secret, or set WAYBILL_HASH_SECRET to what is in it.'
