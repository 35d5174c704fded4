declare const brand: unique symbol

/**
 * A checked reference in its printed form, `RF7-K29-QXR`. Only {@link mintReference}, {@link parseReference},
 * {@link referenceOfTraceId} and the reading entry make one, so whatever holds a `Reference` holds one that passed its
 * check symbol.
 */
export type Reference = string & { readonly [brand]: 'Reference' }

/** The printed form of a body that is known to be valid: in threes, the last symbols together, or in fours. */
export function printBody(body: string): Reference {
  return body.replace(body.length % 4 ? /...(?=...)/g : /....(?=....)/g, '$&-') as Reference
}

/** The symbols of a reference without its hyphens, check symbol last. */
export function bodyOf(reference: Reference): string {
  return reference.replaceAll('-', '')
}
