import { createHmac } from 'node:crypto'
import { traceIdOf } from '@waybill/reference'
import type { TraceIdOptions } from '@waybill/reference'
import { normalValue } from '../store/aliasesOf.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import type { DeskLink } from './readLinks.ts'

/**
 * A link as a step of hop `support`, whose fact leads to the trail like any other. Its id is made of what it links, so that the same
 * link, sent again, is the same step. It depends on the store's secret, too, so that nobody can occupy it beforehand.
 */
export function linkStep({ reference, kind, value, url, service }: DeskLink, options: LinkStepOptions): StoredStep {
  const { identity, secret, now } = options
  const same = JSON.stringify([reference, kind, normalValue(value)])
  return {
    id: createHmac('sha256', secret).update(same).digest('hex').slice(0, 16),
    reference,
    traceId: traceIdOf(reference, identity),
    hop: 'support',
    service,
    name: `${kind} ${value}`,
    at: now,
    durationMs: 0,
    status: 'ok',
    facts: { [kind]: value },
    ...(url && { attributes: { 'url.full': url } }),
  }
}

export interface LinkStepOptions {
  readonly identity: TraceIdOptions
  /** The store's. */
  readonly secret: Uint8Array
  /** Milliseconds since the epoch. */
  readonly now: number
}
