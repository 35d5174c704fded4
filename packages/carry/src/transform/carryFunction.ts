import { captureAtCreation } from './captureAtCreation.ts'
import type { CarryInto } from './captureAtCreation.ts'
import { addBoundNames } from './addBoundNames.ts'
import type { FoundFunction, Placed } from './findFunctions.ts'
import { childNodes, unwrapped } from './syntaxNode.ts'
import type { SyntaxNode } from './syntaxNode.ts'

/** Brackets each stretch of a function between two of its suspensions. */
export function carryFunction(found: FoundFunction, { code, names, insertions }: CarryInto): void {
  const { before, after } = insertions
  const $ = names.activation
  const resume = () => `${names.use('b')}(${$});`
  const isSuspendedIn = ({ start, end }: SyntaxNode) => found.suspensions.some((place) => start <= place && place < end)

  carryBody()
  for (const each of found.awaits) {
    carryOperand(each, each.node['argument'] as SyntaxNode, names.use('o'))
    carryResult(each)
  }
  for (const each of found.yields) {
    const argument = each.node['argument'] as SyntaxNode | null
    if (argument === null) after(each, ` ${names.use('o')}(${$})`)
    else carryOperand(each, argument, names.use(each.node['delegate'] === true ? 'e' : 'o'))
    carryResult(each)
  }
  for (const each of found.returns) carryOperand(each, each.node['argument'] as SyntaxNode, names.use('o'))
  for (const { node, order } of found.tries) carryTry(node, order)
  for (const { loop, statement } of found.awaitingLoops) carryAwaitingLoop(loop, statement)
  for (const { node, order } of found.loops) {
    const body = node['body'] as SyntaxNode
    // A rejection closes the iterator, whose `return()` is called before any `catch` is reached.
    if (isSuspendedIn(body)) bracket({ node: body, order }, 'try{', `}finally{${resume()}}`)
  }
  for (const { declaration, block } of found.usings) {
    if (!isSuspendedIn(block)) continue
    for (const node of declaration.node['declarations'] as SyntaxNode[]) {
      if (node['init'] === null) continue
      // Disposed before the one in front of it, which a rejection disposes before any `catch` is reached.
      after({ node, order: declaration.order }, `,${names.unused()}=${names.use('d')}(${$})`)
    }
  }

  function carryBody(): void {
    const body = found.node['body'] as SyntaxNode
    const placed = { node: body, order: found.order }
    const end = `}finally{${names.use('o')}(${$})}`
    const enter = () => `const ${$}=${names.use('n')}();`
    if (body.type !== 'BlockStatement') {
      before(placed, `{${enter()}try{return (`)
      after(placed, `)${end}}`)
      return
    }
    const begin = () => {
      if (found.kind !== 'async generator') return enter()
      const captured = captureAtCreation(found, { code, names, insertions })
      // Whoever calls its `next()` first need not be whoever made it, and another is worse than none.
      return (captured ? '' : `const ${$}=${names.use('c')}([]);`) + resume()
    }
    before(placed, `${begin()}try{`, startOfStatement(firstStatement(body)!))
    after(placed, end, body.end - 1)
  }

  function carryOperand(placed: Placed, operand: SyntaxNode, name: string): void {
    const isSequence = operand.type === 'SequenceExpression'
    // `await(x)` has nothing between that would keep two names apart.
    const space = /[\w$]/.test(code[operand.start - 1]!) ? ' ' : ''
    before(placed, `${space}${name}(${$},${isSequence ? '(' : ''}`, operand.start)
    after(placed, isSequence ? '))' : ')', operand.end)
  }

  function carryResult(placed: Placed): void {
    before(placed, `${names.use('b')}(${$},`)
    after(placed, ')')
  }

  function carryTry(node: SyntaxNode, order: number): void {
    const [block, handler, finalizer] = [node['block'], node['handler'], node['finalizer']] as [
      SyntaxNode,
      SyntaxNode?,
      SyntaxNode?,
    ]
    const isBlockSuspended = isSuspendedIn(block)
    if (handler && isBlockSuspended) {
      before({ node: handler, order }, resume(), (handler['body'] as SyntaxNode).start + 1)
      if (handler['param']) resumeInPattern(handler['param'] as SyntaxNode, order)
    }
    if (finalizer && (isBlockSuspended || (handler && isSuspendedIn(handler)))) {
      before({ node: finalizer, order }, resume(), finalizer.start + 1)
    }
  }

  function carryAwaitingLoop(loop: Placed, statement: Placed): void {
    const body = { node: loop.node['body'] as SyntaxNode, order: loop.order }
    resumeInPattern(loop.node['left'] as SyntaxNode, loop.order)
    carryOperand(loop, loop.node['right'] as SyntaxNode, names.use('e'))
    const isDisposed = (loop.node['left'] as SyntaxNode)['kind'] === 'using' && isSuspendedIn(body.node)
    bracket(body, resume() + (isDisposed ? 'try{' : ''), isDisposed ? `}finally{${resume()}}` : '')
    before(statement, 'try{')
    after(statement, `}finally{${resume()}}`)
  }

  /** Around what is in a statement's braces, which it is given where it has none. */
  function bracket(placed: Placed, start: string, end: string): void {
    const isBlock = placed.node.type === 'BlockStatement'
    before(placed, isBlock ? start : `{${start}`, placed.node.start + (isBlock ? 1 : 0))
    after(placed, isBlock ? end : `${end}}`, placed.node.end - (isBlock ? 1 : 0))
  }

  /** What a pattern computes after a suspension, before there is a statement that could begin the stretch. */
  function resumeInPattern(pattern: SyntaxNode, order: number): void {
    const first = (node: SyntaxNode) => {
      before({ node, order }, `(${names.use('b')}(${$}),`)
      after({ node, order }, ')')
    }
    switch (pattern.type) {
      case 'AssignmentPattern': {
        resumeInPattern(pattern['left'] as SyntaxNode, order)
        const right = pattern['right'] as SyntaxNode
        // Computes nothing, and would lose the name that it gets from where it is.
        if (!NAMED_BY_PLACE.has(unwrapped(right).type)) first(right)
        return
      }
      case 'Property':
        if (pattern['computed'] === true) first(pattern['key'] as SyntaxNode)
        return resumeInPattern(pattern['value'] as SyntaxNode, order)
      case 'MemberExpression':
        if ((pattern['object'] as SyntaxNode).type !== 'Super') first(pattern['object'] as SyntaxNode)
        return
      case 'Identifier':
        return
      case 'VariableDeclarator':
        return resumeInPattern(pattern['id'] as SyntaxNode, order)
      default:
        for (const each of childNodes(pattern) ?? []) resumeInPattern(each, order)
    }
  }
}

