import type { SyntaxProblem } from '../command.ts'
import type { Piece, Range, Text } from '../text.ts'
import { instructionNames, LineReader, type Directive, type Escape, type InstructionName, type LogicalLine } from './dockerfile-line.ts'
import { heredocMark, jsonStrings, piecesBetween, readFlags, splitHeredoc, splitQuoted, splitSpace, trimmed, type Flag, type HeredocMark, type Pair, type Span } from './dockerfile-word.ts'

export { instructionNames } from './dockerfile-line.ts'
export type { Directive, Escape, InstructionName } from './dockerfile-line.ts'
export type { Flag, Pair } from './dockerfile-word.ts'

/** A here-document of RUN, COPY or ADD. */
export interface Heredoc {
  /** The word that announces it: `<<EOF`, `3<<-"EOF"`. */
  readonly mark: Text
  readonly name: string
  readonly descriptor: number
  /** Whether Docker replaces variables in the body of COPY and ADD: the name is not quoted. */
  readonly expand: boolean
  /** The lines up to the name, leading tabs stripped if the mark says so. */
  readonly body: Text
}

interface Written {
  /** The name of the instruction, as written. */
  readonly keyword: Text
  readonly flags: readonly Flag[]
  /** What follows name and flags, continuations joined. */
  readonly rest: Text
  /** From the name to the last character, here-documents included. */
  readonly range: Range
}

export interface FromInstruction extends Written {
  readonly name: 'FROM'
  readonly image?: Text
  readonly alias?: Text
}

/**
 * An instruction that names a program to run: as the words of an `exec` form,
 * or as a `script` for a shell, exactly as the shell receives it.
 */
export interface CommandInstruction extends Written {
  readonly name: 'RUN' | 'CMD' | 'ENTRYPOINT' | 'HEALTHCHECK' | 'SHELL'
  readonly exec?: readonly Text[]
  readonly script?: Text
  readonly heredocs: readonly Heredoc[]
  /** The first line of a here-document that is the whole script, if it names an interpreter (`#!/bin/sh`). */
  readonly shebang?: Text
  /** `HEALTHCHECK NONE`, `HEALTHCHECK CMD …`. */
  readonly check?: Text
}

export interface CopyInstruction extends Written {
  readonly name: 'COPY' | 'ADD'
  /** Paths, addresses and marks of here-documents. */
  readonly sources: readonly Text[]
  readonly destination?: Text
  readonly heredocs: readonly Heredoc[]
}

export interface PairInstruction extends Written {
  readonly name: 'ARG' | 'ENV' | 'LABEL'
  readonly pairs: readonly Pair[]
}

export interface ValueInstruction extends Written {
  readonly name: 'EXPOSE' | 'VOLUME' | 'USER' | 'WORKDIR' | 'STOPSIGNAL' | 'MAINTAINER'
  readonly values: readonly Text[]
}

export interface OnbuildInstruction extends Written {
  readonly name: 'ONBUILD'
  readonly trigger?: Instruction
}

/** Words still have their quotes, escapes and variables: `expandWord` is for these. */
export type Instruction = FromInstruction | CommandInstruction | CopyInstruction | PairInstruction | ValueInstruction | OnbuildInstruction

export interface DockerfileSyntax {
  readonly escape: Escape
  readonly directives: readonly Directive[]
  readonly instructions: readonly Instruction[]
  /** Comments from their number sign on, those between continuation lines included. */
  readonly comments: readonly Text[]
  /** Statements of a template engine that stand where Docker would want an instruction; a file with such has no problems. */
  readonly templates: readonly Text[]
  readonly problems: readonly SyntaxProblem[]
}

/** Reads a Dockerfile the way BuildKit does, but goes on after what BuildKit refuses. */
export function readDockerfile(file: Text): DockerfileSyntax {
  const reader = new LineReader(file)
  const instructions: Instruction[] = []
  for (let line = reader.next(); line; line = reader.next()) {
    const found = new InstructionReader(reader, line).read([0, line.text.value.length])
    if (found) instructions.push(found)
  }
  const { escape, directives, comments, templates } = reader
  // What a template engine has not filled in yet cannot be held against anyone.
  const problems = templates.length > 0 ? [] : reader.problems
  return { escape, directives, instructions, comments, templates, problems }
}

