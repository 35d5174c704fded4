import type { OtlpSignal } from '@waybill/trail'

/**
 * What OTLP/HTTP delivers, each at a path of its own: how its answer counts what is not kept, and what is said once in the log where
 * something is dropped without a word to its sender, whose SDK would warn of it for ever.
 */
export const SIGNALS: Readonly<Record<Signal, SignalTraits>> = {
  traces: {
    path: '/v1/traces',
    rejected: 'rejectedSpans',
    notice:
      'Spans came that belong to no reference, such as those of health checks. They are answered with success and not kept. If they are of customers’ actions, check that services and desk have the same namespace.',
  },
  logs: {
    path: '/v1/logs',
    rejected: 'rejectedLogRecords',
    notice:
      'Log records came that are for no trail, or for one that has enough of them. They are answered with success and not kept.',
  },
  metrics: {
    path: '/v1/metrics',
    rejected: 'rejectedDataPoints',
    notice:
      'Metrics came. The desk keeps none: they are answered with success and dropped. OTEL_METRICS_EXPORTER=none saves the way.',
  },
}

export type Signal = OtlpSignal | 'metrics'

interface SignalTraits {
  readonly path: string
  /** The count in OTLP's `partialSuccess`. */
  readonly rejected: string
  readonly notice: string
}
