import { visitorKeys } from 'oxc-parser'

/** A node of the tree that the parser makes: ESTree, with TypeScript's and JSX's nodes. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [property: string]: unknown
}

/**
 * The nodes within a node of a known type, in the order of the source. Undefined of a type that is not known here, or of which the
 * parser knows more children than are known here: what is in those, and whether it suspends, cannot be said.
 */
export function childNodes(node: SyntaxNode): readonly SyntaxNode[] | undefined {
  const keys = KNOWN.get(node.type)
  if (keys === undefined) return undefined
  const children: SyntaxNode[] = []
  for (const key of keys) {
    const child = node[key]
    for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) children.push(each)
  }
  return children
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as Partial<SyntaxNode>).type === 'string'
}

/** Without the parentheses and the TypeScript around it, which leave no trace when the code runs. */
export function unwrapped(node: SyntaxNode): SyntaxNode {
  let inner = node
  while (TRANSPARENT.has(inner.type)) inner = inner['expression'] as SyntaxNode
  return inner
}

const TRANSPARENT: ReadonlySet<string> = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSInstantiationExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
])

/** A closed list: what a newer parser adds to the language is unknown until somebody has looked whether it suspends. */
const CHILDREN: Readonly<Record<string, string>> = {
  AccessorProperty: 'decorators key typeAnnotation value',
  ArrayExpression: 'elements',
  ArrayPattern: 'decorators elements typeAnnotation',
  ArrowFunctionExpression: 'typeParameters params returnType body',
  AssignmentExpression: 'left right',
  AssignmentPattern: 'decorators left right typeAnnotation',
  AwaitExpression: 'argument',
  BinaryExpression: 'left right',
  BlockStatement: 'body',
  BreakStatement: 'label',
  CallExpression: 'callee typeArguments arguments',
  CatchClause: 'param body',
  ChainExpression: 'expression',
  ClassBody: 'body',
  ClassDeclaration: 'decorators id typeParameters superClass superTypeArguments implements body',
  ClassExpression: 'decorators id typeParameters superClass superTypeArguments implements body',
  ConditionalExpression: 'test consequent alternate',
  ContinueStatement: 'label',
  DebuggerStatement: '',
  Decorator: 'expression',
  DoWhileStatement: 'body test',
  EmptyStatement: '',
  ExportAllDeclaration: 'exported source attributes',
  ExportDefaultDeclaration: 'declaration',
  ExportNamedDeclaration: 'declaration specifiers source attributes',
  ExportSpecifier: 'local exported',
  ExpressionStatement: 'expression',
  ForInStatement: 'left right body',
  ForOfStatement: 'left right body',
  ForStatement: 'init test update body',
  FunctionDeclaration: 'id typeParameters params returnType body',
  FunctionExpression: 'id typeParameters params returnType body',
  Identifier: 'decorators typeAnnotation',
  IfStatement: 'test consequent alternate',
  ImportAttribute: 'key value',
  ImportDeclaration: 'specifiers source attributes',
  ImportDefaultSpecifier: 'local',
  ImportExpression: 'source options',
  ImportNamespaceSpecifier: 'local',
  ImportSpecifier: 'imported local',
  JSXAttribute: 'name value',
  JSXClosingElement: 'name',
  JSXClosingFragment: '',
  JSXElement: 'openingElement children closingElement',
  JSXEmptyExpression: '',
  JSXExpressionContainer: 'expression',
  JSXFragment: 'openingFragment children closingFragment',
  JSXIdentifier: '',
  JSXMemberExpression: 'object property',
  JSXNamespacedName: 'namespace name',
  JSXOpeningElement: 'name typeArguments attributes',
  JSXOpeningFragment: '',
  JSXSpreadAttribute: 'argument',
  JSXSpreadChild: 'expression',
  JSXText: '',
  LabeledStatement: 'label body',
  Literal: '',
  LogicalExpression: 'left right',
  MemberExpression: 'object property',
  MetaProperty: 'meta property',
  MethodDefinition: 'decorators key value',
  NewExpression: 'callee typeArguments arguments',
  ObjectExpression: 'properties',
  ObjectPattern: 'decorators properties typeAnnotation',
  ParenthesizedExpression: 'expression',
  PrivateIdentifier: '',
  Program: 'body',
  Property: 'key value',
  PropertyDefinition: 'decorators key typeAnnotation value',
  RestElement: 'decorators argument typeAnnotation',
  ReturnStatement: 'argument',
  SequenceExpression: 'expressions',
  SpreadElement: 'argument',
  StaticBlock: 'body',
  Super: '',
  SwitchCase: 'test consequent',
  SwitchStatement: 'discriminant cases',
  TaggedTemplateExpression: 'tag typeArguments quasi',
  TemplateElement: '',
  TemplateLiteral: 'quasis expressions',
  ThisExpression: '',
  ThrowStatement: 'argument',
  TryStatement: 'block handler finalizer',
  UnaryExpression: 'argument',
  UpdateExpression: 'argument',
  VariableDeclaration: 'declarations',
  VariableDeclarator: 'id init',
  WhileStatement: 'test body',
  WithStatement: 'object body',
  YieldExpression: 'argument',
  TSAbstractAccessorProperty: 'decorators key typeAnnotation',
  TSAbstractMethodDefinition: 'key value',
  TSAbstractPropertyDefinition: 'decorators key typeAnnotation',
  TSAnyKeyword: '',
  TSArrayType: 'elementType',
  TSAsExpression: 'expression typeAnnotation',
  TSBigIntKeyword: '',
  TSBooleanKeyword: '',
  TSCallSignatureDeclaration: 'typeParameters params returnType',
  TSClassImplements: 'expression typeArguments',
  TSConditionalType: 'checkType extendsType trueType falseType',
  TSConstructSignatureDeclaration: 'typeParameters params returnType',
  TSConstructorType: 'typeParameters params returnType',
  TSDeclareFunction: 'id typeParameters params returnType body',
  TSEmptyBodyFunctionExpression: 'id typeParameters params returnType',
  TSEnumBody: 'members',
  TSEnumDeclaration: 'id body',
  TSEnumMember: 'id initializer',
  TSExportAssignment: 'expression',
  TSExternalModuleReference: 'expression',
  TSFunctionType: 'typeParameters params returnType',
  TSImportEqualsDeclaration: 'id moduleReference',
  TSImportType: 'source options qualifier typeArguments',
  TSIndexSignature: 'parameters typeAnnotation',
  TSIndexedAccessType: 'objectType indexType',
  TSInferType: 'typeParameter',
  TSInstantiationExpression: 'expression typeArguments',
  TSInterfaceBody: 'body',
  TSInterfaceDeclaration: 'id typeParameters extends body',
  TSInterfaceHeritage: 'expression typeArguments',
  TSIntersectionType: 'types',
  TSIntrinsicKeyword: '',
  TSLiteralType: 'literal',
  TSMappedType: 'key constraint nameType typeAnnotation',
  TSMethodSignature: 'key typeParameters params returnType',
  TSModuleBlock: 'body',
  TSModuleDeclaration: 'id body',
  TSNamedTupleMember: 'label elementType',
  TSNamespaceExportDeclaration: 'id',
  TSNeverKeyword: '',
  TSNonNullExpression: 'expression',
  TSNullKeyword: '',
  TSNumberKeyword: '',
  TSObjectKeyword: '',
  TSOptionalType: 'typeAnnotation',
  TSParameterProperty: 'decorators parameter',
  TSParenthesizedType: 'typeAnnotation',
  TSPropertySignature: 'key typeAnnotation',
  TSQualifiedName: 'left right',
  TSRestType: 'typeAnnotation',
  TSSatisfiesExpression: 'expression typeAnnotation',
  TSStringKeyword: '',
  TSSymbolKeyword: '',
  TSTemplateLiteralType: 'quasis types',
  TSThisType: '',
  TSTupleType: 'elementTypes',
  TSTypeAliasDeclaration: 'id typeParameters typeAnnotation',
  TSTypeAnnotation: 'typeAnnotation',
  TSTypeAssertion: 'typeAnnotation expression',
  TSTypeLiteral: 'members',
  TSTypeOperator: 'typeAnnotation',
  TSTypeParameter: 'name constraint default',
  TSTypeParameterDeclaration: 'params',
  TSTypeParameterInstantiation: 'params',
  TSTypePredicate: 'parameterName typeAnnotation',
  TSTypeQuery: 'exprName typeArguments',
  TSTypeReference: 'typeName typeArguments',
  TSUndefinedKeyword: '',
  TSUnionType: 'types',
  TSUnknownKeyword: '',
  TSVoidKeyword: '',
}

const KNOWN: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(CHILDREN)
    .map(([type, keys]) => [type, keys === '' ? [] : keys.split(' ')] as const)
    .filter(([type, keys]) => (visitorKeys[type] ?? []).every((key) => keys.includes(key))),
)
