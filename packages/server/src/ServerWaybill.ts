import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Effect, Facts, Hop } from '@waybill/trail'
import type { FreshOptions } from './context/acceptClaim.ts'
import type { Carrier } from './context/injectContext.ts'
import type { OpenStep, StepOptions } from './step/openStep.ts'
import type { Problem } from './http/problem.ts'
import type { TraceContext } from './context/TraceContext.ts'

/** What a service does under a customer's reference, and says about it. Made by `createWaybill`. */
export interface ServerWaybill {
  /** The context in force; none outside of traced work. */
  current(): TraceContext | undefined
  /** Calls `fn` with `context` in force, throughout everything it awaits, and returns what it returns. */
  resume<T>(context: TraceContext, fn: () => T): T
  /** `fn` with today's context kept for whenever it is called: for listeners of emitters that outlive a request. */
  bind<Args extends readonly unknown[], T>(fn: (...args: Args) => T): (...args: Args) => T
  /** A new context with a reference of its own, for what no customer set off: a run of a schedule. Not in force until `resume`. */
  mint(options?: FreshOptions): TraceContext
  /**
   * The context that a carrier claims: `Headers`, a message's headers, `{ 'Trace-Reference': row.reference }`. What is not
   * valid to the letter is not believed; with nothing to believe it is a new context.
   */
  accept(carrier: unknown, options?: FreshOptions): TraceContext
  /** The carrier with the headers that let the next service go on; untouched where no context is in force. */
  inject<C extends Carrier>(carrier: C): C
  /**
   * Does `fn` as one step of the trail. What it throws is recorded by type and thrown again as it was. Without a context in
   * force the step begins a reference of its own.
   */
  run<T>(options: StepOptions, fn: (step: OpenStep) => T | Promise<T>): Promise<T>
  /** Begins a step for work that is not one function: put `step.context` in force with `resume`, call `end` when it is over. */
  begin(options: StepOptions): OpenStep
  /** Adds facts to the step in force; see `OpenStep.note`. Does nothing outside of steps, like the next two. */
  note(facts: Facts): void
  /** Says for the step in force whose action this is, by the application's own id. */
  identify(personId: string): void
  /** Declares for the step in force what it did to the customer's business; see `OpenStep.effect`. */
  effect(effect: Effect, remains?: string): void
  /** Fields for a log line: `reference`, `trace_id`, `span_id`. A new object each time; empty where no context is in force. */
  logFields(): Record<string, string>
  /** An RFC 9457 response that carries the reference in force. */
  problem(problem: Problem): Response
  /**
   * A fetch-standard handler (Next.js route, Deno, Bun, Workers) that serves each request under its reference: as a step,
   * with the reference in the response's headers. What the handler throws becomes a problem with status 500.
   */
  handle<Rest extends readonly unknown[]>(handler: FetchHandler<Rest>, options?: HandleOptions): FetchHandler<Rest>
  /** Sends what is waiting; resolves when the desk has it, or when one try has failed and the next is due later. */
  flush(): Promise<void>
  /** Sends what is waiting, trying again for up to 5 seconds, then stops. Steps of later work go nowhere. */
  stop(): Promise<void>
  /** Does something of ours at the edge of the host: a fault goes to `onError`, and the host goes on without a result. */
  guard<T>(fn: () => T): T | undefined
  /** What carries the context, for `bindStore` of a tracing channel. Never call `enterWith` on it: it leaks into what follows. */
  readonly storage: AsyncLocalStorage<TraceContext | undefined>
}

export type FetchHandler<Rest extends readonly unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>

/** Of everything that serves requests. */
export interface ServeOptions {
  /** `webhook` for calls of partners. @default 'api' */
  readonly hop?: Extract<Hop, 'api' | 'webhook'> | undefined
  /** True for paths, without query, that nobody asks about, such as `/healthz`: for those nothing is begun, and none has a reference. */
  readonly ignore?: ((path: string) => boolean) | undefined
}

/** Of what answers in place of the framework where nobody handled an error. */
export interface ThrownOptions<R> {
  /**
   * Gets what was thrown and nobody handled, because nobody else will.
   * @default one line on the console with method, masked route and reference, then the error's stack and those of its causes; nothing
   * of the request, and no other fields of the error, where clients keep the requests they made
   */
  readonly onThrown?: ((error: unknown, request: R) => void) | undefined
}

export interface HandleOptions extends ServeOptions, ThrownOptions<Request> {
  /** The route's pattern, such as `/api/orders/:id`; undefined where none matched. @default the path with everything that looks like an id masked */
  readonly route?: ((request: Request) => string | undefined) | undefined
}
