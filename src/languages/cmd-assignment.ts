import { join, type Char } from './cmd-character.ts'
import { valueFrom, valueOf, type Value } from './cmd-expansion.ts'
import type { SimpleNode } from './cmd-node.ts'

/** What `set` does to a variable. */
export interface Assignment {
  /** In upper case; `undefined` if it is computed, and so may be any. */
  readonly name: string | undefined
  /** `undefined` if only the run knows. */
  readonly value: Value | undefined
}

/** The assignments of `set X=y`, `set "X=y"`, `set /p X=…` and `set /a X=1, Y+=2`. */
export function assignments(chars: readonly Char[]): readonly Assignment[] {
  const start = chars.findIndex(char => char.hole || !/[\s,;=]/.test(char.value))
  if (start === -1) return []
  const option = /^\/[ap]/i.exec(join(chars.slice(start, start + 2)))?.[0].toLowerCase()
  const body = chars.slice(option ? start + 2 : start)
  if (option === '/a') return arithmetic(body)
  const [assignment] = assigned(unquoted(body))
  if (!assignment) return []
  return [option ? { name: assignment.name, value: undefined } : assignment]
}

/** Which variables a command may assign to, `undefined` standing for a computed name. */
export function assignedBy({ name, chars, nameLength }: SimpleNode): readonly (string | undefined)[] {
  const rest = chars.slice(nameLength)
  if (name === 'set') return assignments(rest).map(assignment => (assignment.name?.includes('!') ? undefined : assignment.name))
  return name === 'call' && !callsProgram(rest) ? [undefined] : []
}

/** Whether `call` is given a program, not a label, a batch file or `set`. */
export function callsProgram(chars: readonly Char[]): boolean {
  return /^\s*(?!set\b)[\w-]+(?:\.exe)?(?:\s|$)/i.test(join(chars.slice(0, 256)))
}

/** `set "X=y" ignored`: up to the last quote, if there is a first. */
function unquoted(chars: readonly Char[]): readonly Char[] {
  const start = chars.findIndex(char => char.value !== ' ' && char.value !== '\t')
  if (chars[start]?.value !== '"') return chars.slice(Math.max(start, 0))
  const end = chars.findLastIndex(char => char.value === '"')
  return chars.slice(start + 1, end > start ? end : chars.length)
}

function assigned(chars: readonly Char[]): readonly [Assignment?] {
  const equals = chars.findIndex((char, index) => index > 0 && char.value === '=' && !char.hole)
  // What is computed may say `name=value` all by itself.
  if (equals === -1) return chars.some(char => char.hole) ? [{ name: undefined, value: undefined }] : []
  const name = chars.slice(0, equals)
  return [{ name: name.some(char => char.hole) ? undefined : join(name).toUpperCase(), value: valueFrom(chars.slice(equals + 1)) }]
}

function arithmetic(chars: readonly Char[]): readonly Assignment[] {
  const text = join(chars)
  const number = /^[\s"]*([\w.]{1,255})=\s*(0|[1-9]\d{0,8})[\s"]*$/.exec(text)
  if (number) return [{ name: number[1]!.toUpperCase(), value: valueOf(number[2]!) }]
  if (chars.some(char => char.hole || char.value === '!')) return [{ name: undefined, value: undefined }]
  const names = text.matchAll(/(?<![\w.])[\w.]{1,255}(?=\s{0,9}(?:[-+*/%&|^]|<<|>>)?=)/g)
  return Array.from(names, ([name]) => ({ name: name.toUpperCase(), value: undefined }))
}
