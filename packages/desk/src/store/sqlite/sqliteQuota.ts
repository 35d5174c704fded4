import type { Shrunk } from '../Store.ts'
import type { ActiveDay } from './days/createActiveDay.ts'
import { filesByAge } from './sqliteRetention.ts'
import { HOUR_MS } from './HOUR_MS.ts'

/**
 * Keeps a store within a number of bytes: above it the files that were added to longest ago are taken away, until it is below. A file that was added to
 * within the last 24 hours stays, however much that is.
 */
export function createSqliteQuota({ active, now }: QuotaOptions) {
  const bytesOf = (): number => filesByAge(active).reduce((sum, { bytes }) => sum + bytes, 0)

  return function* shrinkTo(most: number): Generator<void, Shrunk> {
    let forgotten = 0
    while (bytesOf() > most) {
      const today = Math.floor(now() / HOUR_MS) - 24
      const gone = active.exclusively(() => {
        const oldest = filesByAge(active).find(({ newestHour }) => newestHour < today)
        if (oldest) active.remove(oldest.file)
        return oldest
      })
      if (!gone) break
      forgotten += gone.trails ?? 0
      yield
    }
    return { forgotten, bytes: bytesOf() }
  }
}

export interface QuotaOptions {
  readonly active: ActiveDay
  readonly now: () => number
}
