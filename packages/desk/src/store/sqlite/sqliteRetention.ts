import type { DatabaseSync } from 'node:sqlite'
import type { NamespaceOptions } from '@waybill/reference'
import { createSqliteMeta } from './sqliteMeta.ts'
import { createSqlitePruner } from './sqlitePruner.ts'
import { HOUR_MS } from './sqliteWriter.ts'
import type { Retained, RetainOptions } from '../Store.ts'

/**
 * Forgets what nothing was added to for `keepDays`, and never more than a day's share in one go: the trails last added to within 24 hours
 * of the oldest one that is due. A clock that is wrong could otherwise take everything. Where the clock is further ahead of the last time
 * that retention ran than a desk is likely to have been off, nothing is forgotten at all, until somebody says that it is right
 * (`force`) or it is set back. A clock that was behind does no harm either: what was added to meanwhile counts as added to now.
 */
export function createSqliteRetention(database: DatabaseSync, { namespace, now }: RetentionOptions) {
  const meta = createSqliteMeta(database)
  const { pruneSome } = createSqlitePruner(database, { namespace })
  const span = database.prepare('SELECT min(seen_hour) AS oldest, max(seen_hour) AS newest FROM refs')
  const countBefore = database.prepare('SELECT count(*) AS due FROM refs WHERE seen_hour < ?')
  const lift = database.prepare('UPDATE refs SET seen_hour = ? WHERE seen_hour < ?')

  return function* ({ keepDays, force = false }: RetainOptions): Generator<void, Retained> {
    const hour = Math.floor(now() / HOUR_MS)
    const limit = hour - keepDays * 24
    const { oldest, newest } = span.get() ?? {}
    const clock = meta.number('clock_hour') ?? (typeof newest === 'number' ? newest : hour)
    const pruned = meta.number('pruned_hour')
    const due = Number(countBefore.get(limit)?.['due'])
    if (!force && due > 0 && hour - clock > MOST_DAYS_OFF * 24) {
      return { state: 'refused', forgotten: 0, due, daysAhead: Math.floor((hour - clock) / 24) }
    }
    if (force || hour >= clock) {
      if (pruned !== undefined && !force) lift.run(hour, pruned)
      meta.set('clock_hour', hour)
    }
    const first = Math.max(pruned ?? -Infinity, typeof oldest === 'number' ? oldest : -Infinity)
    const end = force ? limit : Math.min(limit, first + 24)
    let forgotten = 0
    for (let some = pruneSome(end); some > 0; some = pruneSome(end)) {
      forgotten += some
      yield
    }
    if (Number.isFinite(end) && (force || end > (pruned ?? -Infinity))) meta.set('pruned_hour', end)
    const left = Number(countBefore.get(limit)?.['due'])
    return { state: left > 0 ? 'catching-up' : 'done', forgotten, due: left }
  }
}

export interface RetentionOptions extends NamespaceOptions {
  readonly now: () => number
}

/** A week and a day: a desk that was off over a holiday catches up by itself. */
const MOST_DAYS_OFF = 8
