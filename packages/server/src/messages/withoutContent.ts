import type { Reference } from '@waybill/reference'
import { errorTypeOf } from '../step/errorType.ts'

/**
 * What a broker that stores errors may store of one: its type, and the reference by which the rest is found. The errors of model
 * libraries hold prompts and answers, those of parsers their input.
 */
export function withoutContent(error: unknown, reference: Reference | undefined): Error {
  const bare = new Error(`[waybill] The attempt failed; the trail and the logs of ${reference ?? 'it'} say how.`)
  bare.name = errorTypeOf(error)
  delete bare.stack
  return bare
}
