import { startSink } from './otlpSink.ts'
import { sendLoad } from './sendLoad.ts'
import { startServer } from './serverProcess.ts'
import type { Framework, Variant } from './serverProcess.ts'

/** Each variant of each framework in turn, round after round, so that what else the machine does falls on all alike. */
export async function measureServers({
  frameworks,
  variants,
  rounds,
  seconds,
  profile,
}: MeasureOptions): Promise<Rows> {
  const rows: Map<string, Round[]> = new Map()
  const sink = await startSink()
  for (let round = 0; round < rounds; round++) {
    for (const framework of frameworks) {
      for (const variant of variants) {
        const server = await startServer({ framework, variant, collector: sink.url, profile })
        // By count and not by time: a slow machine compiles as late as a fast one.
        for (let warm = 0; warm < WARM_UP;) warm += (await sendLoad(server.port, { ms: 250 })).requests
        const before = await server.settle()
        const load = await sendLoad(server.port, { ms: seconds * 1000 })
        // What waits to be sent is a cost of these requests.
        const after = await server.settle()
        await server.stop()
        const microseconds = (after.cpuMicroseconds - before.cpuMicroseconds) / load.requests
        const name = `${framework} ${variant}`
        rows.set(name, [...(rows.get(name) ?? []), { microseconds, perSecond: load.perSecond, p50Ms: load.p50Ms }])
        process.stderr.write(`  round ${round + 1} ${name.padEnd(20)} ${microseconds.toFixed(1)} µs\n`)
      }
    }
  }
  await sink.stop()
  return rows
}

export interface MeasureOptions {
  readonly frameworks: readonly Framework[]
  readonly variants: readonly Variant[]
  readonly rounds: number
  readonly seconds: number
  readonly profile?: string | undefined
}

/** By framework and variant. */
export type Rows = ReadonlyMap<string, readonly Round[]>

export interface Round {
  /** Processor time a request. */
  readonly microseconds: number
  readonly perSecond: number
  readonly p50Ms: number
}

const WARM_UP = 20_000
