import { TRACE_REFERENCE } from '@waybill/reference'
import { maskPath } from '@waybill/trail'
import { errorTypeOf } from '../step/errorType.ts'
import type { HandleOptions, ServerWaybill } from '../ServerWaybill.ts'
import type { OpenStep } from '../step/openStep.ts'

/** Begins the step of a request that is served, under the reference it claims if the claim holds. */
export function openServed(waybill: ServerWaybill, { method, path, headers, hop = 'api' }: Served): OpenStep {
  const name = `${method} ${maskPath(path)}`
  const attributes = { 'http.request.method': method }
  return waybill.resume(waybill.accept(headers), () => waybill.begin({ hop, name, attributes }))
}

export interface Served {
  readonly method: string
  /** Path or URL; ids in it are masked, its query is not kept. */
  readonly path: string
  readonly headers: Headers
  readonly hop?: HandleOptions['hop']
}

/**
 * Ends it by its answer. A status from 400 on is a failure here: to the customer who met it, it failed. Its type is the status,
 * unless the application broke and the class of what it threw says more.
 */
export function endServed(step: OpenStep, { status, method, route, thrown }: Answer): void {
  const type = status >= 500 && thrown !== undefined ? errorTypeOf(thrown) : 'Error'
  step.set({
    name: route && `${method} ${route}`,
    attributes: { 'http.route': route, 'http.response.status_code': status },
    errorType: status < 400 ? undefined : type === 'Error' ? String(status) : type,
  })
  if (status < 400) return step.end()
  step.end(thrown)
}

export interface Answer {
  readonly status: number
  readonly method: string
  readonly route?: string | undefined
  readonly thrown?: unknown
}

/** What a customer reads when the application broke: nothing of the inside, and no promise. */
export const BROKEN = { status: 500, title: 'The request could not be completed.' } as const

/** Whether a browser only asks for permission: no customer's doing, and it carries no headers of ours. */
export function isPreflight(method: string, headers: Headers): boolean {
  return method === 'OPTIONS' && headers.has('access-control-request-method')
}

/** Puts the reference into the response's headers, readable across origins. */
export function echo(headers: Headers, reference: string): void {
  headers.set(TRACE_REFERENCE, reference)
  const exposed = headers.get(EXPOSE) ?? ''
  if (!exposed.toLowerCase().includes(TRACE_REFERENCE.toLowerCase())) headers.append(EXPOSE, TRACE_REFERENCE)
}

const EXPOSE = 'Access-Control-Expose-Headers'
