/**
 * Tracers that write `traceparent` into a page's calls, where they can be found, and how each is told not to. Sentry is not
 * among them: it leaves a `traceparent` that is there already.
 */
export const KNOWN_TRACERS: readonly KnownTracer[] = [
  {
    name: 'Datadog RUM',
    isHere: () => call(at(globalThis, 'DD_RUM'), 'getInitConfiguration') !== undefined,
    writesTo({ href }) {
      const options: unknown = at(call(at(globalThis, 'DD_RUM'), 'getInitConfiguration'), 'allowedTracingUrls')
      return Array.isArray(options) && options.some((option: unknown) => isDatadogOption(option, href))
    },
    remedy: (origin) =>
      `In datadogRum.init take ${origin} out of allowedTracingUrls, or allow it as { match: '${origin}', propagatorTypes: ['datadog'] }.`,
  },
  {
    name: 'Elastic APM RUM',
    isHere: () => call(at(globalThis, 'elasticApm'), 'isActive') === true,
    writesTo({ origin }) {
      const agent = at(globalThis, 'elasticApm')
      const settings = call(at(agent, 'serviceFactory'), 'getService', 'ConfigService')
      if (call(agent, 'isActive') !== true || call(settings, 'get', 'distributedTracing') !== true) return false
      const name = call(settings, 'get', 'distributedTracingHeaderName')
      const origins = [location.origin, call(settings, 'get', 'distributedTracingOrigins')].flat()
      return name === 'traceparent' && origins.some((each) => matches(each, origin))
    },
    remedy: (origin) =>
      origin === location.origin
        ? 'Set distributedTracing: false in its init; it has no setting for a single origin that is the page’s own.'
        : `Take ${origin} out of distributedTracingOrigins in its init.`,
  },
  {
    name: 'OpenTelemetry',
    isHere: () => at(globalThis, Symbol.for('opentelemetry.js.api.1')) !== undefined,
    // Its settings cannot be read from outside; it is seen when it writes.
    writesTo: () => false,
    remedy: (origin) =>
      origin === location.origin
        ? 'Give its FetchInstrumentation ignoreUrls for the calls that Waybill makes.'
        : `Take ${origin} out of propagateTraceHeaderCorsUrls, or give its FetchInstrumentation ignoreUrls for the calls that Waybill makes.`,
  },
]

export interface KnownTracer {
  readonly name: string
  isHere(): boolean
  writesTo(url: URL): boolean
  /** What to change so that it leaves calls to this origin alone. */
  remedy(origin: string): string
}

/** A match, or a match with its headers; both trace-context and Datadog's own by default. */
function isDatadogOption(option: unknown, href: string): boolean {
  const types: unknown = at(option, 'propagatorTypes')
  if (Array.isArray(types) && !types.includes('tracecontext')) return false
  return matches(at(option, 'match') ?? option, href)
}

function matches(pattern: unknown, text: string): boolean {
  if (typeof pattern === 'function') return Boolean(Reflect.apply(pattern, undefined, [text]))
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(text)
  return typeof pattern === 'string' && text.startsWith(pattern)
}

function at(from: unknown, key: PropertyKey): unknown {
  return (typeof from === 'object' && from !== null) || typeof from === 'function' ? Reflect.get(from, key) : undefined
}

function call(on: unknown, method: string, ...args: readonly unknown[]): unknown {
  const fn = at(on, method)
  return typeof fn === 'function' ? Reflect.apply(fn, on, args) : undefined
}
