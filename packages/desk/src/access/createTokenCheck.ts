import type { AccessStore, StoredToken } from './AccessStore.ts'
import { createRateLimit } from './createRateLimit.ts'
import type { EnvironmentToken } from './environmentTokens.ts'
import { hashToken } from './hashToken.ts'
import { networkOf } from './networkOf.ts'

/**
 * Checks tokens, and slows guessing down: after twenty wrong ones a minute from one address no other from there is looked at, right or
 * wrong, so that an answer tells a guesser nothing. One that was right from the same address before is still let in, or anybody there could
 * lock the others out.
 */
export function createTokenCheck({ environment, store, clock, now }: TokenCheckOptions): TokenCheck {
  const guesses = createRateLimit({ perMinute: GUESSES_PER_MINUTE, clock })
  const proven = new Set<string>()

  function prove(pair: string): void {
    proven.delete(pair)
    proven.add(pair)
    for (const oldest of proven) {
      if (proven.size <= MOST_PROVEN) break
      proven.delete(oldest)
    }
  }

  async function byHash(hash: string): Promise<CheckedToken> {
    const given = environment.get(hash)
    return given ? { state: 'valid', token: given } : stateOf(await store.tokenByHash(hash))
  }

  function stateOf(token: StoredToken | undefined): CheckedToken {
    if (!token) return { state: 'unknown' }
    if (token.revokedAt !== null) return { state: 'revoked', token }
    const isPast = token.expiresAt !== null && token.expiresAt <= now()
    return { state: isPast ? 'expired' : 'valid', token }
  }

  return {
    async check(value, address) {
      const network = networkOf(address)
      const hash = hashToken(value)
      const pair = `${network} ${hash}`
      const isProven = proven.has(pair)
      // Taken before it is looked at, so that many at the same time are no more than twenty either.
      const waitSeconds = isProven ? 0 : guesses.take(network)
      if (waitSeconds > 0) return { state: 'too-many', waitSeconds }
      const checked = await byHash(hash)
      if (checked.state === 'valid') prove(pair)
      else proven.delete(pair)
      if (!isProven && checked.state !== 'unknown') guesses.giveBack(network)
      return checked
    },
    checkPublic: (value) => byHash(hashToken(value)),
    async checkId(id) {
      return stateOf(await store.tokenById(id))
    },
  }
}

export interface TokenCheck {
  /** Checks a secret that came from this address. */
  check(value: string, address: string): Promise<CheckedToken | TooManyGuesses>
  /** Checks a browser key, which everybody knows, so that nobody gains by guessing. */
  checkPublic(value: string): Promise<CheckedToken>
  /** Whether the token that somebody signed in with is still in force. */
  checkId(id: string): Promise<CheckedToken>
}

export type CheckedToken =
  | { readonly state: 'valid'; readonly token: EnvironmentToken }
  | { readonly state: 'revoked' | 'expired'; readonly token: EnvironmentToken }
  | { readonly state: 'unknown' }

export interface TooManyGuesses {
  readonly state: 'too-many'
  readonly waitSeconds: number
}

export interface TokenCheckOptions {
  readonly environment: ReadonlyMap<string, EnvironmentToken>
  readonly store: Pick<AccessStore, 'tokenByHash' | 'tokenById'>
  /** Milliseconds that only ever grow. */
  readonly clock: () => number
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const GUESSES_PER_MINUTE = 20
const MOST_PROVEN = 10_000
