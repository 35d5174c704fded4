import type { EngineName } from '../Place.ts'
import { MEASURED_COSTS } from './measuredCosts.ts'
import type { EngineCosts } from './measuredCosts.ts'

/** What a desk needs for so many actions, on each engine, by what was measured; what lies beyond that is said, and not guessed. */
export function planDesk({
  actionsADay,
  stepsAnAction,
  days,
  peak,
  diskBytes,
  costs = MEASURED_COSTS,
}: PlanOptions): Plan {
  const stepsADay = actionsADay * stepsAnAction
  // What is as old as the days that are kept goes with its whole day, so one more is there.
  const steps = stepsADay * (days + 1)
  const averageSpeed = stepsADay / DAY_S
  const load = { steps, stepsADay, averageSpeed, peakSpeed: averageSpeed * peak, days, diskBytes }
  const engines = costs.map((each) => planEngine(each, load))
  return { steps, stepsADay, averageSpeed, peakSpeed: load.peakSpeed, engines, run: adviceFor(engines) }
}

export interface PlanOptions {
  readonly actionsADay: number
  readonly stepsAnAction: number
  /** For which trails are kept. */
  readonly days: number
  /** How many times the average the busiest minutes are. */
  readonly peak: number
  /** What the disk has room for. */
  readonly diskBytes: number
  /** @default what was measured */
  readonly costs?: readonly EngineCosts[] | undefined
}

export interface Plan {
  /** Stored in the end. */
  readonly steps: number
  readonly stepsADay: number
  /** Steps a second. */
  readonly averageSpeed: number
  readonly peakSpeed: number
  readonly engines: readonly EnginePlan[]
  /** What to run, in words. */
  readonly run: string
}

export interface EnginePlan {
  readonly engine: EngineName
  readonly diskBytes: number
  readonly memoryBytes: number
  /** Bytes a second. */
  readonly averageWritten: number
  readonly peakWritten: number
  /** The peak's share of what the engine took when it was measured; above 1 it is more. */
  readonly shareOfSpeed: number
  /** Undefined where it would be more than one database took. */
  readonly desks: number | undefined
  /** Undefined where more is stored than look-ups were ever measured on. */
  readonly lookUp: { readonly p50Ms: number; readonly p99Ms: number } | undefined
  readonly files: number
  /** Whether one machine holds it, by its disk and its speed. */
  readonly fits: boolean
  /** Whether look-ups were measured on so many steps. */
  readonly isMeasured: boolean
  /** Why it does not fit, and what nobody measured. */
  readonly reasons: readonly string[]
}

function planEngine(
  costs: EngineCosts,
  { steps, stepsADay, averageSpeed, peakSpeed, days, diskBytes }: Load,
): EnginePlan {
  const {
    engine,
    bytesAStep,
    writtenAStep,
    deskSpeed,
    speed,
    mostSteps,
    memoryBytes,
    filesADay,
    stepsAFile,
    severalDesks,
  } = costs
  const disk = steps * bytesAStep.value
  const shareOfSpeed = peakSpeed / (severalDesks ? speed : deskSpeed).value
  const isTooFast = shareOfSpeed > 1
  const isTooLarge = disk > diskBytes * MOST_OF_DISK
  const isBeyond = steps > mostSteps.value
  const reasons = [
    ...(isTooFast ? [`the peak is ${shown(shareOfSpeed)} times what was measured`] : []),
    ...(isTooLarge ? ['the disk has no room for it, a fifth of it being left free'] : []),
    ...(isBeyond ? [`out of range: look-ups were measured on ${shown(mostSteps.value)} steps at most`] : []),
  ]
  return {
    engine,
    diskBytes: disk,
    memoryBytes: memoryBytes.value,
    averageWritten: averageSpeed * writtenAStep.value,
    peakWritten: peakSpeed * writtenAStep.value,
    shareOfSpeed,
    desks: isTooFast ? undefined : severalDesks ? Math.max(1, Math.ceil(peakSpeed / deskSpeed.value)) : 1,
    lookUp: isBeyond ? undefined : { p50Ms: costs.lookUpP50Ms.value, p99Ms: costs.lookUpP99Ms.value },
    files: filesADay.value * Math.max(1, Math.ceil(stepsADay / (stepsAFile?.value ?? stepsADay))) * (days + 1),
    fits: !isTooFast && !isTooLarge,
    isMeasured: !isBeyond,
    reasons,
  }
}

interface Load {
  readonly steps: number
  readonly stepsADay: number
  readonly averageSpeed: number
  readonly peakSpeed: number
  readonly days: number
  readonly diskBytes: number
}

/** The first that fits, in the order of what there is to look after; one that was measured before all others. */
function adviceFor(engines: readonly EnginePlan[]): string {
  const fitting = engines.filter(({ fits }) => fits)
  const first = fitting.find(({ isMeasured }) => isMeasured) ?? fitting[0]
  if (!first) return NOTHING_FITS
  const { engine, desks = 1, isMeasured } = first
  const where = engine === 'SQLite' ? 'with a SQLite file, which needs nothing beside it' : `on one ${engine}`
  const warning = isMeasured ? '' : '; how long look-ups take with so much in it was not measured, so measure it first'
  return `${desks === 1 ? 'one desk' : `${desks} desks`} ${where}${warning}`
}

const NOTHING_FITS =
  'nothing that was measured on one machine holds this: keep fewer days, give it a larger disk, or keep only the index at the desk and the spans where they already live, and measure that first'

function shown(value: number): string {
  return value >= 1000
    ? value.toLocaleString('en-GB', { maximumFractionDigits: 0 })
    : String(Number(value.toPrecision(2)))
}

const DAY_S = 86_400
/** A disk that is full stops a desk, and day files and tables are written anew where something is erased. */
const MOST_OF_DISK = 0.8
