import type { Guard } from '../command.ts'
import { calleeName, memberName, originOf, stringOf, unwrapped, type Origin } from './javascript-origin.ts'
import type { Node, NodeOf, Syntax } from './javascript-syntax.ts'

type System = Guard['os']

/** What a condition proves about the machine if it is true, and if it is false. */
export interface Proof {
  readonly whenTrue: readonly Guard[]
  readonly whenFalse: readonly Guard[]
}

const nothing: Proof = { whenTrue: [], whenFalse: [] }
const deepest = 60

/** What Node calls the systems: `process.platform` and `os.platform()`, `os.type()`, `Deno.build.os`. */
const platforms: Readonly<Record<string, System>> = { win32: 'windows', linux: 'linux', darwin: 'darwin', freebsd: 'unix', openbsd: 'unix', sunos: 'unix', aix: 'unix' }
const types: Readonly<Record<string, System>> = { windows_nt: 'windows', linux: 'linux', darwin: 'darwin' }
const denoSystems: Readonly<Record<string, System>> = { windows: 'windows', linux: 'linux', darwin: 'darwin' }

/** Names that say what they hold, wherever that was found out. */
const names: readonly (readonly [RegExp, System])[] = [
  [/^(?:is|on|running)_?(?:on_?)?win(?:dows|32)?(?:_?os|_?platform)?$/i, 'windows'],
  [/^(?:is|on)_?linux(?:_?os)?$/i, 'linux'],
  [/^(?:is|on)_?(?:mac(?:_?os|_?osx)?|osx|darwin)$/i, 'darwin'],
  [/^(?:is|on)_?(?:unix|posix)$/i, 'unix']
]

/** What an expression proves about the machine it is evaluated on. */
export function proofOf(expression: Node, syntax: Syntax, depth = 0): Proof {
  if (depth > deepest) return nothing
  const node = unwrapped(expression)
  const of = (inner: Node): Proof => proofOf(inner, syntax, depth + 1)
  switch (node.type) {
    case 'UnaryExpression': return node.operator === '!' ? opposite(of(node.argument)) : nothing
    case 'LogicalExpression': {
      if (node.operator === '??') return nothing
      const sides = [of(node.left), of(node.right)] as const
      return node.operator === '&&' ? both(...sides) : opposite(both(opposite(sides[0]), opposite(sides[1])))
    }
    case 'BinaryExpression': {
      const same = node.operator === '===' || node.operator === '=='
      if (!same && node.operator !== '!==' && node.operator !== '!=') return nothing
      const proof = equalityProof(node.left, node.right, node, syntax)
      return same ? proof : opposite(proof)
    }
    case 'CallExpression': return callProof(node, syntax)
    case 'Identifier': return identifierProof(node, syntax, depth)
    case 'MemberExpression': return namedProof(memberName(node), node, syntax)
    default: return nothing
  }
}

/** What it proves that two values are the same. */
export function equalityProof(left: Node, right: Node, whole: Node, syntax: Syntax): Proof {
  const found = comparable(left, right, syntax) ?? comparable(right, left, syntax)
  return found ? proof(found, whole, syntax) : nothing
}

/** The condition that one of several holds. */
export const anyOf = (proofs: readonly Proof[]): Proof => opposite(proofs.map(opposite).reduce(both))

export const opposite = ({ whenTrue, whenFalse }: Proof): Proof => ({ whenTrue: whenFalse, whenFalse: whenTrue })

function both(a: Proof, b: Proof): Proof {
  // That not both hold proves something only where either says the same when it fails.
  const shared = a.whenFalse.filter(({ os, holds }) => b.whenFalse.some(other => other.os === os && other.holds === holds))
  const elsewhere = a.whenFalse.find(excludesWindows)
  const neither = shared.length === 0 && elsewhere && b.whenFalse.some(excludesWindows) ? [{ os: 'windows' as const, holds: false, range: elsewhere.range }] : shared
  return { whenTrue: [...a.whenTrue, ...b.whenTrue], whenFalse: neither }
}

