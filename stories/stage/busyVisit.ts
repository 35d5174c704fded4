import type { ActionRecord } from '@waybill/browser'
import { stillRecord } from './stillRecord.ts'
import { STILL_REFERENCES } from './stillReferences.ts'

/** A visit with an action in every state, one that the app gave no name, and one that the page did by itself. Oldest first. */
export const BUSY_VISIT: readonly ActionRecord[] = (
  [
    { name: 'Request refund', state: 'failed', facts: { order: 'A-1001' } },
    { name: 'Place order', state: 'succeeded' },
    { name: 'Change the delivery address of an order that is already on its way', state: 'abandoned' },
    { name: 'GET /api/orders/:id', state: 'succeeded' },
    { name: 'Request refund', state: 'open', facts: { order: 'A-1002' } },
    { name: 'Refresh prices', state: 'succeeded', background: true },
  ] as const
).map((each, at) =>
  stillRecord({ reference: STILL_REFERENCES[at]!, startedAt: Date.UTC(2026, 10, 22, 10, 14 + 3 * at, 3), ...each }),
)
