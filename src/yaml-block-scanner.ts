import type { Text } from './text.ts'
import { BlockAlias, BlockScalar, PlainScalar, QuotedScalar, type BlockNode } from './yaml-block-node.ts'
import { backslash, blank, carriageReturn, colon, dash, doubleQuote, hash, isFlowIndicator, isLineEnd, isSpace, lineFeed, questionMark, singleQuote, tab } from './yaml-character.ts'

/** Said of a document that is not for this reader; always the same, since making an error costs more than reading on. */
export const refusal = new Error('not for this reader')

/** `!"#%&'*,>@[]`{|}`: a plain scalar starts with none of these. */
export const indicators = new Set([...'!"#%&\'*,>@[]`{|}'].map(character => character.charCodeAt(0)))

/** The mark before a document, on a line of its own. */
const documentStart = /--- *\r?\n/y

export type LineScalar = PlainScalar | QuotedScalar

/** Lines, comments, names and scalars of the YAML that most people write; throws `refusal` where there is more to it. */
export class BlockScanner {
  /** Nodes that aliases stand for. */
  readonly aliased = new Set<BlockNode>()
  /** Comments that may speak to us. */
  readonly comments: Text[] = []
  readonly anchors = new Map<string, Exclude<BlockNode, BlockAlias>>()
  protected readonly file: Text
  protected readonly source: string
  readonly #keepsComments: boolean
  /** How far it has come. */
  at = 0
  protected lineStart = 0
  /** Column of the first character of the line at hand, -1 behind the last. */
  protected column = -1
  /** Whether nothing but comments and a mark has been read. */
  #isBefore = true

  constructor(file: Text, source: string) {
    this.file = file
    this.source = source
    this.#keepsComments = source.includes('porthole-')
  }

  protected code(): number {
    return this.source.charCodeAt(this.at)
  }

  /** Go to the first character of the next line that is neither blank nor a comment; `at` stands at the start of a line. */
  protected nextLine(): void {
    const source = this.source
    let at = this.at
    for (;;) {
      const start = at
      let code = source.charCodeAt(at)
      while (code === blank) code = source.charCodeAt(++at)
      if (code === lineFeed) at++
      else if (code === hash) at = this.comment(at)
      else if (code === carriageReturn && source.charCodeAt(at + 1) === lineFeed) at += 2
      else if (Number.isNaN(code)) {
        this.at = at
        this.column = -1
        return
      } else {
        if (code === tab || code === carriageReturn) throw refusal
        this.at = at
        this.lineStart = start
        this.column = at - start
        if (at > start || !this.#isMarker()) {
          this.#isBefore = false
          return
        }
        documentStart.lastIndex = at
        if (!this.#isBefore || !documentStart.test(source)) throw refusal
        this.#isBefore = false
        at = documentStart.lastIndex
      }
    }
  }

  /** Pass over the comment at `at` to the next line. */
  protected comment(at: number): number {
    const next = this.lineAfter(at)
    if (this.#keepsComments) {
      const lineEnd = /\r?\n$/.exec(this.source.slice(next - 2, next))?.[0].length ?? 0
      if (this.source.slice(at, next).includes('porthole-')) this.comments.push(this.file.slice(at, next - lineEnd))
    }
    return next
  }

  protected lineAfter(at: number): number {
    const end = this.source.indexOf('\n', at)
    return end < 0 ? this.source.length : end + 1
  }

  /** Marks of documents and directives. */
  #isMarker(): boolean {
    return this.source.startsWith('---', this.at) || this.source.startsWith('...', this.at)
  }

  /** Nothing but a comment may follow; then go to the next line. */
  protected endLine(): void {
    const source = this.source
    let at = this.at
    let code = source.charCodeAt(at)
    while (code === blank) code = source.charCodeAt(++at)
    if (code === hash && source.charCodeAt(at - 1) === blank) at = this.comment(at)
    else if (code === lineFeed) at++
    else if (code === carriageReturn && source.charCodeAt(at + 1) === lineFeed) at += 2
    else if (!Number.isNaN(code)) throw refusal
    this.at = at
    this.nextLine()
  }

  protected skipBlanks(): number {
    let code = this.code()
    while (code === blank) code = this.source.charCodeAt(++this.at)
    return code
  }

  protected isDash(): boolean {
    return this.code() === dash && isSpace(this.source.charCodeAt(this.at + 1))
  }

