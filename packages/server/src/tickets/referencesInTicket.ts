import type { Reference } from '@waybill/reference'
import { findReferences } from '@waybill/reference/reading'

/**
 * The references in what a vendor's webhook says of a ticket, those of its field first, then those in its subject and text, each once and
 * twenty at most. Only what is written as a reference and passes its check symbol counts: nothing is guessed, and what a person has
 * mistyped is found by a person, at the desk. Whoever wrote the ticket need not be whose reference it is.
 *
 * ```ts
 * const references = referencesInTicket({ field: ticket.custom_reference, subject: ticket.subject, text: ticket.description })
 * ```
 */
export function referencesInTicket({ field, subject, text }: TicketTexts): readonly Reference[] {
  const written = [field, subject, text].flatMap((each) => (typeof each === 'string' ? [each.slice(0, LONGEST)] : []))
  const readings = written.flatMap((each) => findReferences(each))
  const certain = readings.filter(({ sure, folds }) => sure === 'certain' && folds === 0)
  return [...new Set(certain.flatMap(({ references }) => references))].slice(0, MOST)
}

/** What is no text says nothing. */
export interface TicketTexts {
  /** The field that `ticketFields` wrote. */
  readonly field?: unknown
  readonly subject?: unknown
  readonly text?: unknown
}

const MOST = 20
const LONGEST = 100_000
