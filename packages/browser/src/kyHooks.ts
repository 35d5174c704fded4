import type { Reference } from '@waybill/reference'
import type { AfterResponseHook, Hooks } from 'ky'
import type { Waybill } from './Waybill.ts'

/**
 * Hooks that keep a call's action over ky's own retries, which come after a timer where nothing else tells whose they are:
 *
 * ```ts
 * const api = ky.create({ fetch: waybill.fetch, hooks: kyHooks(waybill) })
 * ```
 *
 * Each retry is the next attempt of the same reference.
 */
export function kyHooks({
  referenceOf,
  actionOf,
}: Pick<Waybill, 'referenceOf' | 'actionOf'>): Pick<Hooks, 'beforeRetry' | 'afterResponse'> {
  /** By ky's `context`, which each call has for itself: the error of a `ky.retry()` holds no response. */
  const answered = new WeakMap<object, Reference | undefined>()
  // ky 2 hands over all in one object, ky 1 the request, then the options, then the response.
  const afterResponse = (all: Answered, options = all.options, response = all.response): void => {
    answered.set(options.context, referenceOf(response))
  }
  return {
    afterResponse: [afterResponse],
    beforeRetry: [
      ({ request, options, error }) => {
        const reference = referenceOf(error) ?? answered.get(options.context)
        const action = reference && actionOf(reference)
        // The request is ky's own copy, made for this retry, or the one that `ky.retry()` was given.
        for (const [name, value] of Object.entries(action?.headers() ?? {})) request.headers.set(name, value)
      },
    ],
  }
}

type Answered = Parameters<AfterResponseHook>[0]
