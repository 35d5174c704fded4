import { spawnSync } from 'node:child_process'
import { statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { openDeskStore } from '../src/writer/openDeskStore.ts'
import type { CleanUp } from './createCleanUp.ts'
import { fillStore } from './fillStore.ts'
import type { Sample } from './fillStore.ts'
import { lookUpsIn, QUANTILES } from './measureLookUps.ts'
import { shown } from './printMeasures.ts'
import { printTable } from './printTable.ts'
import { quantile } from './quantiles.ts'
import { filesIn, sqliteEngine } from './sqliteEngine.ts'

/**
 * Fills SQLite day files with very many steps, and prints how long look-ups in them take: cold, where nothing of the files is in the machine's memory, and warm.
 *
 * @throws RangeError in words when the disk has no room for it.
 */
export async function hundredMillion(
  { steps, days, folder = tmpdir() }: HundredMillionOptions,
  cleanUp: CleanUp,
): Promise<void> {
  const { bavail, bsize } = statfsSync(folder)
  const needed = steps * BYTES_A_STEP * (1 + SPARE)
  if (bavail * bsize < needed)
    throw new RangeError(
      `${count(steps)} steps need about ${gigabytes(needed)} free on the disk of ${folder}, and there are ${gigabytes(bavail * bsize)}. Make room, name another --folder, or take fewer --steps.`,
    )
  const place = await sqliteEngine(cleanUp, folder).make()
  const begun = performance.now()
  let said = 0
  const filled = await fillStore(place, {
    steps,
    days,
    onProgress(stored) {
      const elapsed = performance.now() - begun
      if (elapsed - said < SAY_MS && stored < steps) return
      said = elapsed
      console.log(
        `${((stored / steps) * 100).toFixed(1).padStart(5)} %  ${count(stored)} steps, ${count((stored / elapsed) * 1000)} a second with the making of them, ${timeLeft((elapsed / stored) * (steps - stored))} left`,
      )
    },
  })
  const here = dirname(place.desk.database)
  const { rates } = filled
  const tenth = Math.ceil(rates.length / 10)
  console.log(
    `\n${count(filled.steps)} steps in ${filesIn(here).filter((path) => !/-(?:wal|shm|journal)$/.test(path)).length} files, ${gigabytes(filled.bytes)}, ${(filled.bytes / filled.steps).toFixed(0)} bytes a step`,
  )
  console.log(
    `${count(filled.perSecond)} steps/s on average by the store; p50 of the first tenth ${count(quantile(rates.slice(0, tenth), 0.5))}, of the last ${count(quantile(rates.slice(-tenth), 0.5))}`,
  )
  if (filled.written !== undefined)
    console.log(`${(filled.written / filled.steps).toFixed(0)} bytes written a step: ${place.writtenIs}`)

  const rows: string[][] = []
  const how = emptyCache(here)
  const cold = await coldLookUps(place.desk.database, filled.samples, here)
  for (const [name, latencies] of cold)
    rows.push(rowOf(`${name}, ${how === undefined ? 'not cold' : 'cold'}`, latencies))
  const warm = await warmLookUps(place.desk.database, filled.samples)
  for (const [name, latencies] of warm) rows.push(rowOf(`${name}, warm`, latencies))
  console.log('')
  printTable([['', ...QUANTILES.map(([word]) => word), 'look-ups'], ...rows])
  console.log(
    how === undefined
      ? 'The machine’s cache could not be emptied, so nothing above was cold.'
      : `Cold: before each look-up the machine’s cache was emptied ${how}, and the store was opened anew before every ${COLD_A_STORE}.`,
  )
  await place.remove()
}

export interface HundredMillionOptions {
  readonly steps: number
  /** Over how many days they came. */
  readonly days: number
  /** @default the system's for temporary files */
  readonly folder?: string | undefined
}

/** A look-up of each kind in turn, each with an empty cache. */
async function coldLookUps(
  database: string,
  samples: readonly Sample[],
  folder: string,
): Promise<Map<string, number[]>> {
  const latencies = new Map<string, number[]>()
  for (let done = 0; done < COLD; done += COLD_A_STORE) {
    const desk = openDeskStore({ database, identity: {}, now: Date.now, onError: console.error })
    try {
      for (let turn = 0; turn < COLD_A_STORE; turn++)
        for (const [name, lookUp] of lookUpsIn(desk.store, samples)) {
          emptyCache(folder)
          const begun = performance.now()
          await lookUp()
          latencies.set(name, [...(latencies.get(name) ?? []), performance.now() - begun])
        }
    } finally {
      await desk.store.stop()
    }
  }
  return latencies
}

async function warmLookUps(database: string, samples: readonly Sample[]): Promise<Map<string, number[]>> {
  const desk = openDeskStore({ database, identity: {}, now: Date.now, onError: console.error })
  // So many, again and again, as a support team asks; all of a hundred million are in no machine's memory.
  const asked = samples.filter((_, index) => index % Math.ceil(samples.length / WARM) === 0)
  const latencies = new Map<string, number[]>()
  try {
    for (const round of ['warm up', 'measure'])
      for (const [name, lookUp] of lookUpsIn(desk.store, asked)) {
        const within: number[] = []
        for (let turn = 0; turn < WARM * 4; turn++) {
          const begun = performance.now()
          await lookUp()
          within.push(performance.now() - begun)
        }
        if (round === 'measure') latencies.set(name, within)
      }
  } finally {
    await desk.store.stop()
  }
  return latencies
}

/** How the system was told to forget what it read of a folder's files; undefined when it does not listen. */
function emptyCache(folder: string): string | undefined {
  try {
    // What is not written yet is not forgotten.
    spawnSync('sync', ['-f', folder])
    writeFileSync('/proc/sys/vm/drop_caches', '3')
    return 'by /proc/sys/vm/drop_caches'
  } catch {
    // GNU dd reads nothing so, and tells the system that the file is not needed (posix_fadvise).
    const advised = filesIn(folder).every(
      (path) => spawnSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none']).status === 0,
    )
    return advised ? 'by posix_fadvise' : undefined
  }
}

function rowOf(name: string, latencies: readonly number[]): string[] {
  return [name, ...QUANTILES.map(([, share]) => `${shown(quantile(latencies, share))} ms`), count(latencies.length)]
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-GB')
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

function timeLeft(ms: number): string {
  const minutes = Math.ceil(ms / 60_000)
  return minutes > 90 ? `${(minutes / 60).toFixed(1)} h` : `${minutes} min`
}

/** As measured; see `measuredCosts`. */
const BYTES_A_STEP = 260
/** For what the files' logs hold, and so that the disk is not full at the end. */
const SPARE = 0.1
const SAY_MS = 10_000
const COLD = 100
const COLD_A_STORE = 20
const WARM = 500
