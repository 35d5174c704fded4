import type { Store, StoreSize } from '../store/Store.ts'
import type { GaugeSource } from './createMetrics.ts'

/** How full the store is. Counting takes a while in a large one, so it is done once a minute at most. */
export function storeGauges(store: Pick<Store, 'size'>): Readonly<Record<string, GaugeSource>> {
  let last: { readonly at: number; readonly size: Promise<StoreSize> } | undefined
  function size(): Promise<StoreSize> {
    const at = performance.now()
    if (!last || at - last.at >= FRESH_MS) last = { at, size: store.size() }
    return last.size
  }
  return {
    store_bytes: { help: 'What the database takes on the disk', read: async () => (await size()).bytes },
    trails: { help: 'Trails that are kept', read: async () => (await size()).trails },
  }
}

const FRESH_MS = 60_000
