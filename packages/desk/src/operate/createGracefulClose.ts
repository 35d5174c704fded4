import type { Server as HttpServer, ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'

/**
 * Gives what closes a server without leaving a request unanswered: no new connection is taken; requests on those that are there are answered, and
 * told that the connection ends; what is under way may finish for `graceMs`, and is cut then.
 */
export function createGracefulClose(server: HttpServer): (options: { readonly graceMs: number }) => Promise<void> {
  const underWay = new Set<ServerResponse>()
  let isClosing = false
  let onQuiet = (): void => {}
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (isClosing) response.shouldKeepAlive = false
    underWay.add(response)
    response.once('close', () => {
      underWay.delete(response)
      if (underWay.size === 0) onQuiet()
    })
  })

  return async ({ graceMs }) => {
    if (!server.listening) return
    isClosing = true
    for (const response of underWay) if (!response.headersSent) response.shouldKeepAlive = false
    // Closing as http does would also cut connections that are idle at this moment, and a request may be on its way on them.
    const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve))
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, Math.min(IN_FLIGHT_MS, graceMs)))])
    if (underWay.size > 0) await Promise.race([closed, new Promise<void>((resolve) => (onQuiet = resolve))])
    server.closeAllConnections()
    await closed
    clearTimeout(cut)
    // Ends its checks for slow clients.
    server.close()
  }
}

/** Enough for a request that left before the client could know. */
const IN_FLIGHT_MS = 100
