import { isAbsolute, relative } from 'node:path'
import type { CheckedCarryOptions } from './checkCarryOptions.ts'
import { fileOf } from './fileOf.ts'
import { globExpression } from './globExpression.ts'

/** Tells which of a build's modules are to carry: the app's own sources and the packages that are named, less what is excluded. */
export function createSourceFilter(
  { include, exclude }: Pick<CheckedCarryOptions, 'include' | 'exclude'>,
  root: string,
): SourceFilter {
  const named = new Set(include)
  const patterns = exclude.map((pattern) => (typeof pattern === 'string' ? globExpression(pattern) : pattern))
  return (id) => {
    // Rollup's mark of a module that is no file.
    if (id.startsWith('\0') || AS_TEXT.test(id)) return false
    const file = fileOf(id)
    if (!isAbsolute(file)) return false
    const name = packageOf(file)
    if (name !== undefined && !named.has(name)) return false
    const path = relative(root, file).replaceAll('\\', '/')
    return !exclude.some((pattern, index) => {
      const expression = patterns[index]!
      // One with the flag `g` or `y` would go on where it last stopped.
      expression.lastIndex = 0
      return expression.test(typeof pattern === 'string' ? path : file)
    })
  }
}

/** Takes a module's id, as bundlers have them: a file's path, perhaps with a query. */
export type SourceFilter = (id: string) => boolean

/** The package that a file in `node_modules` is of; undefined of the app's own. */
export function packageOf(file: string): string | undefined {
  const at = file.lastIndexOf('/node_modules/')
  if (at < 0) return undefined
  const [first = '', second = ''] = file.slice(at + '/node_modules/'.length).split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}

/** Imported as a text or an address, not to run. */
const AS_TEXT = /[?&](?:raw|url)(?:&|$)/
