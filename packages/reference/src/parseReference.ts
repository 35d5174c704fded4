import { isBody } from './checkSymbol.ts'
import { printBody } from './Reference.ts'
import type { Reference } from './Reference.ts'

/**
 * Reads text that should be one reference and nothing else: as printed, without its hyphens, in lower case, or behind a
 * prefix. Never throws, whatever it is given; looks at 24 characters at most. To find references inside longer text, or
 * to mend misheard ones, is another job than this one.
 */
export function parseReference(text: unknown): ParsedReference {
  if (typeof text !== 'string' || text.length > 24) return { ok: false, reason: 'form' }
  const printed = text.trim().toUpperCase()
  const parts = SHAPE.exec(printed) ?? PREFIXED.exec(printed)
  if (!parts) return { ok: false, reason: 'form' }
  const body = parts[0].slice(parts[1]?.length ?? 0).replaceAll('-', '')
  return isBody(body) ? { ok: true, reference: printBody(body) } : { ok: false, reason: 'check' }
}

/** `form`: not the shape of a reference. `check`: the shape of one, but its check symbol does not fit: misread or mistyped. */
export type ParsedReference =
  { readonly ok: true; readonly reference: Reference } | { readonly ok: false; readonly reason: 'form' | 'check' }

const S = '[2-9CFHKLMNPQRTVWXY]'
const BODY = `(?:${S}{4}-${S}{4}(?:-${S}{4})?|${S}{3}-${S}{3}-${S}{3,4}|${S}{8,10}|${S}{12})$`
const SHAPE = new RegExp(`^${BODY}`)
const PREFIXED = new RegExp(`^([A-Z]{2,5}-)${BODY}`)
