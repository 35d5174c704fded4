import type { Pool, PoolClient } from 'pg'
import { planRetention } from '../planRetention.ts'
import type { RetainOptions, Retained, Shrunk } from '../Store.ts'
import { inPostgresTransaction } from './inPostgresTransaction.ts'
import { postgresSize } from './postgresSize.ts'
import { createPostgresMeta } from './postgresMeta.ts'
import type { PostgresDays } from './postgresDays.ts'
import { FORGETTING_LOCK } from './postgresSchema.ts'

/**
 * Forgets trails by age and by size. One desk does it at a time; another that comes meanwhile is told what is there. A trail is forgotten as its
 * row goes; its steps go with the days that they arrived on, which are dropped as a whole.
 */
export function createPostgresForgetting(pool: Pool, { now, days }: ForgettingOptions) {
  const meta = createPostgresMeta(pool)

  async function countBefore(hour: number): Promise<number> {
    const { rows } = await pool.query('SELECT count(*) AS due FROM trail WHERE seen_hour < $1', [hour])
    return Number(rows[0]?.due)
  }

  async function span(): Promise<{ readonly oldest?: number; readonly newest?: number }> {
    const { rows } = await pool.query('SELECT min(seen_hour) AS oldest, max(seen_hour) AS newest FROM trail')
    const { oldest, newest } = rows[0] ?? {}
    return oldest === null ? {} : { oldest: Number(oldest), newest: Number(newest) }
  }

  /** Forgets the trails last added to before an hour, a few at a time, so that intake never waits long behind it. */
  async function forgetBefore(hour: number): Promise<{ readonly forgotten: number; readonly isDropped: boolean }> {
    let forgotten = 0
    for (;;) {
      const { rowCount } = await pool.query(
        `DELETE FROM trail WHERE id IN (
          SELECT id FROM trail WHERE seen_hour < $1 ORDER BY seen_hour, id LIMIT ${TRAILS_AT_ONCE} FOR UPDATE SKIP LOCKED
        )`,
        [hour],
      )
      forgotten += rowCount ?? 0
      if ((rowCount ?? 0) < TRAILS_AT_ONCE) break
    }
    const isDropped = await days.dropBefore(Math.floor(hour / 24))
    return { forgotten, isDropped }
  }

  async function bytes(): Promise<number> {
    return (await postgresSize(pool)).bytes
  }

  /** Undefined while another desk is at it, unless that is waited for. */
  async function alone<Result>(work: () => Promise<Result>, isWaiting = false): Promise<Result | undefined> {
    const client: PoolClient = await pool.connect()
    let isBroken = false
    try {
      if (isWaiting) await client.query(`SELECT pg_advisory_lock(${FORGETTING_LOCK})`)
      else {
        const { rows } = await client.query(`SELECT pg_try_advisory_lock(${FORGETTING_LOCK}) AS locked`)
        if (!rows[0]?.locked) return undefined
      }
      try {
        return await work()
      } finally {
        await client.query(`SELECT pg_advisory_unlock(${FORGETTING_LOCK})`).catch(() => (isBroken = true))
      }
    } finally {
      client.release(isBroken)
    }
  }

  return {
    async retain({ keepDays, force = false }: RetainOptions): Promise<Retained> {
      const hour = Math.floor(now() / HOUR_MS)
      const limit = hour - keepDays * 24
      // What arrives on the next day finds its place there.
      await days.ensure(Math.floor(hour / 24) + 1)
      const retained = await alone(async (): Promise<Retained> => {
        const [due, clock, pruned, seen] = await Promise.all([
          countBefore(limit),
          meta.number('clock_hour'),
          meta.number('pruned_hour'),
          span(),
        ])
        const plan = planRetention({
          hour,
          keepDays,
          force,
          clock,
          pruned,
          due,
          oldest: seen.oldest,
          newest: seen.newest,
        })
        if (plan.state === 'refused') return { state: 'refused', forgotten: 0, due, daysAhead: plan.daysAhead }
        await inPostgresTransaction(pool, async (client) => {
          if (plan.liftBefore !== undefined)
            await client.query('UPDATE trail SET seen_hour = $1 WHERE seen_hour < $2', [hour, plan.liftBefore])
          if (plan.clock !== undefined) await meta.set('clock_hour', plan.clock, client)
        })
        const { forgotten } = Number.isFinite(plan.end) ? await forgetBefore(plan.end) : NOTHING
        if (plan.pruned !== undefined) await meta.set('pruned_hour', plan.pruned)
        const left = await countBefore(limit)
        return { state: left > 0 ? 'catching-up' : 'done', forgotten, due: left }
      }, force)
      return retained ?? { state: 'done', forgotten: 0, due: 0 }
    },
    async shrinkTo(most: number): Promise<Shrunk> {
      const shrunk = await alone(async (): Promise<Shrunk> => {
        const today = Math.floor(now() / HOUR_MS) - 24
        let forgotten = 0
        let left = await bytes()
        while (left > most) {
          const { oldest } = await span()
          if (oldest === undefined || oldest >= today) break
          const some = await forgetBefore(Math.min(today, (Math.floor(oldest / 24) + 1) * 24))
          forgotten += some.forgotten
          left = await bytes()
          // Otherwise more and more would be forgotten, and nothing become smaller.
          if (!some.isDropped) break
        }
        return { forgotten, bytes: left }
      })
      return shrunk ?? { forgotten: 0, bytes: await bytes() }
    },
  }
}

export interface ForgettingOptions {
  readonly now: () => number
  readonly days: PostgresDays
}

const HOUR_MS = 3_600_000
const TRAILS_AT_ONCE = 1000
const NOTHING = { forgotten: 0, isDropped: true }
