import type { Reference } from '@waybill/reference'
import type { Store } from '../src/store/Store.ts'
import type { StoredStep } from '../src/store/StoredStep.ts'
import { createWriter } from '../src/writer/createWriter.ts'
import { createActions } from './createActions.ts'
import type { Place } from './Place.ts'
import { sealAction } from './sealAction.ts'

/**
 * Fills a store with actions of eleven steps, in groups of about 500 steps, spread evenly over the days that end now. The worker's steps of every tenth action come in
 * a later group, as they do where a queue is long. Only what the store does is timed, not the making of the steps.
 */
export async function fillStore(place: Place, { steps, days, onProgress = () => {} }: FillOptions): Promise<Filled> {
  const end = Date.now()
  const begin = end - days * DAY_MS
  let now = begin
  const { store } = createWriter({
    ...place.desk,
    identity: {},
    now: () => now,
    waitingSteps: 2 * STEPS_AT_ONCE,
  })
  const makeAction = createActions()
  const samples: Sample[] = []
  const every = Math.max(1, Math.floor(steps / 11 / MOST_SAMPLES))
  const atOnce = Math.max(2 * GROUP, Math.min(STEPS_AT_ONCE, steps / days / 4))
  let stored = 0
  let actions = 0
  let busyMs = 0
  let jsonBytes = 0
  let weighed = 0
  let late: StoredStep[] = []
  const rates: number[] = []
  const before = await place.written()
  try {
    while (stored < steps) {
      now = Math.min(end, begin + (stored / steps) * (end - begin))
      const groups: StoredStep[][] = []
      let made = 0
      while (made < atOnce && stored + made < steps) {
        const group: StoredStep[] = late
        late = []
        while (group.length < GROUP) {
          const action = makeAction(now - 5000)
          const all = sealAction(action, { secret: store.secret, now })
          if (actions++ % every === 0) samples.push({ reference: action.reference, order: action.order })
          const isLate = actions % 10 === 0
          group.push(...(isLate ? all.slice(0, -action.worker.length) : all))
          if (isLate) late.push(...all.slice(-action.worker.length))
        }
        groups.push(group)
        made += group.length
      }
      if (weighed === 0) {
        weighed = made
        jsonBytes = JSON.stringify(groups).length
      }
      const ms = await timeAppends(store, groups)
      busyMs += ms
      rates.push((made / ms) * 1000)
      stored += made
      onProgress(stored)
    }
    if (late.length > 0) await timeAppends(store, [late])
    stored += late.length
  } finally {
    await store.stop()
  }
  const after = await place.written()
  return {
    steps: stored,
    samples,
    perSecond: (stored / busyMs) * 1000,
    rates,
    bytes: await place.bytes(),
    written: before === undefined || after === undefined ? undefined : after - before,
    jsonBytesAStep: jsonBytes / weighed,
  }
}

/** In milliseconds, until everything is durable. */
export async function timeAppends(
  store: Pick<Store, 'append'>,
  groups: readonly (readonly StoredStep[])[],
): Promise<number> {
  const begun = performance.now()
  const answers = await Promise.all(groups.map((group) => store.append(group)))
  const ms = performance.now() - begun
  const refused = answers.filter((answer) => !answer.ok || answer.refused > 0)
  if (refused.length > 0)
    throw new Error(
      `The store did not take ${refused.length} of ${groups.length} groups: ${JSON.stringify(refused[0])}`,
    )
  return ms
}

export interface FillOptions {
  readonly steps: number
  /** Over how many days they came. */
  readonly days: number
  /** Hears how many steps are stored. */
  readonly onProgress?: ((stored: number) => void) | undefined
}

export interface Filled {
  readonly steps: number
  readonly samples: readonly Sample[]
  readonly perSecond: number
  /** Steps a second of each 20,000, or fewer, in turn. */
  readonly rates: readonly number[]
  readonly bytes: number
  readonly written: number | undefined
  /** How long the same steps are as JSON. */
  readonly jsonBytesAStep: number
}

/** An action that is stored, and what a person may have of it. */
export interface Sample {
  readonly reference: Reference
  readonly order: string
}

const DAY_MS = 86_400_000
const GROUP = 495
const STEPS_AT_ONCE = 20_000
const MOST_SAMPLES = 20_000
