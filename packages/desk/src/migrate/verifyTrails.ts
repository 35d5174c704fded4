import { isDeepStrictEqual } from 'node:util'
import type { NamespaceOptions, Reference } from '@waybill/reference'
import { aliasesOf, claimedKey } from '../store/aliasesOf.ts'
import type { Store } from '../store/Store.ts'
import type { TrailCount, TrailRecord, TrailSource } from './TrailRecord.ts'

/**
 * Looks in a store for what a source holds: for every trail whether it is there, and for some, or all, whether every step is as it was and every
 * value leads to them.
 */
export async function verifyTrails(options: VerifyTrailsOptions): Promise<Verified> {
  const { source, store, namespace, compare, onProgress = () => {} } = options
  const { trails } = await source.count()
  const every = compare === 'all' ? 1 : Math.max(1, Math.floor(trails / compare))
  let seen = 0
  let compared = 0
  let steps = 0
  const faulty: Reference[] = []

  async function look(records: readonly TrailRecord[]): Promise<void> {
    const known = new Set(await store.known(records.map(({ reference }) => reference)))
    for (const record of records) {
      steps += record.steps.length
      const isCompared = seen++ % every === 0
      if (isCompared) compared++
      const isThere = known.has(record.reference)
      if (!isThere || (isCompared && !(await isWhole(record, { store, namespace })))) faulty.push(record.reference)
    }
    onProgress({ trails: seen, steps })
  }

  let records: TrailRecord[] = []
  for await (const record of source.exportTrails()) {
    records.push(record)
    if (records.length === KNOWN_AT_ONCE) await look(records.splice(0))
  }
  if (records.length > 0) await look(records)
  return { trails: seen, compared, faulty }
}

export interface VerifyTrailsOptions extends NamespaceOptions {
  readonly source: TrailSource
  readonly store: Store
  /** How many, about, are compared step by step. */
  readonly compare: number | 'all'
  /** Hears how many were looked for. */
  readonly onProgress?: ((done: TrailCount) => void) | undefined
}

export interface Verified {
  readonly trails: number
  readonly compared: number
  /** Those that are missing, or not as they were. */
  readonly faulty: readonly Reference[]
}

/** More may have come for it since. */
async function isWhole(record: TrailRecord, { store, namespace }: { store: Store; namespace: string | undefined }) {
  const { reference, steps, evicted } = record
  const there = [...(await store.trail(reference))]
  const ownKey = (step: TrailRecord['steps'][number]): string => JSON.stringify(aliasesOf(step)[0])
  const byKey = new Map(there.map((step) => [ownKey(step), step]))
  if (!steps.every((step) => isDeepStrictEqual(byKey.get(ownKey(step)), step))) return false
  if ((await store.evictedFrom(reference)) < evicted.length) return false
  const values = new Set(steps.flatMap((step) => aliasesOf(step, { namespace }).map(({ value }) => value)))
  for (const value of values) if (!(await leadsTo(store, value, reference))) return false
  return true
}

/** A value that many trails have is looked through only so far. */
async function leadsTo(store: Store, key: string, reference: Reference): Promise<boolean> {
  const value = key.startsWith(claimedKey('')) ? key.slice(claimedKey('').length) : undefined
  const options = { limit: MOST_LOOKED_AT }
  const found =
    value === undefined ? await store.find([key], options) : (await store.findClaims([value], options)).found
  if (found.length === MOST_LOOKED_AT || found.some((each) => each.reference === reference)) return true
  // A server says the same of it.
  return value !== undefined && (await leadsTo(store, value, reference))
}

const KNOWN_AT_ONCE = 100
const MOST_LOOKED_AT = 200
