import type { Node, NodeOf, Syntax } from './javascript-syntax.ts'

/**
 * Where a value comes from: a module, and the way from there. `exec` of
 * `child_process` has the path `exec`, what `os.platform()` returns
 * `platform()`, and a method of `new Docker()` `new.createContainer`.
 */
export interface Origin {
  readonly module: string
  readonly path: string
}

/** Objects that are there without an import, and the modules that they are. */
const globals: Readonly<Record<string, string>> = { process: 'process', Bun: 'bun', Deno: 'deno' }

const deepest = 20

/** Follows imports, `require`, aliases, destructuring and `promisify` back to a module. */
export function originOf(node: Node | null | undefined, syntax: Syntax, depth = 0): Origin | undefined {
  if (!node || depth > deepest) return undefined
  const of = (inner: Node | null | undefined): Origin | undefined => originOf(inner, syntax, depth + 1)
  switch (node.type) {
    case 'Identifier': return identifierOrigin(node, syntax, depth)
    case 'MemberExpression': {
      const name = memberName(node)
      return name === undefined ? undefined : below(of(node.object), name)
    }
    case 'CallExpression': return callOrigin(node, syntax, depth)
    case 'NewExpression': return below(of(node.callee), 'new')
    case 'ImportExpression': return moduleOrigin(node.source)
    default: {
      const inner = unwrapped(node)
      return inner === node ? undefined : of(inner)
    }
  }
}

/** An expression without what changes only its type, or when it is there. */
export function unwrapped(node: Node): Node {
  let inner = node
  for (;;) {
    switch (inner.type) {
      case 'TSAsExpression': case 'TSSatisfiesExpression': case 'TSNonNullExpression': case 'TSTypeAssertion': case 'TSInstantiationExpression': case 'ChainExpression': inner = inner.expression; break
      case 'AwaitExpression': inner = inner.argument; break
      default: return inner
    }
  }
}

/** `name` of `object.name` and `object['name']`. */
export function memberName(node: Node): string | undefined {
  if (node.type !== 'MemberExpression') return undefined
  if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : undefined
  return stringOf(node.property)
}

/** What a string says that is written as one, in any quotes. */
export function stringOf(node: Node | undefined): string | undefined {
  if (node?.type === 'TemplateLiteral') return node.expressions.length === 0 ? node.quasis[0]?.value.cooked ?? undefined : undefined
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

/** The last name of what is called. */
export function calleeName(callee: Node): string | undefined {
  const inner = unwrapped(callee)
  return inner.type === 'Identifier' ? inner.name : memberName(inner)
}

/** Whether variables are written after they are declared, found out once for each. */
const written = new WeakMap<Variable, boolean>()

function isWritten(variable: Variable): boolean {
  const known = written.get(variable) ?? variable.references.some(reference => reference.isWrite() && !reference.init)
  written.set(variable, known)
  return known
}

type Variable = NonNullable<ReturnType<Syntax['variableOf']>>

function identifierOrigin(node: NodeOf<'Identifier'>, syntax: Syntax, depth: number): Origin | undefined {
  const variable = syntax.variableOf(node)
  if (!variable || variable.defs.length === 0) return Object.hasOwn(globals, node.name) ? { module: globals[node.name]!, path: '' } : undefined
  if (variable.defs.length !== 1) return undefined
  const [definition] = variable.defs
  if (definition!.type === 'ImportBinding') return importOrigin(definition!.node, definition!.parent)
  if (definition!.node.type !== 'VariableDeclarator' || isWritten(variable)) return undefined
  const { id, init } = definition!.node
  if (id.type === 'Identifier') return originOf(init, syntax, depth + 1)
  const key = id.type === 'ObjectPattern' ? keyOf(id, node.name) : undefined
  return key === undefined ? undefined : below(originOf(init, syntax, depth + 1), key)
}

/** The property that `const { property: name } = …` takes. */
function keyOf(pattern: NodeOf<'ObjectPattern'>, name: string): string | undefined {
  for (const property of pattern.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Identifier' || property.computed) continue
    const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value
    if (target.type === 'Identifier' && target.name === name) return property.key.name
  }
  return undefined
}

function importOrigin(specifier: Node, declaration: Node | null | undefined): Origin | undefined {
  if (specifier.type === 'TSImportEqualsDeclaration') return specifier.moduleReference.type === 'TSExternalModuleReference' ? moduleOrigin(specifier.moduleReference.expression) : undefined
  if (declaration?.type !== 'ImportDeclaration') return undefined
  const origin = moduleOrigin(declaration.source)
  if (specifier.type !== 'ImportSpecifier') return origin
  return below(origin, specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value)
}

function callOrigin(node: NodeOf<'CallExpression'>, syntax: Syntax, depth: number): Origin | undefined {
  const [first] = node.arguments
  if (node.callee.type === 'Identifier' && node.callee.name === 'require' && !syntax.variableOf(node.callee)?.defs.length) return moduleOrigin(first)
  const origin = originOf(node.callee, syntax, depth + 1)
  if (origin?.module === 'util' && origin.path === 'promisify') return originOf(first, syntax, depth + 1)
  // `exec.bind(…)` is `exec` itself.
  if (origin?.path.endsWith('.bind')) return { ...origin, path: origin.path.slice(0, -'.bind'.length) }
  return origin && { module: origin.module, path: `${origin.path}()` }
}

function moduleOrigin(source: Node | undefined): Origin | undefined {
  const name = stringOf(source)
  return name === undefined ? undefined : { module: name.replace(/^node:/, ''), path: '' }
}

/** The default export of a CommonJS module is the module. */
function below(origin: Origin | undefined, name: string): Origin | undefined {
  if (!origin || name === 'default' && origin.path === '') return origin
  return { module: origin.module, path: origin.path === '' ? name : `${origin.path}.${name}` }
}
