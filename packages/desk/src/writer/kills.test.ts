import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Reference } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { afterAll, expect, test } from 'vitest'
import { damageOf, dayFiles, storedSteps } from '../../fixtures/dayFiles.ts'
import { SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { startDeskProcess } from '../../fixtures/startDeskProcess.ts'
import { stepOf } from '../../fixtures/stepOf.ts'
import { createSqliteStore } from '../store/sqlite/sqliteStore.ts'

const KILLS = Number(process.env['KILLS'] ?? 2)
const CONNECTIONS = 6

const folder = mkdtempSync(join(tmpdir(), 'waybill-kills-'))
afterAll(() => rmSync(folder, { recursive: true }))

test(
  `a desk that is killed ${KILLS} times under load loses no step that it acknowledged, and opens clean`,
  async () => {
    const databaseFile = join(folder, 'desk.db')
    const acknowledged: Step[] = []
    for (let kill = 1; kill <= KILLS; kill++) {
      const desk = await startDeskProcess({ database: databaseFile, readToken: TOKEN, ingestKeys: [SERVER_KEY] })
      const enough = acknowledged.length + 50 + Math.floor(Math.random() * 2000)
      const dead = new AbortController()
      const keepSending = async (): Promise<void> => {
        while (!dead.signal.aborted) {
          const { servers } = refundTrail()
          const status = await send(desk.url, servers)
          if (status === 200) acknowledged.push(...servers)
          else if (status !== 503) return
          if (acknowledged.length >= enough && !dead.signal.aborted) {
            dead.abort()
            await desk.kill()
          }
        }
      }
      await Promise.all(Array.from({ length: CONNECTIONS }, keepSending))
      await desk.kill()
      const store = createSqliteStore({ databaseFile })
      const kept = new Set<string>()
      for (const reference of new Set(acknowledged.map((step) => step.reference)))
        for (const { id } of await store.trail(reference)) kept.add(id)
      await store.stop()
      expect(acknowledged.filter(({ id }) => !kept.has(id))).toEqual([])
      expect(acknowledged.length).toBeGreaterThanOrEqual(enough)
      expect(new Set(damageOf(databaseFile))).toEqual(new Set(['ok']))
    }
    console.log(`${KILLS} kills, ${acknowledged.length} acknowledged steps, none lost`)
  },
  60_000 + KILLS * 20_000,
)

test(
  `a desk whose days pass in a moment, killed ${KILLS} times as trails move from file to file, loses and doubles no step`,
  async () => {
    const databaseFile = join(folder, 'days.db')
    const acknowledged = new Map<string, Set<string>>()
    let start = Date.now()
    let count = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      const days = { start, lastMs: 40 }
      const options = { readToken: TOKEN, ingestKeys: [SERVER_KEY], keepDays: 36_500 }
      const desk = await startDeskProcess({ database: databaseFile, ...options, days })
      const enough = count + 50 + Math.floor(Math.random() * 1000)
      const dead = new AbortController()
      /** Steps of new trails and of some that are there already. */
      const keepSending = async (): Promise<void> => {
        while (!dead.signal.aborted) {
          const known = [...acknowledged.keys()]
          const old = Array.from(
            { length: 3 },
            () => known[Math.floor(Math.random() * known.length)] as Reference | undefined,
          )
          const steps = [undefined, ...old].flatMap((reference) => refundTrail(reference && { reference }).servers)
          const status = await send(desk.url, steps)
          if (status !== 200 && status !== 503) return
          if (status === 503) continue
          for (const { id, reference } of steps)
            acknowledged.set(reference, (acknowledged.get(reference) ?? new Set()).add(id))
          count += steps.length
          if (count >= enough && !dead.signal.aborted) {
            dead.abort()
            await desk.kill()
          }
        }
      }
      await Promise.all(Array.from({ length: CONNECTIONS }, keepSending))
      await desk.kill()
      start += 200 * 86_400_000
      const store = createSqliteStore({ databaseFile, now: () => start })
      // Whoever writes first mends what was left half done.
      await store.append([stepOf()])
      const lost: string[] = []
      for (const [reference, ids] of acknowledged) {
        const kept = (await store.trail(reference as Reference)).map(({ id }) => id)
        expect(new Set(kept).size).toBe(kept.length)
        lost.push(...[...ids].filter((id) => !kept.includes(id)))
      }
      expect(lost).toEqual([])
      await store.stop()
      expect(new Set(damageOf(databaseFile))).toEqual(new Set(['ok']))
      const everywhere = (await storedSteps(databaseFile)).map(({ id }) => id)
      expect(everywhere.length).toBe(new Set(everywhere).size)
    }
    const files = dayFiles(databaseFile).length
    expect(files).toBeGreaterThan(KILLS)
    console.log(`${KILLS} kills, ${count} acknowledged steps in ${files} files, none lost, none doubled`)
  },
  60_000 + KILLS * 30_000,
)

/** The status, or undefined where the connection was cut. */
async function send(url: string, steps: readonly Step[]): Promise<number | undefined> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` }
  try {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers,
      body: JSON.stringify(encodeOtlp(steps)),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return undefined
  }
}
