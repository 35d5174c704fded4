import type { DatabaseSync } from 'node:sqlite'
import { aliasesOf } from './aliasesOf.ts'
import { inTransaction } from './inTransaction.ts'
import { createEviction } from './sqliteEviction.ts'
import { shareOf } from './shareOf.ts'
import type { Appended } from './Store.ts'
import type { StoredStep } from './StoredStep.ts'

/** Writes groups of steps in one transaction: all are durable when it returns, or none is and it throws. */
export function createSqliteWriter(database: DatabaseSync, options: WriterOptions) {
  const { namespace, stepsPerTrail, claimsPerTrail, now } = options
  const open = database.prepare(
    'INSERT INTO refs (ref, seen_hour) VALUES (?, ?) ON CONFLICT (ref) DO UPDATE SET ref = ref RETURNING id, steps, claims',
  )
  const close = database.prepare('UPDATE refs SET steps = ?, claims = ?, seen_hour = max(seen_hour, ?) WHERE id = ?')
  const addStep = database.prepare('INSERT INTO ev (ref_id, step) VALUES (?, ?)')
  const addAlias = database.prepare('INSERT OR IGNORE INTO alias (value, ref_id, kind) VALUES (?, ?, ?)')
  const isAnnounced = database.prepare("SELECT 1 FROM alias WHERE value = ? AND ref_id = ? AND kind = 'started'")
  const eviction = createEviction(database, { namespace, mostStrange: Math.ceil(stepsPerTrail / 10) })

  function trailOf(step: StoredStep, hour: number): OpenTrail {
    const row = open.get(step.reference, hour)
    return { id: Number(row?.['id']), steps: Number(row?.['steps']), claims: Number(row?.['claims']) }
  }

  function isFull(step: StoredStep, trail: OpenTrail): boolean {
    const share = shareOf(step)
    if (step.claimed) return trail.claims >= claimsPerTrail * share
    if (trail.steps - trail.claims < stepsPerTrail * share) return false
    if (step.hop === 'log') return true
    trail.steps -= eviction.makeRoom(step, trail.id)
    return trail.steps - trail.claims >= stepsPerTrail + reserveFor(step, trail)
  }

  /** What a trail is looked up for is still taken when it is full: how it ended, what failed, and its tickets. */
  function reserveFor(step: StoredStep, trail: OpenTrail): number {
    if (step.hop === 'support' || isAnnounced.get(step.id, trail.id)) return Math.floor(stepsPerTrail / 4)
    // Anybody can send a request that fails.
    return step.status === 'error' && step.hop !== 'api' ? Math.floor(stepsPerTrail / 5) : 0
  }

  /** False when the trail is full. */
  function add(step: StoredStep, trail: OpenTrail): boolean {
    if (!step.claimed && eviction.isEvicted(step, trail.id)) return true
    const full = isFull(step, trail)
    const [own, ...more] = aliasesOf(step, { namespace })
    if (!own || full) return !full
    // The step's own id goes in first: when it is there already, the step was sent again.
    if (addAlias.run(own.value, trail.id, own.kind).changes === 0) return true
    for (const { value, kind } of more) addAlias.run(value, trail.id, kind)
    addStep.run(trail.id, JSON.stringify(step))
    trail.steps++
    if (step.claimed) trail.claims++
    return true
  }

  return (groups: readonly (readonly StoredStep[])[]): Appended[] => {
    const hour = Math.floor(now() / HOUR_MS)
    const trails = new Map<string, OpenTrail>()
    return inTransaction(database, () => {
      const results = groups.map((steps): Appended => {
        let refused = 0
        for (const step of steps) {
          const trail = trails.get(step.reference) ?? trailOf(step, hour)
          trails.set(step.reference, trail)
          if (!add(step, trail)) refused++
        }
        return { ok: true, refused }
      })
      for (const trail of trails.values()) close.run(trail.steps, trail.claims, hour, trail.id)
      return results
    })
  }
}

export interface WriterOptions {
  readonly namespace: string
  readonly stepsPerTrail: number
  readonly claimsPerTrail: number
  readonly now: () => number
}

/** Trails remember the hour they were last added to, not the moment, so that their index changes seldom. */
export const HOUR_MS = 3_600_000

interface OpenTrail {
  readonly id: number
  steps: number
  claims: number
}
