import type { AliasEntries } from './AliasEntries.ts'

/**
 * The 32-bit words in a row's column.
 *
 * @throws MissingRow when there are none.
 */
export function wordsIn(column: unknown): AliasEntries {
  if (!(column instanceof Uint8Array) || column.byteLength % 4 !== 0) throw new MissingRow(NO_WORDS)
  const whole = Uint8Array.from(column)
  return new Uint32Array(whole.buffer)
}

/** A row that others point to is not there, or is none. */
export class MissingRow extends Error {}

const NO_WORDS = "[waybill] A row of the desk's database is missing or too short, so it is damaged."
