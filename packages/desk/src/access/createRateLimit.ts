/**
 * A token bucket per name: `perMinute` at once, refilled evenly. Calling it takes one token and gives 0, or, when none is
 * left, the seconds until there is one. Keeps the last 10 000 names, so that inventing names cannot fill the memory.
 */
export function createRateLimit({ perMinute, clock }: RateLimitOptions): RateLimit {
  const buckets = new Map<string, Bucket>()

  function put(name: string, bucket: Bucket): void {
    // Deleted first, so that the map's order is the order of use and its first name the stalest.
    buckets.delete(name)
    buckets.set(name, bucket)
    const stalest = buckets.size > MOST_NAMES ? buckets.keys().next().value : undefined
    if (stalest !== undefined) buckets.delete(stalest)
  }

  return {
    take(name) {
      const at = clock()
      const { tokens, since } = buckets.get(name) ?? { tokens: perMinute, since: at }
      const full = Math.min(perMinute, tokens + ((at - since) / 60_000) * perMinute)
      const allowed = full >= 1
      put(name, { tokens: allowed ? full - 1 : full, since: at })
      return allowed ? 0 : Math.max(1, Math.ceil(((1 - full) / perMinute) * 60))
    },
    giveBack(name) {
      const bucket = buckets.get(name)
      if (bucket) put(name, { ...bucket, tokens: Math.min(perMinute, bucket.tokens + 1) })
    },
  }
}

export interface RateLimit {
  /** Takes one and gives 0; or takes none and gives the whole seconds until there is one. */
  take(name: string): number
  /** Undoes a take. */
  giveBack(name: string): void
}

export interface RateLimitOptions {
  readonly perMinute: number
  /** Milliseconds that only ever grow, whatever is done to the wall clock: `performance.now`. */
  readonly clock: () => number
}

interface Bucket {
  readonly tokens: number
  readonly since: number
}

const MOST_NAMES = 10_000
