// A hello-world server, for a process of its own; see `startServer`.
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { ServerWaybill } from '@waybill/server'
import type { Framework, Usage, Variant } from './serverProcess.ts'

const [framework, variant, collector, key] = process.argv.slice(2) as [Framework, Variant, string, string]
const faults: string[] = []

const flushOpenTelemetry = variant === 'otel' ? await startOpenTelemetry() : undefined
const waybill = variant === 'bare' || variant === 'otel' ? undefined : await startWaybill()
const server = await SERVERS()[framework](waybill)
const { port } = server.address() as AddressInfo

process.on('message', async (question: 'usage' | 'settle' | 'stop') => {
  if (question !== 'usage') await flushOpenTelemetry?.()
  if (question === 'settle') await waybill?.flush()
  if (question === 'stop') await waybill?.stop()
  const { user, system } = process.cpuUsage()
  const usage: Usage = { cpuMicroseconds: user + system, memoryBytes: process.memoryUsage().rss, faults }
  process.send?.(usage)
})
process.on('disconnect', () => process.exit())
process.send?.({ port })

async function startWaybill(): Promise<ServerWaybill> {
  const { createWaybill } = await import('@waybill/server')
  return createWaybill({
    service: 'hello',
    ...(variant !== 'unreported' && { deliverTo: collector }),
    ...(key && { key }),
    onError: (error) => faults.push(String(error)),
  })
}

/** As its own getting-started page has it: the SDK first, with instrumentation of HTTP and its exporter of traces. */
async function startOpenTelemetry(): Promise<() => Promise<void>> {
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector
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
    // The API's provider hands on to the SDK's, which it has no method to flush.
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
