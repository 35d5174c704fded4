import { GROUPS } from './alphabet.ts'
import type { ReferenceLength } from './alphabet.ts'

declare const brand: unique symbol

/**
 * A checked reference in its printed form, `RF7-K29-QXR`. Only {@link mintReference}, {@link parseReference},
 * {@link referenceOfTraceId} and the reading entry make one, so whatever holds a `Reference` holds one that passed its
 * check symbol.
 */
export type Reference = string & { readonly [brand]: 'Reference' }

/** The printed form of a body that is known to be valid; empty when it has no reference's length. */
export function printBody(body: string): Reference {
  let printed = ''
  let at = 0
  for (const size of GROUPS[body.length as ReferenceLength] ?? []) {
    printed += (printed && '-') + body.slice(at, (at += size))
  }
  return printed as Reference
}

/** The symbols of a reference without its hyphens, check symbol last. */
export function bodyOf(reference: Reference): string {
  return reference.replaceAll('-', '')
}
