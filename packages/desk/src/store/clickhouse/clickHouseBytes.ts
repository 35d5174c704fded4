import type { ClickHouse } from './createClickHouse.ts'

/** What the desk's tables take on disk, without what was merged or dropped and is about to go. */
export async function clickHouseBytes(clickHouse: ClickHouse): Promise<number> {
  const [row] = await clickHouse.rows(
    "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() AND startsWith(table, 'waybill_')",
  )
  return Number(row?.['bytes'])
}
