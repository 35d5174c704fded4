import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Step } from '@waybill/trail'
import { afterAll, expect, test } from 'vitest'
import { damageOf, storedSteps } from '../../fixtures/dayFiles.ts'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

// A disk of six megabytes, which Linux lets root have.
const disk = mkdtempSync(join(tmpdir(), 'waybill-full-'))
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'none', disk]).status === 0
afterAll(() => {
  if (isMounted) spawnSync('umount', ['--lazy', disk])
  rmSync(disk, { recursive: true })
})

test.skipIf(!isMounted)(
  'a full disk refuses steps, loses none that were acknowledged, and takes them again once there is room',
  async () => {
    const databaseFile = join(disk, 'desk.db')
    const ballast = join(disk, 'ballast')
    writeFileSync(ballast, Buffer.alloc(4_000_000))
    const faults: unknown[] = []
    const desk = openDesk({
      database: databaseFile,
      onError: (error) => faults.push(error),
    })
    const acknowledged: Step[] = []
    const send = async (): Promise<Response> => {
      const steps = Array.from({ length: 10 }, () => refundTrail().servers).flat()
      const response = await desk.sendAsServer(steps)
      if (response.status === 200) acknowledged.push(...steps)
      return response
    }
    const missing = async (): Promise<readonly Step[]> => {
      const kept = new Set((await storedSteps(databaseFile)).map(({ id }) => id))
      return acknowledged.filter(({ id }) => !kept.has(id))
    }

    let refused = await send()
    while (refused.status === 200) refused = await send()
    expect(refused.status).toBe(503)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(faults).toMatchObject([{ message: expect.stringContaining('full') }])
    expect(acknowledged.length).toBeGreaterThan(0)
    expect(await missing()).toEqual([])

    rmSync(ballast)
    expect((await send()).status).toBe(200)
    expect(await missing()).toEqual([])
    await desk[Symbol.asyncDispose]()
    expect(new Set(damageOf(databaseFile))).toEqual(new Set(['ok']))
  },
)
