import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'

type Fetch = (request: Request, env?: object) => Response | Promise<Response>

/**
 * Serves on this machine only, on both of its own addresses, because `localhost` may mean either. Port 0 takes a free one.
 * A busy port is an error that says so.
 */
export async function listenLocally(fetch: Fetch, { port, option }: ListenOptions): Promise<LocalServer> {
  const first = await listen(fetch, '127.0.0.1', port, option)
  const own = portOf(first)
  const second = await listen(fetch, '::1', own, option).catch(async (error: unknown) => {
    if (NO_IPV6.has(String(Object(error).code))) return undefined
    first.close()
    // A port that is free on the one address may be taken on the other.
    if (port === 0 && error instanceof PortInUse) return 'elsewhere'
    throw error
  })
  if (second === 'elsewhere') return await listenLocally(fetch, { port, option })
  return {
    port: own,
    url: `http://localhost:${own}`,
    stop: async () => {
      for (const server of [first, second]) {
        server?.close()
        server?.closeAllConnections()
      }
    },
  }
}

export interface ListenOptions {
  readonly port: number
  /** The flag that chooses the port, for the message when it is busy. */
  readonly option: string
}

export interface LocalServer {
  readonly port: number
  readonly url: string
  stop(): Promise<void>
}

const NO_IPV6: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

class PortInUse extends Error {}

function listen(fetch: Fetch, host: string, port: number, option: string): Promise<Server> {
  const server = createAdaptorServer({ fetch }) as Server
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = `[waybill] Port ${port} is in use by another program, so the demo cannot listen there. End that program or choose another port: npm start -- ${option} ${port + 1}`
      reject(error.code === 'EADDRINUSE' ? new PortInUse(busy) : error)
    })
    server.listen(port, host, () => resolve(server))
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
