import type { Reference } from '@waybill/reference'
import type { FindOptions, FoundReference } from './Store.ts'

/** How many claims of one value are looked at. */
export const MOST_CLAIMS = 10_000

/** Is added to the place of a claim whose trail holds a server's step, so that it comes before every other. More than any number of trails. */
export const SERVED = 2 ** 50

/** Each trail once, at its first place, and no more than asked for. */
export function inPlaceOrder(
  found: readonly FoundReference[],
  { limit, after = Number.MAX_SAFE_INTEGER }: FindOptions,
): FoundReference[] {
  const seen = new Set<Reference>()
  return found
    .toSorted((a, b) => b.place - a.place)
    .filter(({ reference, place }) => place < after && !seen.has(reference) && seen.add(reference))
    .slice(0, limit)
}
