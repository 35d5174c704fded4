import { AT_REST } from './measureEngines.ts'
import { IN_PROCESS } from './measureAppends.ts'
import { TAKEN } from './measureHttp.ts'
import { LAST_THIRD, SECOND_THIRD } from './measureMemory.ts'
import type { Measure } from './Measure.ts'
import { shown } from './printMeasures.ts'
import { printTable } from './printTable.ts'
import { median } from './quantiles.ts'

/** Prints what SQLite has to reach, and whether it did. Answers whether it reached all of it. */
export function printAcceptance(measures: readonly Measure[]): boolean {
  const of = (isIt: (name: string) => boolean): number => {
    const found = measures.filter(({ engine, name }) => engine === 'SQLite' && isIt(name))
    return found.length === 0 ? Number.NaN : Math.max(...found.map(({ values }) => median(values)))
  }
  const lines = TARGETS.map(({ what, unit, isIt, least, most }) => {
    const value = of(isIt)
    const isReached = least === undefined ? value <= most : value >= least
    return {
      what,
      target: least === undefined ? `≤ ${shown(most)} ${unit}` : `≥ ${shown(least)} ${unit}`,
      value: `${shown(value)} ${unit}`,
      isReached,
    }
  })
  const growth = of((name) => name === LAST_THIRD) / of((name) => name === SECOND_THIRD)
  lines.push({
    what: 'memory, last third of the time to the second',
    target: '≤ 1.1',
    value: shown(growth),
    isReached: growth <= 1.1,
  })
  console.log('\nWhat SQLite has to reach')
  printTable([
    ['', 'target', 'measured', ''],
    ...lines.map(({ what, target, value, isReached }) => [what, target, value, isReached ? 'reached' : 'NOT REACHED']),
  ])
  return lines.every(({ isReached }) => isReached)
}

type Target = { readonly what: string; readonly unit: Measure['unit']; readonly isIt: (name: string) => boolean } & (
  { readonly least: number; readonly most?: never } | { readonly most: number; readonly least?: never }
)

/** Where several numbers are meant, the largest counts. */
const TARGETS: readonly Target[] = [
  { what: 'steps in process', unit: 'steps/s', isIt: (name) => name === IN_PROCESS, least: 50_000 },
  {
    what: 'steps over HTTP',
    unit: 'steps/s',
    isIt: (name) => /connections at full speed: /.test(name) && name.endsWith(TAKEN),
    least: 10_000,
  },
  { what: 'look-up by reference, p50', unit: 'ms', isIt: (name) => name === 'by reference, p50', most: 1 },
  { what: 'look-up by reference, p99', unit: 'ms', isIt: (name) => name === 'by reference, p99', most: 10 },
  { what: 'look-up by alias, p50', unit: 'ms', isIt: (name) => name === 'by alias, p50', most: 1 },
  { what: 'look-up by alias, p99', unit: 'ms', isIt: (name) => name === 'by alias, p99', most: 10 },
  { what: 'a miss, p50', unit: 'ms', isIt: (name) => /^a .* is not there, p50$/.test(name), most: 1 },
  {
    what: 'any look-up while steps come in at half speed, p99',
    unit: 'ms',
    isIt: (name) => name.endsWith('while steps come in, p99'),
    most: 20,
  },
  { what: AT_REST, unit: 'bytes', isIt: (name) => name === AT_REST, most: 260 },
  { what: 'start', unit: 's', isIt: (name) => name.startsWith('start '), most: 1 },
]
