import { setRecent } from '../setRecent.ts'

/**
 * Counts deliveries of one message to this process, from 1, for brokers that count none. It remembers the last 10 000, and a new
 * process begins anew: what a message went through before is not known to it.
 */
export function createDeliveryCounter({ most = 10_000 } = {}): (key: string) => number {
  const counts = new Map<string, number>()
  return (key) => {
    const count = (counts.get(key) ?? 0) + 1
    setRecent(counts, key, count, most)
    return count
  }
}
