import { cleanText } from '@waybill/trail'

/**
 * A text of a trail as a language model may get it: one line, not long, and without what looks like an e-mail address, a query, or a
 * long number such as of a card or a telephone.
 */
export function toldText(text: string, longest = 200): string {
  return mailless(text, longest)
    .replace(/\?[^\s]+/g, '?…')
    .replace(/\d{7,}/g, '…')
}

/** A noted value, whose numbers are what it is noted for. */
export function mailless(text: string, longest = 200): string {
  const clean = cleanText(text.slice(0, longest * 2)).replace(/[^\s@]{1,64}@[^\s@]+/g, '…')
  return clean.length > longest ? `${cleanText(clean.slice(0, longest - 1))}…` : clean
}
