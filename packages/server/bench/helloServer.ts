// One hello-world server in a process of its own: node helloServer.ts <framework> <variant> <address of the sink>
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import type { ServerWaybill } from '@waybill/server'
import type { Framework, Variant } from './serverProcess.ts'

const [framework, variant, sink] = process.argv.slice(2) as [Framework, Variant, string]

const settle = variant === 'otel' ? await startOpenTelemetry() : undefined
const waybill = variant === 'bare' || variant === 'otel' ? undefined : await startWaybill()
const server = await SERVERS()[framework](waybill)
const { port } = server.address() as AddressInfo

process.on('message', async (question: 'usage' | 'settle') => {
  if (question === 'settle') {
    await settle?.()
    await waybill?.flush()
  }
  process.send?.({ ...process.cpuUsage(), heap: process.memoryUsage().rss })
})
process.on('disconnect', () => process.exit())
process.send?.({ port })

async function startWaybill(): Promise<ServerWaybill> {
  const { createWaybill } = await import('@waybill/server')
  return createWaybill({
    service: 'hello',
    key: 'bench',
    ...(variant !== 'unreported' && { deliverTo: sink }),
    onError: (error) => console.error(String(error)),
  })
}

/** As its own getting-started page has it: the SDK first, with instrumentation of HTTP and its exporter of traces. */
async function startOpenTelemetry(): Promise<() => Promise<void>> {
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = sink
  process.env['OTEL_METRICS_EXPORTER'] = process.env['OTEL_LOGS_EXPORTER'] = 'none'
  process.env['OTEL_SERVICE_NAME'] = 'hello'
  const { NodeSDK } = await import('@opentelemetry/sdk-node')
  const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http')
  const sdk = new NodeSDK({ instrumentations: [new HttpInstrumentation()] })
  sdk.start()
  // Its hook sees `require`; a framework's `import` of a module of Node's own it does not.
  createRequire(import.meta.url)('node:http')
  const { trace } = await import('@opentelemetry/api')
  const provider: object = trace.getTracerProvider()
  return async () => {
    const { _delegate: delegate } = provider as { _delegate?: { forceFlush?: () => Promise<void> } }
    await delegate?.forceFlush?.()
  }
}

function SERVERS(): Record<Framework, (waybill: ServerWaybill | undefined) => Promise<Server>> {
  const options = variant === 'ignored' ? { ignore: () => true } : {}
  return {
    async hono(waybill) {
      const { Hono } = await import('hono')
      const { serve } = await import('@hono/node-server')
      const { waybillMiddleware } = await import('@waybill/server/hono')
      const app = new Hono()
      if (waybill) app.use(waybillMiddleware(waybill, options))
      app.get('/hello/:name', (c) => c.text('Hello'))
      return new Promise((resolve) => {
        const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(server as Server))
      })
    },
    async fastify(waybill) {
      const { fastify } = await import('fastify')
      const { waybillPlugin } = await import('@waybill/server/fastify')
      const app = fastify()
      if (waybill) await app.register(waybillPlugin(waybill, options))
      app.get('/hello/:name', (_request, reply) => reply.send('Hello'))
      await app.listen({ port: 0, host: '127.0.0.1' })
      return app.server
    },
    async express(waybill) {
      const { default: express } = await import('express')
      const { waybillMiddleware } = await import('@waybill/server/express')
      const app = express()
      if (waybill) app.use(waybillMiddleware(waybill, options))
      app.get('/hello/:name', (_request, response) => void response.send('Hello'))
      return new Promise((resolve) => {
        const server = app.listen(0, '127.0.0.1', () => resolve(server))
      })
    },
  }
}
