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
  /**
   * Base URL of a second way to the same desk, such as `/api/steps` on the application's own API, which hands on what comes to its
   * `/v1/traces`. Used when nothing answers at `deliverTo`, as behind an ad blocker.
   * @default none
   */
  readonly fallbackTo?: string | undefined
  /** Public browser key of the desk, sent as `?key=`, for what a page sends as it goes carries no headers. */
  readonly key?: string | undefined
  /** Exact origins whose calls are traced besides the page's own, such as `https://api.shop.example`. Their CORS must allow the headers. */
  readonly tracedOrigins?: readonly string[] | undefined
  /**
   * Paths of the traced origins, such as `/download`, whose calls go out unmarked with all that lies below them: those that redirect to
   * another origin, where headers that it does not allow make the call fail.
   * @default none
   */
  readonly untracedPaths?: readonly string[] | undefined
  /** Keeps environments from reading one another's ids; equal on all sides. @default '' */
  readonly namespace?: string | undefined
  /** Shown before references, two to five letters A to Z. Display only. @default none */
  readonly prefix?: string | undefined
  /** What to expect, so that a length too short for it is said in development. @default nothing is checked */
  readonly traffic?: Traffic | undefined
  /** What the customer allowed; `memory-only` until they did. See `waybill.setConsent`. @default 'granted' */
  readonly consent?: Consent | undefined
  /** Share of traces that back-ends are asked to keep, between 0 and 1. Our own steps are always kept. @default 1 */
  readonly sampledShare?: number | undefined
  /** Receives our own faults and what delivery meets; they never reach the page otherwise. @default ignored */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Sends every call, traced or not, and delivers. @default the page's `fetch` as it is now */
  readonly fetch?: typeof globalThis.fetch | undefined
  /**
   * Whether, in development and without a `fetch` of your own, the console hears what keeps references from arriving.
   * @default true
   */
  readonly doctor?: boolean | undefined
  /** Where the session is kept: the profile's storage and the tab's. @default `localStorage` and `sessionStorage` */
  readonly storage?: { readonly profile: Storage; readonly tab: Storage } | undefined
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Calls `fn` after `ms` milliseconds. @default `setTimeout` */
  readonly after?: ((ms: number, fn: () => void) => unknown) | undefined
}

/** `memory-only`: nothing is stored on the device; steps are delivered all the same. */
export type Consent = 'memory-only' | 'granted'
