/**
 * Counts deliveries of one message to this process, from 1, for brokers that count none. It remembers the last 10 000, and a new
 * process begins anew: what a message went through before is not known to it.
 */
export function createDeliveryCounter({ most = 10_000 } = {}): (key: string) => number {
  const counts = new Map<string, number>()
  return (key) => {
    const count = (counts.get(key) ?? 0) + 1
    // Again at the end, so that the first is always the one not heard of for longest.
    counts.delete(key)
    counts.set(key, count)
    if (counts.size > most)
      for (const first of counts.keys()) {
        counts.delete(first)
        break
      }
    return count
  }
}
