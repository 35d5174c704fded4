import type { Link } from '../step/openStep.ts'
import { asThrown } from '../step/errorType.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'

/**
 * A callback for croner, node-cron or `setInterval` of which each call is a run: a step of hop `schedule` under a reference of its own,
 * seen while it goes on. The action in which the schedule was set up, or in which somebody calls a run by hand, is linked as its
 * `parent` and not continued, or it would gather runs for ever. Arguments, `this`, what is returned and what is thrown are those of `fn`.
 *
 * ```ts
 * new Cron('0 2 * * *', { protect: true }, scheduled(waybill, 'nightly sync', () => sync()))
 * ```
 */
export function scheduled<This, Args extends unknown[], T>(
  waybill: ServerWaybill,
  name: string,
  fn: (this: This, ...args: Args) => T,
): (this: This, ...args: Args) => T {
  const setUpIn = waybill.current()
  return function run(this: This, ...args: Args): T {
    const links = new Map<string, Link>()
    // Timers keep the context in which they were set, so what is in force may be that of the set-up again.
    for (const to of [setUpIn, waybill.current()]) if (to) links.set(to.reference, { rel: 'parent', to })
    const step = waybill.begin({
      hop: 'schedule',
      name,
      parent: waybill.mint(),
      links: [...links.values()],
      announce: true,
    })
    return waybill.resume(step.context, () => {
      try {
        const result = fn.apply(this, args)
        if (isPromiseLike(result)) {
          const awaited = Promise.resolve(result).then(
            (value) => {
              step.end()
              return value
            },
            (error: unknown) => {
              step.end(asThrown(error))
              throw error
            },
          )
          // A promise of the same value, for whoever was given one.
          return awaited as T
        }
        step.end()
        return result
      } catch (error) {
        step.end(asThrown(error))
        throw error
      }
    })
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof Object(value).then === 'function'
}
