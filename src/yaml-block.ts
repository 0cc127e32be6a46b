import type { Text } from './text.ts'
import { BlockAlias, BlockList, BlockMap, BlockScalar, PlainScalar, QuotedScalar, type BlockNode, type BlockPair } from './yaml-block-node.ts'
import type { YamlDocument } from './yaml-tree.ts'

/** Said of a document that is not for this reader; always the same, since making an error costs more than reading on. */
const refusal = new Error('not for this reader')

/** Deeper documents are left to the library, which knows what to say of them. */
const maximumDepth = 100

/** The library refuses keys of more than 1024 characters. */
const maximumKeyLength = 1000

export interface BlockDocument extends YamlDocument {
  readonly root: BlockNode
  /** What has a name; of two of the same name the last. */
  readonly anchors: ReadonlyMap<string, Exclude<BlockNode, BlockAlias>>
}

/**
 * A document in the YAML that most people write: block and flow collections,
 * scalars on one line or in blocks, anchors and aliases. `undefined`: there is
 * more to it, or it has faults, and the library has to read it; `refuse` is
 * told where. The tree is the one that the library would make. `source` is the
 * text, or has something else in place of what is not to be read.
 */
export function readBlockYaml(file: Text, source = file.value, refuse?: (at: number) => void): BlockDocument | undefined {
  const reader = new BlockReader(file, source)
  try {
    return { root: reader.document(), problems: [], comments: reader.comments, aliased: reader.aliased, anchors: reader.anchors }
  } catch (error) {
    if (error !== refusal) throw error
    refuse?.(reader.at)
    return undefined
  }
}

const tab = 9
const lineFeed = 10
const carriageReturn = 13
const blank = 32
const doubleQuote = 34
const hash = 35
const ampersand = 38
const singleQuote = 39
const asterisk = 42
const comma = 44
const dash = 45
const colon = 58
const greater = 62
const questionMark = 63
const openBracket = 91
const backslash = 92
const closeBracket = 93
const bar = 124
const openBrace = 123
const closeBrace = 125

/** `!"#%&'*,>@[]`{|}`: a plain scalar starts with none of these. */
const indicators = new Set([...'!"#%&\'*,>@[]`{|}'].map(character => character.charCodeAt(0)))

/** Characters that end a plain scalar within a flow collection. */
const isFlowIndicator = (code: number): boolean => code === comma || code === openBracket || code === closeBracket || code === openBrace || code === closeBrace

/** A line break, or no character at all. */
const isLineEnd = (code: number): boolean => code === lineFeed || code === carriageReturn || Number.isNaN(code)

const isSpace = (code: number): boolean => code === blank || isLineEnd(code)

/** The mark before a document, on a line of its own. */
const documentStart = /--- *\r?\n/y

type LineScalar = PlainScalar | QuotedScalar

class BlockReader {
  /** Nodes that aliases stand for. */
  readonly aliased = new Set<BlockNode>()
  /** Comments that may speak to us. */
  readonly comments: Text[] = []
  readonly anchors = new Map<string, Exclude<BlockNode, BlockAlias>>()
  readonly #file: Text
  readonly #source: string
  readonly #keepsComments: boolean
  #at = 0
  #lineStart = 0
  /** Column of the first character of the line at hand, -1 behind the last. */
  #column = -1
  #depth = 0
  /** Whether nothing but comments and a mark has been read. */
  #isBefore = true

  constructor(file: Text, source: string) {
    this.#file = file
    this.#source = source
    this.#keepsComments = source.includes('porthole-')
  }

  /** How far it has come. */
  get at(): number {
    return this.#at
  }

