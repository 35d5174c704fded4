import type { Measure } from './Measure.ts'
import type { EngineName } from './Place.ts'
import { printTable } from './printTable.ts'
import { median } from './quantiles.ts'

/** A table of medians, with the lowest and the highest where there were rounds, and PostgreSQL's ratio to SQLite. */
export function printMeasures(measures: readonly Measure[]): void {
  const engines = [...new Set(measures.map(({ engine }) => engine))]
  const hasRatio = engines.includes('SQLite') && engines.includes('PostgreSQL')
  for (const section of new Set(measures.map(({ section }) => section))) {
    const within = measures.filter((measure) => measure.section === section)
    const names = [...new Set(within.map(({ name }) => name))]
    const rows = names.map((name) => {
      const of = (engine: EngineName): Measure | undefined =>
        within.find((each) => each.name === name && each.engine === engine)
      const [lite, postgres] = [of('SQLite'), of('PostgreSQL')]
      const ratio = lite && postgres ? (median(postgres.values) / median(lite.values)).toFixed(2) : ''
      return [name, ...engines.map((engine) => cellOf(of(engine))), ...(hasRatio ? [ratio] : [])]
    })
    console.log(`\n${section}`)
    printTable([['', ...engines, ...(hasRatio ? ['PostgreSQL : SQLite'] : [])], ...rows])
    for (const { engine, name, note } of within) if (note) console.log(`  ${engine}, ${name}: ${note}.`)
  }
}

function cellOf(measure: Measure | undefined): string {
  if (!measure) return ''
  const { values, unit } = measure
  const spread = values.length > 1 ? ` (${shown(Math.min(...values))}–${shown(Math.max(...values))})` : ''
  return `${shown(median(values))} ${unit}${spread}`
}

/** Three digits that mean something, or whole thousands' groups. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-GB')
  return String(Number(value.toPrecision(3)))
}
