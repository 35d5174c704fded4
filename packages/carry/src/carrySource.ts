import { MagicString } from 'magic-string'
import type { SourceMap } from 'magic-string'
import {
  carryFunction,
  firstStatement,
  hasDuplicateDeclaration,
  needsCarrying,
  startOfStatement,
} from './transform/carryFunction.ts'
import { findFunctions } from './transform/findFunctions.ts'
import type { Obstacle } from './transform/findFunctions.ts'
import { createInsertions } from './transform/insertions.ts'
import { createNames } from './transform/names.ts'
import type { Names } from './transform/names.ts'
import { lineOf, parseSource } from './transform/parseSource.ts'

/**
 * Rewrites the async functions of one JavaScript or TypeScript source so that each carries what was in force as it was called
 * across its suspensions. Only inserts, on the lines that are there. Undefined where no function is suspended.
 *
 * @throws SyntaxError of a source that cannot be parsed, with the place.
 */
export function carrySource(code: string, options: CarrySourceOptions): CarriedSource | undefined {
  const { filename, runtime = '@waybill/carry/runtime' } = options
  if (!/\b(?:async|await)\b/.test(code) || /\.d\.[cm]?ts$/.test(filename)) return undefined
  const { program, isModule } = parseSource(code, filename)
  const { functions, names: taken, isDynamic, isCommonJs } = findFunctions(program)
  const names = createNames(taken, isDynamic)
  const insertions = createInsertions()
  const leftAlone: LeftAlone[] = []
  let carried = 0
  for (const found of functions) {
    if (!needsCarrying(found)) continue
    const reason = found.obstacle ?? (hasDuplicateDeclaration(found) ? 'duplicate declaration' : undefined)
    if (reason !== undefined) {
      leftAlone.push({ reason, name: found.name, line: lineOf(code, found.node.start) })
      continue
    }
    carried++
    carryFunction(found, { code, names, insertions })
  }
  if (carried === 0 && leftAlone.length === 0) return undefined

  const carriedCode = new MagicString(code)
  if (carried > 0) {
    const isRequired = options.format === undefined ? !(isModule ?? !isCommonJs) : options.format === 'commonjs'
    carriedCode.appendLeft(startOfStatement(firstStatement(program)!), importOf(names, runtime, isRequired))
  }
  for (const [place, text] of insertions.texts()) carriedCode.appendLeft(place, text)
  return {
    code: carriedCode.toString(),
    // Made only for those who ask: to every character it takes longer than all the rest.
    get map() {
      return carriedCode.generateMap({ source: filename, includeContent: true, hires: true })
    },
    carried,
    leftAlone,
  }
}

export interface CarrySourceOptions {
  /** Its extension says which language it is in: `.js`, `.mjs`, `.cjs`, `.jsx`, `.ts`, `.mts`, `.cts` or `.tsx`. */
  readonly filename: string
  /** Where the runtime is imported from. @default "@waybill/carry/runtime" */
  readonly runtime?: string | undefined
  /**
   * Whether the runtime is imported or required. By default as the source itself does it; one that does neither imports, unless it looks
   * like a script.
   */
  readonly format?: 'module' | 'commonjs' | undefined
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

export type ReasonLeftAlone = Obstacle | 'duplicate declaration'

function importOf(names: Names, runtime: string, isRequired: boolean): string {
  const used = names.used().map(({ imported, local }) => `${imported}${isRequired ? ':' : ' as '}${local}`)
  const from = JSON.stringify(runtime)
  return isRequired ? `const{${used.join()}}=require(${from});` : `import{${used.join()}}from${from};`
}
