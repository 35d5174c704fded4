import type { Outcome } from '@waybill/trail'
import type { WaitsFor } from './Match.ts'
import { waitsForOf } from './waitsForOf.ts'

/** Outcomes of one trail by whose turn they make it, what waits for a person first; else in their order. */
export function mostPressingFirst<Each extends Outcome>(outcomes: readonly Each[]): Each[] {
  return outcomes.toSorted((a, b) => ORDER.indexOf(waitsForOf(a)) - ORDER.indexOf(waitsForOf(b)))
}

const ORDER: readonly WaitsFor[] = ['person', 'customer', 'work', 'nobody']
