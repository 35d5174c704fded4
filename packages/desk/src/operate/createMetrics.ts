import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/**
 * The desk's own counts, for Prometheus. Each desk has a registry of its own. All label values come from the unions below, so that
 * nothing that is sent can make the list of series grow.
 */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: `waybill_desk_${name}_total`, help, labelNames, registers })
  const seconds = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Histogram({ name: `waybill_desk_${name}_seconds`, help, labelNames, registers, buckets: SECONDS })

  const steps = counter('steps', 'Steps that came in; those of browsers are claims', ['signal', 'sender', 'outcome'])
  const bodies = counter('bodies', 'Bodies that came in', ['signal', 'sender', 'outcome'])
  const bodySeconds = seconds('body_duration', 'How long a body took until its steps were durable', [
    'signal',
    'sender',
  ])
  const dropped = counter(
    'dropped',
    'What was answered and not kept: bodies of metrics, spans and log records for no trail',
    ['signal'],
  )
  const forwarded = counter('forwarded_bodies', 'Bodies for the collector', ['signal', 'outcome'])
  const lookUps = counter('look_ups', 'Look-ups, by whether they showed a trail', ['kind', 'outcome'])
  const lookUpSeconds = seconds('look_up_duration', 'How long a look-up took', ['kind'])
  const handlings = counter('handlings', 'What support said of who handles a trail; late ones changed nothing', [
    'outcome',
  ])
  const requests = counter('http_requests', 'Requests answered', ['route', 'status'])
  const requestSeconds = seconds('http_request_duration', 'How long a request took', ['route'])
  const refusals = counter('refusals', 'Requests refused because of who asked or how often', ['route', 'reason'])

  let isScraped = false

  return {
    show(gauges) {
      for (const [name, { help, read }] of Object.entries(gauges)) {
        const gauge = new Gauge({
          name: `waybill_desk_${name}`,
          help,
          registers: [],
          async collect() {
            const value = await Promise.resolve(read()).catch(() => Number.NaN)
            this.set(value)
          },
        })
        registry.registerMetric(gauge)
      }
    },
    steps({ signal, sender, kept, rejected }) {
      steps.inc({ signal, sender, outcome: 'kept' }, kept)
      steps.inc({ signal, sender, outcome: 'rejected' }, rejected)
    },
    body({ durationMs, signal, sender, outcome }) {
      bodies.inc({ signal, sender, outcome })
      bodySeconds.observe({ signal, sender }, durationMs / 1000)
    },
    dropped: ({ signal, count }) => dropped.inc({ signal }, count),
    forwarded: (labels) => forwarded.inc(labels),
    lookUp({ kind, outcome, durationMs }) {
      lookUps.inc({ kind, outcome })
      lookUpSeconds.observe({ kind }, durationMs / 1000)
    },
    handled: (labels) => handlings.inc(labels),
    request({ route, status, durationMs }) {
      requests.inc({ route, status })
      requestSeconds.observe({ route }, durationMs / 1000)
      const reason = REFUSALS[status]
      if (reason) refusals.inc({ route, reason })
    },
    async text() {
      // It starts timers that nothing stops, so a desk that nobody scrapes does without.
      if (!isScraped) collectDefaultMetrics({ register: registry })
      isScraped = true
      return { type: registry.contentType, body: await registry.metrics() }
    },
  }
}

/** What other parts count. Every method is cheap and never throws. */
export interface Metrics {
  /** Values that are read when somebody scrapes, and not before, by the end of their name, such as `store_bytes`. */
  show(gauges: Readonly<Record<string, GaugeSource>>): void
  /** Steps of one body. Those of a browser are claims. */
  steps(counted: Sent & { readonly kept: number; readonly rejected: number }): void
  body(counted: Sent & { readonly outcome: BodyOutcome; readonly durationMs: number }): void
  /** What was answered with success and not kept. */
  dropped(counted: { readonly signal: Signal; readonly count: number }): void
  /** A body that the collector took, or that found no room in the queue to it, or was given up. */
  forwarded(counted: { readonly signal: Signal; readonly outcome: 'sent' | 'dropped' }): void
  /** A look-up of any way in; one that shows no trail is a `miss`. */
  lookUp(counted: { readonly kind: LookUpKind; readonly outcome: 'hit' | 'miss'; readonly durationMs: number }): void
  /** What somebody said of who handles a trail; where another was first it is `late`. */
  handled(counted: { readonly outcome: 'taken' | 'done' | 'open' | 'late' }): void
  /** An answer of any route. 401, 403 and 429 count as refusals, too. */
  request(counted: { readonly route: RouteName; readonly status: number; readonly durationMs: number }): void
  /** All of it in Prometheus' text format. */
  text(): Promise<{ readonly type: string; readonly body: string }>
}

export type Signal = 'traces' | 'logs' | 'metrics'
export type Sender = 'server' | 'browser'
export type BodyOutcome = 'taken' | 'partial' | 'unreadable' | 'too-many' | 'busy' | 'failed'
export type LookUpKind = 'trail' | 'search' | 'customer' | 'recent' | 'failures' | 'map' | 'mcp'
export type RouteName =
  | 'traces'
  | 'logs'
  | 'metrics-intake'
  | 'links'
  | 'look-up'
  | 'handling'
  | 'customers'
  | 'recent'
  | 'failures'
  | 'map'
  | 'admin'
  | 'mcp'
  | 'sign-in'
  | 'page'
  | 'health'
  | 'metrics'
  | 'other'

export interface Sent {
  readonly signal: Signal
  readonly sender: Sender
}

export interface GaugeSource {
  readonly help: string
  readonly read: () => number | Promise<number>
}

const REFUSALS: Readonly<Record<number, 'unauthenticated' | 'forbidden' | 'rate_limited'>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  429: 'rate_limited',
}

/** From a millisecond, since a look-up takes a few. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
