import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Reference, TraceIdOptions } from '@waybill/reference'
import { isHandling } from '../handling/handlingStep.ts'
import type { Directory } from '../owners/createDirectory.ts'
import type { FoundSteps, TrailSpans } from '../spans/createTrailSpans.ts'
import { linkKey } from '../store/aliasesOf.ts'
import type { FoundReference, Store } from '../store/Store.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import type { TraceLinks } from '../traceLinks/createTraceLinks.ts'
import type { Unseen } from '../store/Unseen.ts'
import type { Match } from './Match.ts'
import { matchOf } from './matchOf.ts'

/** What the desk keeps under these references, in their order; nothing for one that was forgotten meanwhile. */
export async function openTrails(found: readonly Found[], options: OpenOptions): Promise<Match[]> {
  const matches: (Match | null)[] = []
  for (const each of found) {
    const kept = await options.store.trail(each.reference)
    // A full trail takes tens of milliseconds to read and as many to judge. Whoever asks meanwhile comes in between.
    await nextTurn()
    matches.push(await judge(each, kept, options))
    await nextTurn()
  }
  return matches.filter((match) => match !== null)
}

/** The same with what stores of spans hold of these trails, all of which are asked at once; also of those of which the desk itself has nothing. */
export async function openTrailsEverywhere(
  found: readonly Found[],
  options: OpenEverywhereOptions,
): Promise<OpenedTrails> {
  const { store, spans } = options
  const asked = await Promise.all(
    found.map(async (each) => {
      const kept = await store.trail(each.reference)
      // Where its spans are looked for depends on when it happened, and not on when somebody took it up.
      const happened = kept.filter((step) => !isHandling(step))
      return { each, kept, elsewhere: await spans(each.reference, happened) }
    }),
  )
  const matches: (Match | null)[] = []
  for (const { each, kept, elsewhere } of asked) {
    matches.push(await judge(each, [...kept, ...elsewhere.steps], { ...options, unseen: elsewhere.unseen }))
    await nextTurn()
  }
  return {
    matches: matches.filter((match) => match !== null),
    unseen: asked.flatMap(({ elsewhere }) => elsewhere.unseen),
    searched: asked.flatMap(({ elsewhere }) => elsewhere.searched),
  }
}

async function judge(
  { reference, foundBy }: Found,
  steps: readonly StoredStep[],
  options: JudgeOptions,
): Promise<Match | null> {
  const { store, identity, now, traceLinks, directory, deskUnseen, unseen = [] } = options
  if (steps.length === 0) return null
  return matchOf(steps, {
    reference,
    foundBy,
    namespace: identity.namespace ?? '',
    now,
    traceLinks,
    directory,
    secret: store.secret,
    unseen: [...(deskUnseen ?? (await store.unseen())), ...unseen],
    evicted: await store.evictedFrom(reference),
    linkedFrom: await store.find([linkKey(reference)], { limit: MOST_LINKING }),
  })
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
  /** @default none */
  readonly traceLinks?: TraceLinks | undefined
  /** Who looks after what. @default nobody */
  readonly directory?: Directory | undefined
  /** What the desk could not see of its own, where that was asked for many trails at once. @default it is asked for each */
  readonly deskUnseen?: readonly Unseen[] | undefined
}

export interface OpenEverywhereOptions extends OpenOptions {
  readonly spans: TrailSpans
}

export interface OpenedTrails extends Omit<FoundSteps, 'steps'> {
  readonly matches: readonly Match[]
}

interface JudgeOptions extends OpenOptions {
  /** What could not be seen of this trail elsewhere. */
  readonly unseen?: readonly Unseen[] | undefined
}

interface Found {
  readonly reference: Reference
  readonly foundBy: string
}
