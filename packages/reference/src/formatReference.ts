import { PREFIX } from './parseReference.ts'
import type { Reference } from './Reference.ts'

/**
 * A reference as shown to people, optionally behind a prefix: `ORD-RF7-K29-QXR`. The prefix is decoration: it is not part
 * of the identity, and never belongs in headers, logs or storage.
 *
 * @throws TypeError when the prefix is not two to five capital letters.
 */
export function formatReference(reference: Reference, { prefix }: FormatOptions = {}): string {
  if (prefix === undefined) return reference
  const printed = `${prefix}-${reference}`
  if (printed.replace(PREFIX, '') === reference) return printed
  throw new TypeError('[waybill] A prefix is 2 to 5 letters A to Z.')
}

export interface FormatOptions {
  /** Two to five letters A to Z, shown before the reference. @default none */
  readonly prefix?: string | undefined
}
