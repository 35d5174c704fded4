import type { DatabaseSync } from 'node:sqlite'
import type { NamespaceOptions } from '@waybill/reference'
import { claimedKey, normalValue } from '../aliasesOf.ts'
import { createSqliteAliases } from './sqliteAliases.ts'
import { inTransaction } from './inTransaction.ts'
import { createSqlitePruner } from './sqlitePruner.ts'
import { BUSY_TIMEOUT_MS } from './sqliteSchema.ts'
import { stepsAbout } from '../stepsAbout.ts'
import { stepIn } from '../StoredStep.ts'
import type { StoredStep } from '../StoredStep.ts'
import type { Erased, EraseOptions, Whom } from '../Store.ts'

/**
 * Erases a person, or one trail, from a database and from its bytes: deleted rows leave copies behind in the pages they were in, so the
 * file is written anew at the end. That takes as much room again as the database has, and no step can be written meanwhile.
 */
export function createSqliteEraser(database: DatabaseSync, { namespace }: NamespaceOptions) {
  const aliases = createSqliteAliases(database, { namespace })
  const { forget } = createSqlitePruner(database, { namespace })
  const trailOf = database.prepare('SELECT id FROM refs WHERE ref = ?')
  const trailsOfPerson = database.prepare("SELECT DISTINCT ref_id FROM alias WHERE value IN (?, ?) AND kind = 'person'")
  const trailsOfFact = database.prepare(
    "SELECT DISTINCT ref_id FROM alias WHERE value IN (?, ?) AND kind LIKE 'fact:%'",
  )
  const rowsOf = database.prepare('SELECT id, step FROM ev WHERE ref_id = ? ORDER BY id')
  const dropStep = database.prepare('DELETE FROM ev WHERE id = ?')
  const changeStep = database.prepare('UPDATE ev SET step = ? WHERE id = ?')
  const setCounts = database.prepare('UPDATE refs SET steps = ?, claims = ? WHERE id = ?')

  function trailsOf(whom: Whom): number[] {
    const rows =
      'reference' in whom
        ? trailOf.all(whom.reference)
        : [
            ...trailsOfPerson.all(whom.personHash, claimedKey(whom.personHash)),
            ...(whom.value ? trailsOfFact.all(whom.value, claimedKey(whom.value)) : []),
          ]
    return [...new Set(rows.map(({ id, ref_id }) => Number(id ?? ref_id)))]
  }

  /** What a trail is to hold afterwards; null where nothing is. */
  function restOf(rows: readonly Row[], whom: Whom): Row[] | null {
    if ('reference' in whom) return null
    const steps = stepsIn(rows)
    const isNamed = steps.some(({ personHash }) => personHash === whom.personHash)
    const gone = new Set(isNamed ? stepsAbout(whom.personHash, steps) : [])
    const rest = rows.filter(({ step }) => !gone.has(step))
    return rest.length > 0 ? rest.map(({ id, step }) => ({ id, step: withoutFact(step, whom.value) })) : null
  }

  function strip(trail: number, rows: readonly Row[], rest: readonly Row[]): void {
    aliases.drop(stepsIn(rows), trail)
    const left = new Map(rest.map((row) => [row.id, row.step]))
    for (const { id, step } of rows) {
      const kept = left.get(id)
      if (!kept) dropStep.run(id)
      else if (kept !== step) changeStep.run(JSON.stringify(kept), id)
    }
    aliases.add(stepsIn(rest), trail)
    setCounts.run(rest.length, rest.filter(({ step }) => step.claimed).length, trail)
  }

  return function* (whom: Whom, { dryRun = false }: EraseOptions = {}): Generator<void, Erased> {
    let trails = 0
    let stripped = 0
    for (const trail of trailsOf(whom)) {
      const erase = (): void => {
        const rows = rowsOf.all(trail).map((row) => ({ id: Number(row['id']), step: stepIn(row) }))
        const rest = restOf(rows, whom)
        if (rest) stripped++
        else trails++
        if (dryRun) return
        if (rest) strip(trail, rows, rest)
        else forget(trail)
      }
      if (dryRun) erase()
      else inTransaction(database, erase)
      yield
    }
    return { trails, stripped, cleared: !dryRun && clearBytes(database) }
  }
}

interface Row {
  readonly id: number
  readonly step: StoredStep
}

function stepsIn(rows: readonly Row[]): StoredStep[] {
  return rows.map(({ step }) => step)
}

function withoutFact(step: StoredStep, value: string): StoredStep {
  const { facts, ...rest } = step
  const all = Object.entries(facts ?? {})
  const kept = all.filter(([, each]) => normalValue(each) !== value)
  if (value === '' || kept.length === all.length) return step
  return kept.length > 0 ? { ...rest, facts: Object.fromEntries(kept) } : rest
}

/** False while somebody else reads or writes the file, or no room is left to write it anew. */
function clearBytes(database: DatabaseSync): boolean {
  try {
    // Whoever holds it for longer than this holds it for long, and senders wait behind.
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS / 10}; VACUUM`)
    return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && PASSING.has(error.errcode)) return false
    throw error
  } finally {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  }
}

/** SQLITE_BUSY, SQLITE_LOCKED and SQLITE_FULL (https://www.sqlite.org/rescode.html). */
const PASSING: ReadonlySet<unknown> = new Set([5, 6, 13])
