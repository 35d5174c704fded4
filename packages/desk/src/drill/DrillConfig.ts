import type { Hop } from '@waybill/trail'

/** What a drill does and where it looks, as `parseDrillConfig` gives it. Times are milliseconds. */
export interface DrillConfig {
  readonly namespace: string
  readonly action: HttpAction | BrowserAction
  readonly failure: DrillFailure | null
  readonly withinMs: number
  /** Where headers that nobody may believe are sent. `null`: to the address of the action's own call, by GET. `false`: nowhere. */
  readonly forged: DrillCall | null | false
  /** In the order in which the action meets them. */
  readonly hops: readonly DrillHop[]
}

export interface HttpAction {
  readonly by: 'http'
  readonly call: DrillCall
  /** Whether the drill sends a reference of its own, as a browser with waybill does. */
  readonly send: boolean
  readonly shown: ShownInAnswer | null
  readonly keep: Keep
}

export interface BrowserAction {
  readonly by: 'browser'
  readonly open: string
  readonly fill: Readonly<Record<string, string>>
  /** The name of a button or link, or `css=…`. */
  readonly click: string
  /** CSS selector of where the page shows the reference. */
  readonly shown: string | null
  /** Part of `METHOD /path` by which the action's own call is known. Null: the first that changes something, else the first. */
  readonly call: string | null
  /** A file by Playwright's `storageState`, for a browser that is signed in. */
  readonly storageState: string | null
  readonly keep: Keep
}

/** Dotted path in the answer's JSON at which the customer reads the reference. */
export interface ShownInAnswer {
  readonly path: string
}

/** Names of variables, each with the dotted path in the answer's JSON that it is taken from. */
export type Keep = Readonly<Record<string, string>>

export interface DrillCall {
  readonly method: string
  /** Absolute, or relative to the address that is drilled. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Text as it is, anything else as JSON. */
  readonly body: unknown
}

/** Text goes through the shell; a list is a program and its arguments, without one. */
export type DrillCommand = string | readonly string[]

export type DrillDeed =
  { readonly by: 'command'; readonly command: DrillCommand } | { readonly by: 'http'; readonly call: DrillCall }

export interface DrillFailure {
  readonly force: DrillDeed
  readonly undo: DrillDeed | null
}

export type DrillHopKind = Exclude<Hop, 'browser' | 'log'> | 'dead-letters' | 'desk'

export interface DrillHop {
  readonly name: string
  readonly kind: DrillHopKind
  readonly source: DrillSource
  /** Dotted paths, the first of which that a record has holds the reference. Empty: any field may. */
  readonly fields: readonly string[]
  /** By which records of this work are known. Null: those that hold the reference. */
  readonly match: string | Readonly<Record<string, string>> | null
  /** Whether its records are known to be of this work by something else than the reference: by `match`, or since its source names one of the drill's variables. */
  readonly isOwn: boolean
  /** Attempts that have to be seen. */
  readonly attempts: number
  readonly attemptField: string | null
  /** Names of the hops that hand on to this one. Null: those above it. */
  readonly after: readonly string[] | null
  /** What sets a schedule off. */
  readonly trigger: DrillDeed | null
}

export type DrillSource =
  | { readonly by: 'file'; readonly file: string }
  | { readonly by: 'command'; readonly command: DrillCommand; readonly isCsv: boolean }
  | { readonly by: 'http'; readonly call: DrillCall }
  | {
      readonly by: 'desk'
      readonly url: string
      readonly token: string
      /** Services whose steps have to be in the trail. */
      readonly services: readonly string[]
    }
