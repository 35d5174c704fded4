import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createDesk } from './createDesk.ts'
import type { Desk, DeskOptions } from './createDesk.ts'
import { createGracefulClose } from './operate/createGracefulClose.ts'

/**
 * Starts a desk that listens, by default where only this machine can reach it. Clients that are slow, silent or too many are cut off.
 *
 * @throws Error when the port is taken or the address is not this machine's; and what `createDesk` throws.
 */
export async function startDesk(options: StartDeskOptions): Promise<RunningDesk> {
  const { port = 4100, host = '127.0.0.1', graceMs = 10_000, clients = {} } = options
  const { headersTimeoutMs = 10_000, requestTimeoutMs = 30_000, silenceTimeoutMs = 300_000, most = 5000 } = clients
  const desk = createDesk(options)
  try {
    await desk.opened
  } catch (error) {
    await desk.stop().catch(() => {})
    throw error
  }
  const server = createServer(
    {
      headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      // Longer than proxies keep theirs, or they would send a request on a connection that is just being closed.
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: Math.min(1000, headersTimeoutMs, requestTimeoutMs),
      maxHeaderSize: 16_384,
    },
    getRequestListener(desk.fetch, { hostname: host }),
  )
  // Beyond a count Node leaves headers out and says nothing, those of a proxy among them; the size above is limit enough.
  server.maxHeadersCount = 0
  server.maxConnections = most
  server.setTimeout(silenceTimeoutMs)
  const close = createGracefulClose(server)
  try {
    server.listen(port, host)
    await once(server, 'listening')
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
      desk.drain()
      await close({ graceMs })
      await desk.stop()
    },
  }
}

export interface StartDeskOptions extends DeskOptions {
  /** 0 takes a free one. @default 4100 */
  readonly port?: number | undefined
  /** @default '127.0.0.1' */
  readonly host?: string | undefined
  /** How long requests that are under way may go on when the desk stops. @default 10000 */
  readonly graceMs?: number | undefined
  readonly clients?: ClientLimits | undefined
}

/** What a client may take of the server. Whoever is slower gets 408 and is cut off. */
export interface ClientLimits {
  /** Until the head of a request is there; 16 kB of it are read, more is 431. @default 10000 */
  readonly headersTimeoutMs?: number | undefined
  /** Until the whole request is there. @default 30000 */
  readonly requestTimeoutMs?: number | undefined
  /** How long a connection may carry nothing while an answer is awaited or read. @default 300000 */
  readonly silenceTimeoutMs?: number | undefined
  /** Connections at once; the next is closed at once. @default 5000 */
  readonly most?: number | undefined
}

export interface RunningDesk extends Pick<Desk, 'tokens'> {
  readonly url: string
  /**
   * Takes no new connection, lets requests under way finish for `graceMs`, writes what is waiting and closes the store. `/readyz` answers 503
   * meanwhile.
   */
  readonly stop: () => Promise<void>
}

function cannotListen(cause: unknown, host: string, port: number): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EADDRINUSE') {
    return `[waybill] Port ${port} on ${host} is taken, so the desk cannot listen there. Stop what uses it, or choose another port.`
  }
  if (code === 'EACCES') return `[waybill] This user may not listen on port ${port}. Choose a port from 1024 up.`
  return `[waybill] The desk cannot listen on ${host}:${port}. Check that the address is one of this machine's.`
}
