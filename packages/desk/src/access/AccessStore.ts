import type { AccessEntry, Identity, Scope } from './Access.ts'

/**
 * Where tokens, sign-ins and the access log are kept, apart from the trails, so that nobody's sign-in waits behind the writing of steps.
 * What is written is seen at once by every process that has the same store open. One contract suite (`accessStore.test.ts`) runs over every
 * implementation. Moments are milliseconds since the epoch.
 */
export interface AccessStore {
  /** Keeps a token and the line that tells of it, both or neither. False when one that is not revoked has the name already. */
  addToken(token: StoredToken, line: AccessLine): Promise<boolean>
  /** Every token, the newest first. */
  tokens(): Promise<readonly StoredToken[]>
  tokenByHash(hash: string): Promise<StoredToken | undefined>
  tokenById(id: string): Promise<StoredToken | undefined>
  /** Revokes a token and keeps the line that tells of it. False when it is revoked already, or there is none. */
  revokeToken(id: string, line: AccessLine): Promise<boolean>

  addSignIn(signIn: StoredSignIn): Promise<void>
  signInByHash(hash: string): Promise<StoredSignIn | undefined>
  endSignIn(hash: string): Promise<void>

  /** Adds a line at the end. None can be changed or taken away before its time. */
  append(line: AccessLine): Promise<void>
  /** Lines, the newest first; with `before` only those whose id is smaller, with `who` only what that one did. */
  log(options: LogPage): Promise<readonly LoggedLine[]>
  /** Forgets what is past its time at `now`: sign-ins that ended, and lines, of those never more than a day's share at once. Gives how many lines went. */
  prune(now: number): Promise<number>
  /**
   * Takes over what another store of this kind held: all of it, or lines in several goes, the oldest first. Again it changes nothing, but that a token
   * which was revoked meanwhile is revoked here, too.
   *
   * @throws TypeError when both have a token in force of the same name.
   */
  takeOver(records: AccessRecords): Promise<void>
  stop(): Promise<void>
}

export interface StoredToken {
  readonly id: string
  readonly name: string
  /** SHA-256 of the value, hex. */
  readonly hash: string
  readonly scopes: readonly Scope[]
  /** Origins whose pages may use it; none for any. */
  readonly origins: readonly string[]
  readonly createdAt: number
  /** Null when it lasts until it is revoked. */
  readonly expiresAt: number | null
  readonly revokedAt: number | null
}

export interface StoredSignIn {
  /** SHA-256 of the cookie's value, hex. */
  readonly hash: string
  /** The token it was made with, or `environment`. */
  readonly tokenId: string
  /** Ties it to a token of the environment, which is kept nowhere: HMAC-SHA-256 of that token's hash, keyed with the cookie's value. */
  readonly seal: string | null
  readonly expiresAt: number
}

/** An entry of the log as it is kept. */
export interface AccessLine extends Required<Omit<AccessEntry, 'identity'>>, Pick<Identity, 'who' | 'via' | 'address'> {
  readonly at: number
}

export interface LoggedLine extends AccessLine {
  /** Grows from line to line; none is given twice. */
  readonly id: number
}

export interface AccessRecords {
  /** Whose they are: of each source every line is taken once. */
  readonly sourceId: string
  readonly tokens: readonly StoredToken[]
  readonly signIns: readonly StoredSignIn[]
  /** In the order of their ids, which are the source's. */
  readonly lines: readonly LoggedLine[]
}

/** What `takeOver` throws of a token. */
export function nameTakenTwice(name: string): TypeError {
  return new TypeError(
    `[waybill] Both have a token in force with the name ${name}, and the log would not tell them apart. Revoke one of the two, then go on: waybill token revoke ${name}`,
  )
}

export interface LogPage {
  readonly before?: number | undefined
  readonly who?: string | undefined
  readonly limit: number
}
