import { createHash } from 'node:crypto'

/** What is kept of a token or a cookie: SHA-256, hex. Enough, because what it hides is random and long. */
export function hashToken(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}
