import type { DatabaseSync } from 'node:sqlite'
import type { NamespaceOptions } from '@waybill/reference'
import { orderSteps, partsOf } from '@waybill/trail'
import { claimedKey } from './aliasesOf.ts'
import { createSqliteAliases } from './sqliteAliases.ts'
import { stepIn } from './StoredStep.ts'
import type { StoredStep } from './StoredStep.ts'

/**
 * Makes room in a full trail by giving up requests that no known call of its action caused, and what they led to. Anybody who knows
 * a reference can send those, so they must not keep the action's own steps out. The first ones stay, to be seen. Within the writer's
 * transaction.
 */
export function createEviction(database: DatabaseSync, { namespace, mostStrange }: EvictionOptions): Eviction {
  const stepsOf = database.prepare('SELECT id, step FROM ev WHERE ref_id = ? ORDER BY id')
  const dropStep = database.prepare('DELETE FROM ev WHERE id = ?')
  const aliases = createSqliteAliases(database, { namespace })
  const remember = database.prepare('INSERT OR IGNORE INTO evicted (ref_id, span) VALUES (?, ?)')
  const known = database.prepare('SELECT 1 FROM evicted WHERE ref_id = ? AND span IN (?, ?) LIMIT 1')
  const leads = database.prepare('SELECT 1 FROM alias WHERE ref_id = ? AND value IN (?, ?, ?) LIMIT 1')
  /** How often a trail was found to be full of its own, since it was looked through. */
  const turnedAway = new Map<number, number>()

  return {
    isEvicted({ id, parentId = id }, trail) {
      if (known.get(trail, id, parentId) === undefined) return false
      remember.run(trail, id)
      return true
    },

    makeRoom(step, trail) {
      // It is a stranger's itself, as far as is known by now.
      const { hop, parentId = '', personHash = '' } = step
      if (hop === 'api' && !leads.get(trail, parentId, claimedKey(parentId), personHash)) {
        remember.run(trail, step.id)
        return 0
      }
      const times = turnedAway.get(trail) ?? 0
      turnedAway.delete(trail)
      if (times % LOOK_EVERY > 0) {
        turnedAway.set(trail, times + 1)
        return 0
      }
      const rows = stepsOf.all(trail).map((row) => ({ row: Number(row['id']), step: stepIn(row) }))
      const steps = rows.map(({ step }) => step)
      const strange = new Set(strangersAmong(steps).slice(mostStrange))
      const gone = rows.filter(({ step }) => strange.has(step.id))
      for (const { row, step } of gone) {
        dropStep.run(row)
        remember.run(trail, step.id)
      }
      if (gone.length > 0) {
        const isGone = ({ id }: StoredStep): boolean => strange.has(id)
        aliases.drop(steps.filter(isGone), trail)
        aliases.add(
          steps.filter((step) => !isGone(step)),
          trail,
        )
      }
      if (gone.length === 0) turnedAway.set(trail, 1)
      for (const oldest of turnedAway.keys()) if (turnedAway.size > MOST_FULL) turnedAway.delete(oldest)
      return gone.length
    },
  }
}

export interface EvictionOptions extends NamespaceOptions {
  /** So many steps of strangers' requests stay. */
  readonly mostStrange: number
}

export interface Eviction {
  /** Whether the step was given up before, or what caused it was; what it causes in turn is then known, too. */
  isEvicted(step: StoredStep, trail: number): boolean
  /** For a step that is to come. Gives how many steps went; 0 where all are the trail's own, or the step itself is a stranger's. */
  makeRoom(step: StoredStep, trail: number): number
}

/** Looking through a full trail takes milliseconds, so it is not done for every step that comes. */
const LOOK_EVERY = 200
const MOST_FULL = 1000

/** Ids, those that came first coming first. */
function strangersAmong(steps: readonly StoredStep[]): string[] {
  const { apart } = partsOf(orderSteps(steps.map(({ personHash, ...step }) => ({ ...step, person: personHash }))))
  const strange = new Set(apart.map(({ id }) => id))
  return steps.filter(({ id, startedFor }) => strange.has(startedFor ?? id)).map(({ id }) => id)
}
