import { serve } from '@hono/node-server'
import { createDesk } from './createDesk.ts'
import type { Desk, DeskOptions } from './createDesk.ts'

/**
 * Starts a desk that listens, by default where only this machine can reach it.
 *
 * @throws Error when the port is taken or the address is not this machine's; and what `createDesk` throws.
 */
export async function startDesk(options: StartDeskOptions): Promise<RunningDesk> {
  const { port = 4100, host = '127.0.0.1' } = options
  const desk = createDesk(options)
  const server = serve({ fetch: desk.fetch, port, hostname: host })
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('listening', resolve)
      server.once('error', reject)
    })
  } catch (cause) {
    await desk.stop()
    throw new Error(cannotListen(cause, host, port), { cause })
  }
  const address = server.address()
  const actual = typeof address === 'object' && address ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    tokens: desk.tokens,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      // Connections kept alive by browsers would hold the server open.
      if ('closeIdleConnections' in server) server.closeIdleConnections()
      const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), GRACE_MS)
      await closed
      clearTimeout(cut)
      await desk.stop()
    },
  }
}

export interface StartDeskOptions extends DeskOptions {
  /** 0 takes a free one. @default 4100 */
  readonly port?: number | undefined
  /** @default '127.0.0.1' */
  readonly host?: string | undefined
}

export interface RunningDesk extends Pick<Desk, 'tokens'> {
  readonly url: string
  /** Lets requests under way finish for a second, then closes everything. */
  readonly stop: () => Promise<void>
}

const GRACE_MS = 1000

function cannotListen(cause: unknown, host: string, port: number): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EADDRINUSE') {
    return `[waybill] Port ${port} on ${host} is taken, so the desk cannot listen there. Stop what uses it, or choose another port.`
  }
  if (code === 'EACCES') return `[waybill] This user may not listen on port ${port}. Choose a port from 1024 up.`
  return `[waybill] The desk cannot listen on ${host}:${port}. Check that the address is one of this machine's.`
}
