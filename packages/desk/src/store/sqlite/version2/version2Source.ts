import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Reference } from '@waybill/reference'
import type { TrailRecord, TrailSource } from '../../../migrate/TrailRecord.ts'
import { stepIn } from '../../StoredStep.ts'
import { openVersion2 } from './openVersion2.ts'
import type { OpenVersion2Options } from './openVersion2.ts'

/**
 * The trails of a database of version 1 or 2, in the order in which they were first seen.
 *
 * @throws what `openVersion2` throws.
 */
export function version2Source({ databaseFile, ...options }: Version2SourceOptions): TrailSource {
  const { database, secret } = openVersion2(databaseFile, options)
  const trailsAfter = database.prepare(
    'SELECT id, ref, seen_hour FROM refs WHERE id > ? AND steps > 0 ORDER BY id LIMIT 200',
  )
  const stepsOf = database.prepare('SELECT step FROM ev WHERE ref_id = ? ORDER BY id')
  const evictedOf = database.prepare('SELECT span FROM evicted WHERE ref_id = ? ORDER BY span')

  function recordOf(row: Record<string, unknown>): TrailRecord {
    const id = Number(row['id'])
    return {
      cursor: String(id),
      place: id,
      reference: row['ref'] as Reference,
      steps: stepsOf.all(id).map(stepIn),
      evicted: evictedOf.all(id).map(({ span }) => String(span)),
      seenHour: Number(row['seen_hour']),
    }
  }

  return {
    sourceId: idOf(database, databaseFile),
    secret,
    async count() {
      const { trails, steps } = database
        .prepare('SELECT count(*) AS trails, coalesce(sum(steps), 0) AS steps FROM refs WHERE steps > 0')
        .get()!
      return { trails: Number(trails), steps: Number(steps) }
    },
    async *exportTrails({ after = '0' } = {}) {
      let last = Number(after)
      for (let rows = trailsAfter.all(last); rows.length > 0; rows = trailsAfter.all(last)) {
        for (const row of rows) yield recordOf(row)
        last = Number(rows.at(-1)!['id'])
      }
    },
    async close() {
      if (database.isOpen) database.close()
    },
  }
}

export interface Version2SourceOptions extends OpenVersion2Options {
  /** A path. */
  readonly databaseFile: string
}

/** By where it is and what it holds, as far as that can be told without reading all of it. */
function idOf(database: DatabaseSync, databaseFile: string): string {
  const state = database
    .prepare(
      'SELECT count(*) AS trails, max(id) AS trail, sum(steps) AS steps, max(seen_hour) AS hour, (SELECT max(id) FROM ev) AS step FROM refs',
    )
    .get()
  return createHash('sha256')
    .update(JSON.stringify([realpathSync(databaseFile), state]))
    .digest('hex')
}
