import type { Diagnostic } from './diagnostic.ts'
import { hear } from './hearing.ts'
import { knowledge } from './knowledge.ts'
import { lint } from './linter.ts'
import type { Inspection } from './server-inspection.ts'

/** Characters to insert at an offset. */
export interface Insertion { readonly at: number; readonly text: string }

/** What begins and ends a comment, in the order in which it is tried. */
const commentMarks: Readonly<Record<string, readonly (readonly [opening: string, closing: string])[]>> = {
  cmd: [['rem ', '']], jenkinsfile: [['// ', ''], ['# ', '']], javascript: [['// ', '']], devcontainer: [['// ', '']], markdown: [['# ', ''], ['<!-- ', ' -->']], 'package-json': [], 'daemon-json': [], daemon: []
}

const ordinaryMarks = [['# ', '']] as const

/**
 * Comments that silence a diagnostic and change nothing else; `undefined` if
 * there are none, in JSON for example or amidst a folded text. Whether they do is tried.
 */
export async function suppressionOf(diagnostic: Diagnostic, text: string, inspection: Inspection): Promise<readonly Insertion[] | undefined> {
  const language = inspection.found.language ?? ''
  for (const [opening, closing] of Object.hasOwn(commentMarks, language) ? commentMarks[language]! : ordinaryMarks) {
    const write = (directive: string): string => `${opening}porthole-${directive}${closing}`
    for (const insertions of [nextLine(diagnostic, text, write), stretch(diagnostic, text, write)]) if (await silences(insertions, diagnostic, text, inspection)) return insertions
  }
  return undefined
}

/** A comment above the line. */
function nextLine({ rule, range }: Diagnostic, text: string, write: (directive: string) => string): Insertion[] {
  const start = lineStart(text, range[0])
  return [{ at: start, text: `${indentation(text, start)}${write(`disable-next-line ${rule} -- reason`)}${lineBreak(text)}` }]
}

/** Comments above and below all lines of a command that goes on over several. */
function stretch({ rule, range }: Diagnostic, text: string, write: (directive: string) => string): Insertion[] {
  let start = lineStart(text, range[0])
  while (start > 0 && goesOn(text, start)) start = lineStart(text, start - 1)
  let next = lineAfter(text, range[0])
  while (next < text.length && goesOn(text, next)) next = lineAfter(text, next)
  const indent = indentation(text, start)
  const newline = lineBreak(text)
  const isEnded = next === 0 || /[\r\n]/.test(text[next - 1]!)
  return [
    { at: start, text: `${indent}${write(`disable ${rule} -- reason`)}${newline}` },
    { at: next, text: `${isEnded ? '' : newline}${indent}${write(`enable ${rule}`)}${isEnded ? newline : ''}` }
  ]
}

/** Whether what ends before a line goes on in it: a backslash in bash, a backtick in PowerShell, a caret in cmd. */
const goesOn = (text: string, start: number): boolean => /[\\`^]$/.test(text.slice(Math.max(0, start - 3), start).replace(/\r?\n$|\r$/, ''))

/** Whether, with the insertions, all is found that was found before, and what they are to silence is silent. */
async function silences(insertions: readonly Insertion[], diagnostic: Diagnostic, text: string, { found: before, path, surroundings, options }: Inspection): Promise<boolean> {
  const edited = inserted(text, insertions)
  const after = await lint(path, edited, knowledge, options, surroundings)
  if (after.language !== before.language) return false
  const move = ({ rule, feature, range: [start, end] }: Diagnostic): string => key({ rule, feature, range: [shifted(start, insertions), shifted(end, insertions)] })
  if (before.diagnostics.map(move).sort().join() !== after.diagnostics.map(key).sort().join()) return false
  const { suppressed, problems } = hear(after, edited, options)
  const faults = new Set(hear(before, text, options).problems.map(move))
  return suppressed.some(({ diagnostic: silent }) => key(silent) === move(diagnostic)) && problems.every(problem => faults.has(key(problem)))
}

const key = ({ rule, feature, range: [start, end] }: Pick<Diagnostic, 'rule' | 'feature' | 'range'>): string => `${rule} ${feature} ${start} ${end}`

const inserted = (text: string, insertions: readonly Insertion[]): string => [...insertions].reverse().reduce((rest, { at, text: more }) => rest.slice(0, at) + more + rest.slice(at), text)

const shifted = (offset: number, insertions: readonly Insertion[]): number => insertions.reduce((sum, { at, text }) => (at <= offset ? sum + text.length : sum), offset)

function lineStart(text: string, offset: number): number {
  let at = offset
  // Between CR and LF no line begins.
  if (text[at] === '\n' && text[at - 1] === '\r') at--
  while (at > 0 && !/[\r\n]/.test(text[at - 1]!)) at--
  return at
}

/** Where the line after that of an offset begins, or the end of the text. */
function lineAfter(text: string, offset: number): number {
  const end = /\r\n?|\n/g
  end.lastIndex = offset
  const found = end.exec(text)
  return found ? found.index + found[0].length : text.length
}

function indentation(text: string, start: number): string {
  const blanks = /[ \t]*/y
  blanks.lastIndex = start
  return blanks.exec(text)![0]
}

/** What ends the lines of a text. */
const lineBreak = (text: string): string => /\r\n?|\n/.exec(text)?.[0] ?? '\n'
