/**
 * Up to which hour trails may be forgotten now, and never more than a day's share in one go: those last added to within 24 hours of the oldest one that is due.
 * A clock that is wrong could otherwise take everything. Where the clock is further ahead of the last time that retention ran than a desk is likely to have
 * been off, nothing is forgotten at all, until somebody says that it is right (`force`) or it is set back. A clock that was behind does no harm
 * either: what was added to meanwhile counts as added to now.
 */
export function planRetention({
  hour,
  keepDays,
  force,
  clock,
  pruned,
  oldest,
  newest,
  due,
}: RetentionFacts): RetentionPlan {
  const limit = hour - keepDays * 24
  const last = clock ?? newest ?? hour
  if (!force && due > 0 && hour - last > MOST_DAYS_OFF * 24) {
    return { state: 'refused', daysAhead: Math.floor((hour - last) / 24) }
  }
  const isTrusted = force || hour >= last
  const first = Math.max(pruned ?? -Infinity, oldest ?? -Infinity)
  const end = force ? limit : Math.min(limit, first + 24)
  return {
    state: 'forget',
    end,
    clock: isTrusted ? hour : undefined,
    liftBefore: isTrusted && !force ? pruned : undefined,
    pruned: Number.isFinite(end) && (force || end > (pruned ?? -Infinity)) ? end : undefined,
  }
}

/** Hours are since the epoch. */
export interface RetentionFacts {
  readonly hour: number
  readonly keepDays: number
  readonly force: boolean
  /** The latest hour at which retention believed the clock; undefined when it never ran. */
  readonly clock: number | undefined
  /** What was last added to before this hour is forgotten already. */
  readonly pruned: number | undefined
  /** When the trails that are kept were last added to. */
  readonly oldest: number | undefined
  readonly newest: number | undefined
  /** How many trails are older than `keepDays`. */
  readonly due: number
}

export type RetentionPlan =
  | { readonly state: 'refused'; readonly daysAhead: number }
  | {
      readonly state: 'forget'
      /** Trails last added to before this hour go; minus infinity for none. */
      readonly end: number
      /** The next `clock`; undefined where it stays. */
      readonly clock: number | undefined
      /** Trails last added to before this hour were added to by a clock that was behind: they count as added to now. */
      readonly liftBefore: number | undefined
      /** The next `pruned`, once all that is gone; undefined where it stays. */
      readonly pruned: number | undefined
    }

/** A week and a day: a desk that was off over a holiday catches up by itself. */
const MOST_DAYS_OFF = 8
