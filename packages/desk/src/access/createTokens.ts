import { randomBytes } from 'node:crypto'
import { SCOPES } from './Access.ts'
import type { Identity, Scope } from './Access.ts'
import type { AccessStore, StoredToken } from './AccessStore.ts'
import { ENVIRONMENT } from './environmentTokens.ts'
import { hashToken } from './hashToken.ts'
import { parseOrigin } from './parseOrigin.ts'

/** Makes, lists and revokes tokens; a desk that has the same store open knows of it with its next request. */
export function createTokens({ store, by, now = Date.now }: TokensOptions): Tokens {
  const line = (event: 'token-create' | 'token-revoke', { name, scopes }: Pick<StoredToken, 'name' | 'scopes'>) => {
    return { at: now(), event, ...by, kind: `${name}: ${scopes.join(' ')}`, matches: 0 }
  }
  return {
    async create({ name, scopes, origins = [], expiresAt = null }) {
      const createdAt = now()
      const fault = faultOf({ name, scopes, origins, expiresAt, createdAt })
      if (fault) throw new TypeError(`[waybill] ${fault}`)
      const value = `wbd_${randomBytes(24).toString('base64url')}`
      const unique = { scopes: [...new Set(scopes)], origins: [...new Set(origins.map(parseOrigin))] }
      const told = { id: randomBytes(5).toString('hex'), name, ...unique, createdAt, expiresAt, revokedAt: null }
      const isAdded = await store.addToken({ ...told, hash: hashToken(value) }, line('token-create', told))
      if (!isAdded) {
        throw new TypeError(
          '[waybill] Another token has this name, and the log would not tell them apart. Choose another name, or revoke that one first.',
        )
      }
      return { ...told, value }
    },
    async list() {
      return (await store.tokens()).map(({ hash: _, ...told }) => told)
    },
    async revoke(idOrName) {
      const found = (await store.tokens()).find(({ id, name, revokedAt }) => {
        return revokedAt === null && (id === idOrName || name === idOrName)
      })
      return found !== undefined && (await store.revokeToken(found.id, line('token-revoke', found)))
    },
  }
}

export interface Tokens {
  /**
   * Makes a token. Its `value` is given here and never again; the desk keeps a hash.
   *
   * @throws TypeError when the name is taken or none, a scope unknown, an origin none, or the expiry past.
   */
  create(token: NewToken): Promise<Token & { readonly value: string }>
  /** All of them, the newest first; revoked and expired ones, too. */
  list(): Promise<readonly Token[]>
  /** Ends a token, and whoever signed in with it, at once. False when no token in force has this id or name. */
  revoke(idOrName: string): Promise<boolean>
}

export interface NewToken {
  /** Who or what it is for, as the log names it: 1 to 60 of A-Z a-z 0-9 . _ @ + - */
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Origins whose pages may use it; of scope `browser` only. @default any */
  readonly origins?: readonly string[] | undefined
  /** Milliseconds since the epoch. @default it lasts until it is revoked */
  readonly expiresAt?: number | null | undefined
}

export type Token = Omit<StoredToken, 'hash'>

export interface TokensOptions {
  readonly store: AccessStore
  /** Whose doing it is, as the log names them. */
  readonly by: Pick<Identity, 'who' | 'via' | 'address'>
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
}

function faultOf(token: Required<NewToken> & { readonly createdAt: number }): string | null {
  const { name, scopes, origins, expiresAt, createdAt } = token
  if (!/^[\w.@+-]{1,60}$/.test(name)) {
    return 'A token’s name is 1 to 60 of A-Z a-z 0-9 . _ @ + -, so that it is one word in the log. Choose such a name.'
  }
  if (RESERVED.has(name)) return 'This name would be taken for something else in the log. Choose another.'
  if (scopes.length === 0 || !scopes.every((scope) => SCOPES.includes(scope))) {
    return `A token’s scopes are of: ${SCOPES.join(', ')}. Say what it is for.`
  }
  if (scopes.includes('browser') && scopes.some((scope) => scope !== 'browser')) {
    return 'A browser key is public, so with another scope anybody could use that. Make a token for each.'
  }
  if ((origins ?? []).length > 0 && !scopes.includes('browser')) {
    return 'Origins bind a browser key, and servers send none. Leave them out, or use scope browser.'
  }
  if (expiresAt != null && !(expiresAt > createdAt)) {
    return 'The token’s expiry is past, so nobody could use it. Choose a later one.'
  }
  return null
}

const RESERVED = new Set([ENVIRONMENT, 'nobody'])
