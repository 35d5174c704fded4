import type { ActionRecord } from '@waybill/browser'

/** What a session remembers of one action: a refund that failed, but for what is given. */
export function stillRecord(record: Pick<ActionRecord, 'reference'> & Partial<ActionRecord>): ActionRecord {
  return {
    name: 'Request refund',
    state: 'failed',
    startedAt: Date.UTC(2026, 10, 22, 10, 14, 3),
    attempts: 1,
    background: false,
    repeatable: false,
    calls: [],
    facts: {},
    delivery: 'delivered',
    ...record,
  }
}
