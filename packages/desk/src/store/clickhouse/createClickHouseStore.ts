import type { NamespaceOptions } from '@waybill/reference'
import { createGroupCommit } from '../groupCommit.ts'
import { checkOf } from '../openHashSecret.ts'
import { serverHashSecret } from '../serverHashSecret.ts'
import type { EraseOptions, Store, StoreLimits, Whom } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { clickHouseAddress } from './clickHouseAddress.ts'
import { createClickHouseMeta } from './clickHouseMeta.ts'
import { openClickHouseSchema } from './clickHouseSchema.ts'
import { createClickHouse } from './createClickHouse.ts'
import { createClickHouseEraser } from './createClickHouseEraser.ts'
import { createClickHouseForgetting } from './createClickHouseForgetting.ts'
import { createClickHouseReader } from './createClickHouseReader.ts'
import { createClickHouseWriter } from './createClickHouseWriter.ts'
import { createQueue } from './createQueue.ts'

/**
 * A store in ClickHouse, which several desks may have open at once; see `createClickHouseWriter` for what they then can and cannot rely on. Whatever is asked before it is
 * opened waits for that. While the server is away everything rejects; once it is back, it goes on.
 *
 * @throws TypeError when the address is none; Error when the hash secret is damaged.
 */
export function createClickHouseStore(options: ClickHouseStoreOptions): ClickHouseStore {
  const { url, hashSecret, namespace = '', now = Date.now, pauseMs = 50 } = options
  const { stepsPerTrail = 2000, claimsPerTrail = 200, waitingSteps = 20_000 } = options
  const address = clickHouseAddress(url)
  const reading = createClickHouse({ ...address, timeoutMs: READ_MS })
  const clickHouse = createClickHouse({ ...address, timeoutMs: WRITE_MS })
  const { secret, takeBack } = serverHashSecret(hashSecret)
  const meta = createClickHouseMeta(clickHouse)
  const write = createClickHouseWriter(clickHouse, { namespace, stepsPerTrail, claimsPerTrail, now })
  const { retain, shrinkTo } = createClickHouseForgetting(clickHouse, { now })
  const erase = createClickHouseEraser(clickHouse, { namespace })
  const { inOrder } = createQueue()
  // What takes many rows away goes one after the other, so that none brings back what another took.
  const forgetting = createQueue()
  let opened: Promise<void> | undefined
  let begun = 0
  const group = createGroupCommit({
    // One group is written while the next is there already; each decides by what the one before it left.
    write: inOrder(async (groups: readonly (readonly StoredStep[])[]) => {
      await isOpen()
      // Every group is a part of each table, and ClickHouse likes few.
      const early = begun + pauseMs - performance.now()
      if (early > 0 && !isStopping) await new Promise((resolve) => setTimeout(resolve, early))
      begun = performance.now()
      return await write(groups)
    }),
    mostWaiting: waitingSteps,
    mostUnderWay: 2,
  })
  let isStopping = false
  let stopped: Promise<void> | undefined

  async function open(): Promise<void> {
    await openClickHouseSchema(clickHouse)
    const check = checkOf(secret).toString('hex')
    if ((await meta.text('secret_check', 'first')) === undefined) await meta.set('secret_check', check)
    // The first desk's check stays, however many begin at once.
    if ((await meta.text('secret_check', 'first')) === check) return
    takeBack()
    throw new Error(OTHER_SECRET)
  }

  /** A server that was away when the desk started is asked again by whoever needs it. */
  function isOpen(): Promise<void> {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  const once =
    <Args extends readonly unknown[], Result>(ask: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await isOpen()
      return await ask(...args)
    }

  async function stop(): Promise<void> {
    isStopping = true
    await group.drain()
    await forgetting.idle()
    await opened?.catch(() => {})
    await Promise.all([reading.close(), clickHouse.close()])
  }

  const reader = createClickHouseReader(reading)
  const first = isOpen()
  first.catch(() => {})
  return {
    secret,
    opened: first,
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
      return typeof written === 'string' ? { ok: false, reason: written } : await written
    },
    retain: once(forgetting.inOrder(retain)),
    shrinkTo: once(forgetting.inOrder(shrinkTo)),
    erase: once(
      forgetting.inOrder(async (whom: Whom, eraseOptions?: EraseOptions) => {
        // What is waiting would be written afterwards.
        await group.drain()
        return await erase(whom, eraseOptions)
      }),
    ),
    check: once(async () => {
      const value = String(Math.floor(now() / HOUR_MS))
      await meta.set('checked', value)
      if ((await meta.text('checked')) !== value)
        throw new Error('[waybill] What was written to the desk’s database is not there.')
    }),
    stop: () => (stopped ??= stop()),
  }
}

export interface ClickHouseStore extends Store {
  /** Fulfilled once the database is the desk's; rejects with what is wrong. */
  readonly opened: Promise<void>
}

export interface ClickHouseStoreOptions extends NamespaceOptions, StoreLimits {
  /** `clickhouse://user:password@host:port/database`, or `clickhouses://` with TLS. */
  readonly url: URL
  /** See `serverHashSecret`. */
  readonly hashSecret?: string | undefined
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** From the beginning of one group of steps to that of the next, at least. @default 50 */
  readonly pauseMs?: number | undefined
}

const HOUR_MS = 3_600_000
/** A look-up takes milliseconds; to change a large table may take long. */
const READ_MS = 10_000
const WRITE_MS = 120_000

const OTHER_SECRET =
  '[waybill] The hash secret of this desk is not the one that the database’s hashes were made with, so no trail could be found by its customer. All desks on one database need the same: copy the first one’s waybill.secret, or set WAYBILL_HASH_SECRET to what is in it.'
