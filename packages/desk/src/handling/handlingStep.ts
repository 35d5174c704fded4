import { createHmac, randomBytes } from 'node:crypto'
import { traceIdOf } from '@waybill/reference'
import type { Reference, TraceIdOptions } from '@waybill/reference'
import { ATTRIBUTES } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { Handling } from '../lookup/Match.ts'
import type { StoredStep } from '../store/StoredStep.ts'

/**
 * What somebody of support made of a trail, as a step of it, so that it is kept, backed up, moved and erased with the trail, whatever the trail is kept in. It has no facts, so nothing that
 * is typed leads to the trail. Its id is made with the store's secret of all that it says and of the handling that it follows: only a desk over this store can write it,
 * and of two that follow the same one only one is next; see `handlingsIn`.
 */
export function handlingStep(reference: Reference, said: SaidHandling, options: HandlingStepOptions): StoredStep {
  const { after, secret, identity, now } = options
  const { state, by, who, note } = said
  const step = {
    reference,
    hop: 'support',
    service: SERVICE,
    name: NAMES[state],
    at: now,
    durationMs: 0,
    status: 'ok',
    attributes: {
      [ATTRIBUTES.handling]: state,
      [ATTRIBUTES.handledBy]: by,
      [ATTRIBUTES.handledWho]: who,
      ...(note !== null && { [ATTRIBUTES.handlingNote]: note }),
      [ATTRIBUTES.handlingNonce]: randomBytes(8).toString('hex'),
    },
  } as const
  return { ...step, traceId: traceIdOf(reference, identity), id: handlingId(step, { after, secret }) }
}

export type SaidHandling = Pick<Handling, 'state' | 'by' | 'who' | 'note'>

export interface HandlingStepOptions {
  /** The id of the handling that it follows; null for the first. */
  readonly after: string | null
  /** The store's. */
  readonly secret: Uint8Array
  readonly identity: TraceIdOptions
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Whether a step says how a trail is handled, be it true or not. */
export function isHandling({ hop, service, claimed, attributes }: HandlingMarks): boolean {
  return hop === 'support' && service === SERVICE && !claimed && attributes?.[ATTRIBUTES.handling] !== undefined
}

type HandlingMarks = Pick<Step, 'hop' | 'service' | 'claimed' | 'attributes'>

/** The id that a handling has which follows that one. */
export function handlingId(step: Pick<Step, 'reference' | 'at' | 'attributes'>, options: HandlingIdOptions): string {
  const said = SAID.map((name) => step.attributes?.[name] ?? null)
  const all = JSON.stringify(['handling', step.reference, options.after, step.at, ...said])
  return createHmac('sha256', options.secret).update(all).digest('hex').slice(0, 16)
}

type HandlingIdOptions = Pick<HandlingStepOptions, 'after' | 'secret'>

const SERVICE = 'desk'
const SAID = [
  ATTRIBUTES.handling,
  ATTRIBUTES.handledBy,
  ATTRIBUTES.handledWho,
  ATTRIBUTES.handlingNote,
  ATTRIBUTES.handlingNonce,
]

/** So that a time line reads `desk noted that somebody is on it`. */
const NAMES: Readonly<Record<Handling['state'], string>> = {
  taken: 'that somebody is on it',
  done: 'that it was handled',
  open: 'that it was given back',
}
