import type { TrailRecord } from '../../migrate/TrailRecord.ts'
import { createAliasHash } from './aliases/createAliasHash.ts'
import { trailIn } from './days/createDayReader.ts'
import type { DayReader } from './days/createDayReader.ts'
import { createDays } from './days/createDays.ts'
import { openDayFolder } from './days/DayFolder.ts'
import type { DayFile } from './days/DayFolder.ts'

/**
 * Every trail of a store, file by file, also while its desk runs: what arrives in a trail after it was given is not in it, and one that moves on
 * meanwhile may be given twice, the second time with what was added. Whoever was interrupted goes on after the last cursor.
 */
export async function* exportTrails(options: ExportTrailsOptions): AsyncGenerator<TrailRecord> {
  const { databaseFile, after, onDamage = () => {} } = options
  const hash = createAliasHash(new Uint8Array())
  const days = createDays({ folder: openDayFolder(databaseFile), hash, onDamage, timeoutMs: 5000 })
  const [number = 0, place = 0] = (after ?? '').split('.').map(Number)
  let at: Position = { number, place }
  try {
    // Trails move into newer files only, so those of a file that was gone through are not missed.
    for (let file = fileFrom(days.list(), at); file; file = fileFrom(days.list(), at)) {
      const from: Position = file.number === at.number ? at : { number: file.number, place: 0 }
      const some = days.ask(file, (day) => trailsAfter(day, from.place)) ?? []
      yield* some
      at = some.length > 0 ? positionIn(some.at(-1)!) : { number: file.number + 1, place: 0 }
    }
  } finally {
    days.close()
  }
}

export interface ExportTrailsOptions {
  /** The main file's path. */
  readonly databaseFile: string
  /** The cursor of the last trail that was had already. @default from the start */
  readonly after?: string | undefined
  /** Hears once of each day file that cannot be read; its trails are missing. @default nobody */
  readonly onDamage?: ((file: DayFile, error: unknown) => void) | undefined
}

interface Position {
  readonly number: number
  readonly place: number
}

function fileFrom(files: readonly DayFile[], { number }: Position): DayFile | undefined {
  return files.find((file) => file.number >= number)
}

function positionIn({ cursor }: TrailRecord): Position {
  const [number, place] = cursor.split('.').map(Number)
  return { number: number!, place: place! }
}

function trailsAfter(day: DayReader, place: number): TrailRecord[] {
  return (
    day.database
      .prepare('SELECT * FROM trail WHERE place > ? ORDER BY place LIMIT ?')
      .all(place, AT_ONCE)
      .map(trailIn)
      .map((row) => ({ row, steps: day.steps(row) }))
      // One that moved on between two looks comes with a newer file.
      .filter(({ row, steps }) => steps.length > 0 || row.steps === 0)
      .map(({ row, steps }) => ({
        cursor: `${day.file.number}.${row.place}`,
        place: row.place,
        reference: row.reference,
        steps,
        evicted: row.evicted > 0 ? day.evictedSpans(row.place) : [],
        seenHour: row.seenHour,
      }))
  )
}

const AT_ONCE = 200
