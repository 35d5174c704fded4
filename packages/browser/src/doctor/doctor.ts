import { createDoctor } from './createDoctor.ts'
import type { CreateDoctorOptions } from './createDoctor.ts'
import { observedCall } from './observedCall.ts'

/**
 * The doctor for a `fetch` of your own, which `createWaybill` does not watch by itself:
 *
 * ```ts
 * createWaybill({ service: 'shop-web', deliverTo: '/waybill', fetch: import.meta.env.DEV ? doctor({ fetch: own }) : own })
 * ```
 *
 * Written so, or with `process.env.NODE_ENV !== 'production'`, nothing of it is left in a production bundle. Of a call to an origin
 * that is not listed address and headers are read once more than `fetch` does.
 */
export function doctor({
  fetch = globalThis.fetch.bind(globalThis),
  say,
}: DoctorOptions = {}): typeof globalThis.fetch {
  const watching = createDoctor({ fetch, say })
  return (...args) => {
    const call = observedCall(args)
    return call?.kind === 'untraced' ? watching.fetchUntraced(call.address, args[1]) : watching.fetch(...args)
  }
}

export interface DoctorOptions extends Pick<CreateDoctorOptions, 'say'> {
  /** Sends every call. @default the page's `fetch` as it is now */
  readonly fetch?: typeof globalThis.fetch | undefined
}
