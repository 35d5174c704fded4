import type { Reference } from '@waybill/reference'
import type { TraceLink } from '../traceLinks/createTraceLinks.ts'
import type { Unseen } from '../store/Unseen.ts'
import type { SpanStore } from '../spans/SpanReader.ts'
import type { ActionFailure, ActionState, Effect, Hop, Outcome, StepLink, StepStatus, TrailParts } from '@waybill/trail'

/** The answer to a look-up, as JSON. What is absent is null. */
export interface LookUpAnswer {
  /**
   * First what a reference or a server's word leads to, those begun last first; then what only a browser's word does, with a
   * `foundBy` that begins with `claim`.
   */
  readonly matches: readonly Match[]
  /** Whether a server's word leads to more than these. */
  readonly more: boolean
  /** How many trails only a browser's word leads to, these and others; 10 000 at most are counted. */
  readonly claims: number
  /** The keyed hash of the customer whose id led to all of these; null when something else did. */
  readonly person: string | null
  /**
   * Trails that a person at a screen may have meant by a code that is not known, the likeliest first. Only `POST /api/search`
   * gives them, and only when there is no match. For that person to choose from, never to be taken for what was looked for.
   */
  readonly suggestions: readonly TrailSummary[]
  readonly searched: Searched
  /** Whether everything could be seen that the answer is about. Where it could not, nothing is known to be absent. */
  readonly complete: boolean
  /** What could not be seen; empty where the answer is complete. */
  readonly unseen: readonly Unseen[]
  /** What nothing was added to for so many days is gone. */
  readonly keepDays: number
}

/** What was looked for in the text. */
export interface Searched {
  /** References it holds in any spelling, as a code or a trace-id. */
  readonly references: readonly Reference[]
  /** How many values in it were looked up as numbers of all other kinds; 0 where a reference was known. */
  readonly numbers: number
  /** The stores of spans that were looked through beside the desk's own, and for which time. */
  readonly spans: readonly SearchedTime[]
}

export interface SearchedTime {
  readonly where: SpanStore
  readonly from: string
  readonly to: string
}

/** The trails of one customer, those first heard of last first, without pages that only read something and went well. */
export interface CustomerTrails {
  readonly trails: readonly TrailSummary[]
  /** Ask for what comes `after` it; null at the end. */
  readonly next: number | null
  /** How many trails only browsers tell to be this customer's; 10 000 at most are counted. */
  readonly claims: number
  readonly keepDays: number
  /** What the desk could not see of its own; trails may be missing. */
  readonly unseen: readonly Unseen[]
}

/** A trail as it stands in a list. */
export type TrailSummary = Omit<Match, 'steps'>

/** One trail. */
export interface Match {
  readonly reference: Reference
  readonly traceId: string
  /** Trace-ids of other tracers under which parts of it ran. */
  readonly aliases: readonly string[]
  /** ISO 8601 with milliseconds, like every time here. */
  readonly startedAt: string
  readonly action: string | null
  /** Of the action's own work. */
  readonly outcome: Outcome
  /** Runs and webhooks that came later under the same reference, each with an outcome of its own. */
  readonly later: readonly LaterRun[]
  readonly session: string | null
  /** The keyed hash of the customer's id: equal for one customer, and tells nothing else. */
  readonly person: string | null
  readonly facts: Readonly<Record<string, string>>
  /** The names of those facts that only the customer's browser reported. */
  readonly claimedFacts: readonly string[]
  /** The state in which it was left, in the application's words. */
  readonly remains: string | null
  /** Whether browsers alone reported it. */
  readonly claimed: boolean
  /** What led here: `reference`, `job`, `session`, `person`, `fact:order` and so on. */
  readonly foundBy: string
  readonly steps: readonly MatchStep[]
  /** How many steps of strangers' requests were not kept, so that there was room for the action's own. */
  readonly evicted: number
  /** Other trails that it belongs with, ten entries at most. They change nothing in the outcome. */
  readonly links: readonly TrailLinks[]
  /** What support's tools noted by `POST /api/links`, in order; 20 at most. */
  readonly noted: readonly NotedValue[]
  /** Where other tools show it, by the desk's templates. */
  readonly traceLinks: readonly TraceLink[]
  /** What could not be seen of it. What is said of the trail holds as far as the rest goes. */
  readonly unseen: readonly Unseen[]
  /** Whose turn it is now, by the outcome's advice. */
  readonly waitsFor: WaitsFor
  /** Who looks after the place where it failed or waits, by the desk's configuration; null where none is named. */
  readonly owner: Owner | null
  /** What support's people made of it, by `POST /api/trails/{reference}/handling`; null while nobody has taken it up. */
  readonly handling: Handling | null
  /** Where facts and noted values can be looked at, by the desk's configuration. */
  readonly factLinks: readonly FactLink[]
  /** What the customer's screen said last, as the page reported it; null where it did not. */
  readonly screen: Screen | null
  /** The IANA time zone of the customer's browser, such as `Europe/Berlin`, as it reported it. */
  readonly timeZone: string | null
  /** Clocks that were found wrong, and by which times here are corrected. */
  readonly clocks: readonly CorrectedClock[]
}

