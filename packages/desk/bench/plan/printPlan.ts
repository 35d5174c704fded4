import { shown } from '../printMeasures.ts'
import { printTable } from '../printTable.ts'
import { MEASURED_COSTS } from './measuredCosts.ts'
import type { EnginePlan, Plan } from './planDesk.ts'

/** Prints a plan, and under it the numbers that it was counted with. */
export function printPlan({ steps, stepsADay, averageSpeed, peakSpeed, engines, run }: Plan): void {
  console.log(
    `${shown(stepsADay)} steps a day, ${shown(steps)} stored; ${shown(averageSpeed)} steps a second on average, ${shown(peakSpeed)} at the peak\n`,
  )
  const row = (name: string, cell: (plan: EnginePlan) => string): string[] => [name, ...engines.map(cell)]
  printTable([
    ['', ...engines.map(({ engine }) => engine)],
    row('disk', ({ diskBytes }) => bytes(diskBytes)),
    row('memory', ({ memoryBytes }) => bytes(memoryBytes)),
    row('written a second, average', ({ averageWritten }) => bytes(averageWritten)),
    row('written a second, peak', ({ peakWritten }) => bytes(peakWritten)),
    row('peak of what it took', ({ shareOfSpeed }) => `${shown(shareOfSpeed * 100)} %`),
    row('desks', ({ desks }) => (desks === undefined ? '–' : String(desks))),
    row('look-up p50 / p99', ({ lookUp }) =>
      lookUp ? `${shown(lookUp.p50Ms)} / ${shown(lookUp.p99Ms)} ms` : 'not measured',
    ),
    row('files or partitions', ({ files }) => shown(files)),
    row('fits one machine', ({ fits }) => (fits ? 'yes' : 'no')),
  ])
  for (const { engine, reasons } of engines) for (const reason of reasons) console.log(`  ${engine}: ${reason}.`)
  console.log(`\nTo run: ${run}.\n\nCounted with`)
  for (const { engine, severalDesks: _, ...costs } of MEASURED_COSTS)
    for (const [name, { value, how, from }] of Object.entries(costs))
      console.log(`  ${engine} ${name}: ${shown(value)}, ${how}: ${from}`)
}

function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)))
  return `${shown(value / 1000 ** step)} ${units[step]}`
}