export const excludesWindows = ({ os, holds }: Guard): boolean => (os === 'windows' ? !holds : holds)

function proof(os: System, whole: Node, { script }: Syntax): Proof {
  const range = script.range(whole.range[0], whole.range[1])
  return { whenTrue: [{ os, holds: true, range }], whenFalse: [{ os, holds: false, range }] }
}

function comparable(subject: Node, value: Node, syntax: Syntax): System | undefined {
  const name = stringOf(unwrapped(value))?.toLowerCase()
  if (name === undefined) return undefined
  const systems = systemsOf(originOf(lowered(subject), syntax))
  return systems && Object.hasOwn(systems, name) ? systems[name] : undefined
}

/** What `toLowerCase()` is called on. */
function lowered(node: Node): Node {
  const inner = unwrapped(node)
  return inner.type === 'CallExpression' && calleeName(inner.callee) === 'toLowerCase' && inner.callee.type === 'MemberExpression' ? inner.callee.object : inner
}

function systemsOf(origin: Origin | undefined): Readonly<Record<string, System>> | undefined {
  if (!origin) return undefined
  switch (`${origin.module}:${origin.path}`) {
    case 'process:platform': case 'os:platform()': return platforms
    case 'os:type()': return types
    case 'deno:build.os': return denoSystems
    default: return undefined
  }
}

/** `process.platform.startsWith('win')`, `/^win/.test(process.platform)`, `['linux', 'darwin'].includes(process.platform)`. */
function callProof(node: NodeOf<'CallExpression'>, syntax: Syntax): Proof {
  const callee = unwrapped(node.callee)
  const [argument] = node.arguments
  if (callee.type !== 'MemberExpression') return namedProof(calleeName(callee), node, syntax)
  if (!argument) return namedProof(memberName(callee), node, syntax)
  const isPlatform = (subject: Node): boolean => systemsOf(originOf(lowered(subject), syntax)) !== undefined
  switch (memberName(callee)) {
    case 'startsWith': return isPlatform(callee.object) && /^win/i.test(stringOf(argument) ?? '') ? proof('windows', node, syntax) : nothing
    case 'test': return isPlatform(argument) && callee.object.type === 'Literal' && 'regex' in callee.object && /^\^win/i.test(callee.object.regex.pattern) ? proof('windows', node, syntax) : nothing
    case 'includes': {
      if (callee.object.type !== 'ArrayExpression' || !isPlatform(argument)) return nothing
      const systems = callee.object.elements.map(element => (element ? comparable(argument, element, syntax) : undefined))
      if (systems.length === 0 || systems.some(system => system === undefined)) return nothing
      if (systems.every(system => system !== 'windows')) return { whenTrue: proof('windows', node, syntax).whenFalse, whenFalse: [] }
      return systems.length === 1 ? proof('windows', node, syntax) : nothing
    }
    default: return nothing
  }
}

function identifierProof(node: NodeOf<'Identifier'>, syntax: Syntax, depth: number): Proof {
  const [definition, ...others] = syntax.variableOf(node)?.defs ?? []
  if (definition?.node.type === 'VariableDeclarator' && others.length === 0 && definition.node.init && definition.node.id.type === 'Identifier') {
    const isConstant = !syntax.variableOf(node)!.references.some(reference => reference.isWrite() && !reference.init)
    const found = isConstant ? proofOf(definition.node.init, syntax, depth + 1) : nothing
    if (found.whenTrue.length > 0 || found.whenFalse.length > 0) return found
  }
  return namedProof(node.name, node, syntax)
}

/** A name proves that a command does not run on Windows; that it does is for others to prove. */
function namedProof(name: string | undefined, node: Node, syntax: Syntax): Proof {
  const os = name === undefined ? undefined : names.find(([pattern]) => pattern.test(name))?.[1]
  return os === undefined ? nothing : proof(os, node, syntax)
}