/**
 * `nobody`: nothing is left to do. `work`: it is going on by itself. `customer`: they have to do something, such as try again. `person`:
 * somebody at the company has to finish it, run it again, or find out what happened.
 */
export type WaitsFor = 'nobody' | 'work' | 'customer' | 'person'

/** Whoever looks after a service or a hop. */
export interface Owner {
  /** As people know them: `Payments team`. */
  readonly name: string
  /** How they are reached: `#payments in Slack`, an address, a number. */
  readonly contact: string | null
  /** A web or mail address that leads to them. */
  readonly url: string | null
}

/** A handling covers only what happened before it. */
export interface Handling extends NotedHandling {
  /** Whether something of the action, its page or what came later failed after it. */
  readonly isOutdated: boolean
}

/** `taken`: somebody is on it. `done`: it was handled. `open`: it was given back. */
export interface NotedHandling {
  readonly state: 'taken' | 'done' | 'open'
  /** The name that they gave. */
  readonly by: string
  /** Who was signed in, as the log names them. */
  readonly who: string
  readonly note: string | null
  readonly at: string
  /** Of the step that says so; give it as `after` to change it. */
  readonly id: string
}

export interface FactLink {
  /** The fact's name, or the kind of a noted value. */
  readonly name: string
  readonly value: string
  readonly href: string
}

export interface Screen {
  readonly text: string
  readonly at: string
}

export interface CorrectedClock {
  readonly service: string
  /** Whether it is the customer's device. */
  readonly claimed: boolean
  /** By how much its clock is ahead of the others, in milliseconds; negative when it is behind. */
  readonly aheadMs: number
  /** Whether it may be off by more than that: nothing tells how much. */
  readonly isLeast: boolean
}

/** Of other trails only the references; what they hold is theirs. */
export interface TrailLinks {
  /** `parent`: it came of those. `child`: it led to those. */
  readonly rel: StepLink['rel']
  /** The name of this trail's steps that say so; null where only the others do. */
  readonly name: string | null
  /** How many there are. Of those that only say it themselves 1000 at most are counted. */
  readonly count: number
  /** Five at most: first those of steps that failed, then the newest. */
  readonly references: readonly Reference[]
}

export interface NotedValue {
  /** `ticket`, `order`, `conversation` and so on. */
  readonly kind: string
  readonly value: string
  /** Where it can be looked at. */
  readonly url: string | null
  /** How it stands, by the last word: `open`, `solved`; null where nobody said. */
  readonly state: string | null
  /** Whose word it is. */
  readonly service: string
  /** When it was noted first. */
  readonly at: string
}

export interface LaterRun extends Outcome {
  readonly name: string
  readonly at: string
  /** Ids of its steps. */
  readonly stepIds: readonly string[]
}

export interface MatchStep {
  readonly id: string
  readonly parentId: string | null
  readonly hop: Hop
  readonly service: string
  readonly name: string
  /** Corrected, where the clock of its machine was found wrong. */
  readonly at: string
  /** What that clock said; null where it is not corrected. */
  readonly atByOwnClock: string | null
  readonly durationMs: number
  readonly status: StepStatus
  readonly attempt: number | null
  readonly maxAttempts: number | null
  readonly jobId: string | null
  readonly error: { readonly type: string; readonly message: string | null } | null
  readonly effect: Effect | null
  readonly remains: string | null
  readonly action: ActionState | null
  readonly failure: ActionFailure | null
  readonly deadLetter: boolean
  /** Whether it is an action of the page's own, which no gesture of the customer led to. */
  readonly background: boolean | null
  readonly facts: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  readonly links: readonly Pick<StepLink, 'rel' | 'reference'>[]
  /** Reported by the customer's browser, not by a server. */
  readonly claimed: boolean
  /** Whose it is; see `partsOf`. */
  readonly part: keyof TrailParts
  /** Where it is kept: by the desk itself, or where its span was read. */
  readonly source: 'desk' | SpanStore
}
