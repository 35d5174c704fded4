import type { Step } from '@waybill/trail'
import type { Store } from '../store/Store.ts'
import { createMapMaker } from './createMapMaker.ts'
import type { PathMap } from './PathMap.ts'

/** Draws the map of the newest trails that something was added to since then, letting other requests through between them. */
export async function drawMap({ store, since, limit = 500 }: DrawMapOptions): Promise<PathMap> {
  const { references, more } = await store.recent({ since, limit })
  const maker = createMapMaker()
  for (const reference of references) {
    // The hash tells persons apart as well as their ids do.
    maker.add((await store.trail(reference)).map(({ personHash, ...step }): Step => ({ ...step, person: personHash })))
    await new Promise((resolve) => setImmediate(resolve))
  }
  return maker.map({ since, more })
}

export interface DrawMapOptions {
  readonly store: Pick<Store, 'recent' | 'trail'>
  /** Milliseconds since the epoch. */
  readonly since: number
  /** Trails at most. @default 500 */
  readonly limit?: number | undefined
}
