import type { Reference } from '@waybill/reference'
import type { PoolClient } from 'pg'
import type { Admission, Admitted, HeldStep, KnownTrail, Questions } from '../admission/createAdmission.ts'
import type { Alias, AliasKind } from '../aliasesOf.ts'
import type { StoredStep } from '../StoredStep.ts'
import { aliasHash } from './aliasHash.ts'
import { storableText } from './storableText.ts'

/**
 * Writes what arrives in trails, within a transaction of the caller's. Gives for each trail which of its steps it refused. Trails are locked in the order of
 * their references, so that several desks that write the same ones wait for one another and never in a circle.
 */
export async function writeTrails(
  client: PoolClient,
  { admission, arriving }: WriteTrailsOptions,
): Promise<Map<Reference, readonly boolean[]>> {
  const open = await openTrails(client, arriving)
  const asked = new Map<string, Questions>()
  for (const { reference, steps } of arriving) {
    const trail = open.get(reference)!
    if (trail.steps > 0) asked.set(trail.id, admission.questionsOf(steps))
  }
  const known = await answers(client, asked)
  const refused = new Map<Reference, readonly boolean[]>()
  const admitted: AdmittedTrail[] = []
  for (const { reference, steps, hour, evicted = [] } of arriving) {
    const trail = open.get(reference)!
    const admitting = admission.admit<string>({ ...trail, aliases: [], evicted: [], ...known.get(trail.id) }, steps)
    let turn = admitting.next([])
    while (!turn.done) turn = admitting.next(await contentsOf(client, trail.id))
    refused.set(reference, turn.value.refused)
    admitted.push({ ...turn.value, evicted: [...turn.value.evicted, ...evicted], trail: trail.id, hour })
  }
  await change(client, admitted)
  return refused
}

export interface WriteTrailsOptions {
  readonly admission: Admission
  readonly arriving: readonly ArrivingSteps[]
}

/** What arrives in one trail. */
export interface ArrivingSteps {
  readonly reference: Reference
  readonly steps: readonly StoredStep[]
  /** When, in hours since the epoch. */
  readonly hour: number
  /** The number that the trail is given when it is not there. @default the next */
  readonly place?: number
  /** Spans that it gave up elsewhere. */
  readonly evicted?: readonly string[]
}

interface OpenTrail {
  readonly id: string
  readonly reference: Reference
  readonly steps: number
  readonly claims: number
}

/** Makes those that are not there, in their order, and locks all. */
async function openTrails(client: PoolClient, arriving: readonly ArrivingSteps[]): Promise<Map<Reference, OpenTrail>> {
  const open = new Map<Reference, OpenTrail>()
  const wanted = columns(
    arriving.map(({ reference, hour, place }) => [reference, hour, place]),
    3,
  )
  // One that was there may be forgotten before it is locked.
  while (open.size < arriving.length) {
    await client.query({
      name: 'waybill_make_trails',
      text: `WITH wanted AS (SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[]) WITH ORDINALITY AS wanted (ref, hour, place, turn)),
        fresh AS (
          SELECT coalesce(place, nextval('trail_id_seq')) AS id, ref, hour FROM
            (SELECT * FROM wanted WHERE NOT EXISTS (SELECT 1 FROM trail WHERE trail.ref = wanted.ref) ORDER BY turn) AS ordered
        )
        INSERT INTO trail (id, ref, seen_hour, first_day) SELECT id, ref, hour, hour / 24 FROM fresh ORDER BY ref ON CONFLICT (ref) DO NOTHING`,
      values: wanted,
    })
    const { rows } = await client.query({
      name: 'waybill_lock_trails',
      text: 'SELECT id, ref, steps, claims FROM trail WHERE ref = ANY($1) ORDER BY ref FOR UPDATE',
      values: [wanted[0]],
    })
    for (const { id, ref, steps, claims } of rows)
      open.set(ref, { id: String(id), reference: ref, steps: Number(steps), claims: Number(claims) })
  }
  return open
}

