import { interpolate, type Unset } from './languages/compose-interpolation.ts'
import { Text, type Range } from './text.ts'

/** The variables of an environment file, each with the place of its value, or why compose refuses the file. */
export interface EnvFile {
  readonly variables: ReadonlyMap<string, Text>
  readonly problem?: { readonly message: string; readonly range: Range }
}

/** The value of a variable that is set elsewhere. */
export type Lookup = (name: string) => string | undefined

/**
 * An environment file with all its variables replaced, as compose-spec/compose-go
 * dotenv/parser.go reads it: `KEY=value`, `KEY: value`, `export`, quotes that may
 * go over several lines, comments, and `KEY` alone, which takes its value from elsewhere.
 */
export function readEnvFile(source: string, lookup: Lookup): EnvFile {
  return new EnvFileReader(Text.file(source.replace(/^\uFEFF/, '')), lookup, '').read()
}

/** The variables of a `.env` file, those left out that refer to what only whoever runs compose may have set. */
export function readDotenv(source: string): ReadonlyMap<string, string> {
  const { variables } = new EnvFileReader(Text.file(source.replace(/^\uFEFF/, '')), () => undefined, undefined).read()
  return new Map([...variables].map(([name, { value }]) => [name, value]))
}

/** docker/compose pkg/compose/envfile: `format: raw`, lines of `KEY=value` of which nothing is replaced. */
export function readRawEnvFile(source: string, lookup: Lookup): EnvFile {
  const file = Text.file(source)
  const variables = new Map<string, Text>()
  for (const [, line = '', offset] of linesOf(source)) {
    const equals = line.indexOf('=')
    const name = equals < 0 ? line : line.slice(0, equals)
    if (name.trim() === '' || name.trimStart().startsWith('#')) continue
    const inherited = equals < 0 ? lookup(name) : undefined
    if (equals >= 0) variables.set(name, file.slice(offset + equals + 1, offset + line.length))
    else if (inherited !== undefined) variables.set(name, file.opaque(inherited, [offset, offset + line.length]))
  }
  return { variables }
}

function* linesOf(source: string): Generator<readonly [whole: string, line: string, offset: number]> {
  for (const match of source.matchAll(/([^\r\n]*)(?:\r\n?|\n)?/g)) if (match[0] !== '') yield [match[0], match[1]!, match.index]
}

/** White space that ends no line. */
const blank = /[\t\v\f\r \u0085\u00a0]/

class EnvFileReader {
  readonly #file: Text
  readonly #source: string
  readonly #lookup: Lookup
  readonly #unset: Unset
  readonly #variables = new Map<string, Text>()
  #at = 0
  #problem: EnvFile['problem']

  constructor(file: Text, lookup: Lookup, unset: Unset) {
    this.#file = file
    this.#source = file.value
    this.#lookup = lookup
    this.#unset = unset
  }

