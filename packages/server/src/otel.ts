import { context, createContextKey, isSpanContextValid, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { Span } from '@opentelemetry/api'
import { mintReference, mintSpanId, referenceOfTraceId, traceIdOf } from '@waybill/reference'
import type { Reference, ReferenceLength } from '@waybill/reference'
import { ATTRIBUTES } from '@waybill/trail'
import type { OtherTracer } from './context/OtherTracer.ts'
import type { TraceContext } from './context/TraceContext.ts'
import { setRecent } from './setRecent.ts'

/**
 * What an OpenTelemetry SDK (2.x or 3.x) and a waybill need of one another, so that there is one trace: the SDK's own roots are references,
 * its spans carry `waybill.reference`, and the waybill's steps hang under its active span. Nothing is registered or patched here.
 *
 * ```ts
 * export const beside = besideOpenTelemetry({ namespace: 'acme-shop/prod' })
 * new NodeSDK({ idGenerator: beside.idGenerator, spanProcessors: [beside.spanProcessor, new BatchSpanProcessor(exporter)] }).start()
 * const waybill = createWaybill({ service: 'shop-api', namespace: 'acme-shop/prod', beside })
 * ```
 */
export function besideOpenTelemetry({ namespace, length }: BesideOptions = {}): BesideOpenTelemetry {
  const references = new Map<string, Reference>()
  const begunUnder = new WeakMap<TraceContext, string>()
  const contexts = new WeakMap<object, TraceContext>()

  const known = (traceId: string): Reference | undefined =>
    referenceOfTraceId(traceId, { namespace })?.reference ?? references.get(traceId)
  const remember = (traceId: string, reference: Reference): Reference => {
    setRecent(references, traceId, reference, FOREIGN_TRACES)
    return reference
  }
  const referenceOf = (traceId: string): Reference => known(traceId) ?? remember(traceId, mintReference({ length }))
  const activeSpan: BesideOpenTelemetry['activeSpan'] = () => {
    const span = trace.getActiveSpan()?.spanContext()
    return span && isSpanContextValid(span) ? span : undefined
  }
  const mark = (span: Span, reference: Reference | undefined): void => {
    if (reference) span.setAttribute(ATTRIBUTES.reference, reference)
  }

  return {
    activeSpan,
    referenceOf,
    entered(begun) {
      const span = activeSpan()
      if (span?.traceId !== begun.traceId) return
      begunUnder.set(begun, span.spanId)
      if (!known(span.traceId)) remember(span.traceId, begun.reference)
    },
    current(own) {
      const span = activeSpan()
      if (!span || (own && (own.traceId !== span.traceId || begunUnder.get(own) === span.spanId))) return own
      const { traceId, spanId } = span
      const attempt = own?.attempt
      const found = contexts.get(span)
      if (found && found.attempt === attempt) return found
      const reference = own?.reference ?? referenceOf(traceId)
      const made = { reference, traceId, spanId, ...(attempt && { attempt }) }
      contexts.set(span, made)
      return made
    },
    untraced: (fn) => context.with(UNTRACED, fn),
    idGenerator: {
      generateTraceId: () => traceIdOf(mintReference({ length }), { namespace }),
      generateSpanId: mintSpanId,
    },
    spanProcessor: {
      onStart: (span) => mark(span, known(span.spanContext().traceId)),
      // The reference of a trace that began elsewhere is known once the request's headers have been read.
      onEnding: (span) => mark(span, referenceOf(span.spanContext().traceId)),
      onEnd: () => undefined,
      forceFlush: async () => undefined,
      shutdown: async () => undefined,
    },
  }
}

export interface BesideOptions {
  /** As `createWaybill` has it. @default '' */
  readonly namespace?: string | undefined
  /** Symbols of references that begin here. @default 9 */
  readonly length?: ReferenceLength | undefined
}

/** Hand it to `createWaybill` as `beside`, and its two parts to the SDK. */
export interface BesideOpenTelemetry extends OtherTracer {
  /** Makes the trace-ids of roots such that each stands for a reference. */
  readonly idGenerator: { generateTraceId(): string; generateSpanId(): string }
  /** Puts `waybill.reference` on every recorded span, for back-ends that people search. Put it before the processor that exports. */
  readonly spanProcessor: {
    onStart(span: Span): void
    onEnding(span: Span): void
    onEnd(): void
    forceFlush(): Promise<void>
    shutdown(): Promise<void>
  }
}

/** How many traces that began elsewhere, under a trace-id that stands for no reference, keep theirs. */
const FOREIGN_TRACES = 10_000

/** Nobody's action, with the key by which every OpenTelemetry SDK for JavaScript is told to stay out: `suppressTracing` of its core. */
const UNTRACED = ROOT_CONTEXT.setValue(createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING'), true)
