import { ATTRIBUTES } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { NotedHandling } from '../lookup/Match.ts'

/** What a handling that came into force says; see `handlingsIn`. */
export function notedHandling({ id, at, attributes = {} }: Pick<Step, 'id' | 'at' | 'attributes'>): NotedHandling {
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
