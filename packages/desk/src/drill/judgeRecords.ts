import { parseReference } from '@waybill/reference'
import type { DrillHop } from './DrillConfig.ts'
import type { Given, Verdict } from './Finding.ts'
import { identitiesIn, identityOf } from './identityOf.ts'
import type { Identity } from './identityOf.ts'
import type { DrillRecord, FieldValue } from './parseRecords.ts'

/**
 * Judges what a hop recorded since the drill began. Where its records of this work are known by another id, the worst of them
 * counts. Where not, those that hold the reference are this work's, and only where none does are all others looked at.
 */
export function judgeRecords(records: readonly DrillRecord[], options: JudgeOptions): Judgement {
  const { hop, match } = options
  const own = match === null ? records : records.filter((record) => isMatch(record, match))
  const read = own.map((record) => readRecord(record, options))
  const proofs = read.filter(({ state }) => state === 'present')
  // Without another id, a record under another reference may be somebody else's.
  const counted = hop.isOwn ? read : proofs.length > 0 ? proofs : nearest(read)
  if (counted.length === 0) return { ...NOTHING_SEEN, isSettled: false }

  const attempts = attemptsOf(own, hop)
  const enough = attempts.count >= hop.attempts
  const state = worst(counted.map((each) => each.state))
  const held = counted.flatMap(({ ids }) => ids)
  const others = [...new Set(held)].filter((id) => id !== options.reference)
  const wrong = counted.filter((each) => each.state === state).length
  const verdict = state === 'changed' && isOnRetry(own, counted, hop) ? 'changed-on-retry' : state
  const shared = {
    also: verdict !== 'text-only' && counted.some(({ isInText }) => isInText) ? (['text-only'] as const) : [],
    others,
    holds: { ids: new Set(held), isNonePossible: counted.some(({ ids }) => ids.length === 0) },
    isSettled: enough && (hop.isOwn || verdict === 'present' || (verdict === 'follows' && held.length > 0)),
  }
  if (verdict === 'present' || verdict === 'follows') {
    if (hop.attemptField !== null && !attempts.isNumbered)
      return {
        ...shared,
        verdict: 'no-attempt',
        detail: `no record has the number of its attempt in "${hop.attemptField}"`,
      }
    if (!enough)
      return { ...shared, verdict: 'no-record', detail: `${attempts.count} of ${hop.attempts} attempts were seen` }
    return {
      ...shared,
      verdict,
      detail: `on ${countOf(counted.length)}${hop.attempts > 1 ? `, ${attempts.count} attempts` : ''}`,
    }
  }
  const elsewhere = verdict === 'text-only' ? elsewhereIn(own, options) : null
  const hint = elsewhere === null ? '' : `; it stands in "${elsewhere}"`
  return { ...shared, verdict, detail: `on ${wrong} of ${countOf(counted.length)}${hint}` }
}

export interface JudgeOptions {
  readonly hop: DrillHop
  /** With its variables filled in. */
  readonly match: DrillHop['match']
  /** The reference that was drilled with; null when there was none. */
  readonly reference: string | null
  readonly given: Given
  readonly namespace: string
}

export interface Judgement {
  readonly verdict: Verdict
  /** Other faults of the same place. */
  readonly also: readonly Verdict[]
  readonly detail: string
  readonly others: readonly string[]
  /** What it hands on. */
  readonly holds: Given
  /** Whether waiting longer can bring nothing that was asked for. */
  readonly isSettled: boolean
}

const NOTHING_SEEN = {
  verdict: 'no-record',
  also: [],
  detail: 'nothing new was seen',
  others: [],
  holds: { ids: new Set<string>(), isNonePossible: false },
} as const

type State = 'present' | 'form' | 'follows' | 'text-only' | 'missing' | 'changed'

/** From good to bad. */
const STATES: readonly State[] = ['present', 'follows', 'form', 'text-only', 'missing', 'changed']

function worst(states: readonly State[]): State {
  return states.reduce((a, b) => (STATES.indexOf(a) > STATES.indexOf(b) ? a : b), 'present')
}

interface ReadRecord {
  readonly state: State
  /** Whether its ids stand in its text alone. */
  readonly isInText: boolean
  /** What it holds, in its field or in its text. */
  readonly ids: readonly string[]
}

/** Where no record has the reference in a field: those nearest to it. */
function nearest(read: readonly ReadRecord[]): readonly ReadRecord[] {
  for (const state of ['form', 'text-only', 'follows', 'changed', 'missing'] as const) {
    const found = read.filter((each) => each.state === state)
    if (found.length > 0) return found
  }
  return []
}

