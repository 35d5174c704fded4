import type { SourceMap } from 'magic-string'

/**
 * Rewrites the async functions of one JavaScript or TypeScript source so that each carries what was in force as it was called
 * across its suspensions. Only inserts, on the lines that are there. Undefined where nothing is to be carried.
 *
 * @throws SyntaxError of a source that cannot be parsed, with the place.
 */
export function carrySource(code: string, options: CarrySourceOptions): CarriedSource | undefined {
  throw new Error(`not yet: ${code.length} ${options.filename}`)
}

export interface CarrySourceOptions {
  /** Its extension says which language it is in: `.js`, `.mjs`, `.cjs`, `.jsx`, `.ts`, `.mts`, `.cts` or `.tsx`. */
  readonly filename: string
  /** Where the runtime is imported from. @default "@waybill/carry/runtime" */
  readonly runtime?: string | undefined
}

export interface CarriedSource {
  readonly code: string
  readonly map: SourceMap
  /** How many functions carry. */
  readonly carried: number
  /** Those that lose it at their first suspension, as without the plugin. */
  readonly leftAlone: readonly LeftAlone[]
}

export interface LeftAlone {
  readonly reason: ReasonLeftAlone
  /** The function's name, where it has one. */
  readonly name: string | undefined
  /** From 1. */
  readonly line: number
}

export type ReasonLeftAlone = 'await using' | 'eval' | 'with' | 'duplicate declaration' | 'unknown syntax'
