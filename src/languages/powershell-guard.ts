import type { Guard } from '../command.ts'
import type { Text } from '../text.ts'
import { isComputed } from './powershell-part.ts'
import { onlyExpression } from './powershell-constant.ts'
import type { Expression, Span, Statement } from './powershell-syntax.ts'

type System = Guard['os']

/** What a condition proves about the machine if it is true, and if it is false. */
export interface Proof {
  readonly whenTrue: readonly Guard[]
  readonly whenFalse: readonly Guard[]
}

const nothing: Proof = { whenTrue: [], whenFalse: [] }

const systemVariables: Readonly<Record<string, System>> = { iswindows: 'windows', islinux: 'linux', ismacos: 'darwin' }

/** What an expression can be compared with, and what is proven when it is the same; `only`: and no other value says it. */
interface Subject {
  readonly values: Readonly<Record<string, System>>
  readonly only: boolean
}

const operatingSystem: Subject = { values: { windows_nt: 'windows' }, only: true }
const platform: Subject = { values: { win32nt: 'windows', unix: 'unix' }, only: true }
// Windows PowerShell has no such property: that it is not 'Win32NT' proves nothing.
const versionPlatform: Subject = { values: { win32nt: 'windows', unix: 'unix' }, only: false }
const edition: Subject = { values: { desktop: 'windows' }, only: false }

export function conditionProof(statement: Statement | undefined, script: Text): Proof {
  const expression = onlyExpression(statement)
  return expression ? expressionProof(expression, script) : nothing
}

export function expressionProof(expression: Expression, script: Text): Proof {
  switch (expression.kind) {
    case 'variable': return proof(systemVariables[expression.name], true, expression, script)
    case 'group': return expression.body.statements.length === 1 ? conditionProof(expression.body.statements[0], script) : nothing
    case 'cast': return expression.type === 'bool' ? expressionProof(expression.operand, script) : nothing
    case 'unary': return ['!', '-not'].includes(expression.operator) ? opposite(expressionProof(expression.operand, script)) : nothing
    case 'operation': return operationProof(expression, script)
    case 'access': return proof(runtimeSystem(expression), true, expression, script)
    default: return nothing
  }
}

/** What `switch (subject) { test { … } }` proves in that case. */
export function caseProof(subject: Statement | undefined, test: Expression, script: Text): Proof {
  const expression = onlyExpression(subject)
  if (!expression) return nothing
  const constant = booleanOf(expression)
  if (constant !== undefined) {
    const block = test.kind === 'script' && test.body.statements.length === 1 ? conditionProof(test.body.statements[0], script) : expressionProof(test, script)
    return constant ? block : opposite(block)
  }
  return equalityProof(expression, test, test, script)
}

function operationProof(expression: Extract<Expression, { kind: 'operation' }>, script: Text): Proof {
  const [operator] = expression.operators
  if (operator === '-and' || operator === '-or') {
    if (expression.operators.some(other => other !== operator)) return nothing
    const proofs = expression.operands.map(operand => expressionProof(operand, script))
    return operator === '-and' ? conjunction(proofs) : opposite(conjunction(proofs.map(opposite)))
  }
  const [left, right] = expression.operands
  if (expression.operators.length !== 1 || !left || !right) return nothing
  switch (operator!.replace(/^-[ic](?=eq|ne|like|match|notlike|notmatch)/, '-')) {
    case '-eq': return equalityProof(left, right, expression, script)
    case '-ne': return opposite(equalityProof(left, right, expression, script))
    case '-like':
    case '-match': return patternProof(left, right, expression, script)
    case '-notlike':
    case '-notmatch': return opposite(patternProof(left, right, expression, script))
    default: return nothing
  }
}

function equalityProof(left: Expression, right: Expression, whole: Span, script: Text): Proof {
  for (const [one, other] of [[left, right], [right, left]] as const) {
    const subject = subjectOf(one)
    const system = subject?.values[wordOf(other) ?? '']
    if (subject && system) return proof(system, subject.only, whole, script)
    const constant = booleanOf(other)
    if (constant !== undefined) return constant ? expressionProof(one, script) : opposite(expressionProof(one, script))
  }
  return nothing
}

