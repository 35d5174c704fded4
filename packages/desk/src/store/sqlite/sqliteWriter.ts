import type { DatabaseSync } from 'node:sqlite'
import type { Reference } from '@waybill/reference'
import { byTrail } from '../admission/byTrail.ts'
import { createAdmission } from '../admission/createAdmission.ts'
import type { Admitted, AdmissionOptions, KnownTrail } from '../admission/createAdmission.ts'
import type { Alias, AliasKind } from '../aliasesOf.ts'
import type { Appended } from '../Store.ts'
import { stepIn } from '../StoredStep.ts'
import type { StoredStep } from '../StoredStep.ts'
import { inTransaction } from './inTransaction.ts'

/** Writes groups of steps in one transaction: all are durable when it returns, or none is and it throws. */
export function createSqliteWriter(database: DatabaseSync, { now, ...limits }: WriterOptions) {
  const admission = createAdmission(limits)
  const open = database.prepare(
    'INSERT INTO refs (ref, seen_hour) VALUES (?, ?) ON CONFLICT (ref) DO UPDATE SET ref = ref RETURNING id, steps, claims',
  )
  const close = database.prepare('UPDATE refs SET steps = ?, claims = ?, seen_hour = max(seen_hour, ?) WHERE id = ?')
  const contentsOf = database.prepare('SELECT id, step FROM ev WHERE ref_id = ? ORDER BY id')
  const addStep = database.prepare('INSERT INTO ev (ref_id, step) VALUES (?, ?)')
  const dropStep = database.prepare('DELETE FROM ev WHERE id = ?')
  const kindsOf = database.prepare('SELECT kind FROM alias WHERE value = ? AND ref_id = ?')
  const addAlias = database.prepare('INSERT OR IGNORE INTO alias (value, ref_id, kind) VALUES (?, ?, ?)')
  const dropAlias = database.prepare('DELETE FROM alias WHERE value = ? AND ref_id = ? AND kind = ?')
  const isEvicted = database.prepare('SELECT 1 FROM evicted WHERE ref_id = ? AND span = ?')
  const addEvicted = database.prepare('INSERT OR IGNORE INTO evicted (ref_id, span) VALUES (?, ?)')

  function aliasesIn(trail: number, values: readonly string[]): Alias[] {
    return values.flatMap((value) =>
      kindsOf.all(value, trail).map((row) => ({ value, kind: row['kind'] as AliasKind })),
    )
  }

  function admit(reference: Reference, steps: readonly StoredStep[], hour: number): readonly boolean[] {
    const row = open.get(reference, hour)
    const trail = Number(row?.['id'])
    const counts = { reference, steps: Number(row?.['steps']), claims: Number(row?.['claims']) }
    const { values, spans } = admission.questionsOf(counts.steps > 0 ? steps : [])
    const known: KnownTrail = {
      ...counts,
      aliases: aliasesIn(trail, values),
      evicted: spans.filter((span) => isEvicted.get(trail, span)),
    }
    const admitting = admission.admit<number>(known, steps)
    let turn = admitting.next([])
    while (!turn.done) {
      const contents = contentsOf.all(trail).map((each) => ({ row: Number(each['id']), step: stepIn(each) }))
      turn = admitting.next(contents)
    }
    write(trail, turn.value, hour)
    return turn.value.refused
  }

  function write(trail: number, admitted: Admitted<number>, hour: number): void {
    for (const row of admitted.droppedRows) dropStep.run(row)
    for (const { value, kind } of admitted.droppedAliases) dropAlias.run(value, trail, kind)
    for (const span of admitted.evicted) addEvicted.run(trail, span)
    for (const { step, aliases } of admitted.added) {
      addStep.run(trail, JSON.stringify(step))
      for (const { value, kind } of aliases) addAlias.run(value, trail, kind)
    }
    close.run(admitted.steps, admitted.claims, hour, trail)
  }

  return (groups: readonly (readonly StoredStep[])[]): Appended[] => {
    const hour = Math.floor(now() / HOUR_MS)
    const { trails, answersTo } = byTrail(groups)
    return inTransaction(database, () => {
      const refused = new Map<Reference, readonly boolean[]>()
      for (const [reference, { steps }] of trails) refused.set(reference, admit(reference, steps, hour))
      return answersTo(refused)
    })
  }
}

export interface WriterOptions extends AdmissionOptions {
  readonly now: () => number
}

/** Trails remember the hour they were last added to, not the moment, so that their index changes seldom. */
export const HOUR_MS = 3_600_000
