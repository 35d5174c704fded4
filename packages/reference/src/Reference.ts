import { GROUPS } from './alphabet.ts'
import type { ReferenceLength } from './alphabet.ts'

declare const brand: unique symbol

/**
 * A checked reference in its printed form, `RF7-K29-QXR`. Only {@link mintReference}, {@link parseReference} and
 * {@link referenceOfTraceId} make one, so whatever holds a `Reference` holds one that passed its check symbol.
 */
export type Reference = string & { readonly [brand]: 'Reference' }

/** The printed form of a body that is known to be valid. */
export function printBody(body: string): Reference {
  let at = 0
  const groups = GROUPS[body.length as ReferenceLength]
  return groups.map((size) => body.slice(at, (at += size))).join('-') as Reference
}

/** The symbols of a reference without its hyphens, check symbol last. */
export function bodyOf(reference: Reference): string {
  return reference.replaceAll('-', '')
}
