import type { Facts } from '@waybill/trail'
import { claimIn } from '../context/claimIn.ts'
import { exactReference } from '../context/exactReference.ts'
import { guardAwaited } from '../guardAwaited.ts'
import { stepOf } from '../step/openStep.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import type { TraceContext } from '../context/TraceContext.ts'
import { createDeliveryMemory } from './createDeliveryMemory.ts'
import type { RememberDelivery } from './createDeliveryMemory.ts'

/**
 * Finds out whose action it is that a partner's webhook, or a form without JavaScript, is a part of. The request is served by the
 * middleware, which gives it a reference of its own at the edge; `received` has it belong to the action it is about, if there is one,
 * and has a delivery of the same event count as the next attempt under the same reference.
 *
 * ```ts
 * const deliveries = tracedDeliveries(waybill, { from: 'stripe' })
 * await deliveries.received({ id: event.id, stored: () => referenceOfOrder(orderId), facts: { order: orderId } })
 * ```
 */
export function tracedDeliveries(
  waybill: ServerWaybill,
  { from, remember = createDeliveryMemory() }: DeliveriesOptions,
): TracedDeliveries {
  return {
    async received({ carrier, stored, facts, ...delivery }) {
      const own = waybill.storage.getStore()
      const step = own && stepOf(own)
      if (!own || !step) {
        waybill.guard(() => {
          throw new Error(
            `[waybill] A delivery from ${from} was received where no request is served, so it has no reference. Put the middleware of @waybill/server before its route, and call received in the route's handler.`,
          )
        })
        return
      }
      const id = textOf(delivery.id)
      const claimed = carrier === undefined ? undefined : claimIn(waybill, carrier)
      // Neither the application's look-up nor its memory is worth a delivery that fails.
      const action = claimed ?? storedAs(waybill, stored && (await guardAwaited(waybill, stored))) ?? own
      const event = id ?? claimed?.reference
      const known = event && (await guardAwaited(waybill, () => remember(`${from}:${event}`, action.reference)))
      const first = known ? storedAs(waybill, known.reference, known.attempt) : undefined
      waybill.guard(() => {
        step.belongTo(first?.reference === action.reference ? { ...action, attempt: first.attempt } : (first ?? action))
        step.set({ jobId: id })
        step.note({ ...facts, [`${from}.event`]: id })
      })
    },
  }
}

export interface DeliveriesOptions {
  /** Who delivers, as support reads it in the fact `stripe.event`: 1 to 34 `A-Z a-z 0-9 _ . -`. */
  readonly from: string
  /** @default the last 10 000 events, in this process alone */
  readonly remember?: RememberDelivery | undefined
}

export interface TracedDeliveries {
  /**
   * Call it once the sender is known to be who it says, because what it names becomes what support finds the trail by, and before
   * anything else is done for the request. Never throws; a fault of what it asks goes to `onError`, and the request keeps its own
   * reference.
   */
  received(delivery: Delivery): Promise<void>
}

/** The reference is the first there is: that of the event's first delivery, the carrier's, the stored one, else the request's own. */
export interface Delivery {
  /** The sender's id of the event, the same each time it is delivered; noted as a fact. At most 200 characters. @default what the carrier claims */
  readonly id?: string | number | null | undefined
  /** What may hold a reference of ours, given back: the request's headers, or the fields of a form. A claim, which is checked. */
  readonly carrier?: unknown
  /** Looks up the reference that the application keeps with what the event is about, such as its order. */
  readonly stored?: (() => string | null | undefined | Promise<string | null | undefined>) | undefined
  /** Ids of the sender's and of your own, by which support finds the trail. */
  readonly facts?: Facts | undefined
}

/** Headers have room for more than a memory does, and are not always a part of what is signed. */
function textOf(id: Delivery['id']): string | undefined {
  const text = String(id ?? '')
  return text && text.length <= 200 ? text : undefined
}

/** A column or a cache may hold anything. */
function storedAs(waybill: ServerWaybill, stored: unknown, attempt?: number): TraceContext | undefined {
  const reference = exactReference(stored)
  if (!reference) return undefined
  return waybill.accept({ 'Trace-Reference': reference, ...(attempt && { 'Trace-Attempt': String(attempt) }) })
}
