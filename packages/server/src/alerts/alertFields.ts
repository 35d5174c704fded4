import type { Reference } from '@waybill/reference'
import { exactReference } from '../context/exactReference.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/**
 * What an alert says in fields of their own, as text, under names that are allowed everywhere: one action's reference, trace-id and
 * trail, and of an alert about many the first ten references with their whole count. What does not apply is absent, never empty.
 */
export interface AlertFields {
  readonly trace_reference?: string
  readonly trace_id?: string
  /** The action's trail at the desk. */
  readonly trail_url?: string
  /** With a space between them. */
  readonly trace_references?: string
  readonly trace_reference_count?: string
}

export function alertFieldsOf({ cause, about, urlOf }: AlertSubject): AlertFields {
  return {
    ...(cause && { trace_reference: cause.reference, trace_id: cause.traceId }),
    ...(cause && urlOf && { trail_url: urlOf(cause.reference) }),
    ...(about.length > 0 && {
      trace_references: about.slice(0, MOST_REFERENCES).join(' '),
      trace_reference_count: String(about.length),
    }),
  }
}

/** What an alert is about. */
export interface AlertSubject {
  /** The action in force. */
  readonly cause: TraceContext | undefined
  /** Many actions, each once. */
  readonly about: readonly Reference[]
  /** The address of a trail. */
  readonly urlOf: ((reference: Reference) => string) | undefined
}

/**
 * The references that an alert's fields hold: Alertmanager's `annotations` in what it posts to a receiver, PagerDuty's
 * `custom_details`. What is not one to the letter is passed over.
 *
 * ```ts
 * for (const { annotations } of notification.alerts)
 *   for (const reference of referencesInAlert(annotations))
 *     await waybill.run({ hop: 'webhook', name: 'Alertmanager', parent: waybill.accept({ 'Trace-Reference': reference }) }, page)
 * ```
 */
export function referencesInAlert(fields: unknown): readonly Reference[] {
  const { trace_reference: one, trace_references: many } = Object(fields)
  return distinctReferences([one, ...(typeof many === 'string' ? many.slice(0, 1000).split(' ') : [])])
}

/** Each valid one once, in the order in which they came. */
export function distinctReferences(values: Iterable<unknown>): readonly Reference[] {
  return [...new Set([...values].flatMap((value) => exactReference(value) ?? []))]
}

/** A host's record without what an earlier alert left in it, and with the fields of this one. */
export function withFields<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  fields: AlertFields,
): Record<string, Value | string> {
  const kept: Record<string, Value | string> = { ...record }
  for (const name of NAMES) delete kept[name]
  return Object.assign(kept, fields)
}

export const MOST_REFERENCES = 10

const NAMES: readonly (keyof AlertFields)[] = [
  'trace_reference',
  'trace_id',
  'trail_url',
  'trace_references',
  'trace_reference_count',
]
