import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'

/**
 * Starts one of the demo's processes from its TypeScript file and waits until it says it is ready. What it prints goes to a
 * log file of its own. It gets a channel to this process and ends itself when the channel closes, however this process ends.
 */
export async function startProcess(
  name: string,
  { file, env, logFolder, onExit }: ProcessOptions,
): Promise<DemoProcess> {
  const child = fork(file, {
    execArgv: ['--conditions=waybill-source', '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log = createWriteStream(join(logFolder, `${name}.log`), { flags: 'a' })
  child.stdout?.pipe(log, { end: false })
  child.stderr?.pipe(log, { end: false })
  const ready = await readyOf(child, name, join(logFolder, `${name}.log`))
  let stopping = false
  child.on('exit', (code) => {
    log.end()
    if (!stopping)
      onExit(
        `[waybill] The ${name} ended by itself (exit ${code}). Its log says why: ${join(logFolder, `${name}.log`)}`,
      )
  })
  return {
    name,
    ready,
    stop: () => {
      stopping = true
      return ended(child)
    },
  }
}

export interface ProcessOptions {
  readonly file: string
  readonly env: Readonly<Record<string, string>>
  readonly logFolder: string
  readonly onExit: (message: string) => void
}

export interface DemoProcess {
  readonly name: string
  /** What the process said when it was ready: where it listens, for example. */
  readonly ready: Readonly<Record<string, unknown>>
  stop(): Promise<void>
}

const START_MS = 60_000
const STOP_MS = 5_000

function readyOf(child: ChildProcess, name: string, log: string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`[waybill] The ${name} was not ready after ${START_MS / 1000} s. Its log may say why: ${log}`))
    }, START_MS)
    child.once('message', (message) => {
      clearTimeout(timer)
      const { problem, ...ready } = Object(message) as Readonly<Record<string, unknown>>
      if (typeof problem === 'string') reject(new Error(problem))
      else resolve(ready)
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`[waybill] The ${name} ended before it was ready (exit ${code}). Its log says why: ${log}`))
    })
  })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    if (child.connected) child.disconnect()
  })
}
