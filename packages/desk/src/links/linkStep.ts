import { createHmac } from 'node:crypto'
import { traceIdOf } from '@waybill/reference'
import type { TraceIdOptions } from '@waybill/reference'
import { ATTRIBUTES } from '@waybill/trail'
import { normalValue } from '../store/aliasesOf.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import type { DeskLink } from './readLinks.ts'

/**
 * A link as a step of hop `support`, whose fact leads to the trail like any other. Its id is made of what it links, so that the same
 * link, sent again, is the same step; with a state it is another each time, for a ticket that was solved may be opened again. It depends on the
 * store's secret, too, so that nobody can occupy it beforehand.
 */
export function linkStep(link: DeskLink, options: LinkStepOptions): StoredStep {
  const { reference, kind, value, url, state, service } = link
  const { identity, secret, now } = options
  const same = JSON.stringify([reference, kind, normalValue(value), ...(state ? [state, now] : [])])
  return {
    id: createHmac('sha256', secret).update(same).digest('hex').slice(0, 16),
    reference,
    traceId: traceIdOf(reference, identity),
    hop: 'support',
    service,
    name: `${kind} ${value}${state ? `: ${state}` : ''}`,
    at: now,
    durationMs: 0,
    status: 'ok',
    facts: { [kind]: value },
    ...((url || state) && {
      attributes: { ...(url && { 'url.full': url }), ...(state && { [ATTRIBUTES.linkState]: state }) },
    }),
  }
}

export interface LinkStepOptions {
  readonly identity: TraceIdOptions
  /** The store's. */
  readonly secret: Uint8Array
  /** Milliseconds since the epoch. */
  readonly now: number
}