/** What is known of each trail, by its number. */
async function answers(client: PoolClient, asked: ReadonlyMap<string, Questions>): Promise<Map<string, Known>> {
  const known = new Map<string, { readonly aliases: Alias[]; readonly evicted: string[] }>()
  const values: [string, string, string][] = []
  const spans: [string, string][] = []
  for (const [trail, questions] of asked) {
    known.set(trail, { aliases: [], evicted: [] })
    for (const value of questions.values) values.push([trail, aliasHash(value), storableText(value)])
    for (const span of questions.spans) spans.push([trail, span])
  }
  if (values.length === 0) return known
  const aliases = await client.query({
    name: 'waybill_known_aliases',
    text: `SELECT asked.trail, alias.kind, alias.value FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS asked (trail, hash, value)
      JOIN alias ON alias.hash = asked.hash AND alias.trail = asked.trail AND alias.value = asked.value`,
    values: columns(values, 3),
  })
  for (const { trail, kind, value } of aliases.rows)
    known.get(String(trail))!.aliases.push({ kind: kind as AliasKind, value })
  const evicted = await client.query({
    name: 'waybill_known_evicted',
    text: 'SELECT trail, span FROM evicted JOIN unnest($1::bigint[], $2::text[]) AS asked (trail, span) USING (trail, span)',
    values: columns(spans, 2),
  })
  for (const { trail, span } of evicted.rows) known.get(String(trail))!.evicted.push(span)
  return known
}

type Known = Pick<KnownTrail, 'aliases' | 'evicted'>

async function contentsOf(client: PoolClient, trail: string): Promise<HeldStep<string>[]> {
  const { rows } = await client.query('SELECT id, step FROM step WHERE trail = $1 ORDER BY id', [trail])
  return rows.map(({ id, step }) => ({ row: String(id), step: JSON.parse(step) as StoredStep }))
}

interface AdmittedTrail extends Admitted<string> {
  readonly trail: string
  readonly hour: number
}

async function change(client: PoolClient, admitted: readonly AdmittedTrail[]): Promise<void> {
  const dropped = admitted.flatMap(({ trail, droppedRows }) => droppedRows.map((id) => [trail, id]))
  const released = admitted.flatMap(({ trail, droppedAliases }) =>
    droppedAliases.map(({ value, kind }) => [trail, aliasHash(value), storableText(kind)]),
  )
  const evicted = admitted.flatMap(({ trail, evicted: spans }) => spans.map((span) => [trail, span]))
  const steps: unknown[][] = []
  const aliases: unknown[][] = []
  for (const { trail, hour, added } of admitted) {
    const day = Math.floor(hour / 24)
    for (const { step } of added) steps.push([day, trail, JSON.stringify(step)])
    for (const { value, kind } of distinct(added.flatMap((each) => each.aliases)))
      aliases.push([day, aliasHash(value), trail, storableText(kind), storableText(value)])
  }
  if (dropped.length > 0)
    await client.query(
      `WITH dropped AS (
        DELETE FROM step USING unnest($1::bigint[], $2::bigint[]) AS gone (trail, id) WHERE step.trail = gone.trail AND step.id = gone.id RETURNING day
      )
      INSERT INTO uncleared (day) SELECT DISTINCT day FROM dropped ON CONFLICT DO NOTHING`,
      columns(dropped, 2),
    )
  if (released.length > 0)
    await client.query(
      `DELETE FROM alias USING unnest($1::bigint[], $2::bigint[], $3::text[]) AS gone (trail, hash, kind)
       WHERE alias.trail = gone.trail AND alias.hash = gone.hash AND alias.kind = gone.kind`,
      columns(released, 3),
    )
  if (evicted.length > 0)
    await client.query(
      'INSERT INTO evicted (trail, span) SELECT * FROM unnest($1::bigint[], $2::text[]) ON CONFLICT DO NOTHING',
      columns(evicted, 2),
    )
  if (steps.length > 0)
    await client.query({
      name: 'waybill_add_steps',
      text: `INSERT INTO step (day, trail, id, step) SELECT day, trail, nextval('step_id'), step
        FROM unnest($1::integer[], $2::bigint[], $3::text[]) WITH ORDINALITY AS added (day, trail, step, turn) ORDER BY turn`,
      values: columns(steps, 3),
    })
  if (aliases.length > 0)
    await client.query({
      name: 'waybill_add_aliases',
      text: `INSERT INTO alias (day, hash, trail, kind, value)
        SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
      values: columns(aliases, 5),
    })
  await client.query({
    name: 'waybill_count_steps',
    text: `UPDATE trail SET steps = now.steps, claims = now.claims, seen_hour = greatest(trail.seen_hour, now.hour), first_day = least(trail.first_day, now.hour / 24)
      FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[]) AS now (id, steps, claims, hour) WHERE trail.id = now.id`,
    values: columns(
      admitted.map(({ trail, steps: count, claims, hour }) => [trail, count, claims, hour]),
      4,
    ),
  })
}

/** Rows as `unnest` takes them: an array for each column. */
function columns(rows: readonly (readonly unknown[])[], width: number): unknown[][] {
  return Array.from({ length: width }, (_, index) => rows.map((row) => row[index]))
}

function distinct(aliases: readonly Alias[]): Alias[] {
  return [...new Map(aliases.map((alias) => [`${alias.kind}\n${alias.value}`, alias])).values()]
}
