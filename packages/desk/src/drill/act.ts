import { mintReference, traceIdOf, traceparentOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { callHttp } from './callHttp.ts'
import type { CallAnswer, CallOptions } from './callHttp.ts'
import type { HttpAction, Keep } from './DrillConfig.ts'
import { DrillError } from './DrillError.ts'
import { identitiesIn, identityOf } from './identityOf.ts'

/**
 * Does the action by one HTTP call, under a reference that the drill mints, as a browser with waybill would.
 *
 * @throws DrillError when there is no answer.
 */
export async function actByHttp({ call, send, shown, keep }: HttpAction, options: ActOptions): Promise<Acted> {
  const { namespace, variables } = options
  const sent = send ? mintReference() : null
  if (sent !== null) {
    variables.set('DRILL_REFERENCE', sent)
    variables.set('DRILL_TRACE_ID', traceIdOf(sent, { namespace }))
  }
  const answer = await callHttp(call, {
    ...options,
    where: 'The action',
    ...(sent && { extra: headersOf(sent, namespace) }),
  })
  keepFrom(answer, keep, options)
  const said = shown === null ? null : (valueAt(answer.text, shown.path) ?? '')
  return {
    sent,
    answered: answeredIn(answer, namespace),
    shown: said === null ? null : shownIn(said, namespace),
    status: answer.status,
    url: answer.url,
  }
}

/** What a browser with waybill sends. */
export function headersOf(reference: Reference, namespace: string): Record<string, string> {
  return {
    'trace-reference': reference,
    traceparent: traceparentOf(traceIdOf(reference, { namespace })),
    'trace-attempt': '1',
  }
}

export interface ActOptions extends Omit<CallOptions, 'where' | 'extra'> {
  readonly namespace: string
}

export interface Acted {
  /** The reference that the call went out with. */
  readonly sent: string | null
  /** What the answer says: its header, or what its JSON calls `reference`. */
  readonly answered: string | null
  /** What the customer reads; null when nobody asked, `none` where nothing is read. */
  readonly shown: Shown | null
  readonly status: number
  /** Of the action's own call. */
  readonly url: string
}

export interface Shown {
  readonly id: string | null
}

/** The reference in an answer, from where Waybill and others put it. */
export function answeredIn({ headers, text }: Pick<CallAnswer, 'headers' | 'text'>, namespace: string): string | null {
  const timing = /traceparent;desc="?([\da-f-]{55})/.exec(headers.get('server-timing') ?? '')?.[1]
  const told = { namespace, isTold: true }
  for (const value of [
    headers.get('trace-reference'),
    valueAt(text, 'reference'),
    timing,
    headers.get('traceparent'),
  ]) {
    const identity = value ? identityOf(value, told) : null
    if (identity) return identity.id
  }
  return null
}

/** A whole value, or the one reference inside the words around it. */
export function shownIn(text: string, namespace: string): Shown {
  const identity = identityOf(text, { namespace, isTold: false })
  const inWords = [...identitiesIn(text, namespace)][0]
  // Another system's id, such as a UUID, but no words.
  const other = /^(?=.*\d)[\w:./-]{4,64}$/.test(text.trim()) ? text.trim() : null
  return { id: identity?.id ?? inWords ?? other }
}

/** @throws DrillError when the answer lacks what later hops are to be known by. */
export function keepFrom(
  { text, status }: Pick<CallAnswer, 'text' | 'status'>,
  keep: Keep,
  { variables }: Pick<ActOptions, 'variables'>,
): void {
  for (const [name, path] of Object.entries(keep)) {
    const value = valueAt(text, path)
    if (value === undefined || value === '')
      throw new DrillError(
        `The action was answered with ${status}, and its answer has no "${path}" to keep as $${name}. Check what the action answers by hand.`,
      )
    variables.set(name, value)
  }
}

function valueAt(text: string, path: string): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  for (const key of path.split('.')) value = Object.hasOwn(Object(value), key) ? Object(value)[key] : undefined
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}
