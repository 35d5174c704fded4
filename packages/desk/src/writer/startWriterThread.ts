import { Worker } from 'node:worker_threads'
import type { TakeBody } from '../intake/createBodyTaker.ts'
import type { StoreWrites } from '../store/Store.ts'
import type { WriterOptions } from './createWriter.ts'

/**
 * Starts the thread in which everything is parsed, decoded, sealed and written, so that look-ups never wait for it. When it dies, what was under way is
 * rejected and told to `onError`, and another is started, soon at first, then later and later; until then calls are rejected.
 */
export function startWriterThread({ data, now, onError, program = PROGRAM }: WriterThreadOptions): WriterThread {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let restart: NodeJS.Timeout | undefined
  let isStopping = false
  let lastId = 0
  let deaths = 0

  function start(): void {
    const begun = performance.now()
    const started = new Worker(program, { workerData: data, execArgv: isSource(program) ? SOURCE_FLAGS : FLAGS })
    let cause: unknown
    worker = started
    // It holds the process only while somebody waits for it.
    started.unref()
    started.on('message', settle)
    started.on('error', (error) => (cause = error))
    started.on('exit', () => {
      worker = undefined
      const error = new Error(DIED, { cause })
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
      if (isStopping) return
      deaths = performance.now() - begun > STEADY_MS ? 1 : deaths + 1
      restart = setTimeout(startAgain, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (deaths - 1)))
      restart.unref()
      onError(error)
    })
  }

  function startAgain(): void {
    try {
      start()
    } catch (error) {
      onError(error)
      restart = setTimeout(startAgain, LONGEST_WAIT_MS)
      restart.unref()
    }
  }

  function settle({ id, value, error, details }: WriterThreadAnswer): void {
    const caller = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) worker?.unref()
    if (error === undefined) caller?.resolve(value)
    else caller?.reject(error instanceof Error ? Object.assign(error, details) : error)
  }

  function call(method: keyof Writes, args: readonly unknown[], moved: readonly ArrayBuffer[] = []): Promise<unknown> {
    const id = ++lastId
    return new Promise((resolve, reject) => {
      if (!worker || isStopping) throw new Error(DIED)
      const message: WriterThreadCall = { id, method, args, now: now() }
      worker.postMessage(message, moved)
      waiting.set(id, { resolve, reject })
      worker.ref()
    })
  }

  async function stop(): Promise<void> {
    isStopping = true
    clearTimeout(restart)
    const last = worker
    if (!last) return
    const gone = new Promise((resolve) => last.once('exit', resolve))
    last.ref()
    last.postMessage('stop', [])
    const cut = setTimeout(() => void last.terminate(), LONGEST_STOP_MS)
    await gone
    clearTimeout(cut)
  }

  start()
  const each = Object.keys(WRITES).map((method) => [
    method,
    (...args: readonly unknown[]) => call(method as keyof Writes, args),
  ])
  const writes = Object.fromEntries(each) as Writes
  return {
    writes: {
      ...writes,
      takeBody(body) {
        const bytes = ownBytes(body.bytes)
        return call('takeBody', [{ ...body, bytes }], [bytes.buffer]) as ReturnType<TakeBody>
      },
    },
    stop,
  }
}

/** Everything that runs in the thread. What crosses must be data, which `postMessage` can clone. */
export type Writes = StoreWrites & { readonly takeBody: TakeBody }

/** The compiler asks for a line for whatever the store learns to write. */
const WRITES: Readonly<Record<keyof Writes, true>> = {
  append: true,
  check: true,
  erase: true,
  retain: true,
  shrinkTo: true,
  takeBody: true,
}

export interface WriterThread {
  readonly writes: Writes
  /** Lets it write what it has, then ends it; within ten seconds in any case. */
  readonly stop: () => Promise<void>
}

export interface WriterThreadOptions {
  readonly data: WriterThreadData
  /** Milliseconds since the epoch. Goes along with every call, so that the thread has the same time. */
  readonly now: () => number
  /** Hears that the thread died. */
  readonly onError: (error: unknown) => void
  /** What the thread runs. @default `writerThread` */
  readonly program?: URL | undefined
}

export type WriterThreadData = Omit<WriterOptions, 'now'>

export interface WriterThreadCall {
  readonly id: number
  readonly method: keyof Writes
  readonly args: readonly unknown[]
  readonly now: number
}

interface WriterThreadAnswer {
  readonly id: number
  readonly value?: unknown
  readonly error?: unknown
  readonly details?: object
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 10_000
/** One that lived so long did not die of how it was started. */
const STEADY_MS = 60_000
/** Longer than a write waits for somebody else's lock. */
const LONGEST_STOP_MS = 10_000

const DIED =
  '[waybill] The thread that writes has died, so steps are refused and their senders must send them again. It is started anew.'

/** The sources run as they are, in the repository, and the compiler leaves names in texts alone. */
const PROGRAM = new URL(isSource(import.meta.url) ? './writerThread.ts' : './writerThread.js', import.meta.url)
/** Instead of the process's own, of which some, such as `--input-type`, keep a thread from starting. What SQLite is, it has said once. */
const FLAGS = ['--disable-warning=ExperimentalWarning']
const SOURCE_FLAGS = [...FLAGS, '--conditions=waybill-source']

function isSource(url: URL | string): boolean {
  return String(url).endsWith('.ts')
}

/** Moving bytes moves all of their buffer, which small ones share with others. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes
  return buffer instanceof ArrayBuffer && byteLength > Buffer.poolSize && buffer.byteLength - byteLength <= SPARE_BYTES
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : Uint8Array.from(bytes)
}

/** What zlib leaves over in a buffer that is otherwise these bytes' own. */
const SPARE_BYTES = 64
