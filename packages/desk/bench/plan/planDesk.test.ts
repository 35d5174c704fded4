import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MEASURED_COSTS } from './measuredCosts.ts'
import type { Cost, EngineCosts } from './measuredCosts.ts'
import { planDesk } from './planDesk.ts'

const cost = (value: number): Cost => ({ value, how: 'calculated', from: 'this test' })

const small: EngineCosts = {
  engine: 'SQLite',
  bytesAStep: cost(200),
  writtenAStep: cost(1000),
  deskSpeed: cost(100),
  speed: cost(400),
  lookUpP50Ms: cost(1),
  lookUpP99Ms: cost(9),
  mostSteps: cost(1_000_000),
  memoryBytes: cost(3e8),
  filesADay: cost(1),
  severalDesks: false,
}
const large: EngineCosts = {
  ...small,
  engine: 'PostgreSQL',
  bytesAStep: cost(500),
  mostSteps: cost(1e9),
  filesADay: cost(2),
  severalDesks: true,
}

/** One action of ten steps each second. */
const load = { actionsADay: 86_400, stepsAnAction: 10, days: 0, peak: 5, diskBytes: 1e9, costs: [small, large] }

test('counts disk, what is written, and files from the steps of the days kept and one more', () => {
  const plan = planDesk({ ...load, days: 9, diskBytes: 1e12 })
  expect(plan).toMatchObject({ stepsADay: 864_000, steps: 8_640_000, averageSpeed: 10, peakSpeed: 50 })
  expect(plan.engines[1]).toMatchObject({
    diskBytes: 4_320_000_000,
    averageWritten: 10_000,
    peakWritten: 50_000,
    files: 20,
    memoryBytes: 3e8,
    fits: true,
  })
})

test('takes the first engine that fits', () => {
  const plan = planDesk(load)
  expect(plan.engines.map(({ fits }) => fits)).toEqual([true, true])
  expect(plan.engines[0]).toMatchObject({ shareOfSpeed: 0.5, desks: 1, lookUp: { p50Ms: 1, p99Ms: 9 }, reasons: [] })
  expect(plan.run).toBe('one desk with a SQLite file, which needs nothing beside it')
})

test('lets several desks share a database where one is too slow', () => {
  const { engines, run } = planDesk({ ...load, peak: 25 })
  expect(engines.map(({ fits }) => fits)).toEqual([false, true])
  expect(engines[0]).toMatchObject({ shareOfSpeed: 2.5, desks: undefined })
  expect(engines[0]!.reasons).toEqual(['the peak is 2.5 times what was measured'])
  expect(engines[1]).toMatchObject({ shareOfSpeed: 0.625, desks: 3 })
  expect(run).toBe('3 desks on one PostgreSQL')
})

test('says where nobody measured, and guesses no look-up there', () => {
  const { engines } = planDesk({ ...load, days: 1 })
  expect(engines[0]).toMatchObject({ lookUp: undefined, fits: true, isMeasured: false })
  expect(engines[0]!.reasons).toEqual(['out of range: look-ups were measured on 1,000,000 steps at most'])
})

test('counts the files of a day that does not fit one', () => {
  const files = (stepsAFile: number): number =>
    planDesk({ ...load, days: 2, costs: [{ ...small, stepsAFile: cost(stepsAFile) }] }).engines[0]!.files
  expect([864_000, 863_999, 300_000].map(files)).toEqual([3, 6, 9])
})

test('leaves a fifth of the disk free', () => {
  const fits = (diskBytes: number): boolean => planDesk({ ...load, diskBytes, costs: [small] }).engines[0]!.fits
  expect(fits(172_800_000 / 0.8)).toBe(true)
  expect(fits(172_800_000 / 0.8 - 1)).toBe(false)
})

test('prefers what was measured, and says so where nothing was', () => {
  expect(planDesk({ ...load, days: 1, diskBytes: 1e12 }).run).toBe('one desk on one PostgreSQL')
  expect(planDesk({ ...load, days: 1, costs: [small] }).run).toBe(
    'one desk with a SQLite file, which needs nothing beside it; how long look-ups take with so much in it was not measured, so measure it first',
  )
})

test('advises nothing where nothing fits', () => {
  const { run } = planDesk({ ...load, peak: 1000 })
  expect(run).toMatch(/^nothing that was measured on one machine holds this/)
})

test('every number says where it comes from', () => {
  expect(MEASURED_COSTS.map(({ engine }) => engine)).toEqual(['SQLite', 'PostgreSQL', 'ClickHouse'])
  for (const { engine, severalDesks: _, ...costs } of MEASURED_COSTS)
    for (const [name, { value, from }] of Object.entries(costs)) {
      expect(value, `${engine} ${name}`).toBeGreaterThan(0)
      expect(from, `${engine} ${name}`).toMatch(/\w{3}/)
    }
})

test.each([
  ['nothing at all', [], '--plan needs --actions-a-day'],
  ['no number', ['--actions-a-day', 'many'], '--actions-a-day must be a number from 1 to'],
  ['a number below zero', ['--actions-a-day=-5'], '--actions-a-day must be a number from 1 to'],
  ['half a day', ['--actions-a-day', '10', '--days', '0.5'], '--days must be a whole number from 1 to 3,650.'],
  ['a peak below the average', ['--actions-a-day', '10', '--peak', '0.5'], '--peak must be a number from 1 to 1,000.'],
  ['an unknown flag', ['--actions', '10'], "Unknown option '--actions'"],
])('refuses %s in words', (_name, args, words) => {
  const { status, stderr, stdout } = bench(['--plan', ...args])
  expect(stderr).toContain(words)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
})

test('prints a plan for what a person asks', () => {
  const { status, stdout } = bench(['--plan', '--actions-a-day', '100,000', '--steps-an-action', '11', '--days', '30'])
  expect(status).toBe(0)
  expect(stdout).toContain('1,100,000 steps a day, 34,100,000 stored')
  expect(stdout).toContain('To run: one desk with a SQLite file')
})

function bench(args: readonly string[]) {
  const program = join(import.meta.dirname, '..', 'deskBench.ts')
  const flags = ['--conditions=waybill-source', '--disable-warning=ExperimentalWarning']
  return spawnSync(process.execPath, [...flags, program, ...args], { encoding: 'utf8' })
}
