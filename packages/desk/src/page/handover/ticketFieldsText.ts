import type { Match } from '../../lookup/Match.ts'

/** The fields of a ticket by the names that `ticketFields` of @waybill/server gives them, as JSON to paste. */
export function ticketFieldsText(
  { reference }: Pick<Match, 'reference'>,
  { address }: TicketFieldsTextOptions,
): string {
  return JSON.stringify({ waybill_reference: reference, waybill_trail: address }, null, 2)
}

export interface TicketFieldsTextOptions {
  /** Where the trail can be looked at. */
  readonly address: string
}
