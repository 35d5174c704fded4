import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Reference, TraceIdOptions } from '@waybill/reference'
import { linkKey } from '../store/aliasesOf.ts'
import type { FoundReference, Store } from '../store/Store.ts'
import type { Match } from './Match.ts'
import { matchOf } from './matchOf.ts'

/** What is kept under these references, in their order; nothing for one that was forgotten meanwhile. */
export async function openTrails(found: readonly Found[], { store, identity, now }: OpenOptions): Promise<Match[]> {
  const { namespace = '' } = identity
  const matches: (Match | null)[] = []
  for (const { reference, foundBy } of found) {
    const steps = await store.trail(reference)
    // A full trail takes tens of milliseconds to read and as many to judge. Whoever asks meanwhile comes in between.
    await nextTurn()
    const match = matchOf(steps, {
      reference,
      foundBy,
      namespace,
      now,
      evicted: await store.evictedFrom(reference),
      linkedFrom: await store.find([linkKey(reference)], { limit: MOST_LINKING }),
    })
    matches.push(match)
    await nextTurn()
  }
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
