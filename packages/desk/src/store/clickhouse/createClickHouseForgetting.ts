import { planRetention } from '../planRetention.ts'
import type { RetainOptions, Retained, Shrunk } from '../Store.ts'
import type { ClickHouse } from './createClickHouse.ts'
import { clickHouseBytes } from './clickHouseBytes.ts'
import { createClickHouseMeta } from './clickHouseMeta.ts'
import { dropDays } from './dropDays.ts'

/**
 * Forgets trails by age and by size. A trail is forgotten as its row goes; its steps, and what leads to it, go with the days on which they arrived, once all of a day is
 * due. Every desk on a database does it, so several forget a day's share each.
 */
export function createClickHouseForgetting(clickHouse: ClickHouse, { now }: ForgettingOptions) {
  const meta = createClickHouseMeta(clickHouse)

  async function ages(limit: number): Promise<Ages> {
    const [row] = await clickHouse.rows(
      `SELECT count() AS trails, countIf(hour < {limit:Int64}) AS due, min(hour) AS oldest, max(hour) AS newest
       FROM (SELECT max(hour) AS hour FROM waybill_trail GROUP BY ref, place) SETTINGS optimize_aggregation_in_order = 1`,
      { limit },
    )
    const isEmpty = Number(row?.['trails']) === 0
    return {
      due: Number(row?.['due']),
      oldest: isEmpty ? undefined : Number(row?.['oldest']),
      newest: isEmpty ? undefined : Number(row?.['newest']),
    }
  }

  async function forgetBefore(hour: number): Promise<number> {
    const { due } = await ages(hour)
    await clickHouse.command(
      `DELETE FROM waybill_trail WHERE (ref, place) IN (
         SELECT ref, place FROM waybill_trail GROUP BY ref, place HAVING max(hour) < {hour:UInt32}
       )`,
      { hour },
    )
    return due
  }

  /** What was added to by a clock that was behind counts as added to now. */
  async function lift(before: number, hour: number): Promise<void> {
    const lifted = `SELECT ref, place, min(first_day) AS first_day, max(served) AS served FROM waybill_trail GROUP BY ref, place HAVING max(hour) < {before:UInt32}`
    const parameters = { before, hour, day: Math.floor(hour / 24) }
    await clickHouse.command(
      `INSERT INTO waybill_seen (day, hour, ref, place) SELECT {day:UInt32}, {hour:UInt32}, ref, place FROM (${lifted})`,
      parameters,
    )
    await clickHouse.command(
      `INSERT INTO waybill_trail (ref, place, hour, first_day, served) SELECT ref, place, {hour:UInt32}, first_day, served FROM (${lifted})`,
      parameters,
    )
  }

  return {
    async retain({ keepDays, force = false }: RetainOptions): Promise<Retained> {
      const hour = Math.floor(now() / HOUR_MS)
      const limit = hour - keepDays * 24
      const [{ due, oldest, newest }, { clock_hour: clock, pruned_hour: pruned }] = await Promise.all([
        ages(limit),
        meta.numbers(),
      ])
      const plan = planRetention({ hour, keepDays, force, clock, pruned, due, oldest, newest })
      if (plan.state === 'refused') return { state: 'refused', forgotten: 0, due, daysAhead: plan.daysAhead }
      const isLifted = oldest !== undefined && plan.liftBefore !== undefined && oldest < plan.liftBefore
      if (isLifted) await lift(plan.liftBefore, hour)
      if (plan.clock !== undefined && plan.clock !== clock) await meta.set('clock_hour', plan.clock)
      const forgotten = oldest !== undefined && oldest < plan.end ? await forgetBefore(plan.end) : 0
      if (plan.pruned !== undefined) {
        await dropDays(clickHouse, { before: Math.floor(plan.pruned / 24), today: Math.floor(hour / 24) })
        await meta.set('pruned_hour', plan.pruned)
      }
      const left = forgotten > 0 || isLifted ? (await ages(limit)).due : due
      return { state: left > 0 ? 'catching-up' : 'done', forgotten, due: left }
    },
    async shrinkTo(most: number): Promise<Shrunk> {
      const today = Math.floor(now() / DAY_MS)
      let forgotten = 0
      let bytes = await clickHouseBytes(clickHouse)
      while (bytes > most) {
        const { oldest } = await ages(0)
        // Of the last 24 hours, and of the day in which they begin, nothing goes.
        if (oldest === undefined || Math.floor(oldest / 24) >= today - 1) break
        const before = Math.floor(oldest / 24) + 1
        forgotten += await forgetBefore(before * 24)
        await dropDays(clickHouse, { before, today, isTight: true })
        bytes = await clickHouseBytes(clickHouse)
      }
      return { forgotten, bytes }
    },
  }
}

export interface ForgettingOptions {
  readonly now: () => number
}

interface Ages {
  readonly due: number
  readonly oldest: number | undefined
  readonly newest: number | undefined
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
