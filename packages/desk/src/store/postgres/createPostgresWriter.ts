import type { Reference } from '@waybill/reference'
import type { Pool, PoolClient } from 'pg'
import { byTrail } from '../admission/byTrail.ts'
import { createAdmission } from '../admission/createAdmission.ts'
import type { Admitted, AdmissionOptions, HeldStep, KnownTrail, Questions } from '../admission/createAdmission.ts'
import type { Alias, AliasKind } from '../aliasesOf.ts'
import type { Appended } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { aliasHash } from './aliasHash.ts'
import { inPostgresTransaction } from './inPostgresTransaction.ts'
import type { PostgresDays } from './postgresDays.ts'
import { storableText } from './storableText.ts'

/**
 * Writes groups of steps in one transaction. Trails are locked in the order of their references, so that several desks that write the same ones
 * wait for one another and never in a circle.
 */
export function createPostgresWriter(pool: Pool, { now, days, ...limits }: PostgresWriterOptions) {
  const admission = createAdmission(limits)

  async function write(groups: readonly (readonly StoredStep[])[]): Promise<Appended[]> {
    const hour = Math.floor(now() / HOUR_MS)
    const day = Math.floor(hour / 24)
    const { trails, answersTo } = byTrail(groups)
    await days.ensure(day)
    return await inPostgresTransaction(pool, async (client) => {
      const open = await openTrails(client, { references: [...trails.keys()], hour, day })
      const asked = new Map<Reference, Questions>()
      for (const { reference, steps } of open.values()) {
        if (steps > 0) asked.set(reference, admission.questionsOf(trails.get(reference)!.steps))
      }
      const known = await answers(client, { asked, open })
      const refused = new Map<Reference, readonly boolean[]>()
      const admitted: AdmittedTrail[] = []
      for (const [reference, { steps }] of trails) {
        const trail = open.get(reference)!
        const admitting = admission.admit<string>({ ...trail, aliases: [], evicted: [], ...known.get(trail.id) }, steps)
        let turn = admitting.next([])
        while (!turn.done) turn = admitting.next(await contentsOf(client, trail.id))
        refused.set(reference, turn.value.refused)
        admitted.push({ ...turn.value, trail: trail.id })
      }
      await change(client, { admitted, hour, day })
      return answersTo(refused)
    })
  }

  return async (groups: readonly (readonly StoredStep[])[]): Promise<Appended[]> => {
    try {
      return await write(groups)
    } catch (error) {
      if (!isNoPartition(error)) throw error
      // Another desk's clock was ahead and has dropped the day.
      days.forget()
      return await write(groups)
    }
  }
}

export interface PostgresWriterOptions extends AdmissionOptions {
  readonly now: () => number
  readonly days: PostgresDays
}

const HOUR_MS = 3_600_000

/** `check_violation`, which is what PostgreSQL answers to a row that no partition is for. */
function isNoPartition(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23514'
}

interface OpenTrail {
  readonly id: string
  readonly reference: Reference
  readonly steps: number
  readonly claims: number
}

/** Makes those that are not there, in their order, and locks all. */
async function openTrails(
  client: PoolClient,
  { references, hour, day }: OpenOptions,
): Promise<Map<Reference, OpenTrail>> {
  const open = new Map<Reference, OpenTrail>()
  // One that was there may be forgotten before it is locked.
  while (open.size < references.length) {
    await client.query(
      `WITH wanted AS (SELECT ref, place FROM unnest($1::text[]) WITH ORDINALITY AS wanted (ref, place)),
      fresh AS (
        SELECT ref, nextval('trail_id_seq') AS id FROM
          (SELECT ref FROM wanted WHERE NOT EXISTS (SELECT 1 FROM trail WHERE trail.ref = wanted.ref) ORDER BY place) AS ordered
      )
      INSERT INTO trail (id, ref, seen_hour, first_day) SELECT id, ref, $2, $3 FROM fresh ORDER BY ref ON CONFLICT (ref) DO NOTHING`,
      [references, hour, day],
    )
    const { rows } = await client.query(
      'SELECT id, ref, steps, claims FROM trail WHERE ref = ANY($1) ORDER BY ref FOR UPDATE',
      [references],
    )
    for (const { id, ref, steps, claims } of rows)
      open.set(ref, { id: String(id), reference: ref, steps: Number(steps), claims: Number(claims) })
  }
  return open
}

interface OpenOptions {
  readonly references: readonly Reference[]
  readonly hour: number
  readonly day: number
}

