import type { Reference } from '@waybill/reference'
import { property } from './property.ts'

/**
 * Remembers which reference an error or a response belongs to, and finds it again in whatever wraps them: ky's `HTTPError`
 * (`response`, `request`), axios errors and responses (`response`, `request`), anything with a `cause`. Exact or nothing: a
 * request or an abort reason that served two actions gives undefined.
 */
export function createErrorReferences(): ErrorReferences {
  const known = new WeakMap<object, Reference | null>()

  return {
    remember(subject, reference) {
      if (!isObject(subject)) return
      const before = known.get(subject)
      known.set(subject, before === undefined || before === reference ? reference : null)
    },

    referenceOf(subject) {
      const seen = new Set([subject])
      for (const each of seen) {
        const reference = isObject(each) ? known.get(each) : undefined
        if (reference !== undefined) return reference ?? undefined
        if (seen.size < WIDEST) for (const link of LINKS) seen.add(property(each, link))
      }
      return undefined
    },
  }
}

export interface ErrorReferences {
  remember(subject: unknown, reference: Reference): void
  referenceOf(subject: unknown): Reference | undefined
}

/** In this order: a response is one call's, a request may have been sent again. */
const LINKS = ['response', 'cause', 'request'] as const

/** Objects looked at; real chains hold three or four. */
const WIDEST = 32

function isObject(value: unknown): value is object {
  return Object(value) === value
}
