import { ATTRIBUTES } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { NotedHandling } from '../lookup/Match.ts'
import { handlingsIn } from './handlingsIn.ts'
import type { HandlingsInOptions } from './handlingsIn.ts'

/** What support's people made of a trail last. `steps` are in the order of their arrival. */
export function handlingOf(steps: readonly Omit<Step, 'person'>[], options: HandlingsInOptions): NotedHandling | null {
  const last = handlingsIn(steps, options).at(-1)
  if (!last) return null
  const { id, at, attributes = {} } = last
  const note = attributes[ATTRIBUTES.handlingNote]
  return {
    // Nobody but a desk wrote it, so it holds what a desk writes.
    state: attributes[ATTRIBUTES.handling] as NotedHandling['state'],
    by: String(attributes[ATTRIBUTES.handledBy]),
    who: String(attributes[ATTRIBUTES.handledWho]),
    note: typeof note === 'string' ? note : null,
    at: new Date(at).toISOString(),
    id,
  }
}
