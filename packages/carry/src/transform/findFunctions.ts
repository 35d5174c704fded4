import { addBoundNames } from './addBoundNames.ts'
import { childNodes, isNode, unwrapped } from './syntaxNode.ts'
import type { SyntaxNode } from './syntaxNode.ts'

/** A node with its place in the order in which nodes are reached, outer before inner. */
export interface Placed {
  readonly node: SyntaxNode
  readonly order: number
}

/** What is to be known of a function, or of other code that can hold variables of its own, to carry through it. */
export interface FoundFunction extends Placed {
  readonly kind: 'async' | 'async generator' | 'other'
  readonly name: string | undefined
  readonly isStrict: boolean
  /** Every place at which it itself is suspended. */
  readonly suspensions: number[]
  readonly awaits: Placed[]
  readonly yields: Placed[]
  readonly returns: Placed[]
  readonly tries: Placed[]
  /** `for (… of …)` */
  readonly loops: Placed[]
  /** `for await (… of …)`, each with its labels. */
  readonly awaitingLoops: { readonly loop: Placed; readonly statement: Placed }[]
  /** `using` declarations, each with what it disposes at the end of. */
  readonly usings: { readonly declaration: Placed; readonly block: SyntaxNode }[]
  readonly varNames: Set<string>
  /** Of the functions that are declared in it, at its top or in a block. */
  readonly blockNames: Set<string>
  /** Of an arrow, which has no `arguments` of its own: what it is in. */
  readonly around: FoundFunction | undefined
  usesArguments: boolean
  /** Why it cannot be carried. */
  obstacle: Obstacle | undefined
}

export type Obstacle = 'await using' | 'eval' | 'with' | 'unknown syntax'

export interface FoundSource {
  /** Those that are suspended, outer before inner. */
  readonly functions: readonly FoundFunction[]
  /** Every name that occurs. */
  readonly names: ReadonlySet<string>
  /** Whether code in it can look up names that do not occur in it. */
  readonly isDynamic: boolean
  /** Whether it is written as a CommonJS module, or as a script, is. */
  readonly isCommonJs: boolean
}