/** `$env:OS -match 'Windows'`, `$PSVersionTable.OS -like '*Windows*'`. */
function patternProof(left: Expression, right: Expression, whole: Span, script: Text): Proof {
  const word = wordOf(right)?.replace(/^[\^*]+|(?<![*$])[*$]+$/g, '')
  const named = subjectOf(left) !== undefined || memberPath(left) === '$psversiontable.os'
  const system: System | undefined = word && named ? { windows: 'windows', windows_nt: 'windows', win32nt: 'windows', linux: 'linux', darwin: 'darwin' }[word] as System : undefined
  // Only the variable OS says Windows on every Windows.
  return proof(system, memberPath(left) === '$env:os', whole, script)
}

function subjectOf(expression: Expression): Subject | undefined {
  switch (memberPath(expression)) {
    case '$env:os': return operatingSystem
    case '[environment].osversion.platform':
    case '[system.environment].osversion.platform': return platform
    case '$psversiontable.platform': return versionPlatform
    case '$psversiontable.psedition':
    case '$psedition': return edition
    default: return undefined
  }
}

/** `[RuntimeInformation]::IsOSPlatform([OSPlatform]::Windows)`. */
function runtimeSystem(expression: Extract<Expression, { kind: 'access' }>): System | undefined {
  const step = expression.steps.at(-1)
  if (expression.target.kind !== 'type' || !expression.target.name.endsWith('runtimeinformation') || step?.name !== 'isosplatform') return undefined
  const name = step.arguments?.[0] && memberPath(step.arguments[0])?.split('.').at(-1)
  return name === 'windows' || name === 'linux' ? name : name === 'osx' ? 'darwin' : undefined
}

function memberPath(expression: Expression): string | undefined {
  if (expression.kind === 'group' && expression.open === '(' && expression.body.statements.length === 1) {
    const inner = onlyExpression(expression.body.statements[0])
    return inner && memberPath(inner)
  }
  if (expression.kind === 'variable') return `$${expression.name}`
  if (expression.kind === 'type') return `[${expression.name}]`
  if (expression.kind !== 'access') return undefined
  const target = memberPath(expression.target)
  const plain = expression.steps.every(step => step.name && (!step.arguments || step.name === 'tostring'))
  return target && plain ? [target, ...expression.steps.map(step => step.name).filter(name => name !== 'tostring')].join('.') : undefined
}

/** A literal, or the last name of `[PlatformID]::Win32NT`. */
function wordOf(expression: Expression): string | undefined {
  if (expression.kind === 'string') return expression.parts.some(isComputed) ? undefined : expression.parts.map(part => isComputed(part) ? '' : part.text).join('').toLowerCase()
  if (expression.kind === 'group') {
    const inner = expression.body.statements.length === 1 ? onlyExpression(expression.body.statements[0]) : undefined
    return inner && wordOf(inner)
  }
  return expression.kind === 'access' && expression.target.kind === 'type' && expression.target.name.endsWith('platformid') ? expression.steps.at(-1)?.name : undefined
}

function booleanOf(expression: Expression): boolean | undefined {
  if (expression.kind !== 'variable') return undefined
  return expression.name === 'true' ? true : expression.name === 'false' ? false : undefined
}

function proof(os: System | undefined, only: boolean, at: Span, script: Text): Proof {
  if (!os) return nothing
  const range = script.range(at.start, at.end)
  return { whenTrue: [{ os, holds: true, range }], whenFalse: only ? [{ os, holds: false, range }] : [] }
}

function opposite({ whenTrue, whenFalse }: Proof): Proof {
  return { whenTrue: whenFalse, whenFalse: whenTrue }
}

/** All hold if it is true; if it is false, only what each of them would prove. */
function conjunction(proofs: readonly Proof[]): Proof {
  const [first, ...others] = proofs.map(({ whenFalse }) => whenFalse)
  const whenFalse = (first ?? []).filter(guard => others.every(guards => guards.some(other => other.os === guard.os && other.holds === guard.holds)))
  return { whenTrue: proofs.flatMap(({ whenTrue }) => whenTrue), whenFalse }
}
