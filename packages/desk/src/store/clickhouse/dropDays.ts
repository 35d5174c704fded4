import { TABLES } from './clickHouseSchema.ts'
import type { ClickHouse } from './createClickHouse.ts'

/**
 * Drops the partitions that hold nothing but days before one. What is in them of trails that were added to later moves into today's first; a crash between the two leaves
 * rows twice, with the same keys, so they count once.
 */
export async function dropDays(
  clickHouse: ClickHouse,
  { before, today, isTight = false }: DropDaysOptions,
): Promise<void> {
  const partitions = await clickHouse.rows(
    "SELECT table, partition FROM system.parts WHERE active AND database = currentDatabase() AND startsWith(table, 'waybill_') AND partition != 'tuple()' GROUP BY table, partition",
  )
  for (const { table, partition } of partitions) {
    const { columns, partition: rule } = TABLES[table as keyof typeof TABLES]
    const number = Number(partition)
    const nextDay = rule === 'day' ? number + 1 : (number + 1) * DAYS_PER_WEEK
    if (nextDay > before) {
      if (isTight && number * DAYS_PER_WEEK < before && rule !== 'day')
        await dropRows(clickHouse, String(table), before)
      continue
    }
    const kept = columns.map(([name]) => name).filter((name) => name !== 'day')
    // What was seen in an hour that is due was seen again, or is forgotten.
    if (table !== 'waybill_seen') {
      await clickHouse.command(
        `INSERT INTO ${String(table)} (day, ${kept.join(', ')}) SELECT {today:UInt32}, ${kept.join(', ')} FROM ${String(table)}
         WHERE ${rule} = {number:UInt32} AND (ref, place) IN (SELECT ref, place FROM waybill_trail WHERE first_day < {nextDay:UInt32})`,
        { today, number, nextDay },
      )
    }
    await clickHouse.command(`ALTER TABLE ${String(table)} DROP PARTITION ${number}`)
  }
}

async function dropRows(clickHouse: ClickHouse, table: string, before: number): Promise<void> {
  await clickHouse.command(
    `ALTER TABLE ${table} DELETE WHERE day < {before:UInt32} AND (ref, place) NOT IN (SELECT ref, place FROM waybill_trail WHERE first_day < {before:UInt32})`,
    { before },
  )
}

interface DropDaysOptions {
  /** Since the epoch. */
  readonly before: number
  readonly today: number
  /** Takes what means nothing any more out of weeks that began before, too, which writes them anew. @default false */
  readonly isTight?: boolean
}

const DAYS_PER_WEEK = 7
