import { ROOT_CONTEXT } from '@opentelemetry/api'
import type { Context, ContextManager } from '@opentelemetry/api'
import { bindListeners, hasListeners } from './bindListeners.ts'
import { carryPoint, framesNow } from './carryPoint.ts'

/**
 * OpenTelemetry's active context across every `await` of carried code, without zone.js: a `ContextManager` in place of the stack's,
 * which ends at the first one, and of the zone's, which needs code without `async`.
 *
 * ```ts
 * const provider = new WebTracerProvider({ spanProcessors })
 * provider.register({ contextManager: createContextManager() })
 * ```
 *
 * Code that the build plugin leaves alone, and callbacks of timers and emitters, run in the root context: `context.bind` gives
 * those theirs.
 */
export function createContextManager(): ContextManager {
  const point = carryPoint()
  const listening = new WeakSet<object>()
  let isEnabled = false
  let index: number | undefined

  const carried = (): unknown => (isEnabled && index !== undefined ? point.inForce?.[index] : undefined)

  const manager: ContextManager = {
    active: () => (carried() as Context | undefined) ?? ROOT_CONTEXT,

    // In force as what is carried is, so that of this call and a carried function in it, or around it, the inner one counts.
    with(context, fn, thisArg, ...args) {
      if (!isEnabled || index === undefined) return fn.call(thisArg, ...args)
      const before = point.inForce
      const frames = [...framesNow(point)]
      frames[index] = context
      point.inForce = frames
      try {
        return fn.call(thisArg, ...args)
      } finally {
        point.inForce = before
      }
    },

    bind(context, target) {
      const bound = context ?? manager.active()
      if (typeof target === 'function') return bindFunction(bound, target as unknown as Bindable) as typeof target
      if (hasListeners(target) && !listening.has(target)) {
        listening.add(target)
        bindListeners(target, (listener) => bindFunction(bound, listener))
      }
      return target
    },

    enable() {
      isEnabled = true
      index ??= point.sources.push(carried) - 1
      return manager
    },

    disable() {
      isEnabled = false
      return manager
    },
  }

  function bindFunction(context: Context, target: Bindable): Bindable {
    function bound(this: unknown, ...args: unknown[]): unknown {
      return manager.with(context, target, this, ...args)
    }
    // Some callers tell what is wanted by how many arguments are taken.
    return Object.defineProperty(bound, 'length', { value: target.length, configurable: true })
  }

  return manager
}

type Bindable = (this: unknown, ...args: unknown[]) => unknown
