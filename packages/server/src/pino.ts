import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * A pino `mixin` that puts `reference`, `trace_id` and `span_id` on each line written under a reference:
 * `pino({ mixin: waybillMixin(waybill) })`. What the line, its logger or a parent of that says under these names stays.
 */
export function waybillMixin(
  waybill: ServerWaybill,
): (line?: object, level?: number, logger?: unknown) => Record<string, string> {
  const namesOf = new WeakMap<BoundLogger, readonly string[]>()
  return (_line, _level, logger) => {
    const fields = waybill.logFields()
    if (!isBound(logger) || !('reference' in fields)) return fields
    // A name that comes twice in a line is one whose last value counts, and ours would be the last.
    const names = namesOf.get(logger) ?? Object.keys(logger.bindings())
    namesOf.set(logger, names)
    for (const name of names) delete fields[name]
    return fields
  }
}

interface BoundLogger {
  bindings(): Record<string, unknown>
}

function isBound(logger: unknown): logger is BoundLogger {
  return typeof Object(logger).bindings === 'function'
}
