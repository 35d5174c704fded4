import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export const FRAMEWORKS = ['hono', 'fastify', 'express'] as const
export type Framework = (typeof FRAMEWORKS)[number]

/** `ours` reports to a collector, `unreported` nowhere, and `ignored` serves a route that `ignore` names. */
export const VARIANTS = ['bare', 'otel', 'ours', 'unreported', 'ignored'] as const
export type Variant = (typeof VARIANTS)[number]

/** A hello-world server in a process of its own, so that its processor time is its own too. */
export async function startServer({ framework, variant, collector, key, profile }: StartOptions): Promise<HelloServer> {
  const child = fork(join(import.meta.dirname, 'helloServer.ts'), [framework, variant, collector, key ?? ''], {
    execArgv: [
      '--conditions=waybill-source',
      '--disable-warning=ExperimentalWarning',
      ...(profile
        ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${framework}-${variant}.cpuprofile`]
        : []),
    ],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const { port } = await answerOf<{ port: number }>(child)
  const ask = (question: string): Promise<Usage> => {
    const answer = answerOf<Usage>(child)
    child.send(question)
    return answer
  }
  return {
    port,
    usage: () => ask('usage'),
    settle: () => ask('settle'),
    async stop() {
      const usage = await ask('stop')
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
      return usage
    },
  }
}

export interface StartOptions {
  readonly framework: Framework
  readonly variant: Variant
  /** Base URL of a desk or collector. */
  readonly collector: string
  /** @default none */
  readonly key?: string | undefined
  /** A folder for a CPU profile. @default none is made */
  readonly profile?: string | undefined
}

export interface HelloServer {
  readonly port: number
  usage(): Promise<Usage>
  /** Sends what is waiting first. */
  settle(): Promise<Usage>
  /** As `settle`, and then ends it. */
  stop(): Promise<Usage>
}

export interface Usage {
  /** Processor time so far, of all threads. */
  readonly cpuMicroseconds: number
  readonly memoryBytes: number
  /** What it said of itself so far. */
  readonly faults: readonly string[]
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const { signal, abort } = abortable()
  try {
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error('A server ended before it was asked to.')
    })
    const [answer] = await Promise.race([once(child, 'message', { signal }), ended])
    return answer as T
  } finally {
    abort()
  }
}

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
