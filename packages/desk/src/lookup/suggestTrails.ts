import { suggestReferences } from '@waybill/reference/reading'
import type { TrailSummary } from './Match.ts'
import { openTrails } from './openTrails.ts'
import type { OpenOptions } from './openTrails.ts'
import { summaryOf } from './summaryOf.ts'

/**
 * Trails whose references are one slip of eye, ear or finger away from a code in the text, the likeliest first. At most 30
 * references are tried, by one question to the store, and no more trails opened than `limit`.
 */
export async function suggestTrails(text: string, options: SuggestOptions): Promise<readonly TrailSummary[]> {
  const { store, identity, limit } = options
  const near = suggestReferences(text, { lengths: identity.lengths }).map(({ reference }) => reference)
  const known = near.length > 0 ? await store.known(near) : []
  const found = known.slice(0, limit).map((reference) => ({ reference, foundBy: 'suggestion' }))
  return (await openTrails(found, options)).map(summaryOf)
}

export interface SuggestOptions extends OpenOptions {
  /** Trails at most. */
  readonly limit: number
}
