import type { Scope } from './Access.ts'
import { hashToken } from './hashToken.ts'
import { parseOrigin } from './parseOrigin.ts'
import type { StoredToken } from './AccessStore.ts'

/**
 * The keys of a desk's options as tokens, by their hashes; the keys themselves stay nowhere. They are named `environment`, since that is
 * where most come from, and last as long as the desk runs. The read token reads trails and no more: for all else there are named tokens.
 *
 * @throws TypeError when a key is one that could be guessed, could not be sent, or is used twice; or an origin is none.
 */
export function environmentTokens(keys: EnvironmentKeys): ReadonlyMap<string, EnvironmentToken> {
  const { readToken, ingestKeys, browserKeys = [], browserOrigins } = keys
  if (browserOrigins?.length === 0) {
    throw new TypeError(
      '[waybill] browserOrigins is empty, so it is open whether no page may send or any. Leave it out for any; for none leave browserKeys out.',
    )
  }
  browserOrigins?.forEach(parseOrigin)
  const tokens = new Map<string, EnvironmentToken>()
  const add = (what: string, key: string, scope: Scope): void => {
    const fault = faultOf(key)
    if (fault) throw new TypeError(`[waybill] ${what} ${fault}`)
    const hash = hashToken(key)
    if (tokens.has(hash)) {
      throw new TypeError(
        `[waybill] ${what} is the same as another key, so whoever holds one could do what the other is for. Give each key a value of its own.`,
      )
    }
    const origins = scope === 'browser' ? (browserOrigins ?? []).map(parseOrigin) : []
    tokens.set(hash, { id: `environment ${tokens.size}`, name: ENVIRONMENT, hash, scopes: [scope], origins })
  }
  add('The read token', readToken, 'read')
  for (const key of ingestKeys) add('An ingest key', key, 'ingest')
  for (const key of browserKeys) add('A browser key', key, 'browser')
  return tokens
}

/** Keys that last as long as the desk runs. Each has at least 16 characters of no obvious pattern. */
export interface EnvironmentKeys {
  /** Opens look-up, and nothing else. */
  readonly readToken: string
  /** Keys with which servers send steps and link. */
  readonly ingestKeys: readonly string[]
  /** Public keys with which browsers send steps; those are kept as claims. @default none */
  readonly browserKeys?: readonly string[] | undefined
  /** Origins whose pages may use one of `browserKeys`, such as `https://shop.example`. @default any, since the key is public */
  readonly browserOrigins?: readonly string[] | undefined
}

export type EnvironmentToken = Pick<StoredToken, 'id' | 'name' | 'hash' | 'scopes' | 'origins'>

/** Who they are in the log. No other token may be called so. */
export const ENVIRONMENT = 'environment'

const LEAST_LENGTH = 16
const LEAST_SYMBOLS = 6

function faultOf(key: string): string | null {
  if (key.trim() === '') return 'is empty, so anybody could use it. Leave it out or give it a value.'
  if (!/^[\u0021-\u002b\u002d-\u007e]+$/.test(key)) {
    return 'has a comma, a space or another sign in it that no header can carry, so it is several keys or none. Give the keys of a list one by one, in letters and digits.'
  }
  if (key.length < LEAST_LENGTH) {
    return `is shorter than ${LEAST_LENGTH} characters, so it could be guessed. Make one with: openssl rand -hex 24`
  }
  if (new Set(key).size < LEAST_SYMBOLS || isRepetition(key)) {
    return 'repeats a few characters, so it could be guessed. Make one with: openssl rand -hex 24'
  }
  return null
}

/** Whether it is a shorter text over and over. */
function isRepetition(key: string): boolean {
  for (let period = 1; period <= key.length / 2; period++) {
    if (key.startsWith(key.slice(period))) return true
  }
  return false
}
