import { BODY, checkState } from './checkSymbol.ts'
import { printBody } from './Reference.ts'
import type { Reference } from './Reference.ts'
import { trimmedText } from './trimmedText.ts'

/**
 * Reads text that should be one reference and nothing else: as printed, without its hyphens, in lower case, or behind a
 * prefix. Never throws, whatever it is given; looks at 24 characters at most. To find references inside longer text, or
 * to mend misheard ones, is the job of `@waybill/reference/reading`.
 */
export function parseReference(text: unknown): ParsedReference {
  const printed = trimmedText(text, 24).toUpperCase()
  for (const code of [printed, printed.replace(PREFIX, '')]) {
    const body = code.replaceAll('-', '')
    const reference = printBody(body)
    if (BODY.test(body) && (code === body || code === reference)) {
      return checkState(body) ? { ok: false, reason: 'check' } : { ok: true, reference }
    }
  }
  return { ok: false, reason: 'form' }
}

/** `form`: not the shape of a reference. `check`: the shape of one, but its check symbol does not fit: misread or mistyped. */
export type ParsedReference =
  { readonly ok: true; readonly reference: Reference } | { readonly ok: false; readonly reason: 'form' | 'check' }

export const PREFIX = /^[A-Z]{2,5}-/