  document(): BlockNode {
    if (/\uFEFF|\r(?!\n)/.test(this.#source)) throw refusal
    this.#nextLine()
    this.#isBefore = false
    if (this.#column < 0) throw refusal
    const code = this.#code()
    const root = code === openBrace || code === openBracket ? this.#flowLine(-1) : this.#block(this.#column)
    if (this.#column >= 0) throw refusal
    return root
  }

  #code(): number {
    return this.#source.charCodeAt(this.#at)
  }

  /** Go to the first character of the next line that is neither blank nor a comment; `#at` stands at the start of a line. */
  #nextLine(): void {
    const source = this.#source
    let at = this.#at
    for (;;) {
      const start = at
      let code = source.charCodeAt(at)
      while (code === blank) code = source.charCodeAt(++at)
      if (code === lineFeed) at++
      else if (code === hash) at = this.#comment(at)
      else if (code === carriageReturn && source.charCodeAt(at + 1) === lineFeed) at += 2
      else if (Number.isNaN(code)) {
        this.#at = at
        this.#column = -1
        return
      } else {
        if (code === tab || code === carriageReturn) throw refusal
        this.#at = at
        this.#lineStart = start
        this.#column = at - start
        if (at > start || !this.#isMarker()) return
        documentStart.lastIndex = at
        if (!this.#isBefore || !documentStart.test(source)) throw refusal
        this.#isBefore = false
        at = documentStart.lastIndex
      }
    }
  }

  /** Pass over the comment at `at` to the next line. */
  #comment(at: number): number {
    const next = this.#lineAfter(at)
    if (this.#keepsComments) {
      const lineEnd = /\r?\n$/.exec(this.#source.slice(next - 2, next))?.[0].length ?? 0
      if (this.#source.slice(at, next).includes('porthole-')) this.comments.push(this.#file.slice(at, next - lineEnd))
    }
    return next
  }

  #lineAfter(at: number): number {
    const end = this.#source.indexOf('\n', at)
    return end < 0 ? this.#source.length : end + 1
  }

  /** Marks of documents and directives. */
  #isMarker(): boolean {
    return this.#source.startsWith('---', this.#at) || this.#source.startsWith('...', this.#at)
  }

  /** Nothing but a comment may follow; then go to the next line. */
  #endLine(): void {
    const source = this.#source
    let at = this.#at
    let code = source.charCodeAt(at)
    while (code === blank) code = source.charCodeAt(++at)
    if (code === hash && source.charCodeAt(at - 1) === blank) at = this.#comment(at)
    else if (code === lineFeed) at++
    else if (code === carriageReturn && source.charCodeAt(at + 1) === lineFeed) at += 2
    else if (!Number.isNaN(code)) throw refusal
    this.#at = at
    this.#nextLine()
  }

  #skipBlanks(): number {
    let code = this.#code()
    while (code === blank) code = this.#source.charCodeAt(++this.#at)
    return code
  }

  #isDash(): boolean {
    return this.#code() === dash && isSpace(this.#source.charCodeAt(this.#at + 1))
  }

  #block(column: number): BlockMap | BlockList {
    if (++this.#depth > maximumDepth) throw refusal
    const node = this.#isDash() ? this.#list(column) : this.#map(column, this.#scalar())
    this.#depth--
    return node
  }

