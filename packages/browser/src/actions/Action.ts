import type { Reference } from '@waybill/reference'
import type { ActionFailure, ActionState, Facts } from '@waybill/trail'

/** One thing a customer set out to do, under one reference, until it succeeded, failed or was given up. Exact under any overlap. */
export interface Action {
  readonly reference: Reference
  readonly name: string
  readonly state: ActionState
  /** As `begin` was told. */
  readonly repeatable: boolean
  /** As `fetch`; every call made with it belongs to this action. */
  readonly fetch: typeof fetch
  /**
   * Runs `fn` with this action in force: its synchronous part, and whatever continues from a traced call made there. After
   * awaiting anything else (a timer, IndexedDB), use `action.fetch`.
   */
  run<T>(fn: () => T): T
  /**
   * As `run`, for work that comes back from a timer or a queue and awaits something before its first call, as ky does: `fn` runs
   * in a microtask of its own, and what it awaits belongs to the action too as long as no task passes (64 microtasks). It
   * waits until no other action's continuation is under way.
   */
  resume<T>(fn: () => T | PromiseLike<T>): Promise<T>
  /** `traceparent`, `Trace-Reference` and `Trace-Attempt` for XHR, WebSocket, EventSource and forms. For our own origins only. */
  headers(): Record<string, string>
  /**
   * What may be known about the action, such as `{ order: 'A-1001' }`: stored, delivered, and a way to find it. At most 20 facts,
   * names of 1 to 40 `A-Z a-z 0-9 _ . -`, values of 200 characters, made one line. Null, undefined and empty text say nothing. What
   * breaks that, or comes when the desk has the action's end, is left out and goes to `onError`, in development to the console too.
   */
  note(facts: Facts): void
  succeed(): void
  /** Ends as `failed`; with an `AbortError` as `abandoned`. Afterwards `referenceOf(error)` gives this action's reference. */
  fail(error?: unknown, options?: FailOptions): void
  /** "Try again": the same reference goes on, and its calls count as the next attempt. */
  retry(): void
}

export interface FailOptions {
  /** `render`: the page's components crashed while they were drawn. Then an action that has succeeded already ends as `failed`, too. */
  readonly during?: ActionFailure | undefined
}
