import type { Action, ActionRecord, DeliveryState, Waybill } from '@waybill/browser'
import type { Reference } from '@waybill/reference'
import { STILL_REFERENCES } from './stillReferences.ts'
import { stillRecord } from './stillRecord.ts'

/**
 * A `Waybill` for pictures: what it remembers is written down beforehand, what begins takes the next of a fixed row of
 * references, and nothing is sent or stored. Handles, attempts and `referenceOf` keep their promises.
 */
export function stillWaybill({ delivery, prefix, actions }: StillOptions): Waybill {
  const records = (actions ?? STILL_REFERENCES.map((reference) => stillRecord({ reference }))).map((record) => ({
    ...record,
    delivery,
  }))
  const failures = new WeakMap<object, Reference>()
  const handles = new Map<Reference, Action>()
  let begun = 0
  let inForce: Action | undefined

  const handleOf = (reference: Reference, name: string): Action => {
    let state: Action['state'] = 'open'
    const run = <T>(fn: () => T): T => {
      const before = inForce
      inForce = action
      try {
        return fn()
      } finally {
        inForce = before
      }
    }
    const action: Action = {
      reference,
      name,
      get state() {
        return state
      },
      repeatable: false,
      fetch,
      run,
      resume: async (fn) => run(fn),
      headers: () => ({}),
      note: () => undefined,
      succeed: () => void (state = 'succeeded'),
      fail(error) {
        state = 'failed'
        if (typeof error === 'object' && error) failures.set(error, reference)
      },
      retry: () => void (state = 'open'),
    }
    handles.set(reference, action)
    return action
  }
  const begin = (name: string): Action => handleOf(STILL_REFERENCES[begun++ % STILL_REFERENCES.length]!, name)
  const actionOf = (reference: Reference | undefined): Action | undefined => {
    const record = records.find((each) => each.reference === reference)
    return reference && (handles.get(reference) ?? (record && handleOf(reference, record.name)))
  }
  return {
    fetch,
    begin,
    run(name: string, fn: (action: Action) => never) {
      const action = begin(name)
      return action.run(() => fn(action))
    },
    current: () => inForce,
    identify: () => undefined,
    referenceOf: (error) => (typeof error === 'object' && error ? failures.get(error) : undefined),
    actionOf,
    shown: () => undefined,
    session: { id: 'still', actions: () => records, subscribe: () => () => undefined, clear: () => undefined },
    prefix,
    flush: () => Promise.resolve(),
    setConsent: () => undefined,
    stop: () => undefined,
  }
}

export interface StillOptions {
  /** Where the steps of every action are. */
  readonly delivery: DeliveryState
  readonly prefix?: string | undefined
  /** What the session remembers. @default one failed action for each reference */
  readonly actions?: readonly ActionRecord[] | undefined
}
