import { fillStore } from './fillStore.ts'
import type { Filled } from './fillStore.ts'
import type { Measure, Section } from './Measure.ts'
import { measureAppends } from './measureAppends.ts'
import { measureHttp } from './measureHttp.ts'
import { measureLookUps } from './measureLookUps.ts'
import { measureMemory } from './measureMemory.ts'
import { measureStart } from './measureStart.ts'
import type { Engine, Place } from './Place.ts'

/** Measures each engine on a store of `steps` steps; `append` on new ones. */
export async function measureEngines(engines: readonly Engine[], options: MeasureOptions): Promise<Measure[]> {
  const { only, rounds, steps, days, onProgress } = options
  const measures: Measure[] = []
  const wants = (section: Section): boolean => only.includes(section)
  if (wants('append')) {
    onProgress('appending')
    measures.push(...(await measureAppends(engines, { rounds, steps: options.appended })))
  }
  if (only.every((section) => section === 'append')) return measures
  for (const engine of engines) {
    const place = await engine.make()
    const say = (what: string): void => onProgress(`${engine.name}: ${what}`)
    const filled = await fillStore(place, {
      steps,
      days,
      onProgress: (stored) =>
        say(`${((stored / steps) * 100).toFixed(0)} % of ${steps.toLocaleString('en-GB')} steps stored`),
    })
    const { samples } = filled
    measures.push(...(wants('size') ? sizeOf(place, filled) : []))
    if (wants('start')) {
      say('starting')
      measures.push(await measureStart(place, { samples, rounds }))
    }
    if (wants('look-up')) {
      say('looking up')
      measures.push(...(await measureLookUps(place, { samples, count: options.lookUps, seconds: options.seconds })))
    }
    let fullSpeed = options.rate
    if (wants('http')) {
      say('sending over HTTP')
      const http = await measureHttp(place, { samples, ...options })
      measures.push(...http.measures)
      fullSpeed ??= http.fullSpeed
    }
    if (wants('memory')) {
      say(`${options.minutes} min of steps`)
      measures.push(
        ...(await measureMemory(place, { samples, minutes: options.minutes, perSecond: (fullSpeed ?? 10_000) / 2 })),
      )
    }
    await place.remove()
  }
  return measures
}

export interface MeasureOptions {
  readonly only: readonly Section[]
  readonly rounds: number
  /** That are stored while something else is measured. */
  readonly steps: number
  /** Over how many days they came. */
  readonly days: number
  /** Steps that a round of `append` writes. */
  readonly appended: number
  /** Look-ups of each kind. */
  readonly lookUps: number
  readonly bodies: number
  readonly connections: number
  readonly pace: number
  readonly seconds: number
  readonly minutes: number
  /** Full speed over HTTP, where it is not measured. */
  readonly rate?: number | undefined
  readonly onProgress: (what: string) => void
}

function sizeOf(place: Place, { steps, perSecond, rates, bytes, written, jsonBytesAStep }: Filled): Measure[] {
  const measure = (name: string, unit: Measure['unit'], values: readonly number[], note?: string): Measure => ({
    section: 'size',
    name,
    unit,
    engine: place.engine,
    values,
    note,
  })
  const tenth = Math.ceil(rates.length / 10)
  return [
    measure(
      'steps stored',
      'steps/s',
      [perSecond],
      `${steps.toLocaleString('en-GB')} steps of ${jsonBytesAStep.toFixed(0)} bytes each as JSON`,
    ),
    measure('in the last tenth of them', 'steps/s', rates.slice(-tenth)),
    measure(AT_REST, 'bytes', [bytes / steps]),
    ...(written === undefined ? [] : [measure('written for a step', 'bytes', [written / steps], place.writtenIs)]),
  ]
}

export const AT_REST = 'a step at rest, indexes included'
