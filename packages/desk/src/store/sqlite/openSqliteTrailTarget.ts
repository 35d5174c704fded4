import type { NamespaceOptions, Reference } from '@waybill/reference'
import type { MigrationProgress, TrailRecord, TrailTarget } from '../../migrate/TrailRecord.ts'
import { aliasesOf } from '../aliasesOf.ts'
import type { StoredStep } from '../StoredStep.ts'
import { createAliasHash } from './aliases/createAliasHash.ts'
import { createActiveDay, dayOf, moveLog } from './days/createActiveDay.ts'
import type { TrailRow } from './days/createDayReader.ts'
import type { DayWriter } from './days/createDayWriter.ts'
import type { DayFile } from './days/DayFolder.ts'
import { openDayFolder } from './days/DayFolder.ts'
import { lockDatabase } from './lockDatabase.ts'
import { openSqlite } from './sqliteSchema.ts'
import { aliasesIn, aliasIndex } from './aliasIndex.ts'
import { HOUR_MS } from './HOUR_MS.ts'

/**
 * A SQLite store to move trails into, made when it is not there. No desk may run on it meanwhile. Each trail comes into a file of the day it was last
 * added to, so that it is forgotten when it is due.
 *
 * @throws Error when a desk runs on the database, or it cannot be opened.
 */
export function openSqliteTrailTarget(options: SqliteTrailTargetOptions): TrailTarget {
  const { databaseFile, hashSecret, namespace = '' } = options
  const unlock = lockDatabase(databaseFile)
  const opened = openSqlite(databaseFile, { hashSecret })
  const { database: main, secret } = opened
  const hash = createAliasHash(secret)
  const folder = openDayFolder(databaseFile)
  const active = createActiveDay({ main, folder, hash, namespace, now: Date.now, onDamage: () => {} })
  const writers = new Map<number, DayWriter>()
  const readMeta = main.prepare('SELECT value FROM meta WHERE key = ?')
  const writeMeta = main.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
  const dropMeta = main.prepare('DELETE FROM meta WHERE key = ?')

  function progressOf(sourceId: string): MigrationProgress | undefined {
    const text = readMeta.get(`migration ${sourceId}`)?.['value']
    return typeof text === 'string' ? (JSON.parse(text) as MigrationProgress) : undefined
  }

  /** In use; those that were not for the longest are closed. */
  function used(writer: DayWriter): DayWriter {
    writers.delete(writer.file.number)
    writers.set(writer.file.number, writer)
    for (const longest of writers.values()) if (writers.size > MOST_OPEN) close(longest)
    return writer
  }

  function close({ file, day }: DayWriter): void {
    writers.delete(file.number)
    folder.close(day.database)
  }

  function holderOf(reference: Reference): DayFile | undefined {
    const number = hash.ofReference(reference)
    return active.days
      .list()
      .toReversed()
      .find((file) => {
        const writer = writers.get(file.number)
        if (writer) return writer.find(reference) !== undefined
        return (
          active.days.mayHold(file, number) &&
          active.days.ask(file, (day) => day.find(reference) !== undefined) === true
        )
      })
  }

  function writerFor({ reference, seenHour }: TrailRecord): DayWriter {
    const day = dayOf(seenHour * HOUR_MS)
    const holder = holderOf(reference)
    const file = holder ?? active.days.list().findLast((each) => each.day === day)
    const writer = file && (writers.get(file.number) ?? active.days.use(file, () => active.reach(file)))
    if (writer) used(writer)
    return writer && (holder || !writer.isFull()) ? writer : used(active.make(day))
  }

  function take(writer: DayWriter, record: TrailRecord, base: number): void {
    const { reference, seenHour, evicted } = record
    const before = writer.find(reference)
    const held = before ? writer.day.steps(before) : []
    const fresh = strangersTo(held, record.steps)
    const steps = [...held, ...fresh]
    const row: TrailRow = {
      place: before?.place ?? writer.takePlace(base + record.place),
      reference,
      seenHour: Math.max(seenHour, before?.seenHour ?? 0),
      steps: steps.length,
      claims: steps.filter(({ claimed }) => claimed).length,
      blocks: 1,
      evicted: new Set([...(before ? writer.day.evictedSpans(before.place) : []), ...evicted]).size,
      generation: before?.generation ?? 0,
      movedFrom: before?.movedFrom ?? null,
    }
    if (before) writer.put(row, before)
    else writer.putNew(row)
    if (fresh.length > 0) writer.replace(row, steps)
    writer.addAliases(row, aliasesIn(aliasIndex(fresh, namespace)))
    writer.addEvicted(row, evicted)
  }

  function strangersTo(held: readonly StoredStep[], steps: readonly StoredStep[]): StoredStep[] {
    const known = new Set(held.map(keyOf))
    return steps.filter((step) => !known.has(keyOf(step)) && known.add(keyOf(step)))
  }

  /** What makes two steps one, see `createAdmission`. */
  function keyOf(step: StoredStep): string {
    const [own] = aliasesOf(step, { namespace })
    return `${own!.kind}\n${own!.value}`
  }

  return {
    secret,
    async importTrails(records, progress) {
      active.exclusively(() => {
        // Above what is there already; kept with the progress, so that it is the same after an interruption.
        const base = progress.base ?? progressOf(progress.sourceId)?.base ?? active.nextPlace()
        const byFile = new Map<DayWriter, TrailRecord[]>()
        for (const record of records) {
          const writer = writerFor(record)
          byFile.set(writer, [...(byFile.get(writer) ?? []), record])
        }
        for (const [writer, some] of byFile) {
          writer.write(() => {
            writer.unseal()
            for (const record of some) take(writer, record, base)
          })
        }
        writeMeta.run(`migration ${progress.sourceId}`, JSON.stringify({ ...progress, base }))
      })
    },
    async progress(sourceId) {
      return progressOf(sourceId)
    },
    async finish(sourceId) {
      dropMeta.run(`migration ${sourceId}`)
    },
    async close() {
      if (!main.isOpen) return
      active.exclusively(() => {
        for (const writer of writers.values()) {
          writer.seal()
          moveLog(writer.day.database)
          close(writer)
        }
      })
      active.close()
      main.close()
      unlock()
    },
  }
}

export interface SqliteTrailTargetOptions extends NamespaceOptions {
  /** A path; the file is made when it is not there. */
  readonly databaseFile: string
  /** See `openHashSecret`. */
  readonly hashSecret?: string | undefined
}

/** Files that are written at a time; trails mostly come day by day. */
const MOST_OPEN = 16
