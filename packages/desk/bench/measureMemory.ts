import { startDeskProcess } from '../fixtures/startDeskProcess.ts'
import type { Sample } from './fillStore.ts'
import type { Measure } from './Measure.ts'
import type { Place } from './Place.ts'
import { median } from './quantiles.ts'
import { startSender } from './startSender.ts'

/** How much memory a desk's process has while it takes steps at a steady pace and answers twenty look-ups a second. */
export async function measureMemory(place: Place, { samples, minutes, perSecond }: MemoryOptions): Promise<Measure[]> {
  const desk = await startDeskProcess({ ...place.desk, ...KEYS, limits: NO_LIMITS })
  try {
    const sender = await startSender({
      url: desk.url,
      key: KEY,
      connections: 4,
      stepsPerBody: 500,
      perSecond,
      seconds: minutes * 60,
    })
    const end = sender.send()
    let isOver = false
    void end.finally(() => (isOver = true))
    const bytes: number[] = []
    for (let turn = 0; !isOver; turn++) {
      const { reference } = samples[turn % samples.length]!
      const response = await fetch(`${desk.url}/api/trails/${reference}`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      })
      await response.arrayBuffer()
      if (turn % 20 === 0) bytes.push((await desk.measure()).bytes / 1e6)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const { statuses, seconds } = await end
    const third = Math.floor(bytes.length / 3)
    const measure = (name: string, values: readonly number[], unit: Measure['unit'] = 'MB'): Measure => ({
      section: 'memory',
      name,
      unit,
      engine: place.engine,
      values,
    })
    return [
      measure(`steps taken meanwhile, for ${minutes} min`, [((statuses[200] ?? 0) * 500) / seconds], 'steps/s'),
      measure(SECOND_THIRD, [median(bytes.slice(third, 2 * third))]),
      measure(LAST_THIRD, [median(bytes.slice(2 * third))]),
      measure('memory at most', [Math.max(...bytes)]),
    ]
  } finally {
    await desk.kill()
  }
}

export interface MemoryOptions {
  readonly samples: readonly Sample[]
  readonly minutes: number
  /** Steps, as long as the desk takes them. */
  readonly perSecond: number
}

export const SECOND_THIRD = 'memory, median of the second third of the time'
export const LAST_THIRD = 'memory, median of the last third'

export const [TOKEN, KEY] = ['token-of-the-bench', 'key-of-the-bench']
export const KEYS = { readToken: TOKEN, ingestKeys: [KEY] }
export const NO_LIMITS = { lookUpsPerMinute: 1_000_000, serverRequestsPerMinute: 1_000_000 }
