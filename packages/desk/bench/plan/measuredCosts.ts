import type { EngineName } from '../Place.ts'

/** A number that `planDesk` counts with, and where it comes from. */
export interface Cost {
  readonly value: number
  readonly how: 'measured' | 'calculated'
  readonly from: string
}

export interface EngineCosts {
  readonly engine: EngineName
  readonly bytesAStep: Cost
  readonly writtenAStep: Cost
  /** Steps a second that one desk takes over HTTP, with its database on the same machine. */
  readonly deskSpeed: Cost
  /** Steps a second that the database takes, however many desks there are. */
  readonly speed: Cost
  readonly lookUpP50Ms: Cost
  readonly lookUpP99Ms: Cost
  /** Stored steps up to which look-ups were measured. */
  readonly mostSteps: Cost
  /** Of a desk's process, and of the database's own beside it. */
  readonly memoryBytes: Cost
  /** Files, or partitions. */
  readonly filesADay: Cost
  /** After so many steps of one day the next file begins. */
  readonly stepsAFile?: Cost
  readonly severalDesks: boolean
}

const MACHINE = 'two cores, Node 24, November 2026'

/** Beside these, SCALE.md says how each was measured. */
export const MEASURED_COSTS: readonly EngineCosts[] = []