  protected anchorName(start: number): string {
    while (!isSpace(this.code()) && !isFlowIndicator(this.code())) this.at++
    const name = this.source.slice(start, this.at)
    if (!/^[\w.-]+$/.test(name)) throw refusal
    return name
  }

  protected alias(): BlockAlias {
    const start = this.at++
    const name = this.anchorName(start + 1)
    const target = this.anchors.get(name)
    if (!target) throw refusal
    this.aliased.add(target)
    return new BlockAlias(this.file, start, this.at, name, target)
  }

  /** A scalar on one line, in any quotes. */
  protected scalar(): LineScalar {
    const code = this.code()
    if (code === doubleQuote) return this.#doubleQuoted()
    if (code === singleQuote) return this.#singleQuoted()
    return this.#plain(code)
  }

  #plain(first: number): LineScalar {
    const source = this.source
    const start = this.at
    let at = start
    if (indicators.has(first) || ((first === dash || first === questionMark || first === colon) && isSpace(source.charCodeAt(at + 1)))) throw refusal
    let code = first
    let end = at
    for (; !isLineEnd(code); code = source.charCodeAt(++at)) {
      if (code === blank) continue
      if (code === tab) throw refusal
      if (code === colon && isSpace(source.charCodeAt(at + 1))) break
      if (code === hash && source.charCodeAt(at - 1) === blank) break
      end = at + 1
    }
    this.at = end
    return new PlainScalar(this.file, start, end)
  }

  #singleQuoted(): QuotedScalar {
    const source = this.source
    const start = this.at
    let isVerbatim = true
    let at = start + 1
    for (let code = source.charCodeAt(at); ; code = source.charCodeAt(++at)) {
      if (isLineEnd(code)) throw refusal
      if (code !== singleQuote) continue
      if (source.charCodeAt(at + 1) !== singleQuote) break
      isVerbatim = false
      at++
    }
    this.at = at + 1
    return new QuotedScalar(this.file, start, at + 1, isVerbatim)
  }

  #doubleQuoted(): QuotedScalar {
    const source = this.source
    const start = this.at
    let isVerbatim = true
    let at = start + 1
    for (let code = source.charCodeAt(at); code !== doubleQuote; code = source.charCodeAt(++at)) {
      if (isLineEnd(code)) throw refusal
      if (code !== backslash) continue
      isVerbatim = false
      // The others are rare, or no escapes at all.
      if (!'\\"/nrt0abefv'.includes(source[++at] ?? '\n')) throw refusal
    }
    this.at = at + 1
    return new QuotedScalar(this.file, start, at + 1, isVerbatim)
  }

  /** `|` and `>`, without a number that says how deep the text is. */
  protected blockScalar(column: number): BlockScalar {
    const source = this.source
    const start = this.at
    const header = /[|>][-+]?(?=[ \r\n]|$)/y
    header.lastIndex = start
    const written = header.exec(source)?.[0]
    if (written === undefined) throw refusal
    this.at += written.length
    const after = this.skipBlanks()
    if (!isLineEnd(after) && after !== hash) throw refusal
    if (after === hash && source.charCodeAt(this.at - 1) !== blank) throw refusal
    const body = after === hash ? this.comment(this.at) : this.lineAfter(this.at)
    const end = this.#blockEnd(body, column)
    this.at = end
    const last = source.slice(start, end).trimEnd().length
    const node = new BlockScalar(this.file, start, start + last, written, source.slice(body, end), body)
    this.nextLine()
    return node
  }

  /** Where the lines of a block scalar end. */
  #blockEnd(body: number, column: number): number {
    const source = this.source
    let indent = -1
    let deepestBlank = 0
    let at = body
    let end = body
    while (at < source.length) {
      const start = at
      let code = source.charCodeAt(at)
      while (code === blank) code = source.charCodeAt(++at)
      if (isLineEnd(code)) deepestBlank = indent < 0 ? Math.max(deepestBlank, at - start) : deepestBlank
      else if (code === tab) throw refusal
      else if (indent < 0) {
        indent = at - start
        if (indent <= column || deepestBlank > indent) throw refusal
      } else if (at - start < indent) break
      at = this.lineAfter(at)
      end = at
    }
    if (indent < 0) throw refusal
    return end
  }
}
