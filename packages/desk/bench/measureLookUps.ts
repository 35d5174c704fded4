import { mintReference, mintSpanId } from '@waybill/reference'
import { normalValue } from '../src/store/aliasesOf.ts'
import type { Store } from '../src/store/Store.ts'
import { openDeskStore } from '../src/writer/openDeskStore.ts'
import type { DeskStore } from '../src/writer/DeskStore.ts'
import type { Sample } from './fillStore.ts'
import { makeBodies } from './measureAppends.ts'
import type { Measure } from './Measure.ts'
import type { Place } from './Place.ts'
import { median, quantile } from './quantiles.ts'

/** How long look-ups in a filled store take, while nothing else is done, and while a desk's own intake runs at half of what it takes at most. */
export async function measureLookUps(place: Place, { samples, count, seconds }: LookUpOptions): Promise<Measure[]> {
  const desk = openDeskStore({ ...place.desk, identity: {}, now: Date.now, onError: console.error })
  try {
    await desk.opened
    const lookUps = lookUpsIn(desk.store, samples)
    for (const [, lookUp] of lookUps) for (let turn = 0; turn < count / 4; turn++) await lookUp()
    const warm = new Map<string, number[]>()
    for (const [name, lookUp] of lookUps) {
      const latencies: number[] = []
      for (let turn = 0; turn < count; turn++) {
        const begun = performance.now()
        await lookUp()
        latencies.push(performance.now() - begun)
      }
      warm.set(name, latencies)
    }
    const most = await fullSpeed(desk)
    const busy = await whileTaking(desk, { lookUps, perSecond: most / 2, seconds })
    const measure = (name: string, unit: Measure['unit'], values: readonly number[], note?: string): Measure => ({
      section: 'look-up',
      name,
      unit,
      engine: place.engine,
      values,
      note,
    })
    return [
      ...[...warm].flatMap(([name, latencies]) =>
        QUANTILES.map(([word, share]) => measure(`${name}, ${word}`, 'ms', [quantile(latencies, share)])),
      ),
      measure('intake by the desk’s own thread at full speed', 'steps/s', [most]),
      measure('intake meanwhile', 'steps/s', [busy.perSecond], 'half of what it takes at full speed'),
      ...[...busy.latencies].flatMap(([name, latencies]) =>
        QUANTILES.map(([word, share]) =>
          measure(`${name} while steps come in, ${word}`, 'ms', [quantile(latencies, share)]),
        ),
      ),
    ]
  } finally {
    await desk.store.stop()
  }
}

export interface LookUpOptions {
  readonly samples: readonly Sample[]
  /** Of look-ups of each kind. */
  readonly count: number
  /** Of look-ups while steps come in. */
  readonly seconds: number
}

export const QUANTILES = [
  ['p50', 0.5],
  ['p99', 0.99],
] as const

type LookUp = () => Promise<void>

/** Each kind of look-up, of something that is there or is not, anew each time. */
export function lookUpsIn(store: Pick<Store, 'trail' | 'find'>, samples: readonly Sample[]): [string, LookUp][] {
  const any = (): Sample => samples[Math.floor(Math.random() * samples.length)]!
  const expect = (isRight: boolean, what: string): void => {
    if (!isRight) throw new Error(`A look-up ${what}.`)
  }
  return [
    [
      'by reference',
      async () => expect((await store.trail(any().reference)).length === 11, 'by reference found no whole trail'),
    ],
    [
      'by alias',
      async () => {
        const { order, reference } = any()
        const [found] = await store.find([normalValue(order)], { limit: 20 })
        expect(
          found?.reference === reference && (await store.trail(found.reference)).length === 11,
          'by an order found no whole trail',
        )
      },
    ],
    [
      'a reference that is not there',
      async () => expect((await store.trail(mintReference())).length === 0, 'found what is not there'),
    ],
    [
      'a value that is not there',
      async () =>
        expect((await store.find([`a-${mintSpanId()}`], { limit: 20 })).length === 0, 'found what is not there'),
    ],
  ]
}

/** The median of a few seconds, in steps a second. */
async function fullSpeed({ takeBody }: DeskStore): Promise<number> {
  const speeds: number[] = []
  for (let turn = 0; turn < 4; turn++) {
    const bodies = makeBodies(80)
    const begun = performance.now()
    const send = async (): Promise<void> => {
      for (let bytes = bodies.pop(); bytes; bytes = bodies.pop()) await take({ takeBody }, bytes)
    }
    await Promise.all(Array.from({ length: 8 }, send))
    speeds.push(((80 * STEPS) / (performance.now() - begun)) * 1000)
  }
  return median(speeds.slice(1))
}

async function whileTaking(desk: DeskStore, { lookUps, perSecond, seconds }: WhileTakingOptions) {
  // Made before, so that the thread that answers has only to hand them on, as it has what arrives.
  const bodies = makeBodies(Math.ceil((seconds * perSecond) / STEPS))
  const total = bodies.length
  const latencies = new Map<string, number[]>(lookUps.map(([name]) => [name, []]))
  const begun = performance.now()
  let over = 0
  let hasFailed = false
  const underWay: Promise<void>[] = []
  const sending = (async () => {
    for (let turn = 0; turn < total && !hasFailed; turn++) {
      await sleepUntil(begun + (turn * STEPS * 1000) / perSecond)
      underWay.push(take(desk, bodies.pop()!))
    }
    await Promise.all(underWay)
  })().finally(() => (over = performance.now()))
  // What is wrong is thrown below.
  sending.catch(() => {})
  const asked: Promise<void>[] = []
  try {
    for (let turn = 0; over === 0; turn++) {
      const due = begun + (turn * 1000) / PACE
      await sleepUntil(due)
      const [name, lookUp] = lookUps[turn % lookUps.length]!
      // The next does not wait for it, or those that would have to wait would not be there.
      asked.push(lookUp().then(() => void latencies.get(name)!.push(performance.now() - due)))
    }
    await Promise.all(asked)
  } finally {
    hasFailed = over === 0
  }
  await sending
  return { latencies, perSecond: (total * STEPS * 1000) / (over - begun) }
}

interface WhileTakingOptions {
  readonly lookUps: readonly [string, LookUp][]
  readonly perSecond: number
  readonly seconds: number
}

async function take({ takeBody }: Pick<DeskStore, 'takeBody'>, bytes: Buffer): Promise<void> {
  const answer = await takeBody({ bytes, encoding: 'json', signal: 'traces', claimed: false })
  if (answer.outcome !== 'taken' || answer.rejected > 0) throw new Error(`A body was not taken: ${answer.outcome}.`)
}

async function sleepUntil(due: number): Promise<void> {
  const ms = due - performance.now()
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
}

const STEPS = 500
/** Look-ups a second while steps come in. */
const PACE = 100
