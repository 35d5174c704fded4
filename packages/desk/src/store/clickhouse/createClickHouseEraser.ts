import type { NamespaceOptions, Reference } from '@waybill/reference'
import { aliasesOf, claimedKey } from '../aliasesOf.ts'
import type { Alias } from '../aliasesOf.ts'
import { restAfterErasing } from '../restAfterErasing.ts'
import type { Erased, EraseOptions, Whom } from '../Store.ts'
import { contentsOf, ROW } from './clickHouseSteps.ts'
import { TABLES } from './clickHouseSchema.ts'
import type { ClickHouse } from './createClickHouse.ts'
import { createTrailIndex } from './createTrailIndex.ts'
import { dropAliases } from './dropAliases.ts'
import { inParts } from './inParts.ts'

/**
 * Erases a person, or one trail, from the tables and from their bytes: the parts in which something was are written anew. What leads to the person goes last, so that
 * after a crash it is only to be done once more. What ClickHouse's own logs and backups hold of it stays until they are gone.
 */
export function createClickHouseEraser(clickHouse: ClickHouse, { namespace }: NamespaceOptions) {
  const index = createTrailIndex(clickHouse)

  async function referencesOf(whom: Whom): Promise<Reference[]> {
    if ('reference' in whom) return [whom.reference]
    const rows = await clickHouse.rows(
      `SELECT DISTINCT ref FROM waybill_alias
       WHERE (value IN {persons:Array(String)} AND kind = 'person') OR (value IN {facts:Array(String)} AND startsWith(kind, 'fact:'))`,
      leadsOf(whom),
    )
    return rows.map(({ ref }) => ref as Reference)
  }

  async function erase(
    reference: Reference,
    { whom, dryRun }: EraseTrailOptions,
  ): Promise<'erased' | 'stripped' | 'none'> {
    const live = (await index.of([reference])).of(reference)
    const held = await contentsOf(clickHouse, { reference })
    const steps = held.map(({ step }) => step)
    // Rows of what was forgotten before go as a whole.
    const rest = live.length > 0 ? restAfterErasing(steps, whom) : null
    const outcome = live.length === 0 ? 'none' : rest ? 'stripped' : 'erased'
    if (dryRun) return outcome
    const kept = (rest ?? []).flatMap((step) => (step ? aliasesOf(step, { namespace }) : []))
    const keptKeys = new Set(kept.map(keyOf))
    const aliases = distinct(steps.flatMap((step) => aliasesOf(step, { namespace }))).filter(
      (alias) => !keptKeys.has(keyOf(alias)),
    )
    const leads = new Set(Object.values(leadsOf(whom)).flat())
    if (!rest)
      await clickHouse.command('ALTER TABLE waybill_trail DELETE WHERE ref = {reference:String}', { reference })
    await dropAliases(clickHouse, {
      reference,
      aliases: aliases.filter(({ value }) => !leads.has(value)),
      how: 'rewrite',
    })
    if (rest) {
      const gone = held.filter((_, at) => rest[at] === null).map(({ row }) => row!)
      for (const rows of inParts(gone, ({ length }) => length)) {
        await clickHouse.command(
          `ALTER TABLE waybill_step DELETE WHERE ref = {reference:String} AND ${ROW} IN {rows:Array(String)}`,
          { reference, rows },
        )
      }
      for (const [at, step] of rest.entries()) {
        if (step === null || step === steps[at]) continue
        await clickHouse.command(
          `ALTER TABLE waybill_step UPDATE step = {step:String} WHERE ref = {reference:String} AND ${ROW} = {row:String}`,
          { reference, row: held[at]!.row, step: JSON.stringify(step) },
        )
      }
      if (!rest.some((step) => step && !step.claimed))
        await clickHouse.command('ALTER TABLE waybill_trail UPDATE served = 0 WHERE ref = {reference:String}', {
          reference,
        })
    } else {
      for (const table of ['waybill_step', 'waybill_evicted', 'waybill_seen'])
        await clickHouse.command(`ALTER TABLE ${table} DELETE WHERE ref = {reference:String}`, { reference })
    }
    await dropAliases(clickHouse, {
      reference,
      aliases: aliases.filter(({ value }) => leads.has(value)),
      how: 'rewrite',
    })
    return outcome
  }

  /** Whether nothing is left in which rows are only masked, that was written anew and is still on disk, or that names what was to go. */
  async function clearBytes(): Promise<boolean> {
    // Names nothing, and takes the place of the change before it, whose text does.
    const tables = Object.keys(TABLES).map((table) => clickHouse.command(`ALTER TABLE ${table} APPLY DELETED MASK`))
    await Promise.all(tables)
    for (let asked = 0; asked < 50; asked++) {
      const left = await clickHouse.rows(
        `SELECT 1 FROM system.parts WHERE NOT active AND database = currentDatabase() AND startsWith(table, 'waybill_')
         UNION ALL SELECT 1 FROM system.mutations
         WHERE database = currentDatabase() AND startsWith(table, 'waybill_') AND command NOT LIKE '%APPLY DELETED MASK%'`,
      )
      if (left.length === 0) return true
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return false
  }

  return async (whom: Whom, { dryRun = false }: EraseOptions = {}): Promise<Erased> => {
    const count = { erased: 0, stripped: 0, none: 0 }
    for (const reference of await referencesOf(whom)) count[await erase(reference, { whom, dryRun })]++
    return { trails: count.erased, stripped: count.stripped, cleared: !dryRun && (await clearBytes()) }
  }
}

interface EraseTrailOptions {
  readonly whom: Whom
  readonly dryRun: boolean
}

function leadsOf(whom: Whom): { persons: string[]; facts: string[] } {
  if ('reference' in whom) return { persons: [], facts: [] }
  return {
    persons: [whom.personHash, claimedKey(whom.personHash)],
    facts: whom.value ? [whom.value, claimedKey(whom.value)].map((value) => value) : [],
  }
}

function keyOf({ kind, value }: Alias): string {
  return `${kind}\n${value}`
}

function distinct(aliases: readonly Alias[]): Alias[] {
  return [...new Map(aliases.map((alias) => [keyOf(alias), alias])).values()]
}
