import type { Reference } from '@waybill/reference'
import { byTrail } from '../admission/byTrail.ts'
import { createAdmission } from '../admission/createAdmission.ts'
import type { Admitted, AdmissionOptions, HeldStep, KnownTrail } from '../admission/createAdmission.ts'
import type { Appended } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import type { AliasHash } from './aliases/createAliasHash.ts'
import type { ActiveDay } from './days/createActiveDay.ts'
import type { TrailRow } from './days/createDayReader.ts'
import type { DayWriter } from './days/createDayWriter.ts'
import type { DayFile } from './days/DayFolder.ts'
import { addAlias, aliasesIn, aliasIndex } from './aliasIndex.ts'
import { createKnownTrails } from './createKnownTrails.ts'
import type { OpenTrail } from './createKnownTrails.ts'
import { HOUR_MS } from './HOUR_MS.ts'

/**
 * Writes groups of steps into today's file, in one transaction: all are durable when it returns, or none is and it throws. A trail that lies in the
 * file of a former day moves into today's as a whole: copied first, and then deleted where it was, so that it is never nowhere.
 */
export function createSqliteWriter(active: ActiveDay, { now, hash, ...limits }: SqliteWriterOptions): SqliteWriter {
  const admission = createAdmission(limits)
  const namespace = limits.namespace ?? ''
  const known = createKnownTrails()

  /** In an older file, the newest of them that holds it. */
  function findBefore(reference: Reference, today: DayWriter): Older | undefined {
    const number = hash.ofReference(reference)
    for (const file of active.days.list().toReversed()) {
      if (file.number === today.file.number || !active.days.mayHold(file, number)) continue
      const found = active.days.ask(file, (day) => {
        const row = day.find(reference)
        return row && { row, steps: day.steps(row), spans: row.evicted > 0 ? day.evictedSpans(row.place) : [] }
      })
      if (found) return { file, ...found }
    }
    return undefined
  }

  function open(reference: Reference, { today, hour, moved }: Group): OpenTrail {
    const remembered = known.get(reference)
    if (remembered) return remembered
    const row = today.find(reference)
    if (row) return { row, isNew: false, aliases: aliasIndex(today.day.steps(row), namespace) }
    const older = findBefore(reference, today)
    if (!older) {
      const place = today.newPlace()
      const fresh = { steps: 0, claims: 0, blocks: 0, evicted: 0, generation: 0, movedFrom: null }
      return { row: { place, reference, seenHour: hour, ...fresh }, isNew: true, aliases: new Map() }
    }
    const here = { ...older.row, blocks: 1, generation: 0, movedFrom: older.file.number }
    today.putNew(here)
    today.replace(here, older.steps)
    today.addEvicted(here, older.spans)
    const aliases = aliasIndex(older.steps, namespace)
    today.addAliases(here, aliasesIn(aliases))
    today.state().movesPending = true
    moved.set(older.file, [...(moved.get(older.file) ?? []), here.place])
    return { row: here, isNew: false, aliases }
  }

  function admit(reference: Reference, steps: readonly StoredStep[], group: Group): readonly boolean[] {
    const { today } = group
    const trail = open(reference, group)
    const { row, isNew, aliases } = trail
    const { values, spans } = admission.questionsOf(isNew ? [] : steps)
    const asked: KnownTrail = {
      reference,
      steps: row.steps,
      claims: row.claims,
      aliases: values.flatMap((value) => aliases.get(value) ?? []),
      evicted: row.evicted > 0 ? spans.filter((span) => today.isEvicted(row, span)) : [],
    }
    const admitting = admission.admit<number>(asked, steps)
    let contents: readonly HeldStep<number>[] = []
    let turn = admitting.next([])
    while (!turn.done) {
      contents = isNew ? [] : today.day.steps(row).map((step, index) => ({ step, row: index }))
      turn = admitting.next(contents)
    }
    write(trail, turn.value, contents, group)
    return turn.value.refused
  }

  function write(
    { row, isNew, aliases }: OpenTrail,
    admitted: Admitted<number>,
    contents: readonly HeldStep<number>[],
    { today, hour }: Group,
  ): void {
    const added = admitted.added.map(({ step }) => step)
    const isRewritten = admitted.droppedRows.length > 0 || row.blocks === MOST_BLOCKS
    const after: TrailRow = {
      ...row,
      steps: admitted.steps,
      claims: admitted.claims,
      seenHour: Math.max(row.seenHour, hour),
      blocks: row.blocks + Number(added.length > 0),
      evicted: row.evicted + admitted.evicted.length,
    }
    if (isNew) today.putNew(after)
    if (isRewritten) {
      const dropped = new Set(admitted.droppedRows)
      const held = contents.length > 0 ? contents.map(({ step }) => step) : today.day.steps(row)
      const rest = [...held.filter((_, index) => !dropped.has(index)), ...added]
      // What led to steps that are gone is of a generation before.
      const rewritten = { ...after, blocks: 1, generation: (row.generation + 1) % 2 ** 16 }
      today.replace(rewritten, rest)
      today.put(rewritten, isNew ? after : row)
      aliases.clear()
      for (const [value, each] of aliasIndex(rest, namespace)) aliases.set(value, each)
      today.addAliases(rewritten, aliasesIn(aliases))
      known.set({ row: rewritten, isNew: false, aliases })
    } else {
      if (added.length > 0) today.add(row, added)
      if (!isNew) today.put(after, row)
      const all = admitted.added.flatMap((each) => each.aliases)
      today.addAliases(
        after,
        all.filter((alias) => addAlias(aliases, alias)),
      )
      // One that was just begun is mostly whole already.
      if (!isNew) known.set({ row: after, isNew: false, aliases })
    }
    today.addEvicted(after, admitted.evicted)
  }

  /** What keeps it from this, such as a lock, keeps the next write from beginning, which does it first. */
  function dropMoved(moved: ReadonlyMap<DayFile, readonly number[]>): void {
    try {
      for (const [file, places] of moved) active.dropMoved(file, places)
    } catch {
      known.clear()
      active.reopen()
    }
  }

  return {
    write(groups) {
      const hour = Math.floor(now() / HOUR_MS)
      const { trails, answersTo } = byTrail(groups)
      return active.exclusively(() => {
        const before = active.newest()
        const today = active.today()
        if (today !== before) known.clear()
        const moved = new Map<DayFile, number[]>()
        const group: Group = { today, hour, moved }
        const refused = new Map<Reference, readonly boolean[]>()
        try {
          today.write(() => {
            today.state().movesPending = false
            for (const [reference, { steps }] of trails) refused.set(reference, admit(reference, steps, group))
          })
        } catch (error) {
          known.clear()
          active.reopen()
          throw error
        }
        dropMoved(moved)
        return answersTo(refused)
      })
    },
    forget: known.clear,
  }
}

export interface SqliteWriter {
  /** Answers each group. */
  write(groups: readonly (readonly StoredStep[])[]): Appended[]
  /** To be called when somebody else has changed trails. */
  forget(): void
}

export interface SqliteWriterOptions extends AdmissionOptions {
  readonly now: () => number
  readonly hash: AliasHash
}

interface Group {
  readonly today: DayWriter
  readonly hour: number
  /** Trails that came from older files. */
  readonly moved: Map<DayFile, number[]>
}

interface Older {
  readonly file: DayFile
  readonly row: TrailRow
  readonly steps: readonly StoredStep[]
  readonly spans: readonly string[]
}

/** The last one that its number has room for stays free. */
const MOST_BLOCKS = 4095
