import type { WaybillOptions } from './WaybillOptions.ts'

/** What every part of a waybill is given: the options, and the platform as they say it is. */
export interface Kit extends WaybillOptions {
  readonly now: () => number
  readonly after: (ms: number, fn: () => void) => unknown
  readonly fetch: typeof fetch
  /** Aborted by `stop`: nothing is stored or delivered from then on. */
  readonly signal: AbortSignal
  /** For calls that are not traced. */
  readonly fetchUntraced: typeof fetch
  readonly onError: (error: unknown) => void
  /** Runs ours so that its faults are not the page's. */
  readonly guard: <T>(fn: () => T) => T | undefined
}
