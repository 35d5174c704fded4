import { checkState } from './checkSymbol.ts'
import { printBody } from './Reference.ts'
import type { Reference } from './Reference.ts'

/**
 * Reads text that should be one reference and nothing else: as printed, without its hyphens, in lower case, or behind a
 * prefix. Never throws, whatever it is given; looks at 24 characters at most. To find references inside longer text, or
 * to mend misheard ones, is the job of `@waybill/reference/reading`.
 */
export function parseReference(text: unknown): ParsedReference {
  if (typeof text === 'string' && text.length <= 24) {
    const printed = text.trim().toUpperCase()
    for (const code of [printed, printed.replace(/^[A-Z]{2,5}-/, '')]) {
      const body = code.replaceAll('-', '')
      const reference = printBody(body)
      const state = checkState(body)
      if (!reference || Number.isNaN(state) || (code !== body && code !== reference)) continue
      return state === 0 ? { ok: true, reference } : { ok: false, reason: 'check' }
    }
  }
  return { ok: false, reason: 'form' }
}

/** `form`: not the shape of a reference. `check`: the shape of one, but its check symbol does not fit: misread or mistyped. */
export type ParsedReference =
  { readonly ok: true; readonly reference: Reference } | { readonly ok: false; readonly reason: 'form' | 'check' }