/** What is known of each trail, by its number. */
async function answers(client: PoolClient, { asked, open }: AskedTrails): Promise<Map<string, Known>> {
  const known = new Map<string, { readonly aliases: Alias[]; readonly evicted: string[] }>()
  const of = (id: string) => {
    const there = known.get(id) ?? { aliases: [], evicted: [] }
    known.set(id, there)
    return there
  }
  const values: [string, string, string][] = []
  const spans: [string, string][] = []
  for (const [reference, questions] of asked) {
    const { id } = open.get(reference)!
    for (const value of questions.values) values.push([id, aliasHash(value), storableText(value)])
    for (const span of questions.spans) spans.push([id, span])
  }
  if (values.length === 0) return known
  const aliases = await client.query(
    `SELECT asked.trail, alias.kind, alias.value FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS asked (trail, hash, value)
     JOIN alias ON alias.hash = asked.hash AND alias.trail = asked.trail AND alias.value = asked.value`,
    columns(values, 3),
  )
  for (const { trail, kind, value } of aliases.rows) of(String(trail)).aliases.push({ kind: kind as AliasKind, value })
  const evicted = await client.query(
    'SELECT trail, span FROM evicted JOIN unnest($1::bigint[], $2::text[]) AS asked (trail, span) USING (trail, span)',
    columns(spans, 2),
  )
  for (const { trail, span } of evicted.rows) of(String(trail)).evicted.push(span)
  return known
}

type Known = Pick<KnownTrail, 'aliases' | 'evicted'>

interface AskedTrails {
  readonly asked: ReadonlyMap<Reference, Questions>
  readonly open: ReadonlyMap<Reference, OpenTrail>
}

async function contentsOf(client: PoolClient, trail: string): Promise<HeldStep<string>[]> {
  const { rows } = await client.query('SELECT id, step FROM step WHERE trail = $1 ORDER BY id', [trail])
  return rows.map(({ id, step }) => ({ row: String(id), step: JSON.parse(step) as StoredStep }))
}

interface AdmittedTrail extends Admitted<string> {
  readonly trail: string
}

async function change(client: PoolClient, { admitted, hour, day }: Changes): Promise<void> {
  const dropped = admitted.flatMap(({ trail, droppedRows }) => droppedRows.map((id) => [trail, id] as const))
  const released = admitted.flatMap(({ trail, droppedAliases }) =>
    droppedAliases.map(({ value, kind }) => [trail, aliasHash(value), storableText(kind)] as const),
  )
  const evicted = admitted.flatMap(({ trail, evicted: spans }) => spans.map((span) => [trail, span] as const))
  const steps = admitted.flatMap(({ trail, added }) => added.map(({ step }) => [trail, JSON.stringify(step)] as const))
  const aliases = admitted.flatMap(({ trail, added }) =>
    distinct(added.flatMap((each) => each.aliases)).map(
      ({ value, kind }) => [aliasHash(value), trail, storableText(kind), storableText(value)] as const,
    ),
  )
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
    await client.query(
      `INSERT INTO step (day, trail, id, step)
       SELECT $1, trail, nextval('step_id'), step FROM unnest($2::bigint[], $3::text[]) WITH ORDINALITY AS added (trail, step, place) ORDER BY place`,
      [day, ...columns(steps, 2)],
    )
  if (aliases.length > 0)
    await client.query(
      `INSERT INTO alias (day, hash, trail, kind, value)
       SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
      [day, ...columns(aliases, 4)],
    )
  await client.query(
    `UPDATE trail SET steps = now.steps, claims = now.claims, seen_hour = greatest(trail.seen_hour, $1), first_day = least(trail.first_day, $2)
     FROM unnest($3::bigint[], $4::integer[], $5::integer[]) AS now (id, steps, claims) WHERE trail.id = now.id`,
    [
      hour,
      day,
      ...columns(
        admitted.map(({ trail, steps: count, claims }) => [trail, count, claims]),
        3,
      ),
    ],
  )
}

interface Changes {
  readonly admitted: readonly AdmittedTrail[]
  readonly hour: number
  readonly day: number
}

/** Rows as `unnest` takes them: an array for each column. */
function columns(rows: readonly (readonly unknown[])[], width: number): unknown[][] {
  return Array.from({ length: width }, (_, index) => rows.map((row) => row[index]))
}

function distinct(aliases: readonly Alias[]): Alias[] {
  return [...new Map(aliases.map((alias) => [`${alias.kind}\n${alias.value}`, alias])).values()]
}
