import type { Reference } from '@waybill/reference'
import type { HeldStep, KnownTrail, Questions } from '../admission/createAdmission.ts'
import { aliasesOf } from '../aliasesOf.ts'
import type { Alias, AliasKind } from '../aliasesOf.ts'
import type { StoredStep } from '../StoredStep.ts'
import type { ClickHouse } from './createClickHouse.ts'
import type { LiveTrail } from './createTrailIndex.ts'
import { keyHash } from './keyHash.ts'

/** A step's row in `waybill_step`, which holds what admission asks of it beside the step itself, so that the answer reads only narrow columns. */
export function stepRow(step: StoredStep, { day, reference, place, seq }: StepRowOptions): readonly unknown[] {
  const aliases = aliasesOf(step)
  const [own] = aliases
  const hashOf = (wanted: AliasKind): string => {
    const value = aliases.find(({ kind }) => kind === wanted)?.value
    return value === undefined ? '0' : keyHash(value)
  }
  return [
    day,
    reference,
    place,
    keyHash(own!.value),
    own!.kind,
    seq,
    step.claimed ?? false,
    hashOf('started'),
    hashOf('person'),
    JSON.stringify(step),
  ]
}

export const STEP_COLUMNS = [
  'day',
  'ref',
  'place',
  'own',
  'kind',
  'seq',
  'claimed',
  'started',
  'person',
  'step',
] as const

interface StepRowOptions {
  /** On which it arrived, since the epoch. */
  readonly day: number
  readonly reference: Reference
  readonly place: number
  /** Its place among all steps, by arrival. */
  readonly seq: number
}

/** Answers what is to be known of trails before steps arrive in them. */
export async function heldIn(
  clickHouse: ClickHouse,
  trails: readonly AskedTrail[],
): Promise<Map<Reference, HeldTrail>> {
  const held = new Map<Reference, HeldTrail>()
  for (let from = 0; from < trails.length; from += AT_ONCE) {
    const some = trails.slice(from, from + AT_ONCE)
    const values = new Map(some.flatMap(({ questions }) => questions.values).map((value) => [keyHash(value), value]))
    const parameters = {
      refs: some.map(({ reference }) => reference),
      places: some.flatMap(({ live }) => live.map(({ place }) => place)),
    }
    const [rows, evicted] = await Promise.all([
      clickHouse.rows(
        `SELECT ref, uniqExact(kind, own) AS steps, uniqExactIf((kind, own), claimed) AS claims, max(seq) AS seq,
           groupUniqArrayIf((toString(kind), toString(own)), own IN {asked:Array(UInt64)}) AS owns,
           groupUniqArrayIf(toString(started), started IN {asked:Array(UInt64)}) AS started,
           groupUniqArrayIf(toString(person), person IN {asked:Array(UInt64)}) AS persons
         FROM waybill_step WHERE ref IN {refs:Array(String)} AND place IN {places:Array(UInt64)} AND day >= {from:UInt32} GROUP BY ref`,
        {
          ...parameters,
          asked: [...values.keys()].map(BigInt),
          from: Math.min(...some.flatMap(({ live }) => live.map(({ firstDay }) => firstDay))),
        },
      ),
      clickHouse.rows(
        `SELECT ref, groupUniqArray(span) AS spans FROM waybill_evicted
         WHERE ref IN {refs:Array(String)} AND place IN {places:Array(UInt64)} AND span IN {spans:Array(String)} GROUP BY ref`,
        { ...parameters, spans: some.flatMap(({ questions }) => questions.spans) },
      ),
    ])
    const gone = new Map(evicted.map(({ ref, spans }) => [ref, spans as string[]]))
    for (const row of rows) {
      const found = (kind: string, hash: string): Alias => ({ kind: kind as AliasKind, value: values.get(hash)! })
      held.set(row['ref'] as Reference, {
        steps: Number(row['steps']),
        claims: Number(row['claims']),
        aliases: [
          ...(row['owns'] as [string, string][]).map(([kind, hash]) => found(kind, hash)),
          ...(row['started'] as string[]).map((hash) => found('started', hash)),
          ...(row['persons'] as string[]).map((hash) => found('person', hash)),
        ],
        evicted: gone.get(row['ref']) ?? [],
        lastSeq: Number(row['seq']),
      })
    }
  }
  return held
}

export interface AskedTrail {
  readonly reference: Reference
  /** Its rows in `waybill_trail`. */
  readonly live: readonly LiveTrail[]
  readonly questions: Questions
}

export interface HeldTrail extends Omit<KnownTrail, 'reference'> {
  /** Of the step that came last. */
  readonly lastSeq: number
}

/** All steps under a reference, in order of arrival; `row` tells one from the others. */
export async function contentsOf(
  clickHouse: ClickHouse,
  { reference, places }: ContentsOptions,
): Promise<HeldStep<string>[]> {
  const rows = await clickHouse.rows(
    `SELECT ${ROW} AS row, step FROM (
       SELECT own, kind, seq, step FROM waybill_step
       WHERE ref = {reference:String} ${places === undefined ? '' : 'AND place IN {places:Array(UInt64)}'}
       ORDER BY seq DESC LIMIT 1 BY own, kind
     ) ORDER BY seq`,
    { reference, places },
  )
  return rows.map(({ row, step }) => ({ row: String(row), step: JSON.parse(String(step)) as StoredStep }))
}

export interface ContentsOptions {
  readonly reference: Reference
  /** Those of the trails that are there. @default all, also of what was forgotten and still has rows */
  readonly places?: readonly number[] | undefined
}

/** What `row` is in SQL. */
export const ROW = "concat(toString(kind), ' ', toString(own))"

const AT_ONCE = 1000