  /** A map whose first key is read; the others stand in lines of their own, in the same column. */
  #map(column: number, first: LineScalar): BlockMap {
    const pairs: BlockPair[] = []
    let key = first
    let end: number
    for (;;) {
      if (this.#skipBlanks() !== colon || !isSpace(this.#source.charCodeAt(this.#at + 1)) || key.end - key.start > maximumKeyLength) throw refusal
      this.#at++
      const value = this.#value(column)
      pairs.push({ key, value })
      end = value ? value.end : key.end
      if (this.#column < column) break
      if (this.#column > column || this.#isDash()) throw refusal
      key = this.#scalar()
    }
    return new BlockMap(this.#file, first.start, end, pairs)
  }

  /** What stands behind the colon of a map in `column`. */
  #value(column: number): BlockNode | undefined {
    const code = this.#skipBlanks()
    if (isLineEnd(code) || code === hash) return this.#below(column, true)
    if (code === ampersand) return this.#anchored(column)
    if (this.#isDash()) throw refusal
    return this.#inline(column)
  }

  /** What stands in the lines below, deeper than `column`; below a key, a list may stand as deep as the key. */
  #below(column: number, isKey: boolean): BlockNode | undefined {
    this.#endLine()
    if (this.#column > column) return this.#belowAt(column)
    return isKey && this.#column === column && this.#isDash() ? this.#block(column) : undefined
  }

  #belowAt(column: number): BlockNode {
    const code = this.#code()
    if (code === asterisk || code === bar || code === greater || code === ampersand) throw refusal
    const node = code === openBrace || code === openBracket ? this.#flowLine(column) : this.#block(this.#column)
    if (this.#column > column) throw refusal
    return node
  }

  #anchored(column: number): BlockNode {
    const start = ++this.#at
    const name = this.#anchorName(start)
    const code = this.#skipBlanks()
    let node: BlockNode | undefined
    if (isLineEnd(code) || code === hash) {
      this.#endLine()
      node = this.#column > column ? this.#belowAt(column) : undefined
    } else node = this.#isDash() || code === ampersand ? undefined : this.#inline(column)
    if (!node || node.kind === 'alias') throw refusal
    this.anchors.set(name, node)
    return node
  }

  #anchorName(start: number): string {
    while (!isSpace(this.#code()) && !isFlowIndicator(this.#code())) this.#at++
    const name = this.#source.slice(start, this.#at)
    if (!/^[\w.-]+$/.test(name)) throw refusal
    return name
  }

  /** A value on the line at hand, of a collection in `column`. */
  #inline(column: number): BlockNode {
    const code = this.#code()
    const node =
      code === bar || code === greater ? this.#blockScalar(column)
      : code === openBrace || code === openBracket ? this.#flow(column)
      : code === asterisk ? this.#alias()
      : this.#scalar()
    if (!(node instanceof BlockScalar)) this.#endLine()
    // It goes on in the next line.
    if (this.#column > column) throw refusal
    return node
  }

  #alias(): BlockAlias {
    const start = this.#at++
    const name = this.#anchorName(start + 1)
    const target = this.anchors.get(name)
    if (!target) throw refusal
    this.aliased.add(target)
    return new BlockAlias(this.#file, start, this.#at, name, target)
  }

  #list(column: number): BlockList {
    const items: (BlockNode | undefined)[] = []
    const start = this.#at
    let end = start + 1
    do {
      const item = this.#item(column)
      items.push(item)
      if (item) end = item.end
      if (this.#column > column) throw refusal
    } while (this.#column === column && this.#isDash())
    return new BlockList(this.#file, start, end, items)
  }

  #item(column: number): BlockNode | undefined {
    this.#at++
    const code = this.#skipBlanks()
    if (isLineEnd(code) || code === hash) return this.#below(column, false)
    if (code === ampersand) return this.#anchored(column)
    const own = this.#at - this.#lineStart
    if (this.#isDash()) return this.#block(own)
    if (code === bar || code === greater || code === openBrace || code === openBracket || code === asterisk) return this.#inline(column)
    const scalar = this.#scalar()
    const end = this.#at
    if (this.#skipBlanks() === colon) {
      if (++this.#depth > maximumDepth) throw refusal
      const map = this.#map(own, scalar)
      this.#depth--
      return map
    }
    this.#at = end
    this.#endLine()
    return scalar
  }

  /** A scalar on one line, in any quotes. */
  #scalar(): LineScalar {
    const code = this.#code()
    if (code === doubleQuote) return this.#doubleQuoted()
    if (code === singleQuote) return this.#singleQuoted()
    return this.#plain(code)
  }

  #plain(first: number): LineScalar {
    const source = this.#source
    const start = this.#at
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
    this.#at = end
    return new PlainScalar(this.#file, start, end)
  }

  #singleQuoted(): QuotedScalar {
    const source = this.#source
    const start = this.#at
    let isVerbatim = true
    let at = start + 1
    for (let code = source.charCodeAt(at); ; code = source.charCodeAt(++at)) {
      if (isLineEnd(code)) throw refusal
      if (code !== singleQuote) continue
      if (source.charCodeAt(at + 1) !== singleQuote) break
      isVerbatim = false
      at++
    }
    this.#at = at + 1
    return new QuotedScalar(this.#file, start, at + 1, isVerbatim)
  }

  #doubleQuoted(): QuotedScalar {
    const source = this.#source
    const start = this.#at
    let isVerbatim = true
    let at = start + 1
    for (let code = source.charCodeAt(at); code !== doubleQuote; code = source.charCodeAt(++at)) {
      if (isLineEnd(code)) throw refusal
      if (code !== backslash) continue
      isVerbatim = false
      // The others are rare, or no escapes at all.
      if (!'\\"/nrt0abefv'.includes(source[++at] ?? '\n')) throw refusal
    }
    this.#at = at + 1
    return new QuotedScalar(this.#file, start, at + 1, isVerbatim)
  }

  /** `|` and `>`, without a number that says how deep the text is. */
  #blockScalar(column: number): BlockScalar {
    const source = this.#source
    const start = this.#at
    const header = /[|>][-+]?(?=[ \r\n]|$)/y
    header.lastIndex = start
    const written = header.exec(source)?.[0]
    if (written === undefined) throw refusal
    this.#at += written.length
    const after = this.#skipBlanks()
    if (!isLineEnd(after) && after !== hash) throw refusal
    if (after === hash && source.charCodeAt(this.#at - 1) !== blank) throw refusal
    const body = after === hash ? this.#comment(this.#at) : this.#lineAfter(this.#at)
    const end = this.#blockEnd(body, column)
    this.#at = end
    const last = source.slice(start, end).trimEnd().length
    const node = new BlockScalar(this.#file, start, start + last, written, source.slice(body, end), body)
    this.#nextLine()
    return node
  }

  /** Where the lines of a block scalar end. */
  #blockEnd(body: number, column: number): number {
    const source = this.#source
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
      at = this.#lineAfter(at)
      end = at
    }
    if (indent < 0) throw refusal
    return end
  }

  /** A flow collection that starts a line, as JSON does. */
  #flowLine(column: number): BlockNode {
    const node = this.#flow(column)
    this.#endLine()
    return node
  }

  #flow(column: number): BlockMap | BlockList {
    if (++this.#depth > maximumDepth) throw refusal
    const start = this.#at++
    const node = this.#source.charCodeAt(start) === openBrace ? this.#flowMap(start, column) : this.#flowList(start, column)
    this.#depth--
    return node
  }

  #flowList(start: number, column: number): BlockList {
    const items: BlockNode[] = []
    while (this.#flowGap(column) !== closeBracket) {
      items.push(this.#flowValue(column))
      this.#separator(closeBracket, column)
    }
    this.#at++
    return new BlockList(this.#file, start, this.#at, items)
  }

  #flowMap(start: number, column: number): BlockMap {
    const pairs: BlockPair[] = []
    while (this.#flowGap(column) !== closeBrace) {
      const key = this.#flowScalar()
      const isQuoted = key instanceof QuotedScalar
      if (this.#code() !== colon || key.end - key.start > maximumKeyLength) throw refusal
      this.#at++
      if (!isQuoted && !isSpace(this.#code())) throw refusal
      const code = this.#flowGap(column)
      if (code === comma || code === closeBrace) throw refusal
      pairs.push({ key, value: this.#flowValue(column) })
      this.#separator(closeBrace, column)
    }
    this.#at++
    return new BlockMap(this.#file, start, this.#at, pairs)
  }

  #separator(close: number, column: number): void {
    const code = this.#flowGap(column)
    if (code === comma) this.#at++
    else if (code !== close) throw refusal
  }

  #flowValue(column: number): BlockNode {
    const code = this.#code()
    if (code === openBrace || code === openBracket) return this.#flow(column)
    return code === asterisk ? this.#alias() : this.#flowScalar()
  }

  #flowScalar(): LineScalar {
    const code = this.#code()
    return code === doubleQuote || code === singleQuote ? this.#scalar() : this.#flowPlain(code)
  }

  #flowPlain(first: number): LineScalar {
    const source = this.#source
    const start = this.#at
    let at = start
    const next = source.charCodeAt(start + 1)
    if (indicators.has(first) || first === questionMark || first === colon || (first === dash && (isSpace(next) || isFlowIndicator(next)))) throw refusal
    let end = at
    let code = first
    for (; !isLineEnd(code) && !isFlowIndicator(code); code = source.charCodeAt(++at)) {
      if (code === blank) continue
      if (code === tab) throw refusal
      if (code === colon && (isSpace(source.charCodeAt(at + 1)) || isFlowIndicator(source.charCodeAt(at + 1)))) break
      if (code === hash && source.charCodeAt(at - 1) === blank) break
      end = at + 1
    }
    this.#at = end
    return new PlainScalar(this.#file, start, end)
  }

  /** Blanks, line breaks and comments between the parts of a flow collection; what follows stands deeper than `column`. */
  #flowGap(column: number): number {
    const source = this.#source
    for (;;) {
      const code = this.#skipBlanks()
      if (code === hash) {
        if (source.charCodeAt(this.#at - 1) !== blank) throw refusal
        this.#at = this.#comment(this.#at)
      } else if (code === lineFeed) this.#at++
      else if (code === carriageReturn && source.charCodeAt(this.#at + 1) === lineFeed) this.#at += 2
      else return code
      this.#nextLine()
      if (this.#column <= column) throw refusal
    }
  }
}
