import type { NamespaceOptions } from '@waybill/reference'
import type { Pool, PoolClient } from 'pg'
import { aliasesOf, claimedKey } from '../aliasesOf.ts'
import type { Alias } from '../aliasesOf.ts'
import { restAfterErasing } from '../restAfterErasing.ts'
import type { Erased, EraseOptions, Whom } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { aliasHash } from './aliasHash.ts'
import { inPostgresTransaction } from './inPostgresTransaction.ts'

/**
 * Erases a person, or one trail, from a database and from the bytes of its tables: the days in which something was erased are written anew
 * at the end, in which nobody can read them meanwhile. What PostgreSQL's write-ahead log and backups hold of it stays until they are gone.
 */
export function createPostgresEraser(pool: Pool, { namespace }: NamespaceOptions) {
  async function trailsOf(whom: Whom): Promise<string[]> {
    if ('reference' in whom) {
      const { rows } = await pool.query('SELECT id FROM trail WHERE ref = $1', [whom.reference])
      return rows.map(({ id }) => String(id))
    }
    const persons = [whom.personHash, claimedKey(whom.personHash)]
    const facts = whom.value ? [whom.value, claimedKey(whom.value)] : []
    const { rows } = await pool.query(
      `SELECT DISTINCT trail FROM alias JOIN trail ON trail.id = alias.trail
       WHERE (hash = ANY($1::bigint[]) AND value = ANY($2::text[]) AND kind = 'person') OR (hash = ANY($3::bigint[]) AND value = ANY($4::text[]) AND kind LIKE 'fact:%')
       ORDER BY trail`,
      [persons.map(aliasHash), persons, facts.map(aliasHash), facts],
    )
    return rows.map(({ trail }) => String(trail))
  }

  async function eraseFrom(client: PoolClient, { trail, whom, dryRun }: ErasedTrail): Promise<TrailErased> {
    const locked = await client.query('SELECT 1 FROM trail WHERE id = $1 FOR UPDATE', [trail])
    if (locked.rowCount === 0) return { outcome: 'gone', days: [] }
    const { rows } = await client.query('SELECT day, id, step FROM step WHERE trail = $1 ORDER BY id', [trail])
    const steps = rows.map(({ step }) => JSON.parse(step) as StoredStep)
    const rest = restAfterErasing(steps, whom)
    const days = [...new Set(rows.map(({ day }) => Number(day)))]
    const outcome = rest ? 'stripped' : 'erased'
    if (dryRun) return { outcome, days }
    const aliases = steps.flatMap((step) => aliasesOf(step, { namespace }))
    if (!rest) {
      await dropAliases(client, trail, aliases)
      await client.query('DELETE FROM step WHERE trail = $1', [trail])
      await client.query('DELETE FROM trail WHERE id = $1', [trail])
      return { outcome, days }
    }
    const left = rest.filter((step) => step !== null)
    const kept = new Set(left.flatMap((step) => aliasesOf(step, { namespace })).map(keyOf))
    await dropAliases(
      client,
      trail,
      aliases.filter((alias) => !kept.has(keyOf(alias))),
    )
    for (const [index, step] of rest.entries()) {
      const { day, id } = rows[index]!
      if (step === null)
        await client.query('DELETE FROM step WHERE trail = $1 AND id = $2 AND day = $3', [trail, id, day])
      else if (step !== steps[index])
        await client.query('UPDATE step SET step = $4 WHERE trail = $1 AND id = $2 AND day = $3', [
          trail,
          id,
          day,
          JSON.stringify(step),
        ])
    }
    await client.query('UPDATE trail SET steps = $2, claims = $3 WHERE id = $1', [
      trail,
      left.length,
      left.filter(({ claimed }) => claimed).length,
    ])
    return { outcome, days }
  }

  return async (whom: Whom, { dryRun = false }: EraseOptions = {}): Promise<Erased> => {
    const erased = { trails: 0, stripped: 0 }
    const days = new Set<number>()
    for (const trail of await trailsOf(whom)) {
      const { outcome, days: touched } = await inPostgresTransaction(pool, (client) =>
        eraseFrom(client, { trail, whom, dryRun }),
      )
      if (outcome === 'erased') erased.trails++
      if (outcome === 'stripped') erased.stripped++
      for (const day of touched) days.add(day)
    }
    return { ...erased, cleared: !dryRun && (await clearBytes(pool, [...days])) }
  }
}

interface ErasedTrail {
  readonly trail: string
  readonly whom: Whom
  readonly dryRun: boolean
}

interface TrailErased {
  /** `gone`: retention was faster. */
  readonly outcome: 'erased' | 'stripped' | 'gone'
  readonly days: readonly number[]
}

function keyOf({ kind, value }: Alias): string {
  return `${kind}\n${value}`
}

async function dropAliases(client: PoolClient, trail: string, aliases: readonly Alias[]): Promise<void> {
  await client.query(
    `DELETE FROM alias USING unnest($2::bigint[], $3::text[]) AS gone (hash, kind)
     WHERE alias.trail = $1 AND alias.hash = gone.hash AND alias.kind = gone.kind`,
    [trail, aliases.map(({ value }) => aliasHash(value)), aliases.map(({ kind }) => kind)],
  )
}

/** False while somebody reads one of the tables for long, or has no right to write it anew. */
async function clearBytes(pool: Pool, days: readonly number[]): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query(`SET lock_timeout = ${LOCK_MS}; SET statement_timeout = 0`)
    for (const day of days) {
      for (const table of [`step_${day}`, `alias_${day}`]) {
        const { rows } = await client.query('SELECT to_regclass($1) AS there', [table])
        if (rows[0]?.there) await client.query(`VACUUM FULL ${table}`)
      }
    }
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && PASSING.has(error.code)) return false
    throw error
  } finally {
    // With what was set the connection is nobody else's.
    client.release(true)
  }
}

const LOCK_MS = 2000

/** lock_not_available, disk_full, insufficient_privilege (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const PASSING: ReadonlySet<unknown> = new Set(['55P03', '53100', '42501'])
