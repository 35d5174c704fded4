import { isDeepStrictEqual } from 'node:util'
import type { NamespaceOptions, Reference } from '@waybill/reference'
import { aliasesOf, claimedKey } from '../store/aliasesOf.ts'
import type { Store } from '../store/Store.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import type { TrailCount, TrailRecord, TrailSource } from './TrailRecord.ts'

/**
 * Looks in a store for what a source holds: for every trail whether it is there, for some, or all, whether every step is as it was, and for some
 * whether every value leads to them.
 */
export async function verifyTrails(options: VerifyTrailsOptions): Promise<Verified> {
  const { source, store, namespace, compare, onProgress = () => {} } = options
  const { trails } = await source.count()
  const every = Math.max(1, Math.floor(trails / SAMPLE))
  const verified = { trails: 0, compared: 0, faulty: [] as Reference[] }
  let steps = 0

  async function isAsItWas(record: TrailRecord, number: number): Promise<boolean> {
    if (compare !== 'all' && number % every !== 0) return true
    verified.compared++
    if (!(await isWhole(record, store))) return false
    return number % (every * FOUND_EVERY) !== 0 || (await isFound(record, { store, namespace }))
  }

  async function look(records: readonly TrailRecord[]): Promise<void> {
    const known = new Set(await store.known(records.map(({ reference }) => reference)))
    for (const record of records) {
      const number = verified.trails++
      steps += record.steps.length
      if (!known.has(record.reference) || !(await isAsItWas(record, number))) verified.faulty.push(record.reference)
    }
    onProgress({ trails: verified.trails, steps })
  }

  let records: TrailRecord[] = []
  for await (const record of source.exportTrails()) {
    records.push(record)
    if (records.length === KNOWN_AT_ONCE) await look(records.splice(0))
  }
  if (records.length > 0) await look(records)
  return verified
}

export interface VerifyTrailsOptions extends NamespaceOptions {
  readonly source: TrailSource
  readonly store: Store
  /** Which trails are compared step by step; some are some hundred. */
  readonly compare: 'some' | 'all'
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
async function isWhole({ reference, steps, evicted }: TrailRecord, store: Store): Promise<boolean> {
  const there = new Map((await store.trail(reference)).map((step) => [ownKey(step), step]))
  if (!steps.every((step) => isDeepStrictEqual(there.get(ownKey(step)), step))) return false
  return evicted.length === 0 || (await store.evictedFrom(reference)) >= evicted.length
}

/** What makes two steps one. */
function ownKey(step: StoredStep): string {
  return JSON.stringify(aliasesOf(step)[0])
}

async function isFound({ reference, steps }: TrailRecord, { store, namespace }: FindIn): Promise<boolean> {
  const values = new Set(steps.flatMap((step) => aliasesOf(step, { namespace }).map(({ value }) => value)))
  for (const value of values) {
    const isClaimed = value.startsWith(claimedKey(''))
    if (isClaimed && values.has(value.slice(claimedKey('').length))) continue
    if (!(await leadsTo(reference, { store, value, isClaimed }))) return false
  }
  return true
}

interface FindIn extends NamespaceOptions {
  readonly store: Store
}

/** A value that many trails have is looked through only so far. */
async function leadsTo(reference: Reference, { store, value, isClaimed }: Lead): Promise<boolean> {
  const options = { limit: MOST_LOOKED_AT }
  const found = isClaimed
    ? (await store.findClaims([value.slice(claimedKey('').length)], options)).found
    : await store.find([value], options)
  return found.length === MOST_LOOKED_AT || found.some((each) => each.reference === reference)
}

interface Lead {
  readonly store: Store
  readonly value: string
  readonly isClaimed: boolean
}

const SAMPLE = 500
/** A trail has many values, so they are looked for in a tenth of the sample. */
const FOUND_EVERY = 10
const KNOWN_AT_ONCE = 100
const MOST_LOOKED_AT = 20
