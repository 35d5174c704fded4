import type { Store } from './Store.ts'

/**
 * Has a store forget what is due: once an hour by age, every ten seconds by size. What it refuses, and what it forgets beyond the ordinary, is
 * said once and not each time. Gives its stop.
 */
export function startRetention({ store, keepDays, quotaBytes, warn, onError }: RetentionJobOptions): () => void {
  let isStopped = false
  const said = new Set<string>()
  const say = (key: string, message: string): void => {
    if (!said.has(key)) warn(`[waybill] ${message}`)
    said.add(key)
  }
  const fail = (error: unknown): void => {
    if (!isStopped) onError(error)
  }

  async function byAge(): Promise<void> {
    const retained = await store.retain({ keepDays })
    const { state, due } = retained
    if (state === 'refused') {
      say(
        state,
        `The clock is ${retained.daysAhead} days ahead of when this desk last ran, and by it ${countText(due)} would be forgotten at once. None was, since the clock may be wrong. If it is right, run \`waybill prune --force\`; if not, set it.`,
      )
    } else if (state === 'catching-up') {
      say(
        state,
        `More than a day’s share of trails is older than ${keepDays} days; ${countText(due)} left. The desk forgets one day’s share an hour. If its clock is wrong, stop it and set the clock.`,
      )
    } else for (const key of ['refused', 'catching-up']) said.delete(key)
  }

  let isShrinking = false
  async function bySize(most: number): Promise<void> {
    if (isShrinking) return
    isShrinking = true
    const { forgotten, bytes } = await store.shrinkTo(most).finally(() => (isShrinking = false))
    if (forgotten > 0) {
      say(
        'quota',
        `The database reached its quota of ${most} bytes, so the trails that were added to longest ago are forgotten before their time. Raise the quota to keep them longer.`,
      )
    }
    if (bytes > most) {
      say(
        'today',
        `The last 24 hours alone take more than the database’s quota of ${most} bytes. They are kept all the same. Raise the quota, or find out who sends so much.`,
      )
    }
  }

  const retain = (): void => void byAge().catch(fail)
  retain()
  const timers = [setInterval(retain, HOUR_MS)]
  if (quotaBytes !== undefined) {
    const shrink = (): void => void bySize(quotaBytes).catch(fail)
    shrink()
    timers.push(setInterval(shrink, SHRINK_EVERY_MS))
  }
  for (const timer of timers) timer.unref()
  return () => {
    isStopped = true
    for (const timer of timers) clearInterval(timer)
  }
}

function countText(count: number): string {
  return count === 1 ? '1 trail' : `${count} trails`
}

export interface RetentionJobOptions {
  readonly store: Store
  readonly keepDays: number
  /** @default none */
  readonly quotaBytes?: number | undefined
  /** Hears of what was not forgotten, or forgotten early. */
  readonly warn: (message: string) => void
  /** Hears of faults. */
  readonly onError: (error: unknown) => void
}

const HOUR_MS = 3_600_000
const SHRINK_EVERY_MS = 10_000
