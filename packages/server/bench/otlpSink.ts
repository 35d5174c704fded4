import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A collector on loopback that takes everything at once and keeps nothing, so that what is measured is the sender. */
export async function startSink(): Promise<OtlpSink> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      // OpenTelemetry's exporter wants its own encoding back; an empty protobuf message is no bytes.
      const type = request.headers['content-type'] ?? ''
      response.setHeader('content-type', type).end(type === 'application/json' ? '{}' : undefined)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export interface OtlpSink {
  readonly url: string
  stop(): Promise<void>
}
