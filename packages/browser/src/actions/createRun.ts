import type { Action } from './Action.ts'
import type { BeginOptions, Waybill } from '../Waybill.ts'

/** `run` over `begin`: the action ends as its function does, and what that returns or throws is passed on. */
export function createRun(begin: Waybill['begin']): Waybill['run'] {
  function run<T>(name: string, fn: (action: Action) => PromiseLike<T>, options?: BeginOptions): Promise<T>
  function run<T>(name: string, fn: (action: Action) => T, options?: BeginOptions): T
  function run(name: string, fn: (action: Action) => unknown, options?: BeginOptions): unknown {
    const action = begin(name, options)
    const failed = (error: unknown): never => {
      action.fail(error)
      throw error
    }
    const succeeded = (value: unknown): unknown => {
      // The platform's fetch returns what was refused as it returns an answer.
      if (value instanceof Response && value.status >= 400) action.fail(value)
      else action.succeed()
      return value
    }
    let result: unknown
    try {
      result = action.run(() => fn(action))
    } catch (error) {
      return failed(error)
    }
    const { then } = Object(result)
    return typeof then === 'function' ? Promise.resolve(result).then(succeeded, failed) : succeeded(result)
  }
  return run
}
