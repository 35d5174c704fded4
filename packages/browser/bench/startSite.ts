import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** A page for each script, an API that answers a little JSON, and the intakes of all contenders, which accept whatever comes. */
export async function startSite(scripts: ReadonlyMap<string, string>): Promise<Site> {
  const seen: SeenRequest[] = []
  let pages = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path = '/', headers, rawHeaders } = request
    // A page that is isolated measures in steps of 5 µs instead of 100.
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    const script = scripts.get(/^\/pages\/(\w+)/.exec(path)?.[1] ?? '')
    if (script) {
      // Never the same text twice, so that the engine has to compile it every time.
      const fresh = `${script.replaceAll('</script', '<\\/script')}\n//${pages++}`
      return void response.setHeader('content-type', 'text/html').end(PAGE.join(fresh))
    }
    const { length } = await buffer(request)
    const headBytes = `${method} ${path} HTTP/1.1`.length + 4 + bytesOf(rawHeaders)
    seen.push({ path, headers, headBytes, bodyBytes: length })
    response.setHeader('content-type', 'application/json')
    if (path.startsWith('/api/')) return void response.end('{"id":"A-1001","state":"paid","lines":[1,2,3]}')
    response.writeHead(path.includes('elastic') || path.includes('datadog') ? 202 : 200).end('{}')
  }

  const server = createServer((request, response) => void answer(request, response))
  // Between rounds a page waits for its turn longer than Node keeps a connection by default.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The server has no port.')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    seen,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export interface Site {
  readonly origin: string
  /** Calls and deliveries, in order. */
  readonly seen: SeenRequest[]
  close(): void
}

export interface SeenRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The request line and all headers, as sent. */
  readonly headBytes: number
  readonly bodyBytes: number
}

/** Of names and values in turn, with the colon, the space and the line's end. */
function bytesOf(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((sum, text) => sum + text.length + 2, 0)
}

/** Around the script. */
const PAGE = [
  `<!doctype html><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<body><button data-waybill-action="Request refund">Request refund</button>
<script>performance.mark('script begins')</script><script>`,
  `</script><script>performance.mark('script ends')</script></body>`,
]
