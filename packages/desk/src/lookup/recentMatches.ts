import type { Reference } from '@waybill/reference'
import { isHandling } from '../handling/handlingStep.ts'
import type { Unseen } from '../store/Unseen.ts'
import type { Match } from './Match.ts'
import { openTrails } from './openTrails.ts'
import type { OpenOptions } from './openTrails.ts'

/**
 * The trails of which something happened since then, one by one: first those that a server tells of, then those that browsers alone reported, so that nobody with the public key can crowd the others
 * out; in each part those first heard of last first, by the hour. Looks at `most` of each part at most, opens a few at once, and lets other requests through between them. Returns whether there are
 * others.
 */
export async function* recentMatches(options: RecentMatchesOptions): AsyncGenerator<Match, boolean> {
  const { store, since, most } = options
  let isMore = false
  for (const said of ['by-server', 'by-browser'] as const) {
    const { references, more } = await store.recent({ since, limit: most, said })
    isMore ||= more
    for (const some of inParts(references)) {
      const opened = await Promise.all(
        some.map((reference) => openTrails([{ reference, foundBy: options.foundBy }], options)),
      )
      for (const match of opened.flat()) if (lastMomentOf(match) >= since) yield match
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return isMore
}

export interface RecentMatchesOptions extends OpenOptions {
  /** Milliseconds since the epoch. */
  readonly since: number
  /** Trails of each part at most. */
  readonly most: number
  /** What is to be said of how they were found. */
  readonly foundBy: string
  readonly deskUnseen: readonly Unseen[]
}

/** A database elsewhere answers them together about as soon as one. */
const AT_ONCE = 8

function* inParts(references: readonly Reference[]): Generator<readonly Reference[]> {
  for (let from = 0; from < references.length; from += AT_ONCE) yield references.slice(from, from + AT_ONCE)
}

/** The store knows the hour in which a trail was last added to, the steps the moment. When support took it up is not when it happened. */
function lastMomentOf({ steps }: Match): number {
  return Math.max(...steps.filter((step) => !isHandling(step)).map(({ at, durationMs }) => Date.parse(at) + durationMs))
}
