import { parseReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'

/** The reference that a value of the wire is. There, there is one spelling; the kinder reading of `parseReference` is for what people type. */
export function exactReference(value: unknown): Reference | undefined {
  const parsed = parseReference(value)
  return parsed.ok && parsed.reference === value ? parsed.reference : undefined
}
