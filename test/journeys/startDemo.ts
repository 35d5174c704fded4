import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../freePort.ts'

/**
 * Starts the demo on free ports, by what `npm start` runs or by npm itself, and waits for its `ready`. A port that something else took
 * between the look and the start is given up for another.
 */
export async function startDemo(
  env: Readonly<Record<string, string>> = {},
  by: 'node' | 'npm' = 'node',
  tries = 5,
): Promise<Demo> {
  const [shopPort, deskPort] = [await freePort(), await freePort()]
  const token = 'token-for-reading'
  const [command, ...args] = by === 'npm' ? ['npm', 'start', '--'] : [process.execPath, 'demo-app/start.js']
  const child = spawn(command ?? '', [...args, '--stall-ms', '2000'], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { ...process.env, ...env, PORT: String(shopPort), DESK_PORT: String(deskPort), WAYBILL_DESK_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = await printedUntilReady(child).catch((error: unknown) => {
    if (tries > 1 && / is in use by another program/.test(String(error))) return null
    throw error
  })
  if (printed === null) return await startDemo(env, by, tries - 1)
  const line = (name: string): string => new RegExp(`^${name}  (.+)$`, 'm').exec(printed)?.[1] ?? ''
  return {
    child,
    printed,
    shop: line('shop'),
    desk: line('desk'),
    token,
    databaseUrl: env['WAYBILL_DEMO_DATABASE_URL'] ?? line('database'),
    log: (name) => readFile(join(line('logs'), `${name}.log`), 'utf8'),
    lines: async (name) => jsonLines(await readFile(join(line('logs'), `${name}.log`), 'utf8')),
    logFolder: line('logs'),
    supportToken: line('token'),
    trails: (anything) => trailsAt(line('desk'), token, anything),
    stop: () => stop(child),
  }
}

export interface Demo {
  readonly child: ChildProcess
  readonly printed: string
  readonly shop: string
  readonly desk: string
  readonly token: string
  /** Which reads, and says who handles a trail. */
  readonly supportToken: string
  readonly databaseUrl: string
  readonly logFolder: string
  log(name: LogName): Promise<string>
  lines(name: LogName): Promise<LogLine[]>
  /** What the desk answers for anything a person has. */
  trails(anything: string): Promise<Trail[]>
  stop(): Promise<void>
}

type LogName = 'api' | 'worker' | 'model' | 'desk'

export type LogLine = Readonly<Record<string, unknown>>

export interface Trail {
  readonly reference: string
  readonly traceId: string
  readonly action: string
  readonly outcome: { readonly state: string; readonly hop: string; readonly advice: string; readonly sentence: string }
  readonly later: readonly { readonly name: string; readonly state: string; readonly advice: string }[]
  readonly session: string | null
  readonly evicted: number
  readonly steps: readonly TrailStep[]
}

export interface TrailStep {
  readonly id: string
  readonly hop: string
  readonly service: string
  readonly name: string
  readonly at: string
  readonly status: string
  readonly attempt: number | null
  readonly jobId: string | null
  readonly parentId: string | null
  readonly action: string | null
  readonly claimed: boolean
  readonly part: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What a desk answers for anything a person has. */
export async function trailsAt(desk: string, token: string, anything: string): Promise<Trail[]> {
  const answer = await fetch(`${desk}/api/trails/${encodeURIComponent(anything)}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return ((await answer.json()) as { matches: Trail[] }).matches
}

/** Asks again until `found` says yes, for at most two minutes; gives the last answer either way, so that a test can say what was wrong with it. */
export async function eventually<T>(ask: () => Promise<T>, found: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 120_000
  for (;;) {
    const answer = await ask()
    if (found(answer) || Date.now() > end) return answer
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

function printedUntilReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const timer = setTimeout(() => reject(new Error(`not ready after four minutes:\n${printed}`)), 240_000)
    const onData = (chunk: Buffer): void => {
      printed += chunk.toString()
      if (/^ready$/m.test(printed)) {
        clearTimeout(timer)
        resolve(printed)
      }
    }
    child.stdout?.on('data', onData)
    child.stderr?.on('data', onData)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`ended with ${code}:\n${printed}`))
    })
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await ended
}

function jsonLines(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
}
