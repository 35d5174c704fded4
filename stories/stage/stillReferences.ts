import { parseReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'

export const FIRST = known('RF7-K29-QXR')
export const SECOND = known('KN8-566-6Y8')

/** The references that stories are written with, in the order in which they are handed out. */
export const STILL_REFERENCES: readonly Reference[] = [
  FIRST,
  SECOND,
  ...['X3Y-TC5-6C4', 'C73-WVW-M4Y', 'QRW-V8C-67F', 'R5F-C8F-WPH'].map(known),
]

function known(text: string): Reference {
  const parsed = parseReference(text)
  if (!parsed.ok) throw new Error(`[waybill] "${text}" in a story is not a reference: ${parsed.reason}. Mint another.`)
  return parsed.reference
}
