import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export type Framework = 'hono' | 'fastify' | 'express'
export type Variant = 'bare' | 'otel' | 'ours' | 'unreported' | 'ignored'

export async function startServer({ framework, variant, sink, profile }: StartOptions): Promise<HelloServer> {
  const child = fork(join(import.meta.dirname, 'helloServer.ts'), [framework, variant, sink], {
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
  const ask = async (question: string): Promise<Usage> => {
    const answer = answerOf<Usage>(child)
    child.send(question)
    return answer
  }
  return {
    port,
    usage: () => ask('usage'),
    settle: () => ask('settle'),
    async stop() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

export interface Usage {
  readonly user: number
  readonly system: number
  readonly heap: number
}

export interface HelloServer {
  readonly port: number
  usage(): Promise<Usage>
  settle(): Promise<Usage>
  stop(): Promise<void>
}

interface StartOptions {
  readonly framework: Framework
  readonly variant: Variant
  readonly sink: string
  readonly profile?: string | undefined
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const failed = new AbortController()
  const exit = once(child, 'exit', { signal: failed.signal }).then(() => {
    throw new Error('the server ended')
  })
  exit.catch(() => undefined)
  const [answer] = await Promise.race([once(child, 'message', { signal: failed.signal }), exit])
  failed.abort()
  return answer as T
}
