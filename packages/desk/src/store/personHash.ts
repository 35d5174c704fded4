import { createHmac } from 'node:crypto'
import { normalValue } from './aliasesOf.ts'

/** What is kept of a person's id: HMAC-SHA-256 with the store's secret, 64 hex digits. The id itself is never written. */
export function personHash(person: string, secret: Uint8Array): string {
  return createHmac('sha256', secret).update(normalValue(person)).digest('hex')
}
