import { once } from 'node:events'
import type { BesideOpenTelemetry } from '@waybill/server/otel'

interface Sdk {
  readonly beside: BesideOpenTelemetry
  readonly undici: { enable(): void; disable(): void }
  readonly stop: () => Promise<void>
}

/**
 * A small service with an OpenTelemetry SDK, whose module is the first argument, and a waybill beside it. It writes its origin as a line
 * once it listens, and ends with its standard input.
 */
const { beside, undici, stop }: Sdk = await import(String(process.argv[2]))
const { serve } = await import('@hono/node-server')
const { Hono } = await import('hono')
const http = await import('node:http')
const { default: pg } = await import('pg')
const { createWaybill } = await import('@waybill/server')
const { waybillMiddleware } = await import('@waybill/server/hono')
const { traceOutgoing } = await import('@waybill/server/http-out')

const { DESK, KEY, ELSEWHERE = '', DATABASE } = process.env
const waybill = createWaybill({
  service: 'shop-api',
  namespace: 'acme-shop/test',
  deliverTo: DESK,
  key: KEY,
  beside,
  onError: (error) => console.error(error),
})
traceOutgoing(waybill, { origins: [ELSEWHERE] })
if (process.env['LATE_UNDICI']) {
  undici.disable()
  undici.enable()
}
const pool = new pg.Pool({ connectionString: DATABASE, max: 1 })
const app = new Hono()

app.use('/api/*', waybillMiddleware(waybill))
app.post('/api/refunds', async (c) => {
  waybill.note({ order: 'A-1001' })
  await waybill.run({ hop: 'database', name: 'refund written' }, () => pool.query('select 1'))
  await (await fetch(`${ELSEWHERE}/fetch`)).text()
  const [answer] = await once(http.get(`${ELSEWHERE}/http`), 'response')
  answer.resume()
  return c.json({ fields: waybill.logFields() })
})
app.get('/plain', (c) => c.json({ fields: waybill.logFields(), current: waybill.current() }))

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
await once(server, 'listening')
const address = server.address()
console.log(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)

process.stdin.resume()
await once(process.stdin, 'end')
server.close()
await Promise.all([waybill.stop(), stop(), pool.end()])
process.exit(0)
