import type { Reference } from '@waybill/reference'

/** What a channel is handed. */
export interface Handover {
  readonly reference: Reference
  /** As the customer sees it, with the prefix: `ORD-RF7-K29-QXR`. */
  readonly shown: string
  /** A few plain lines that a customer may send. */
  readonly text: string
}
