import type { Random } from './random.ts'

/** What begins, ends and escapes things in the notations that porthole reads. */
const marksOfAll: readonly string[] = [
  '"', "'", '`', '\\', '$', '$(', '${', '${{ ', ' }}', ')', '}', '{', '(', '[', ']', '<<', '<<EOF\n', '@"\n', '\n"@', '@(', '@{', '<#', '#>', '#', '/*', '*/', '//', '<!--', '-->', '```sh\n', '```', '~~~',
  '&', '&&', '|', '||', ';', '!', '%', '%%', '%X%', '!X!', '^', '^\n', '\\\n', '`\n', '\n', '\r\n', '\r', '\t', ' ', ',', ':', ': ', '- ', '? ', '> ', '|2-\n', '&a ', '*a', '<<: *a', '!reset ', '!override ', '%YAML 1.2\n', '---\n', '...\n',
  '=', '==', '+=', '-', '--', '*', '~', '@', '\0', '\uFEFF', '\uFFFC', '\u2028', '\u00A0', 'é', '😀', '\uD800', '0', '1e9', '-1', '99999999999', '__proto__', 'constructor', 'docker ', 'docker run --network host x', '--network', 'if ', 'fi', 'else', 'do ', 'done', 'end', 'FROM x\n', 'RUN '
]

/** Words, numbers, white space and single marks, so that a change respects what a text is made of. */
const token = /[\p{L}_][\p{L}\p{N}_-]*|\d+|[ \t]+|\r?\n|[^]/gu

/** Changes a text in some places, and now and then brings in parts of another. */
export function mutant(seed: string, other: string, random: Random, marks = marksOfAll): string {
  let text = seed
  for (let changes = 1 + random.below(4); changes > 0; changes--) text = random.of(changesOfText)(text, other, random, marks)
  return text
}

type Change = (text: string, other: string, random: Random, marks: readonly string[]) => string

const changesOfText: readonly Change[] = [insertMark, insertMark, replaceCharacters, swapTokens, duplicateLines, dropLines, moveLine, truncate, nest, splice, repeatMark, indent]

function insertMark(text: string, _other: string, random: Random, marks: readonly string[]): string {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + random.of(marks) + text.slice(at)
}

function replaceCharacters(text: string, _other: string, random: Random, marks: readonly string[]): string {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + random.of(['', '', random.of(marks)]) + text.slice(at + random.below(12))
}

function swapTokens(text: string, other: string, random: Random): string {
  const tokens = text.match(token) ?? []
  const donors = random.below(3) === 0 ? other.match(token) ?? [] : tokens
  const [one, two] = [random.below(tokens.length), random.below(donors.length)]
  if (donors === tokens) [tokens[one], tokens[two]] = [tokens[two] ?? '', tokens[one] ?? '']
  else tokens[one] = donors[two] ?? ''
  return tokens.join('')
}

function linesOf(text: string, random: Random): { before: string; chosen: string; after: string } {
  const lines = text.split(/(?<=\n)/)
  const from = random.below(lines.length)
  const to = from + 1 + random.below(4)
  return { before: lines.slice(0, from).join(''), chosen: lines.slice(from, to).join(''), after: lines.slice(to).join('') }
}

function duplicateLines(text: string, _other: string, random: Random): string {
  const { before, chosen, after } = linesOf(text, random)
  return before + chosen.repeat(2 + random.below(3)) + after
}

function dropLines(text: string, _other: string, random: Random): string {
  const { before, after } = linesOf(text, random)
  return before + after
}

function moveLine(text: string, _other: string, random: Random): string {
  const { before, chosen, after } = linesOf(text, random)
  const rest = before + after
  const at = rest.indexOf('\n', random.below(rest.length)) + 1
  return rest.slice(0, at) + chosen + rest.slice(at)
}

function truncate(text: string, _other: string, random: Random): string {
  const at = random.below(text.length + 1)
  return random.below(2) === 0 ? text.slice(0, at) : text.slice(at)
}

const pairs = [['(', ')'], ['{', '}'], ['[', ']'], ['$(', ')'], ['"', '"'], ["'", "'"], ['${', '}'], ['if true; then ', '; fi'], ['bash -c "', '"'], ['cmd /c "', '"'], ['powershell -Command "', '"'], ['@(', ')'], ['`', '`'], ['${{ ', ' }}'], ['sudo ', ''], ['for i in a; do ', '; done']] as const

function nest(text: string, _other: string, random: Random): string {
  const from = random.below(text.length + 1)
  const to = Math.min(text.length, from + random.below(60))
  const [open, close] = random.of(pairs)
  const depth = 1 + random.below(random.below(8) === 0 ? 300 : 3)
  return text.slice(0, from) + open.repeat(depth) + text.slice(from, to) + close.repeat(depth) + text.slice(to)
}

function splice(text: string, other: string, random: Random): string {
  const from = random.below(other.length)
  const at = random.below(text.length + 1)
  return text.slice(0, at) + other.slice(from, from + random.below(120)) + text.slice(at + random.below(60))
}

function repeatMark(text: string, _other: string, random: Random, marks: readonly string[]): string {
  const at = random.below(text.length + 1)
  return text.slice(0, at) + random.of(marks).repeat(random.below(200)) + text.slice(at)
}

function indent(text: string, _other: string, random: Random): string {
  const { before, chosen, after } = linesOf(text, random)
  return before + (random.below(2) === 0 ? chosen.replace(/^/gm, random.of([' ', '  ', '\t'])) : chosen.replace(/^[ \t]{1,2}/gm, '')) + after
}

/** A text whose part is repeated, so that its length grows with `times` and nothing else. */
export interface Growth {
  readonly before: string
  readonly part: string
  readonly after: string
}

export function growthOf(text: string, random: Random): Growth {
  const from = random.below(text.length)
  const to = from + 1 + random.below(random.below(2) === 0 ? 6 : 120)
  return { before: text.slice(0, from), part: text.slice(from, to), after: text.slice(to) }
}

export const grown = ({ before, part, after }: Growth, times: number): string => before + part.repeat(times) + after