export function findFunctions(program: SyntaxNode): FoundSource {
  const functions: FoundFunction[] = []
  const names = new Set<string>()
  let isDynamic = false
  let isCommonJs = false
  let order = 0

  // Not by recursion: sums and chains of calls can be thousands deep.
  const pending: Visit[] = []
  let inside: Visit[] = []
  const around: Surroundings = {
    isInWith: false,
    isStrict: program['sourceType'] === 'module' || hasUseStrict(program),
    isTopLevelThis: true,
  }
  pending.push({ node: program, within: newFunction({ node: program, order }, around), around })
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    inside = []
    visit(next)
    for (let index = inside.length - 1; index >= 0; index--) pending.push(inside[index]!)
  }

  // A generator is suspended as it is created, before anything of it runs.
  const isSuspended = ({ suspensions, kind }: FoundFunction) => suspensions.length > 0 || kind === 'async generator'
  return { functions: functions.filter(isSuspended), names, isDynamic, isCommonJs }

  function walk(node: SyntaxNode, within: FoundFunction, around: Surroundings): void {
    inside.push({ node, within, around })
  }

  function visit({ node, within, around: surroundings }: Visit): void {
    const placed: Placed = { node, order: ++order }
    const children = childNodes(node)
    if (children === undefined) {
      within.obstacle ??= 'unknown syntax'
      return
    }
    const inner = { ...surroundings, parent: node, name: undefined, statement: undefined }
    const walkChildren = (scope: FoundFunction, around: Surroundings) => {
      for (const each of children) walk(each, scope, around)
    }

    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const isArrow = node.type === 'ArrowFunctionExpression'
        const around = {
          ...inner,
          isStrict: surroundings.isStrict || hasUseStrict(node['body'] as SyntaxNode),
          isTopLevelThis: isArrow && surroundings.isTopLevelThis,
        }
        const found = newFunction(placed, around, nameOf(node['id']) ?? surroundings.name, isArrow ? within : undefined)
        functions.push(found)
        if (node.type === 'FunctionDeclaration' && isNode(node['id']))
          within.blockNames.add(node['id']['name'] as string)
        return walkChildren(found, around)
      }
      case 'StaticBlock':
      case 'TSModuleBlock': {
        const around = { ...inner, isTopLevelThis: false }
        return walkChildren(newFunction(placed, around), around)
      }
      case 'ClassDeclaration':
      case 'ClassExpression':
        return walkChildren(within, { ...inner, isStrict: true })
      case 'PropertyDefinition':
      case 'AccessorProperty':
      case 'MethodDefinition':
      case 'Property': {
        const key = node['key'] as SyntaxNode
        const value = node['value']
        const isName = node['computed'] !== true
        for (const each of children) {
          if (each === key && isName) continue
          if (each !== value) walk(each, within, inner)
          else if (node.type === 'Property' || node.type === 'MethodDefinition')
            walk(each, within, { ...inner, name: isName ? nameOf(key) : undefined })
          else {
            const around = { ...inner, name: isName ? nameOf(key) : undefined, isTopLevelThis: false }
            walk(each, newFunction(placed, around), around)
          }
        }
        return
      }
      case 'Identifier':
      case 'JSXIdentifier': {
        const name = node['name'] as string
        names.add(name)
        if (name === 'arguments')
          for (let each: FoundFunction | undefined = within; each; each = each.around) each.usesArguments = true
        if (name === 'exports' || name === '__dirname' || name === '__filename') isCommonJs = true
        return walkChildren(within, inner)
      }
      case 'ThisExpression':
        if (surroundings.isTopLevelThis) isCommonJs = true
        return
      case 'MemberExpression': {
        const object = node['object'] as SyntaxNode
        const property = node['property'] as SyntaxNode
        if (nameOf(object) === 'module' && nameOf(property) === 'exports') isCommonJs = true
        walk(object, within, inner)
        if (node['computed'] === true) walk(property, within, inner)
        return
      }
      case 'CallExpression': {
        const callee = nameOf(unwrapped(node['callee'] as SyntaxNode))
        if (callee === 'require') isCommonJs = true
        if (callee === 'eval' && node['optional'] !== true) {
          isDynamic = true
          within.obstacle ??= 'eval'
        }
        return walkChildren(within, inner)
      }
      case 'UnaryExpression':
        if (node['operator'] === 'typeof' && nameOf(node['argument']) === 'module') isCommonJs = true
        return walkChildren(within, inner)
      case 'WithStatement':
        isDynamic = true
        within.obstacle ??= 'with'
        walk(node['object'] as SyntaxNode, within, inner)
        return walk(node['body'] as SyntaxNode, within, { ...inner, isInWith: true })
      case 'VariableDeclarator':
        return walkChildren(within, { ...inner, name: nameOf(node['id']) })
      case 'AssignmentExpression':
      case 'AssignmentPattern':
        return walkChildren(within, { ...inner, name: nameOf(node['left']) })
      case 'ParenthesizedExpression':
        return walkChildren(within, { ...inner, name: surroundings.name })
      case 'VariableDeclaration':
        if (node['kind'] === 'var') addBoundNames(node, within.varNames)
        else if (node['kind'] === 'using') within.usings.push({ declaration: placed, block: surroundings.parent! })
        else if (node['kind'] === 'await using') {
          within.obstacle ??= 'await using'
          within.suspensions.push(node.start)
        } else if (node['kind'] !== 'let' && node['kind'] !== 'const') within.obstacle ??= 'unknown syntax'
        return walkChildren(within, inner)
      case 'AwaitExpression':
        suspends()
        within.awaits.push(placed)
        return walkChildren(within, inner)
      case 'YieldExpression':
        if (within.kind === 'async generator') {
          suspends()
          within.yields.push(placed)
        }
        return walkChildren(within, inner)
      case 'ReturnStatement':
        if (within.kind === 'async generator' && node['argument'] !== null) {
          within.suspensions.push(node.start)
          within.returns.push(placed)
        }
        return walkChildren(within, inner)
      case 'TryStatement':
        within.tries.push(placed)
        return walkChildren(within, inner)
      case 'LabeledStatement':
        walk(node['label'] as SyntaxNode, within, inner)
        return walk(node['body'] as SyntaxNode, within, { ...inner, statement: surroundings.statement ?? placed })
      case 'ForOfStatement':
        if (node['await'] === true) {
          suspends()
          within.awaitingLoops.push({ loop: placed, statement: surroundings.statement ?? placed })
        } else within.loops.push(placed)
        return walkChildren(within, inner)
      default:
        return walkChildren(within, inner)
    }

    function suspends(): void {
      within.suspensions.push(node.start)
      if (within.kind === 'other') within.obstacle ??= 'unknown syntax'
    }
  }
}

interface Visit {
  readonly node: SyntaxNode
  /** Whose code it is. */
  readonly within: FoundFunction
  readonly around: Surroundings
}

interface Surroundings {
  readonly isInWith: boolean
  readonly isStrict: boolean
  /** Whether `this` is what it is outside of every function. */
  readonly isTopLevelThis: boolean
  readonly parent?: SyntaxNode | undefined
  /** What a function here is called by what it is put into. */
  readonly name?: string | undefined
  /** The outermost of the labels around a statement. */
  readonly statement?: Placed | undefined
}

function newFunction(
  placed: Placed,
  { isInWith, isStrict }: Surroundings,
  name?: string,
  around?: FoundFunction,
): FoundFunction {
  const { node } = placed
  return {
    ...placed,
    kind: node['async'] !== true ? 'other' : node['generator'] === true ? 'async generator' : 'async',
    name,
    isStrict,
    suspensions: [],
    awaits: [],
    yields: [],
    returns: [],
    tries: [],
    loops: [],
    awaitingLoops: [],
    usings: [],
    varNames: new Set(),
    blockNames: new Set(),
    around,
    usesArguments: false,
    obstacle: isInWith ? 'with' : undefined,
  }
}

function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'Identifier') return node['name'] as string
  if (node.type === 'PrivateIdentifier') return `#${node['name'] as string}`
  return node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined
}

/** Of what has statements: a program or a function's body. */
function hasUseStrict(node: SyntaxNode): boolean {
  return (
    Array.isArray(node['body']) && (node['body'] as SyntaxNode[]).some((each) => each['directive'] === 'use strict')
  )
}
