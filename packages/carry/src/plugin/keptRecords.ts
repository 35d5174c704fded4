import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CarryRecord } from './carryModule.ts'

/**
 * Keeps the record of a file for the end of the build, where loaders run in processes of their own and are not run again for what
 * is cached.
 */
export function keepRecord(folder: string, file: string, record: CarryRecord): void {
  mkdirSync(folder, { recursive: true })
  const kept: KeptRecord = { file, digest: digestOf(readFileSync(file)), record }
  writeFileSync(join(folder, `${digestOf(file)}.json`), JSON.stringify(kept))
}

/** The records of files that are still as they were. */
export function keptRecords(folder: string): ReadonlyMap<string, CarryRecord> {
  const records = new Map<string, CarryRecord>()
  for (const name of namesIn(folder)) {
    try {
      const { file, digest, record } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as KeptRecord
      if (digestOf(readFileSync(file)) === digest) records.set(file, record)
    } catch {
      // The file is gone, or the record was cut off.
    }
  }
  return records
}

interface KeptRecord {
  readonly file: string
  readonly digest: string
  readonly record: CarryRecord
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted((a, b) => (a < b ? -1 : 1))
  } catch {
    return []
  }
}

const digestOf = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')
