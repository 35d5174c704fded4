import type { ServerWaybill } from '../ServerWaybill.ts'
import { asThrown } from '../step/errorType.ts'
import { answerOf } from './answerOf.ts'
import { withDigest } from './withDigest.ts'

/**
 * A Server Action that runs as one step under the reference of the browser's action. Calls of Server Actions carry no headers of ours, so
 * these are its first argument: `action.headers()`. What it throws has the reference as its `digest`, all that a page in production gets
 * of it.
 *
 * ```ts
 * 'use server'
 * export const refund = waybillAction(waybill, 'Request refund', async (order: string) => { … })
 * // in the page: useAction('Request refund', (action) => refund(action.headers(), order))
 * ```
 */
export function waybillAction<Args extends readonly unknown[], T>(
  waybill: ServerWaybill,
  name: string,
  fn: (...args: Args) => Promise<T>,
): (headers: Readonly<Record<string, string>>, ...args: Args) => Promise<T> {
  return (headers, ...args) => act(waybill, name, headers, () => fn(...args))
}

/**
 * A Server Action for `<form action={…}>` or `useActionState`, which also works before and without JavaScript: the reference comes in hidden
 * fields of the form, one for each entry of `waybill.inject({})` where the form is rendered.
 */
export function waybillFormAction<Args extends readonly unknown[], T>(
  waybill: ServerWaybill,
  name: string,
  fn: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  return (...args) => {
    const form = args.find((arg) => arg instanceof FormData)
    return act(waybill, name, form && Object.fromEntries(form), () => fn(...args))
  }
}

async function act<T>(waybill: ServerWaybill, name: string, carrier: unknown, fn: () => Promise<T>): Promise<T> {
  // Whoever calls it may send any arguments, such as one that throws when it is looked at.
  const context = waybill.guard(() => waybill.accept(carrier)) ?? waybill.mint()
  const step = waybill.resume(context, () => waybill.begin({ hop: 'api', name }))
  try {
    const result = await waybill.resume(step.context, fn)
    step.end()
    return result
  } catch (thrown) {
    const status = answerOf(thrown)
    if (status !== undefined && status >= 400) step.set({ errorType: String(status) })
    step.end(status === undefined ? asThrown(thrown) : undefined)
    throw withDigest(thrown, context.reference, { told: true })
  }
}
