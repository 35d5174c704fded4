import type { Retained, RetainOptions } from '../Store.ts'
import type { ActiveDay } from './days/createActiveDay.ts'
import type { DayFile } from './days/DayFolder.ts'
import type { SqliteMeta } from './sqliteMeta.ts'
import { HOUR_MS } from './HOUR_MS.ts'

/**
 * Forgets what nothing was added to for `keepDays`, by taking away the files all of whose trails are that old, so that a trail goes within a day of
 * when it is due. Never more than a day's share goes at once: the files last added to within 24 hours of the oldest one that is due. A clock that is
 * wrong could otherwise take everything. Where the clock is further ahead of the last time that retention ran than a desk is likely to have been
 * off, nothing is forgotten at all, until somebody says that it is right (`force`) or it is set back. A clock that was behind does no harm either: what
 * was added to meanwhile counts as added to now.
 */
export function createSqliteRetention({ active, meta, now }: RetentionOptions) {
  function oldest(): AgedFile[] {
    return filesByAge(active).filter(({ trails }) => trails !== 0)
  }

  /** A file of a former day that nothing is left in. */
  function removeEmpty(): void {
    const files = filesByAge(active)
    const newest = active.days.list().at(-1)
    for (const { file, trails } of files) if (trails === 0 && file.number !== newest?.number) active.remove(file)
  }

  function lift(hour: number, pruned: number): void {
    for (const { file, newestHour } of oldest())
      if (newestHour < pruned) active.change(file, (writer) => writer.write(() => writer.liftTo(hour)))
  }

  return function* ({ keepDays, force = false }: RetainOptions): Generator<void, Retained> {
    const hour = Math.floor(now() / HOUR_MS)
    const limit = hour - keepDays * 24
    const dueNow = (): AgedFile[] => oldest().filter(({ newestHour }) => newestHour < limit)
    const begun = active.exclusively((): Retained | { readonly end: number; readonly pruned: number | undefined } => {
      const files = oldest()
      const newest = files.reduce((last, { newestHour }) => Math.max(last, newestHour), -Infinity)
      const clock = meta.number('clock_hour') ?? (Number.isFinite(newest) ? newest : hour)
      const pruned = meta.number('pruned_hour')
      const due = trailsIn(dueNow())
      if (!force && due > 0 && hour - clock > MOST_DAYS_OFF * 24) {
        return { state: 'refused', forgotten: 0, due, daysAhead: Math.floor((hour - clock) / 24) }
      }
      // Before the files are lifted: they are not what was due.
      const first = Math.max(pruned ?? -Infinity, files[0]?.newestHour ?? -Infinity)
      if (force || hour >= clock) {
        if (pruned !== undefined && !force) lift(hour, pruned)
        meta.set('clock_hour', hour)
      }
      return { end: force ? limit : Math.min(limit, first + 24), pruned }
    })
    if ('state' in begun) return begun
    const { end, pruned } = begun
    let forgotten = 0
    for (;;) {
      const file = active.exclusively(() => {
        const next = filesByAge(active).find(({ newestHour }) => newestHour < end)
        if (next) active.remove(next.file)
        return next
      })
      if (!file) break
      forgotten += file.trails ?? 0
      yield
    }
    const left = active.exclusively(() => {
      removeEmpty()
      if (Number.isFinite(end) && (force || end > (pruned ?? -Infinity))) meta.set('pruned_hour', end)
      return trailsIn(dueNow())
    })
    return { state: left > 0 ? 'catching-up' : 'done', forgotten, due: left }
  }
}

/** The files of a store, those that were added to longest ago coming first. Of one that cannot be read its name says the day. */
export function filesByAge({ days }: Pick<ActiveDay, 'days'>): AgedFile[] {
  return days
    .list()
    .map((file) => {
      const known = days.ask(file, (day) => {
        const { trails, newestHour } = day.state()
        return { trails, newestHour, bytes: day.bytes() }
      })
      return known ? { file, ...known } : { file, trails: undefined, newestHour: lastHourOf(file), bytes: 0 }
    })
    .toSorted((a, b) => a.newestHour - b.newestHour || a.file.number - b.file.number)
}

export interface AgedFile {
  readonly file: DayFile
  /** Unknown where it cannot be read. */
  readonly trails: number | undefined
  readonly newestHour: number
  readonly bytes: number
}

export interface RetentionOptions {
  readonly active: ActiveDay
  readonly meta: SqliteMeta
  readonly now: () => number
}

function trailsIn(files: readonly AgedFile[]): number {
  return files.reduce((sum, { trails }) => sum + (trails ?? 0), 0)
}

function lastHourOf({ day }: DayFile): number {
  return Date.parse(`${day}T00:00:00Z`) / HOUR_MS + 23
}

/** A week and a day: a desk that was off over a holiday catches up by itself. */
const MOST_DAYS_OFF = 8
