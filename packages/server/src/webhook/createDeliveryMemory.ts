import { setRecent } from '../setRecent.ts'

/**
 * Counts deliveries in this process alone, of the last `size` events: what is delivered again to another process, or after a restart,
 * counts as new there. Enough for one process and for tests; else give `tracedDeliveries` one that asks your database.
 */
export function createDeliveryMemory({ size = 10_000 }: DeliveryMemoryOptions = {}): RememberDelivery {
  const known = new Map<string, RememberedDelivery>()
  return (event, reference) => {
    const last = known.get(event)
    const delivery = { reference: last?.reference ?? reference, attempt: (last?.attempt ?? 0) + 1 }
    // What nobody delivers any more is forgotten first.
    setRecent(known, event, delivery, size)
    return delivery
  }
}

/**
 * Counts a delivery of an event, and says which one it is and under which reference the first one was; `reference` is what to keep if
 * this is the first. It has to be one step, such as an SQL `insert … on conflict do update … returning`, because deliveries overlap.
 */
export type RememberDelivery = (
  event: string,
  reference: string,
) => RememberedDelivery | undefined | Promise<RememberedDelivery | undefined>

export interface RememberedDelivery {
  readonly reference: string
  /** From 1. */
  readonly attempt: number
}

interface DeliveryMemoryOptions {
  /** @default 10000 */
  readonly size?: number | undefined
}
