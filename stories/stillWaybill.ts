import type { Action, ActionRecord, Waybill } from '@waybill/browser'
import { parseReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'

/** A `Waybill` that stands still, for pictures: two actions that have ended, nothing sent, nothing stored. */
export function stillWaybill({ delivery, prefix }: StillOptions): Waybill {
  const records: readonly ActionRecord[] = [FIRST, SECOND].map((reference) => ({
    reference,
    name: 'Request refund',
    state: 'failed',
    startedAt: Date.UTC(2026, 10, 22, 10, 14, 3),
    attempts: 1,
    background: false,
    calls: [],
    facts: {},
    delivery,
  }))
  const actionOf = (reference: Reference): Action => ({
    reference,
    name: 'Request refund',
    state: 'open',
    fetch,
    run: (fn) => fn(),
    resume: async (fn) => fn(),
    headers: () => ({}),
    note: () => undefined,
    succeed: () => undefined,
    fail: () => undefined,
    retry: () => undefined,
  })
  return {
    fetch,
    begin: () => actionOf(FIRST),
    run: (_name, fn) => fn(actionOf(FIRST)),
    current: () => undefined,
    identify: () => undefined,
    referenceOf: () => undefined,
    actionOf,
    session: { id: 'still', actions: () => records, subscribe: () => () => undefined, clear: () => undefined },
    prefix,
    flush: () => Promise.resolve(),
    setConsent: () => undefined,
    stop: () => undefined,
  }
}

export interface StillOptions {
  readonly delivery: ActionRecord['delivery']
  readonly prefix?: string | undefined
}

export const FIRST = known('RF7-K29-QXR')
export const SECOND = known('KN8-566-6Y8')

/** Reads a reference that a story is written with. */
function known(text: string): Reference {
  const parsed = parseReference(text)
  if (!parsed.ok) throw new Error(`[waybill] "${text}" in a story is not a reference: ${parsed.reason}. Mint another.`)
  return parsed.reference
}