/** What every instruction has, and where its arguments stand in the logical line. */
interface Draft {
  readonly keyword: Text
  readonly flags: readonly Flag[]
  readonly span: Span
}

class InstructionReader {
  readonly #reader: LineReader
  readonly #line: LogicalLine
  readonly #source: string
  /** Arguments that a template writes are not counted. */
  readonly #templated: boolean

  constructor(reader: LineReader, line: LogicalLine) {
    this.#reader = reader
    this.#line = line
    this.#source = line.text.value
    this.#templated = /\{\{|\{%|<%|%%/.test(this.#source)
    if (this.#templated && count(this.#source, '{{') > count(this.#source, '}}')) reader.templates.push(line.text)
  }

  read(span: Span, onbuild = false): Instruction | undefined {
    const [start, end] = trimmed(this.#source, span)
    if (start === end) return undefined
    const keywordEnd = start + this.#source.slice(start, end).search(/[\t\v\f\r ]|$/)
    const keyword = this.#text([start, keywordEnd])
    const name = instructionNames.find(n => n === keyword.value.toUpperCase())
    if (name === undefined) return this.#unknown(keyword)
    if (onbuild && (name === 'ONBUILD' || name === 'FROM' || name === 'MAINTAINER')) {
      return this.#problem(`${name} cannot be triggered by ONBUILD.`, keyword.whole)
    }
    const { flags, rest } = readFlags(this.#line, [keywordEnd, end], this.#reader.escape)
    return this.#instruction(name, { keyword, flags, span: rest })
  }

  #instruction(name: InstructionName, draft: Draft): Instruction {
    switch (name) {
      case 'FROM':
        return this.#from(draft)
      case 'COPY':
      case 'ADD':
        return this.#copy(name, draft)
      case 'RUN':
      case 'CMD':
      case 'ENTRYPOINT':
      case 'SHELL':
        return this.#command(name, draft)
      case 'HEALTHCHECK':
        return this.#healthcheck(draft)
      case 'ARG':
        return { name, ...this.#written(draft), pairs: this.#words(draft).map(span => this.#pair(span)) }
      case 'ENV':
      case 'LABEL':
        return { name, ...this.#written(draft), pairs: this.#pairs(name, draft) }
      case 'EXPOSE':
      case 'VOLUME':
        return { name, ...this.#written(draft), values: this.#list(name, draft, name === 'VOLUME') }
      case 'ONBUILD':
        return this.#onbuild(draft)
      default:
        if (draft.span[0] === draft.span[1]) this.#missing(name, 'exactly one argument', draft)
        return { name, ...this.#written(draft), values: draft.span[0] < draft.span[1] ? [this.#text(draft.span)] : [] }
    }
  }

  #from(draft: Draft): FromInstruction {
    const words = splitSpace(this.#source, draft.span).map(span => this.#text(span))
    const [image, as, alias] = words
    const named = as?.value.toUpperCase() === 'AS'
    if (words.length !== 1 && !(words.length === 3 && named)) this.#missing('FROM', 'an image, and AS with a name if the stage has one', draft)
    return { name: 'FROM', ...this.#written(draft), ...(image && { image }), ...(alias && named && { alias }) }
  }

  #copy(name: 'COPY' | 'ADD', draft: Draft): CopyInstruction {
    const words = this.#list(name, draft, true)
    if (words.length === 1) this.#missing(name, 'a source and a destination', draft)
    const heredocs = this.#isJson(draft) ? [] : this.#heredocs()
    const destination = words.length > 1 ? words.at(-1) : undefined
    return { name, ...this.#written(draft, heredocs), sources: destination ? words.slice(0, -1) : words, ...(destination && { destination }), heredocs: heredocs.map(h => h.heredoc) }
  }

  #command(name: CommandInstruction['name'], draft: Draft): CommandInstruction {
    const { span } = draft
    const strings = jsonStrings(this.#line.text, span)
    if (strings === 'mixed') this.#problem('All elements of the array must be strings.', this.#text(span).whole)
    if (Array.isArray(strings)) return { name, ...this.#written(draft), exec: strings, heredocs: [] }
    if (name === 'SHELL') this.#missing(name, 'a JSON array of strings', draft)
    const heredocs = name === 'RUN' ? this.#heredocs() : []
    const alone = heredocs[0] && heredocMark(this.#source.slice(...span)) ? heredocs[0].heredoc.body : undefined
    const script = span[0] === span[1] ? undefined : (alone ?? this.#script(span, heredocs))
    const shebang = alone && /^#!.*/.exec(alone.value)
    return {
      name, ...this.#written(draft, heredocs), ...(script && { script }), heredocs: heredocs.map(h => h.heredoc),
      ...(alone && shebang && { shebang: alone.slice(0, shebang[0].length) })
    }
  }

  #healthcheck(draft: Draft): CommandInstruction {
    const [first] = splitSpace(this.#source, draft.span)
    const written = this.#written(draft)
    if (!first) {
      this.#missing('HEALTHCHECK', 'NONE or CMD', draft)
      return { name: 'HEALTHCHECK', ...written, heredocs: [] }
    }
    const check = this.#text(first)
    const kind = check.value.toUpperCase()
    if (kind !== 'NONE' && kind !== 'CMD' && !this.#templated) this.#problem(`${check.value} is not a kind of health check: try CMD.`, check.whole)
    if (kind !== 'CMD') return { name: 'HEALTHCHECK', ...written, check, heredocs: [] }
    const { exec, script } = this.#command('HEALTHCHECK', { ...draft, span: trimmed(this.#source, [first[1], draft.span[1]]) })
    if (!exec && !script) this.#missing('HEALTHCHECK', 'a command after CMD', draft)
    return { name: 'HEALTHCHECK', ...written, check, ...(exec && { exec }), ...(script && { script }), heredocs: [] }
  }

  #onbuild(draft: Draft): OnbuildInstruction {
    const trigger = this.read(draft.span, true)
    if (draft.span[0] === draft.span[1]) this.#missing('ONBUILD', 'an instruction', draft)
    const written = this.#written(draft)
    const range: Range = [written.range[0], Math.max(written.range[1], trigger?.range[1] ?? 0)]
    return { name: 'ONBUILD', ...written, range, ...(trigger && { trigger }) }
  }

  #words(draft: Draft): Span[] {
    const words = splitQuoted(this.#source, draft.span, this.#reader.escape)
    if (words.length === 0) this.#missing(draft.keyword.value.toUpperCase(), 'at least one argument', draft)
    return words
  }

  #pairs(name: 'ENV' | 'LABEL', draft: Draft): Pair[] {
    const words = this.#words(draft)
    const first = words[0]
    if (first && !this.#source.slice(...first).includes('=')) return this.#legacyPair(name, draft)
    for (const [start, end] of words) {
      const word = this.#source.slice(start, end)
      if (!word.includes('=') && !this.#templated) this.#problem(`${word} has no value: write name=value.`, this.#text([start, end]).whole)
    }
    return words.map(span => this.#pair(span))
  }

  /** `ENV name value`: everything after the name is the value, spaces included. */
  #legacyPair(name: 'ENV' | 'LABEL', draft: Draft): Pair[] {
    const [start, end] = draft.span
    const nameEnd = start + this.#source.slice(start, end).search(/[\t\v\f\r ]|$/)
    const [from] = trimmed(this.#source, [nameEnd, end])
    const text = this.#text(draft.span)
    if (nameEnd === end) {
      this.#missing(name, 'a name and a value', draft)
      return [{ name: text, text }]
    }
    return [{ name: this.#text([start, nameEnd]), value: this.#text([from, end]), text }]
  }

  #pair([start, end]: Span): Pair {
    const text = this.#text([start, end])
    const equals = text.value.indexOf('=')
    if (equals < 0) return { name: text, text }
    return { name: this.#text([start, start + equals]), value: this.#text([start + equals + 1, end]), text }
  }

  #list(name: string, draft: Draft, jsonAllowed: boolean): Text[] {
    const strings = jsonAllowed ? jsonStrings(this.#line.text, draft.span) : undefined
    if (strings === 'mixed') this.#problem('All elements of the array must be strings.', this.#text(draft.span).whole)
    const found = Array.isArray(strings) ? strings : splitSpace(this.#source, draft.span).map(span => this.#text(span))
    if (found.length === 0) this.#missing(name, 'at least one argument', draft)
    return found
  }

  #isJson(draft: Draft): boolean {
    return Array.isArray(jsonStrings(this.#line.text, draft.span))
  }

  /** A script with its here-documents put back: what a shell that knows them receives. */
  #script(span: Span, heredocs: readonly ReadHeredoc[]): Text {
    if (heredocs.length === 0) return this.#text(span)
    const pieces: Piece[] = piecesBetween(this.#line, span[0], span[1])
    const start = pieces[0]![1]
    const source = this.#reader.file.value
    for (const { body, terminator } of heredocs) {
      pieces.push(['\n', body[0] - 1, body[0]])
      pieces.push([source.slice(...body), ...body], [source.slice(...terminator), ...terminator])
    }
    return this.#reader.file.decode(pieces, [start, pieces.at(-1)![2]])
  }

  #heredocs(): ReadHeredoc[] {
    const found: ReadHeredoc[] = []
    if (!this.#source.includes('<<')) return found
    for (const span of splitHeredoc(this.#source, [0, this.#source.length])) {
      const mark = heredocMark(this.#source.slice(...span))
      const read = mark && this.#reader.heredoc(mark.name, mark.chomp)
      if (mark && !read) this.#problem(`The here-document is never ended: no line says just ${mark.name}.`, this.#text(span).whole)
      else if (mark && read) found.push({ ...read, heredoc: this.#heredoc(span, mark, read.body) })
    }
    return found
  }

  #heredoc(span: Span, { name, descriptor, expand, chomp }: HeredocMark, [start, end]: Span): Heredoc {
    const { file } = this.#reader
    const body = chomp ? file.decode(chompedPieces(file.value, start, end), [start, end]) : file.slice(start, end)
    return { mark: this.#text(span), name, descriptor, expand, body }
  }

  #written({ keyword, flags, span }: Draft, heredocs: readonly ReadHeredoc[] = []): Written {
    const last = heredocs.at(-1)
    const rest = this.#text(span)
    const end = last ? this.#reader.file.range(...last.terminator)[1] : Math.max(rest.whole[1], flags.at(-1)?.text.whole[1] ?? 0, keyword.whole[1])
    return { keyword, flags, rest, range: [keyword.whole[0], end] }
  }

  #unknown(keyword: Text): undefined {
    if (this.#templated) return undefined
    const close = closest(keyword.value)
    const shown = keyword.value.length > 40 ? `${keyword.value.slice(0, 40)}…` : keyword.value
    this.#problem(`${shown} is not an instruction of a Dockerfile.${close ? ` Did you mean ${close}?` : ''}`, keyword.whole)
  }

  #missing(name: string, what: string, draft: Draft): void {
    if (!this.#templated) this.#problem(`${name} needs ${what}.`, this.#written(draft).range)
  }

  #problem(message: string, range: Range): undefined {
    this.#reader.problems.push({ message, range })
  }

  #text([start, end]: Span): Text {
    return this.#line.text.slice(start, end)
  }
}

/** A here-document and where it stands in the file. */
interface ReadHeredoc {
  readonly heredoc: Heredoc
  readonly body: Span
  readonly terminator: Span
}

function count(text: string, part: string): number {
  return text.split(part).length - 1
}

function chompedPieces(source: string, start: number, end: number): Piece[] {
  const pieces: Piece[] = []
  for (let at = start; at < end; ) {
    while (at < end && source[at] === '\t') at++
    const newline = source.indexOf('\n', at)
    const next = newline < 0 || newline >= end ? end : newline + 1
    if (at < next) pieces.push([source.slice(at, next), at, next])
    at = next
  }
  return pieces
}

/** The instruction that `word` is a slip of the pen for. */
function closest(word: string): InstructionName | undefined {
  if (word.length > 14) return undefined
  let best: InstructionName | undefined
  let least = 3
  for (const name of instructionNames) {
    const distance = editDistance(word.toUpperCase(), name)
    if (distance < least) [best, least] = [name, distance]
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
