import { traceIdOf } from '@waybill/reference'
import type { NamespaceOptions, Reference } from '@waybill/reference'
import { isCutShort } from '@waybill/trail'
import type { StepLink } from '@waybill/trail'
import type { StoredStep } from './StoredStep.ts'

/**
 * Every value that leads to a step's trail, with what it is; what a browser said is kept under keys of its own. Derived from
 * the step alone, so that whoever forgets a step can also forget its values.
 */
export function aliasesOf(step: StoredStep, { namespace }: NamespaceOptions = {}): Alias[] {
  const kind = isCutShort(step) ? 'cut-short' : step.claimed ? 'claim' : 'span'
  const keyOf = step.claimed ? claimedKey : (value: string): string => value
  const aliases: Alias[] = [{ kind, value: keyOf(step.id) }]
  const add = (kind: AliasKind, value: string | undefined): void => {
    const normal = value === undefined ? '' : normalValue(value)
    if (normal) aliases.push({ kind, value: keyOf(normal) })
  }
  add('started', step.startedFor)
  if (step.traceId !== traceIdOf(step.reference, { namespace }))
    add(step.claimed ? 'claimed-trace' : 'trace', step.traceId)
  add('job', step.jobId)
  add('session', step.session)
  add('person', step.personHash)
  const response = step.attributes?.['gen_ai.response.id']
  if (typeof response === 'string') add('provider', response)
  for (const [name, value] of Object.entries(step.facts ?? {})) add(`fact:${name}`, value)
  for (const { rel, reference } of step.links ?? []) aliases.push({ kind: `link:${rel}`, value: linkKey(reference) })
  return aliases
}

/**
 * How a value is written as a key, so that case, width, stray spaces and what is invisible do not matter. Empty when it is too long to be
 * anybody's.
 */
export function normalValue(value: string): string {
  const plain = value.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  const normal = plain.trim().replace(/\s+/g, ' ').toLowerCase()
  return normal.length > LONGEST ? '' : normal
}

/**
 * Where a value is kept that only a browser's word ties to a trail, so that however many such trails somebody makes up, those
 * that a server tied to the value are found without wading through them. No normal value begins with a space.
 */
export function claimedKey(value: string): string {
  return ` ${value}`
}

/**
 * Where trails are found that link to this one. Nobody can type it, because no normal value has a line break.
 */
export function linkKey(reference: Reference): string {
  return `\n${reference}`
}

export interface Alias {
  readonly kind: AliasKind
  readonly value: string
}

/**
 * `span`, `claim` and `cut-short` are steps' own ids, `trace` and `claimed-trace` foreign trace-ids, of servers and browsers
 * apart: a browser must be able neither to occupy a server's id nor to draw a server's steps into its own trail. What is
 * said of a step as its page goes does not occupy the id of what may be said afterwards. `link:parent` and `link:child` lead from a
 * trail to those whose steps link to it.
 */
export type AliasKind =
  | 'span'
  | 'claim'
  | 'cut-short'
  | 'started'
  | 'trace'
  | 'claimed-trace'
  | 'job'
  | 'session'
  | 'person'
  | 'provider'
  | `fact:${string}`
  | `link:${StepLink['rel']}`

/** What is kept has 200 characters at most, of which compatible ones (NFKC) are up to 18 times as many. */
const LONGEST = 3600
