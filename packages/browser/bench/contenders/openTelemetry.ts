import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch'
import { BatchSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web'
import { offer } from '../offer.ts'

const begun = performance.now()
const exporter = new OTLPTraceExporter({ url: `${location.origin}/intake/openTelemetry/v1/traces` })
const provider = new WebTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
provider.register()
registerInstrumentations({ instrumentations: [new FetchInstrumentation()] })
const startMs = performance.now() - begun

offer({
  fetch: (...args) => fetch(...args),
  act: (name, fn) =>
    trace.getTracer('shop-web').startActiveSpan(name, async (span) => {
      await fn((...args) => fetch(...args))
      span.end()
    }),
  startMs,
})
