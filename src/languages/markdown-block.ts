import type { Piece, Text } from '../text.ts'
import { linesOf, type Line } from './text-line.ts'

/** A fenced block: what a Markdown document shows as code. */
export interface FencedBlock {
  /** The first word after the fence, in lower case; empty if there is none. */
  readonly language: string
  /** What stands between the fences, without indentation and marks of quotations. */
  readonly text: Text
}

/** The parts of a Markdown document that are not prose. */
export interface MarkdownParts {
  readonly blocks: readonly FencedBlock[]
  readonly comments: readonly Text[]
}

/** Marks of quotations and lists before a fence; the fence; the info string. */
const openingFence = /^((?:[ \t]*>)*)((?:[ \t]*(?:[-*+]|\d{1,9}[.)])(?=[ \t]))*[ \t]*)(`{3,}(?=[^`]*$)|~{3,}(?!~))([^]*)$/
const infoLanguage = /^[ \t]*(?:\{[ \t]*)?\.?([^\s,{}:=?.]+)/
const commentMarks = [['<!--', '-->'], ['{/*', '*/}']] as const

/** The fenced blocks and the comments of a Markdown document (CommonMark 0.31 §4.5 and §4.6). */
export function markdownParts(file: Text): MarkdownParts {
  const blocks: FencedBlock[] = []
  const comments: Text[] = []
  const lines = linesOf(file.value)
  const unclosed = new Set<string>()
  for (let index = 0; index < lines.length; ) {
    const line = lines[index]!
    const fence = openingFence.exec(line.text)
    if (fence) {
      const { end, next } = closingFence(lines, index + 1, fence)
      blocks.push({ language: (infoLanguage.exec(fence[4]!)?.[1] ?? '').toLowerCase(), text: contentOf(file, lines.slice(index + 1, end), fence) })
      index = next
      continue
    }
    const after = commentsFrom(file, line, comments, unclosed)
    index++
    while (index < lines.length && lines[index]!.next <= after) index++
  }
  return { blocks, comments }
}

/** Where a block ends and where the text goes on: a fence as long at least closes it, and so does the end of the quotation it stands in. */
function closingFence(lines: readonly Line[], from: number, [, quotes = '', , fence = '']: RegExpExecArray): { readonly end: number; readonly next: number } {
  const depth = depthOf(quotes)
  const closing = new RegExp(`^[ \\t]*${fence[0]}{${fence.length},}[ \\t]*$`)
  for (let index = from; index < lines.length; index++) {
    const { text } = lines[index]!
    const quoted = quotation(text, depth)
    // Without its marks a line is no longer of the quotation.
    if (quoted === undefined) return { end: index, next: index }
    if (closing.test(text.slice(quoted))) return { end: index, next: index + 1 }
  }
  return { end: lines.length, next: lines.length }
}

const depthOf = (quotes: string): number => quotes.split('>').length - 1

/** Where the text of a line begins, after the marks of `depth` quotations; `undefined` if there are fewer. */
function quotation(line: string, depth: number): number | undefined {
  let at = 0
  for (let mark = 0; mark < depth; mark++) {
    while (line[at] === ' ' || line[at] === '\t') at++
    if (line[at] !== '>') return undefined
    at++
  }
  // One blank belongs to the last mark.
  return depth > 0 && line[at] === ' ' ? at + 1 : at
}

function contentOf(file: Text, lines: readonly Line[], [, quotes = '', indentation = '']: RegExpExecArray): Text {
  const depth = depthOf(quotes)
  const width = widthOf(indentation) - (depth > 0 && indentation.startsWith(' ') ? 1 : 0)
  const pieces: Piece[] = []
  for (const { text, start, next } of lines) {
    const from = start + indented(text, quotation(text, depth) ?? 0, width)
    pieces.push([file.value.slice(from, next), from, next])
  }
  const first = lines[0]
  return file.decode(pieces, first ? [first.start, lines.at(-1)!.next] : [0, 0])
}

const widthOf = (indentation: string): number => [...indentation].reduce((width, character) => (character === '\t' ? width + 4 - (width % 4) : width + 1), 0)

/** Where the content of a line begins: as much indentation as the fence has is not of it. */
function indented(line: string, from: number, width: number): number {
  let at = from
  for (let column = 0; column < width && (line[at] === ' ' || line[at] === '\t'); at++) column += line[at] === '\t' ? 4 - (column % 4) : 1
  return at
}

/** Collects the comments that begin in a line; returns where the last of them ends. */
function commentsFrom(file: Text, { text, start, end }: Line, comments: Text[], unclosed: Set<string>): number {
  let at = start
  for (;;) {
    const marks = commentMarks.map(([open, close]) => ({ at: unclosed.has(close) ? -1 : text.indexOf(open, at - start), open, close })).filter(mark => mark.at >= 0).sort((a, b) => a.at - b.at)[0]
    if (!marks) return at
    const from = start + marks.at
    if (isInCode(text, marks.at)) at = from + marks.open.length
    else {
      const close = file.value.indexOf(marks.close, from + marks.open.length)
      if (close < 0) unclosed.add(marks.close)
      else {
        at = close + marks.close.length
        comments.push(file.slice(from, at))
      }
    }
    if (at >= end) return at
  }
}

/** Whether a place of a line is between backticks. */
const isInCode = (line: string, at: number): boolean => (line.slice(0, at).match(/`+/g)?.length ?? 0) % 2 === 1
