import { carrySource } from '../carrySource.ts'
import type { LeftAlone } from '../carrySource.ts'
import { fileOf } from './fileOf.ts'
import { originalLines } from './originalLines.ts'

/**
 * Carries one module of a build, and keeps the record of it for the build's log. Undefined where there is nothing to say. Never
 * throws: what is wrong with a source the bundler says itself, and better.
 */
export function carryModule(
  code: string,
  { id, languages, mapSoFar, runtime }: ModuleToCarry,
): CarriedModule | undefined {
  // Carried already, by another rule or by its publisher.
  if (CARRIED.test(code)) return undefined
  const isLowered = LOWERED.test(code)
  if (!ASYNC.test(code)) return isLowered ? { source: undefined, record: { ...NO_RECORD, isLowered } } : undefined
  const file = fileOf(id)
  let fault: string | undefined
  for (const language of languages) {
    try {
      const source = carrySource(code, { filename: `${file}.${language}`, runtime })
      if (source === undefined && !isLowered) return undefined
      const { carried = 0, leftAlone = [] } = source ?? {}
      const map = leftAlone.length > 0 ? mapSoFar?.() : undefined
      const placed = map ? originalLines(leftAlone, map) : leftAlone
      const record = { carried, leftAlone: placed, fault: undefined, isLowered }
      if (source === undefined || carried === 0) return { source: undefined, record }
      const { mappings, names } = source.map
      return {
        source: { code: source.code, map: { version: 3, sources: [file], sourcesContent: [code], names, mappings } },
        record,
      }
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error)
    }
  }
  return { source: undefined, record: { ...NO_RECORD, fault, isLowered } }
}

export interface ModuleToCarry {
  readonly id: string
  /** As file extensions; each is tried until the source can be parsed. */
  readonly languages: readonly string[]
  /** The source map of what was made of the file until now. */
  readonly mapSoFar?: (() => object | undefined) | undefined
  /** What the runtime is imported as. @default its name */
  readonly runtime?: string | undefined
}

export interface CarriedModule {
  /** Undefined where the source stays as it is. */
  readonly source: CarriedText | undefined
  readonly record: CarryRecord
}

export interface CarriedText {
  readonly code: string
  /** To the text that was given. */
  readonly map: {
    version: 3
    sources: string[]
    sourcesContent: string[]
    names: string[]
    mappings: string
  }
}

/** What became of a module. Can be written as JSON, because bundlers keep it in their caches. */
export interface CarryRecord {
  readonly carried: number
  readonly leftAlone: readonly LeftAlone[]
  /** Why the source could not be read. */
  readonly fault: string | undefined
  /** Whether its async functions, or some, were compiled away before. */
  readonly isLowered: boolean
}

/** The runtime, by its name or its path. */
const CARRIED = /["'](?:@waybill\/carry\/runtime|[^"'\n]*\/carry\/(?:src|dist)\/runtime\.[jt]s)["']/

const ASYNC = /\basync\b/

/** The names that Babel, Oxc, SWC, esbuild and TypeScript give to what runs an async function that they compiled away. */
const LOWERED = /\b_?async_?to_?generator\b|\b__(?:async|awaiter)\b/i

/** For bundlers' own filters: in other modules there is nothing to carry and nothing to say. */
export const OF_INTEREST = new RegExp(`${ASYNC.source}|${LOWERED.source}`, 'i')

const NO_RECORD: CarryRecord = { carried: 0, leftAlone: [], fault: undefined, isLowered: false }
