import { createRequire, registerHooks } from 'node:module'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

// An application has one OpenTelemetry API, with SDK 2 one below 1.10. This repository has two, and the server finds the newer.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier === '@opentelemetry/api' ? { ...context, parentURL: import.meta.url } : context),
})
const { besideOpenTelemetry } = await import('@waybill/server/otel')

/** An OpenTelemetry SDK of major 2 with three instrumentations, beside which a waybill works. Its exporter is set up by the environment. */
export const beside = besideOpenTelemetry({ namespace: 'acme-shop/test' })

export const undici = new UndiciInstrumentation()
const provider = new NodeTracerProvider({
  ...(!process.env['RANDOM_IDS'] && { idGenerator: beside.idGenerator }),
  spanProcessors: [beside.spanProcessor, new BatchSpanProcessor(new OTLPTraceExporter())],
})
provider.register()
registerInstrumentations({
  instrumentations: [new HttpInstrumentation(), undici, new PgInstrumentation()],
})
// They are patched when they are required, and in place.
createRequire(import.meta.url)('node:http')
createRequire(import.meta.url)('pg')

export const stop = (): Promise<void> => provider.shutdown()