/**
 * Whether a function needs to be carried: it is suspended, and something of it can run after its first suspension. Nothing can where an
 * arrow's expression is one `await`.
 */
export function needsCarrying({ node, kind, suspensions, awaits }: FoundFunction): boolean {
  if (kind === 'async generator') return firstStatement(node['body'] as SyntaxNode) !== undefined
  const isTailAwait = awaits.length === 1 && unwrapped(node['body'] as SyntaxNode) === awaits[0]!.node
  return suspensions.length > 0 && !(isTailAwait && suspensions.length === 1)
}

/**
 * The body becomes a block, in which a name can be declared by one function only, and not by a `var` as well. In sloppy mode a function
 * in a block is a `var`, too, which Rolldown's parser takes for a second one.
 */
export function hasDuplicateDeclaration({
  node,
  varNames,
  blockNames,
  isStrict,
  usesArguments,
}: FoundFunction): boolean {
  if (!isStrict && [...blockNames].some((name) => varNames.has(name))) return true
  const names = new Set(varNames)
  if (!isStrict && usesArguments) for (const each of node['params'] as SyntaxNode[]) addBoundNames(each, names)
  for (const each of ((node['body'] as SyntaxNode)['body'] ?? []) as readonly SyntaxNode[]) {
    let statement = each
    while (statement.type === 'LabeledStatement') statement = statement['body'] as SyntaxNode
    if (statement.type !== 'FunctionDeclaration') continue
    const { name } = statement['id'] as { readonly name: string }
    if (names.has(name)) return true
    names.add(name)
  }
  return false
}

/** After the directives. */
export function firstStatement(body: SyntaxNode): SyntaxNode | undefined {
  return (body['body'] as readonly SyntaxNode[]).find((each) => typeof each['directive'] !== 'string')
}

/** Decorators come before what they decorate begins. */
export function startOfStatement(statement: SyntaxNode): number {
  const declaration = statement['declaration'] as SyntaxNode | null | undefined
  const decorators = [statement['decorators'], declaration?.['decorators']].flat() as (SyntaxNode | undefined)[]
  return Math.min(statement.start, ...decorators.filter((each) => each !== undefined).map(({ start }) => start))
}

const NAMED_BY_PLACE: ReadonlySet<string> = new Set([
  'ArrowFunctionExpression',
  'FunctionExpression',
  'ClassExpression',
])
