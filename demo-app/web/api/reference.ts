import { parseReference } from '@waybill/reference'
import * as z from 'zod/mini'

/** A reference in an answer of the API; text that is none becomes `undefined`, and then nothing is shown. */
export const reference = z.pipe(
  z.unknown(),
  z.transform((text) => {
    const parsed = parseReference(text)
    return parsed.ok ? parsed.reference : undefined
  }),
)
