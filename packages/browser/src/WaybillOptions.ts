import type { MintOptions } from '@waybill/reference'
import type { Traffic } from '@waybill/reference/reading'

export interface WaybillOptions extends MintOptions {
  /** What this application is called in trails, such as `shop-web`. */
  readonly service: string
  /**
   * Base URL of the desk or of any OpenTelemetry collector, such as `/waybill`; `/v1/traces` is added.
   * @default none: steps stay on the device
   */
  readonly deliverTo?: string | undefined
  /** Public browser key of the desk, sent as `?key=`, for beacons carry no headers. */
  readonly key?: string | undefined
  /** Exact origins whose calls are traced besides the page's own, such as `https://api.shop.example`. Their CORS must allow the headers. */
  readonly tracedOrigins?: readonly string[] | undefined
  /** Keeps environments from reading one another's ids; equal on all sides. @default '' */
  readonly namespace?: string | undefined
  /** Shown before references, two to five letters A to Z. Display only. @default none */
  readonly prefix?: string | undefined
  /** What to expect, so that a length too short for it is said in development. @default nothing is checked */
  readonly traffic?: Traffic | undefined
  /** Share of traces that back-ends are asked to keep, between 0 and 1. Our own steps are always kept. @default 1 */
  readonly sampledShare?: number | undefined
  /** Receives our own faults and what delivery meets; they never reach the page otherwise. @default ignored */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Sends every call, traced or not, and delivers. @default the page's `fetch` as it is now */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Where the session is kept: the profile's storage and the tab's. @default `localStorage` and `sessionStorage` */
  readonly storage?: { readonly profile: Storage; readonly tab: Storage } | undefined
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Calls `fn` after `ms` milliseconds unless the returned function was called. @default `setTimeout` */
  readonly after?: ((ms: number, fn: () => void) => () => void) | undefined
}

/** @throws TypeError for a set-up that cannot work, at once and in plain words. */
export function checkOptions({ service, prefix, tracedOrigins = [] }: WaybillOptions): void {
  if (!service)
    throw new TypeError(
      '[waybill] No service was given, so its steps would have no name. Set service, such as "shop-web".',
    )
  if (prefix !== undefined && !/^[A-Z]{2,5}$/.test(prefix)) {
    throw new TypeError('[waybill] A prefix is two to five letters A to Z, for example "ORD". Choose one of that form.')
  }
  for (const origin of tracedOrigins) {
    if (URL.parse(origin)?.origin === origin) continue
    throw new TypeError(
      `[waybill] tracedOrigins holds "${origin}", which is no origin, so no call would match. Write it as "https://api.shop.example".`,
    )
  }
}
