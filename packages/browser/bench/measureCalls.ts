import type { Browser } from 'playwright'
import type { BenchPage } from './openPage.ts'
import { openPage } from './openPage.ts'
import { CALLS_PER_ACTION } from './offer.ts'
import { medianOf } from './medianOf.ts'

/**
 * The main-thread time a contender adds to a call. In each round every contender makes its calls in small slices, in turns and
 * in a new order each time, so that what else the machine does meets all alike; then all wait until their follow-up work is
 * done. A contender's time is compared with bare fetch's of the same round.
 */
export async function measureCalls(browser: Browser, options: CallsOptions): Promise<ReadonlyMap<string, CallCost>> {
  const { origin, names, way, rounds } = options
  const pages = new Map<string, BenchPage>()
  for (const name of names) pages.set(name, await openPage(browser, `${origin}/pages/${name}`))
  const samples = new Map<string, Sample[]>(names.map((name) => [name, []]))

  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const before = new Map<string, number>()
    const inCalls = new Map<string, number>()
    for (const [name, each] of pages) {
      before.set(name, await each.taskMicroseconds())
      await each.page.evaluate(() => window.bench.takeSyncMs())
    }
    for (let slice = 0; slice < SLICES; slice++) {
      for (const [name, each] of shuffled([...pages])) {
        const begun = await each.taskMicroseconds()
        await makeCalls(each, way, CALLS_PER_SLICE)
        inCalls.set(name, (inCalls.get(name) ?? 0) + (await each.taskMicroseconds()) - begun)
      }
    }
    await new Promise((go) => setTimeout(go, FOLLOW_UP_MS))
    for (const [name, each] of pages) {
      const all = (await each.taskMicroseconds()) - (before.get(name) ?? Number.NaN)
      const sync = 1000 * (await each.page.evaluate(() => window.bench.takeSyncMs()))
      const sample = { sync, inCalls: inCalls.get(name) ?? Number.NaN, all }
      if (round >= 0) samples.get(name)?.push(sample)
    }
  }
  for (const each of pages.values()) await each.close()

  const bare = samples.get('bare') ?? []
  return new Map(
    names.map((name) => {
      const added = (part: keyof Sample): number[] =>
        (samples.get(name) ?? []).map(
          (sample, i) => (sample[part] - (bare[i]?.[part] ?? Number.NaN)) / (SLICES * CALLS_PER_SLICE),
        )
      const all = added('all')
      return [
        name,
        {
          syncMicroseconds: medianOf(added('sync')),
          inCallsMicroseconds: medianOf(added('inCalls')),
          microseconds: medianOf(all),
          uncertainty: uncertaintyOf(all),
          bareMicroseconds: medianOf(bare.map(({ all }) => all / (SLICES * CALLS_PER_SLICE))),
        },
      ]
    }),
  )
}

async function makeCalls({ page }: BenchPage, way: CallWay, count: number): Promise<void> {
  if (way === 'background') return page.evaluate((count) => window.bench.background(count), count)
  if (way === 'handle') return page.evaluate((count) => window.bench.actions(count), count)
  for (let i = 0; i < count; i += CALLS_PER_ACTION) {
    await page.mouse.click(20, 20)
    await page.evaluate(() => window.bench.settled())
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

/** Half the width within which the median lies 19 times of 20, from the quartiles. */
function uncertaintyOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
  return (1.57 * (at(0.75) - at(0.25))) / Math.sqrt(values.length)
}

export interface CallsOptions {
  readonly origin: string
  readonly names: readonly string[]
  readonly way: CallWay
  readonly rounds: number
}

/** What leads to the calls: a customer's click (trusted, three calls), an explicit action around three calls, or nothing. */
export type CallWay = 'click' | 'handle' | 'background'

export interface CallCost {
  /** Added until `fetch(…)` returned its promise; wall time. */
  readonly syncMicroseconds: number
  /** Added while the calls were being made. */
  readonly inCallsMicroseconds: number
  /** Added in all: writes, timers and delivery too. */
  readonly microseconds: number
  readonly uncertainty: number
  /** What the call takes without anybody's help. */
  readonly bareMicroseconds: number
}

const WARM_UP_ROUNDS = 2
const SLICES = 24
const CALLS_PER_SLICE = 21
/** Two seconds of silence end an action, three more gather its steps; OpenTelemetry's batches wait five. */
const FOLLOW_UP_MS = 6000

interface Sample {
  readonly sync: number
  readonly inCalls: number
  readonly all: number
}
