import type { Reference, TraceIdOptions } from '@waybill/reference'
import { linkKey } from '../store/aliasesOf.ts'
import type { FoundReference, Store } from '../store/Store.ts'
import type { Match } from './Match.ts'
import { matchOf } from './matchOf.ts'

/** What is kept under these references, in their order; nothing for one that was forgotten meanwhile. */
export async function openTrails(found: readonly Found[], { store, identity, now }: OpenOptions): Promise<Match[]> {
  const { namespace = '' } = identity
  const matches = await Promise.all(
    found.map(async ({ reference, foundBy }) =>
      matchOf(await store.trail(reference), {
        reference,
        foundBy,
        namespace,
        now,
        evicted: await store.evictedFrom(reference),
        linkedFrom: await store.find([linkKey(reference)], { limit: MOST_LINKING }),
      }),
    ),
  )
  return matches.filter((match) => match !== null)
}

const MOST_LINKING = 1000

export function byServer({ reference, kind }: FoundReference): Found {
  return { reference, foundBy: kind }
}

/** A `foundBy` that begins with `claim` says that only a browser ties the value to the trail. */
export function byBrowser({ reference, kind }: FoundReference): Found {
  return { reference, foundBy: kind.startsWith('claim') ? kind : `claimed-${kind}` }
}

export interface OpenOptions {
  readonly store: Store
  readonly identity: TraceIdOptions
  /** Milliseconds since the epoch. */
  readonly now: number
}

interface Found {
  readonly reference: Reference
  readonly foundBy: string
}
