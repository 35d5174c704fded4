/**
 * A token bucket per name: `perMinute` at once, refilled evenly. Calling it takes one token and gives 0, or, when none is
 * left, the seconds until there is one. Keeps the last 10 000 names, so that inventing names cannot fill the memory.
 */
export function createRateLimit({ perMinute, now }: RateLimitOptions): RateLimit {
  const buckets = new Map<string, Bucket>()
  return (name) => {
    const at = now()
    const { tokens, since } = buckets.get(name) ?? { tokens: perMinute, since: at }
    const full = Math.min(perMinute, tokens + ((at - since) / 60_000) * perMinute)
    const allowed = full >= 1
    // Deleted first, so that the map's order is the order of use and its first name the stalest.
    buckets.delete(name)
    buckets.set(name, { tokens: allowed ? full - 1 : full, since: at })
    const stalest = buckets.size > MOST_NAMES ? buckets.keys().next().value : undefined
    if (stalest !== undefined) buckets.delete(stalest)
    return allowed ? 0 : Math.max(1, Math.ceil(((1 - full) / perMinute) * 60))
  }
}

export type RateLimit = (name: string) => number

export interface RateLimitOptions {
  readonly perMinute: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

interface Bucket {
  readonly tokens: number
  readonly since: number
}

const MOST_NAMES = 10_000
