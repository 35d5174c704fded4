import { startDeskProcess } from '../fixtures/startDeskProcess.ts'
import type { Sample } from './fillStore.ts'
import { KEY, KEYS, NO_LIMITS, TOKEN } from './measureMemory.ts'
import type { Measure } from './Measure.ts'
import type { Place } from './Place.ts'
import { quantile } from './quantiles.ts'
import type { Load } from './sendBodies.ts'
import { startSender } from './startSender.ts'

/**
 * How fast a desk in a process of its own takes bodies over HTTP, and how long look-ups over HTTP take meanwhile. "held" is how long its main thread could do
 * nothing else. The desk, who sends and who looks up are a process each, so on few processors, or beside other work, all of them wait for one another.
 */
export async function measureHttp(place: Place, options: HttpOptions): Promise<Http> {
  const { bodies, connections, seconds } = options
  const desk = await startDeskProcess({ ...place.desk, ...KEYS, limits: NO_LIMITS })
  const every = { connections, stepsPerBody: 500 }
  try {
    // The first ones find everything cold.
    for (let count = 0; count < 200; count++) await lookUp(desk.url, options.samples[count % options.samples.length]!)
    const measures = await underLoad('nobody sends', undefined)
    const steady = await underLoad(`${connections} connections at full speed`, { ...every, bodies })
    const { values: [fullSpeed = 0] = [] } = steady.find(({ name }) => name.endsWith(TAKEN)) ?? {}
    measures.push(...steady)
    measures.push(...(await underLoad('half of that', { ...every, perSecond: fullSpeed / 2, seconds })))
    measures.push(...(await underLoad('one body of 20,000 steps', { connections: 1, stepsPerBody: 20_000, bodies: 1 })))
    measures.push(
      ...(await underLoad('100 bodies of 20,000 steps at once', {
        connections: 100,
        stepsPerBody: 20_000,
        bodies: 1,
        again: 100,
      })),
    )
    return { measures, fullSpeed }
  } finally {
    await desk.kill()
  }

  /** Looks up at a steady pace until everything is sent. */
  async function underLoad(title: string, load: DistributiveOmit<Load, 'url' | 'key'> | undefined): Promise<Measure[]> {
    const sender = load && (await startSender({ ...load, url: desk.url, key: KEY }))
    await desk.measure()
    const end = sender ? sender.send() : sleep(3000).then(() => undefined)
    let isOver = false
    void end.catch(() => {}).finally(() => (isOver = true))
    const latencies: number[] = []
    const asked: Promise<void>[] = []
    let failed = 0
    const begun = performance.now()
    for (let turn = 0; !isOver; turn++) {
      const due = begun + (turn * 1000) / options.pace
      await sleep(Math.max(0, due - performance.now()))
      const answered = lookUp(desk.url, options.samples[turn % options.samples.length]!).then(
        () => void latencies.push(performance.now() - due),
      )
      asked.push(answered.catch(() => void failed++))
    }
    await Promise.all(asked)
    const sent = await end
    const { p99Ms, maxMs, mostWorkMs, mostBytes } = await desk.measure()
    const measure = (name: string, unit: Measure['unit'], value: number, note?: string): Measure => ({
      section: 'http',
      name: `${title}: ${name}`,
      unit,
      engine: place.engine,
      values: [value],
      note,
    })
    const taken =
      load && sent
        ? [
            measure(
              TAKEN,
              'steps/s',
              ((sent.statuses[200] ?? 0) * load.stepsPerBody) / sent.seconds,
              `answers ${JSON.stringify(sent.statuses)}`,
            ),
          ]
        : []
    return [
      ...taken,
      measure('look-up, p50', 'ms', quantile(latencies, 0.5), failed > 0 ? `${failed} failed` : undefined),
      measure('look-up, p99', 'ms', quantile(latencies, 0.99)),
      measure('look-up, the longest', 'ms', Math.max(...latencies)),
      measure('event loop held, p99', 'ms', p99Ms),
      measure('event loop held, the longest', 'ms', maxMs),
      measure('event loop held by its own work, the longest', 'ms', mostWorkMs),
      measure('memory at most', 'MB', mostBytes / 1e6),
    ]
  }
}

export interface HttpOptions {
  readonly samples: readonly Sample[]
  /** Of 500 steps, sent at full speed. */
  readonly bodies: number
  readonly connections: number
  /** Look-ups a second meanwhile. */
  readonly pace: number
  /** Of sending at half of full speed. */
  readonly seconds: number
}

export interface Http {
  readonly measures: readonly Measure[]
  /** In steps a second. */
  readonly fullSpeed: number
}

export const TAKEN = 'steps taken'

type DistributiveOmit<Union, Key extends keyof never> = Union extends unknown ? Omit<Union, Key> : never

async function lookUp(url: string, { reference }: Sample): Promise<void> {
  const response = await fetch(`${url}/api/trails/${reference}`, { headers: { authorization: `Bearer ${TOKEN}` } })
  if (response.status !== 200) throw new Error(`A look-up was answered with ${response.status}.`)
  await response.arrayBuffer()
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
