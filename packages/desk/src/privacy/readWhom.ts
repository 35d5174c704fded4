import { parseReference } from '@waybill/reference'
import { jsonIn } from '../jsonIn.ts'
import { normalValue } from '../store/aliasesOf.ts'
import { personHash } from '../store/personHash.ts'
import type { Store, Whom } from '../store/Store.ts'

/**
 * Whom a request is about, out of its JSON: `person`, an id as the application has it or the whole hash that the desk shows of it, or
 * `reference`. Null when it says neither or both. The id goes no further than this.
 */
export async function readWhom(json: string, store: Pick<Store, 'secret' | 'personFrom'>): Promise<WhomAsked | null> {
  // Own members only: what stands for a member on a prototype was not sent.
  const { person, reference, dryRun = false }: Readonly<Record<string, unknown>> = { ...Object(jsonIn(json)) }
  if (typeof dryRun !== 'boolean' || (person === undefined) === (reference === undefined)) return null
  if (typeof reference === 'string') {
    const parsed = parseReference(reference)
    return parsed.ok ? { whom: { reference: parsed.reference }, dryRun } : null
  }
  const value = typeof person === 'string' ? normalValue(person) : ''
  if (value === '') return null
  if (/^[\da-f]{64}$/.test(value) && (await store.personFrom(value)) === value) {
    return { whom: { personHash: value, value: '' }, dryRun }
  }
  return { whom: { personHash: personHash(value, store.secret), value }, dryRun }
}

export interface WhomAsked {
  readonly whom: Whom
  readonly dryRun: boolean
}