  read(): EnvFile {
    while (this.#problem === undefined && this.#toStatement()) this.#statement()
    // Keys that start with a digit are passed over where files are read for compose itself, which takes them here.
    return { variables: this.#variables, ...(this.#problem ? { problem: this.#problem } : {}) }
  }

  /** Goes over white space and lines of comments. */
  #toStatement(): boolean {
    const start = /(?:\s|#[^\n]*(?:\n|$))*/y
    start.lastIndex = this.#at
    this.#at += start.exec(this.#source)![0].length
    return this.#at < this.#source.length
  }

  #statement(): void {
    const exported = /export[\t\v\f\r \n\u0085\u00a0]+/y
    exported.lastIndex = this.#at
    this.#at += exported.exec(this.#source)?.[0].length ?? 0
    const start = this.#at
    const name = /[^=:\n]*/y
    name.lastIndex = start
    const raw = name.exec(this.#source)![0]
    const strange = [...raw].find(character => !/[\p{L}\p{N}_.[\]-]/u.test(character) && !blank.test(character))
    const end = start + raw.length
    if (strange !== undefined) return this.#refuse(`unexpected character "${strange}" in variable name "${this.#lineAt(start)}"`, start)
    const key = raw.trimEnd()
    if (end >= this.#source.length) {
      // A name at the very end without a line break is no variable to compose.
      this.#at = this.#source.length
      if (raw.trim() === '') return
      return this.#inherit(key, start)
    }
    this.#at = end + 1
    if (key.includes(' ')) return this.#refuse('key cannot contain a space', start)
    if (this.#source[end] === '\n') return this.#inherit(key, start)
    while (this.#at < this.#source.length && blank.test(this.#source[this.#at]!)) this.#at++
    this.#value(key)
  }

  #inherit(key: string, start: number): void {
    const value = this.#lookup(key)
    if (value !== undefined) this.#variables.set(key, this.#file.opaque(value, [start, start + key.length]))
  }

  #value(key: string): void {
    const quote = this.#source[this.#at]
    const value = quote === '"' || quote === "'" ? this.#quoted(quote) : this.#expanded(this.#unquoted())
    if (value) this.#variables.set(key, value)
    else this.#variables.delete(key)
  }

  #unquoted(): Text {
    const start = this.#at
    const line = this.#lineAt(start)
    this.#at = Math.min(this.#source.length, start + line.length + 1)
    const comment = line.indexOf(' #')
    return this.#file.slice(start, start + (comment < 0 ? line : line.slice(0, comment)).trimEnd().length)
  }

  #quoted(quote: string): Text | undefined {
    const start = this.#at + 1
    const body = quote === '"' ? /(?:\\[^]|[^"\\])*/y : /(?:\\[^]|[^'\\])*/y
    body.lastIndex = start
    const end = start + body.exec(this.#source)![0].length
    if (this.#source[end] !== quote) return this.#refuse(`unterminated quoted value ${this.#lineAt(this.#at)}`, this.#at)
    this.#at = end + 1
    const written = this.#file.slice(start, end)
    const unquoted = replaced(written, quote === '"' ? /\\"/g : /\\'/g, () => quote)
    return quote === '"' ? this.#expanded(replaced(unquoted, /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g, escaped)) : unquoted
  }

  #expanded(value: Text): Text | undefined {
    const names = new Set([...value.value.matchAll(/\$\{?(\w+)|\{?(\w+)/g)].map(match => match[1] ?? match[2]!))
    const environment = new Map<string, string>()
    for (const name of value.value.includes('$') ? names : []) {
      const found = this.#lookup(name) ?? this.#variables.get(name)?.value
      if (found !== undefined) environment.set(name, found)
    }
    const { text, known, problem } = interpolate(value, environment, this.#unset)
    if (problem) this.#problem ??= problem
    return known || this.#unset !== undefined ? text : undefined
  }

  #lineAt(at: number): string {
    const end = this.#source.indexOf('\n', at)
    return this.#source.slice(at, end < 0 ? undefined : end)
  }

  #refuse(message: string, at: number): undefined {
    this.#problem ??= { message: `line ${this.#source.slice(0, at).split('\n').length}: ${message}`, range: this.#file.range(at, at + this.#lineAt(at).trimEnd().length) }
  }
}

/** A text in which what matches is replaced. */
function replaced(text: Text, pattern: RegExp, replacement: (match: string) => string): Text {
  const pieces: [string, number, number][] = []
  let at = 0
  for (const match of text.value.matchAll(pattern)) {
    if (match.index > at) pieces.push([text.value.slice(at, match.index), at, match.index])
    at = match.index + match[0].length
    pieces.push([replacement(match[0]), match.index, at])
  }
  if (pieces.length === 0) return text
  if (at < text.value.length) pieces.push([text.value.slice(at), at, text.value.length])
  return text.decode(pieces, [0, text.value.length])
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '"': '"', '\\': '\\' }

/** `\$` stays a literal dollar when variables are replaced; `\0` starts three octal digits; the rest is as in Go. */
function escaped(match: string): string {
  const letter = match[1]!
  if (letter === '$') return '$$'
  if (letter === '0') return /^\\0[0-3][0-7]{2}$/.test(match) ? String.fromCharCode(parseInt(match.slice(2), 8)) : match
  return escapes[letter] ?? match
}
