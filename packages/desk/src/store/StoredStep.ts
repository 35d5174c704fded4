import type { Step } from '@waybill/trail'

/** A step as it rests in a store: the person's own id is gone, and only its keyed hash is left. */
export interface StoredStep extends Omit<Step, 'person'> {
  /** HMAC-SHA-256 of the person's id with the store's secret, 64 hex digits. */
  readonly personHash?: string | undefined
}

/** The step in a row's column, which holds only what the store wrote. */
export function stepIn(row: Record<string, unknown>): StoredStep {
  return JSON.parse(String(row['step'])) as StoredStep
}
