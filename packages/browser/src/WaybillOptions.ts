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
  /** Where the session is kept: the profile's storage and the tab's. @default `localStorage` and `sessionStorage` */
  readonly storage?: { readonly profile: Storage; readonly tab: Storage } | undefined
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Calls `fn` after `ms` milliseconds. @default `setTimeout` */
  readonly after?: ((ms: number, fn: () => void) => unknown) | undefined
}

/** `memory-only`: nothing is stored on the device; steps are delivered all the same. */
export type Consent = 'memory-only' | 'granted'

/** @throws TypeError for a set-up that cannot work, at once and in plain words. */
export function checkOptions(options: WaybillOptions): void {
  const given: Readonly<Record<string, unknown>> = { ...options, service: options?.service ?? '' }
  const rules: readonly Rule[] = [
    ['service', 'string', 'a name, as in { service: "shop-web" }', (text: string) => text],
    ['deliverTo fallbackTo key namespace', 'string', 'a string'],
    ['fallbackTo', typeof given['deliverTo'], 'used without deliverTo'],
    ['prefix', 'string', 'two to five letters A to Z, such as "ORD"', (text: string) => /^[A-Z]{2,5}$/.test(text)],
    ['consent', 'string', '"granted" or "memory-only"', (text: string) => /^(granted|memory-only)$/.test(text)],
    ['sampledShare', 'number', 'a number from 0 to 1', (share: number) => share >= 0 && share <= 1],
    ['length', 'number', '8, 9, 10 or 12', (length: number) => [8, 9, 10, 12].includes(length)],
    ['now after fetch random onError', 'function', 'a function'],
    [
      'tracedOrigins',
      'object',
      'a list of origins, such as "https://api.shop.example"',
      (list: Partial<Pick<string[], 'every'>> | null) => list?.every?.(isOrigin),
    ],
    ['storage', 'object', '{ profile, tab }', (each: WaybillOptions['storage'] | null) => each?.profile && each.tab],
  ]
  for (const [names, type, what, isRight = () => true] of rules)
    for (const name of names.split(' ')) {
      const value = given[name]
      if (value !== undefined && (typeof value !== type || !isRight(value as never)))
        throw new TypeError(`[waybill] ${name} is not ${what}.`)
    }
}

/** The values of the named options are of the type, and then right. */
type Rule = readonly [names: string, type: string, what: string, isRight?: (value: never) => unknown]

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text
  } catch {
    return false
  }
}
