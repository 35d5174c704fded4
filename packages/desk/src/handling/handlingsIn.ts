import type { Step } from '@waybill/trail'
import { handlingId, isHandling } from './handlingStep.ts'

/**
 * The steps of a trail that say how it was handled and came into force, in their order. `steps` are in the order of their arrival: each handling follows the one that whoever wrote it had
 * seen, and of several that follow the same one the first to arrive counts. The others never do, nor does what anybody but a desk over this store wrote.
 */
export function handlingsIn<Kept extends HandlingMaterial>(
  steps: readonly Kept[],
  { secret }: HandlingsInOptions,
): Kept[] {
  const inForce: Kept[] = []
  for (const step of steps) {
    if (!isHandling(step)) continue
    const after = inForce.at(-1)?.id ?? null
    if (step.id === handlingId(step, { after, secret })) inForce.push(step)
  }
  return inForce
}

export interface HandlingsInOptions {
  /** The store's. */
  readonly secret: Uint8Array
}

type HandlingMaterial = Pick<Step, 'id' | 'reference' | 'hop' | 'service' | 'claimed' | 'attributes' | 'at'>