function readRecord(record: DrillRecord, options: JudgeOptions): ReadRecord {
  const { given, reference } = options
  const identities = fieldIdentities(record, options)
  const ids = [...new Set(identities.map(({ id }) => id))]
  const own = identities.filter(({ id }) => id === reference)
  const field = { ids, isInText: false }
  if (own.length > 0)
    return { ...field, state: own.some(({ isPrinted }) => isPrinted) ? 'present' : 'form', ids: [own[0]!.id] }
  const isKnown = (id: string): boolean => given.isNonePossible || given.ids.has(id)
  if (ids.length > 0) return { ...field, state: ids.every(isKnown) ? 'follows' : 'changed' }
  // A reference that was not expected counts only as it is printed: in any shape, words pass for one now and then.
  const inText = [...identitiesIn(record.text, options.namespace)]
  const expected = inText.filter((id) => id === reference || given.ids.has(id))
  const printed = inText.filter((id) => record.text.includes(id))
  if (expected.length > 0) return { state: 'text-only', ids: expected, isInText: true }
  if (printed.length > 0) return { state: given.isNonePossible ? 'text-only' : 'changed', ids: printed, isInText: true }
  return { ...field, state: given.isNonePossible ? 'follows' : 'missing' }
}

/** The ids in the field that was told, or, where none was, in whichever. */
function fieldIdentities(record: DrillRecord, { hop, namespace, reference }: JudgeOptions): readonly Identity[] {
  const isTold = hop.fields.length > 0
  if (!isTold) {
    return record.values.flatMap(({ value }) => {
      const parsed = parseReference(value)
      const inAnotherShape = parsed.ok && parsed.reference === reference ? { id: reference, isPrinted: false } : []
      return identityOf(value, { namespace, isTold }) ?? inAnotherShape
    })
  }
  for (const field of hop.fields) {
    const found = record.values
      .filter(({ path }) => isField(path, field))
      .flatMap(({ value }) => identityOf(value, { namespace, isTold }) ?? [])
    if (found.length > 0) return found
  }
  return []
}

/** Names of fields and headers are told apart by more than their case. */
function isField(path: string, field: string): boolean {
  return path.toLowerCase() === field.toLowerCase()
}

/** The field in which the reference stands although another was told. */
function elsewhereIn(records: readonly DrillRecord[], { namespace, reference }: JudgeOptions): string | null {
  const values = records.flatMap((record) => record.values)
  const found = values.find(
    ({ value, path }) => path !== '' && identityOf(value, { namespace, isTold: false })?.id === reference,
  )
  return found?.path ?? null
}

/** Whether a record is of this work: a value equals the wanted one, or a text holds it as a word. */
export function isMatch(record: DrillRecord, match: NonNullable<DrillHop['match']>): boolean {
  if (typeof match === 'string')
    return record.values.some(({ value }) => value === match) || holdsWord(record.text, match)
  return Object.entries(match).every(([field, wanted]) =>
    record.values.some(({ path, value }: FieldValue) => isField(path, field) && value === wanted),
  )
}

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = (text[at - 1] ?? ' ') + (text[at + word.length] ?? ' ')
    if (!/[\p{L}\p{N}_-]/u.test(around)) return true
  }
  return false
}

/** A hop without numbers of attempts has one a record. */
function attemptsOf(
  records: readonly DrillRecord[],
  { attemptField }: DrillHop,
): { count: number; isNumbered: boolean } {
  if (attemptField === null) return { count: records.length, isNumbered: true }
  const numbers = new Set(records.flatMap((record) => attemptIn(record, attemptField) ?? []))
  return { count: numbers.size, isNumbered: numbers.size > 0 }
}

function attemptIn({ values }: DrillRecord, attemptField: string): string | undefined {
  return values.find(({ path }) => isField(path, attemptField))?.value
}

/** Whether all was well on the first attempt, and only later ones are under other ids. */
function isOnRetry(
  records: readonly DrillRecord[],
  read: readonly ReadRecord[],
  { attemptField, attempts }: DrillHop,
): boolean {
  if (read.length !== records.length || (attempts === 1 && attemptField === null)) return false
  const first =
    attemptField === null
      ? undefined
      : records.map((record) => attemptIn(record, attemptField)).find((each) => each !== undefined)
  const begun = read.filter((_, index) =>
    attemptField === null ? index === 0 : attemptIn(records[index]!, attemptField) === first,
  )
  return begun.length > 0 && begun.every(({ state }) => state !== 'changed')
}

function countOf(records: number): string {
  return `${records} record${records === 1 ? '' : 's'}`
}
