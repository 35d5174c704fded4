import type { Reference } from './Reference.ts'

/**
 * A reference as shown to people, optionally behind a prefix: `ORD-RF7-K29-QXR`. The prefix is decoration: it is not part
 * of the identity, and never belongs in headers, logs or storage.
 *
 * @throws TypeError when the prefix is not two to five capital letters.
 */
export function formatReference(reference: Reference, { prefix }: FormatOptions = {}): string {
  if (prefix === undefined) return reference
  if (!/^[A-Z]{2,5}$/.test(prefix)) {
    throw new TypeError('[waybill] A prefix is two to five letters A to Z: "ORD".')
  }
  return `${prefix}-${reference}`
}

export interface FormatOptions {
  /** Two to five letters A to Z, shown before the reference. @default none */
  readonly prefix?: string | undefined
}
