import type { Context } from 'hono'

/**
 * What somebody may do at the desk. `read` looks trails up, `link` ties tickets and the like to them and says who handles them, `ingest` sends steps as a server and
 * links, `browser` sends steps as claims, `metrics` reads the desk's own counts, `admin` reads the log, exports and erases. None includes another,
 * but `ingest` includes `link`.
 */
export type Scope = (typeof SCOPES)[number]

export const SCOPES = ['read', 'link', 'ingest', 'browser', 'metrics', 'admin'] as const

/** Whoever asks, as the log names them. */
export interface Identity {
  /** The token's name, `environment` for a key of the desk's options, or what the proxy says of who signed in there. */
  readonly who: string
  /** By the token itself, by a page signed in with it, by the word of a trusted proxy, or by a command or program on the desk's own machine. */
  readonly via: 'token' | 'page' | 'proxy' | 'command'
  readonly scopes: ReadonlySet<Scope>
  /** Where the request came from. */
  readonly address: string
}

/** The one door: every route asks here first, and writes down here what it showed or did. */
export interface Access {
  /**
   * Lets a request through that may do this, or one of these, and does not come too often; else gives the answer that says why not, which
   * is logged.
   */
  admit(context: Context, scope: Scope | readonly Scope[]): Promise<Admitted>
  /**
   * Writes down what somebody saw or did. Wait for it before the answer goes out: nothing is shown that is not written down.
   *
   * @throws AccessLogError when it cannot be written.
   */
  record(entry: AccessEntry): Promise<void>
}

export type Admitted =
  { readonly ok: true; readonly identity: Identity } | { readonly ok: false; readonly response: Response }

/** One line of the record: who, when, and how much it showed. Never what was typed. */
export interface AccessEntry {
  readonly event: AccessEvent
  readonly identity: Pick<Identity, 'who' | 'via' | 'address'>
  /**
   * What led to the first trail: `reference`, `person`, `fact:order`, `suggestion`, `map` and so on; null when nothing was found. Of a
   * handling what was said, or `late` where that changed nothing, of a refusal its reason, of a token its name and scopes.
   */
  readonly kind?: string | null | undefined
  /** How many trails it showed, suggestions among them; how many it erased, forgot or moved here; or how many requests were refused. */
  readonly matches?: number | undefined
}

export type AccessEvent =
  | 'look-up'
  | 'handle'
  | 'export'
  | 'erase'
  | 'sign-in'
  | 'sign-out'
  | 'log-read'
  | 'token-create'
  | 'token-revoke'
  | 'refused'
  | 'prune'
  | 'backup'
  | 'migrate'
