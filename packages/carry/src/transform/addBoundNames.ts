import { childNodes } from './syntaxNode.ts'
import type { SyntaxNode } from './syntaxNode.ts'

/** Adds the names that a declaration or a pattern binds. */
export function addBoundNames(node: SyntaxNode, names: Set<string>): void {
  switch (node.type) {
    case 'Identifier':
      names.add(node['name'] as string)
      return
    case 'AssignmentPattern':
      return addBoundNames(node['left'] as SyntaxNode, names)
    case 'Property':
      return addBoundNames(node['value'] as SyntaxNode, names)
    case 'VariableDeclarator':
      return addBoundNames(node['id'] as SyntaxNode, names)
    case 'TSParameterProperty':
      return addBoundNames(node['parameter'] as SyntaxNode, names)
    default:
      for (const each of childNodes(node) ?? []) addBoundNames(each, names)
  }
}
