import type { NamespaceOptions } from '@waybill/reference'
import type { Pool, PoolClient } from 'pg'
import { aliasesOf, claimedKey } from '../aliasesOf.ts'
import type { Alias } from '../aliasesOf.ts'
import { restAfterErasing } from '../restAfterErasing.ts'
import type { Erased, EraseOptions, Whom } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { aliasHash } from './aliasHash.ts'
import { clearPostgresBytes } from './clearPostgresBytes.ts'
import { inPostgresTransaction } from './inPostgresTransaction.ts'
import { storableText } from './storableText.ts'

/**
 * Erases a person, or one trail, from a database and from the bytes of its tables, see `clearPostgresBytes`. What PostgreSQL's write-ahead log, replicas and backups
 * hold of it stays until they are written over, or deleted by whoever runs the server.
 */
export function createPostgresEraser(pool: Pool, { namespace }: NamespaceOptions) {
  async function trailsOf(whom: Whom): Promise<string[]> {
    if ('reference' in whom) {
      // Rows of a trail of this reference that was forgotten lie in the oldest day that is left, or one that could not be dropped.
      const { rows } = await pool.query(
        `SELECT id FROM trail WHERE ref = $1 UNION
         SELECT trail FROM step WHERE day <= coalesce((SELECT min(seen_hour) / 24 FROM trail), day) AND position($1 IN step) > 0
           AND step::json ->> 'reference' = $1 AND NOT EXISTS (SELECT 1 FROM trail WHERE trail.id = step.trail)`,
        [whom.reference],
      )
      return rows.map(({ id }) => String(id))
    }
    const persons = [whom.personHash, claimedKey(whom.personHash)]
    const facts = whom.value ? [whom.value, claimedKey(whom.value)] : []
    const { rows } = await pool.query(
      `SELECT trail FROM alias WHERE hash = ANY($1::bigint[]) AND value = ANY($2::text[]) AND kind = 'person'
       UNION SELECT trail FROM alias WHERE hash = ANY($3::bigint[]) AND value = ANY($4::text[]) AND kind LIKE 'fact:%' ORDER BY trail`,
      [persons.map(aliasHash), persons, facts.map(aliasHash), facts.map(storableText)],
    )
    return rows.map(({ trail }) => String(trail))
  }

  async function eraseFrom(client: PoolClient, { trail, whom, dryRun }: ErasedTrail): Promise<Outcome> {
    const locked = await client.query('SELECT 1 FROM trail WHERE id = $1 FOR UPDATE', [trail])
    const isForgotten = locked.rowCount === 0
    if (isForgotten) {
      // Its rows wait for their days to be dropped.
      if (!dryRun) await dropAll(client, trail)
      return 'forgotten'
    }
    const { rows } = await client.query('SELECT day, id, step FROM step WHERE trail = $1 ORDER BY id', [trail])
    const steps = rows.map(({ step }) => JSON.parse(step) as StoredStep)
    const rest = restAfterErasing(steps, whom)
    if (dryRun) return rest ? 'stripped' : 'erased'
    if (!rest) {
      await dropAll(client, trail)
      await client.query('DELETE FROM trail WHERE id = $1', [trail])
      return 'erased'
    }
    const left = rest.filter((step) => step !== null)
    const kept = new Set(left.flatMap((step) => aliasesOf(step, { namespace })).map(keyOf))
    const gone = steps.flatMap((step) => aliasesOf(step, { namespace })).filter((alias) => !kept.has(keyOf(alias)))
    await dropAliases(client, trail, gone)
    const days = new Set<number>()
    for (const [index, step] of rest.entries()) {
      if (step === steps[index]) continue
      const { day, id } = rows[index]!
      days.add(Number(day))
      const sql =
        step === null
          ? 'DELETE FROM step WHERE trail = $1 AND id = $2 AND day = $3 AND $4::text IS NULL'
          : 'UPDATE step SET step = $4 WHERE trail = $1 AND id = $2 AND day = $3'
      await client.query(sql, [trail, id, day, step && JSON.stringify(step)])
    }
    await noteUncleared(client, [...days])
    await client.query('UPDATE trail SET steps = $2, claims = $3 WHERE id = $1', [
      trail,
      left.length,
      left.filter(({ claimed }) => claimed).length,
    ])
    return 'stripped'
  }

  return async (whom: Whom, { dryRun = false }: EraseOptions = {}): Promise<Erased> => {
    const counts = { erased: 0, stripped: 0, forgotten: 0 }
    for (const trail of await trailsOf(whom))
      counts[await inPostgresTransaction(pool, (client) => eraseFrom(client, { trail, whom, dryRun }))]++
    const cleared = !dryRun && (await clearPostgresBytes(pool))
    return { trails: counts.erased, stripped: counts.stripped, cleared }
  }
}

interface ErasedTrail {
  readonly trail: string
  readonly whom: Whom
  readonly dryRun: boolean
}

/** `forgotten`: retention was faster. */
type Outcome = 'erased' | 'stripped' | 'forgotten'

function keyOf({ kind, value }: Alias): string {
  return `${kind}\n${value}`
}

/** What was deleted, or is an old version of a row, is in the bytes of its table until that is written anew. */
async function noteUncleared(client: PoolClient, days: readonly number[]): Promise<void> {
  await client.query('INSERT INTO uncleared (day) SELECT unnest($1::integer[]) ON CONFLICT DO NOTHING', [days])
}

async function dropAll(client: PoolClient, trail: string): Promise<void> {
  const days = new Set<number>()
  for (const table of ['step', 'alias']) {
    const { rows } = await client.query(`DELETE FROM ${table} WHERE trail = $1 RETURNING day`, [trail])
    for (const { day } of rows) days.add(Number(day))
  }
  await noteUncleared(client, [...days])
}

async function dropAliases(client: PoolClient, trail: string, aliases: readonly Alias[]): Promise<void> {
  const { rows } = await client.query(
    `DELETE FROM alias USING unnest($2::bigint[], $3::text[]) AS gone (hash, kind)
     WHERE alias.trail = $1 AND alias.hash = gone.hash AND alias.kind = gone.kind RETURNING day`,
    [trail, aliases.map(({ value }) => aliasHash(value)), aliases.map(({ kind }) => storableText(kind))],
  )
  await noteUncleared(client, [...new Set(rows.map(({ day }) => Number(day)))])
}
