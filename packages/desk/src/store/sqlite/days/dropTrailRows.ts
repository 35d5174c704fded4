import type { DatabaseSync } from 'node:sqlite'
import type { TrailRow } from './createDayReader.ts'
import { BLOCKS } from './daySchema.ts'

/** Takes trails out of a day file. What led to them stays in its runs, and leads nowhere. Within a transaction of the caller's. */
export function dropTrailRows(database: DatabaseSync, trails: readonly TrailRow[]): void {
  const dropBlocks = database.prepare('DELETE FROM block WHERE id >= ? AND id < ?')
  const dropEvicted = database.prepare('DELETE FROM evicted WHERE place = ?')
  const dropTrail = database.prepare('DELETE FROM trail WHERE place = ?')
  for (const { place } of trails) {
    dropBlocks.run(place * BLOCKS, (place + 1) * BLOCKS)
    dropEvicted.run(place)
    dropTrail.run(place)
  }
}

/** The same in a file that is not added to any more, in a transaction of its own. Trails that are not there any more are passed over. */
export function dropFromSealed(database: DatabaseSync, places: readonly number[]): void {
  const there = database.prepare('SELECT steps FROM trail WHERE place = ?')
  const trails = places.flatMap((place) => {
    const row = there.get(place)
    return row ? [{ place, steps: Number(row['steps']) } as TrailRow] : []
  })
  if (trails.length === 0) return
  database.exec('BEGIN IMMEDIATE')
  try {
    dropTrailRows(database, trails)
    const steps = trails.reduce((sum, trail) => sum + trail.steps, 0)
    database.prepare('UPDATE state SET trails = trails - ?, steps = steps - ?').run(trails.length, steps)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
