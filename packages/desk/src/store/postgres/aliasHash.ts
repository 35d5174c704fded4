import { hash } from 'node:crypto'

/** By what a value is found: the first eight bytes of its SHA-256, as PostgreSQL writes a bigint. Who finds by it must compare the value as well. */
export function aliasHash(value: string): string {
  return hash('sha256', value, 'buffer').readBigInt64BE().toString()
}
