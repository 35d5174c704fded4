import type { EngineName } from './Place.ts'

/** One number that a bench measured, once for each round. */
export interface Measure {
  readonly section: Section
  readonly name: string
  readonly unit: 'steps/s' | 'ms' | 'bytes' | 'MB' | 's'
  readonly engine: EngineName
  readonly values: readonly number[]
  /** What somebody must know to read it. */
  readonly note?: string | undefined
}

export const SECTIONS = ['append', 'size', 'look-up', 'http', 'start', 'memory'] as const

export type Section = (typeof SECTIONS)[number]
