import { addBoundNames } from './addBoundNames.ts'
import type { FoundFunction } from './findFunctions.ts'
import type { Insertions } from './insertions.ts'
import type { Names } from './names.ts'
import type { SyntaxNode } from './syntaxNode.ts'

/**
 * Takes what is in force as an async generator is created: of its code only the defaults of its parameters run then. The default is that
 * of a parameter which takes nothing from the caller and does not count in `length`. False where it cannot be had: parameters that are no
 * longer just names forbid a "use strict" in the function and two of one name, and untie a sloppy function's `arguments` from them.
 */
export function captureAtCreation(found: FoundFunction, { code, names, insertions }: CarryInto): boolean {
  const { node, isStrict, usesArguments } = found
  const params = node['params'] as readonly SyntaxNode[]
  const isSimple = params.every(({ type }) => type === 'Identifier')
  const boundNames = new Set<string>()
  for (const each of params) addBoundNames(each, boundNames)
  const body = (node['body'] as SyntaxNode)['body'] as readonly SyntaxNode[]
  if (body.some((each) => each['directive'] === 'use strict')) return false
  if (isSimple && !isStrict && (usesArguments || boundNames.size < params.length)) return false

  // Beside a rest parameter it would take a pattern that compilers for older engines move into the body, to the first `next()`.
  if (params.at(-1)?.type === 'RestElement') return false
  const end = endOfParameters(node, code)
  if (end === undefined) return false
  const capture = `$carry:${names.activation}=${names.use('c')}()`
  insertions.after(found, `${end.needsComma ? ',' : ''}...{${capture}}`, end.place)
  return true
}

export interface CarryInto {
  readonly code: string
  readonly names: Names
  readonly insertions: Insertions
}

function endOfParameters(
  node: SyntaxNode,
  code: string,
): { readonly place: number; readonly needsComma: boolean } | undefined {
  const last = (node['params'] as readonly SyntaxNode[]).at(-1)
  let needsComma = last !== undefined
  let place =
    last?.end ??
    Math.max(...['typeParameters', 'id'].map((key) => (node[key] as SyntaxNode | null | undefined)?.end ?? node.start))
  if (!last) place = pastTrivia(code, place, '(') + 1
  place = pastTrivia(code, place, ',)')
  if (code[place] === ',') {
    needsComma = false
    place = pastTrivia(code, place + 1, ')')
  }
  return code[place] === ')' ? { place, needsComma } : undefined
}

/** The place of the first of `sought` that is not in a comment. */
function pastTrivia(code: string, from: number, sought: string): number {
  let place = from
  while (place < code.length && !sought.includes(code[place]!)) {
    if (code.startsWith('//', place)) place = /[\n\r\u2028\u2029]|$/.exec(code.slice(place))!.index + place
    else if (code.startsWith('/*', place)) place = code.indexOf('*/', place + 2) + 2
    else place++
  }
  return place
}
