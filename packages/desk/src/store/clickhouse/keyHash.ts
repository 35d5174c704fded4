import { hash } from 'node:crypto'

/** A value as a number of 64 bits in decimal digits, as a step's row holds what it is known by: the first eight bytes of its SHA-256. */
export function keyHash(value: string): string {
  return hash('sha256', value, 'buffer').readBigUInt64BE().toString()
}
