import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storedCount } from '../../desk/fixtures/dayFiles.ts'
import { startSink } from './otlpSink.ts'
import { sendLoad } from './sendLoad.ts'
import type { Load } from './sendLoad.ts'
import { startServer } from './serverProcess.ts'
import type { Framework, Usage } from './serverProcess.ts'

const KEY = 'secret-key-for-servers'

/** A server under `perSecond` requests that reports to a real desk in a process of its own; and what of it the desk has in the end. */
export async function measureDesk({ framework, perSecond, seconds }: DeskOptions): Promise<DeskMeasure> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-bench-'))
  const databaseFile = join(folder, 'desk.sqlite')
  const desk = fork(join(import.meta.dirname, 'deskProcess.ts'), [databaseFile, KEY], {
    execArgv: ['--conditions=waybill-source', '--disable-warning=ExperimentalWarning'],
  })
  const [{ url }] = await once(desk, 'message')
  const server = await startServer({ framework, variant: 'ours', collector: url, key: KEY })
  const load = await sendLoad(server.port, { ms: seconds * 1000, perSecond })
  const usage = await server.stop()
  desk.send('stop')
  const [deskUsage] = await once(desk, 'message')
  desk.disconnect()
  const stored = storedCount(databaseFile)
  await rm(folder, { recursive: true })
  return { load, stored, usage, deskCpuMicroseconds: deskUsage.cpuMicroseconds }
}

/** The same load on a server whose collector is there and on one whose collector is not. */
export async function measureUnreachable({ framework, perSecond, seconds }: DeskOptions): Promise<UnreachableMeasure> {
  const sink = await startSink()
  const gone = await startSink()
  await gone.stop()
  const measure = async (collector: string): Promise<{ load: Load; usage: Usage }> => {
    const server = await startServer({ framework, variant: 'ours', collector })
    await sendLoad(server.port, { ms: 3000, perSecond })
    const load = await sendLoad(server.port, { ms: seconds * 1000, perSecond })
    return { load, usage: await server.stop() }
  }
  const reachable = await measure(sink.url)
  const unreachable = await measure(gone.url)
  await sink.stop()
  return { reachable, unreachable }
}

export interface DeskOptions {
  readonly framework: Framework
  readonly perSecond: number
  readonly seconds: number
}

export interface DeskMeasure {
  readonly load: Load
  /** Steps in the desk's database. */
  readonly stored: number
  readonly usage: Usage
  readonly deskCpuMicroseconds: number
}

export interface UnreachableMeasure {
  readonly reachable: { readonly load: Load; readonly usage: Usage }
  readonly unreachable: { readonly load: Load; readonly usage: Usage }
}
