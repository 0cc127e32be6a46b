import { BlockList, BlockMap, PlainScalar, QuotedScalar, type BlockNode, type BlockPair } from './yaml-block-node.ts'
import { BlockScanner, indicators, refusal, type LineScalar } from './yaml-block-scanner.ts'
import { asterisk, blank, carriageReturn, closeBrace, closeBracket, colon, comma, dash, doubleQuote, hash, isFlowIndicator, isLineEnd, isSpace, lineFeed, openBrace, openBracket, questionMark, singleQuote, tab } from './yaml-character.ts'

/** Deeper documents are left to the library, which knows what to say of them. */
export const maximumDepth = 100

/** The library refuses keys of more than 1024 characters. */
export const maximumKeyLength = 1000

/** Flow collections: `{a: b}` and `[a, b]`. */
export class FlowReader extends BlockScanner {
  protected depth = 0

  /** A flow collection that starts a line, as JSON does. */
  protected flowLine(column: number): BlockNode {
    const node = this.flow(column)
    this.endLine()
    return node
  }

  protected flow(column: number): BlockMap | BlockList {
    if (++this.depth > maximumDepth) throw refusal
    const start = this.at++
    const node = this.source.charCodeAt(start) === openBrace ? this.#flowMap(start, column) : this.#flowList(start, column)
    this.depth--
    return node
  }

  #flowList(start: number, column: number): BlockList {
    const items: BlockNode[] = []
    while (this.#flowGap(column) !== closeBracket) {
      items.push(this.#flowValue(column))
      this.#separator(closeBracket, column)
    }
    this.at++
    return new BlockList(this.file, start, this.at, items)
  }

  #flowMap(start: number, column: number): BlockMap {
    const pairs: BlockPair[] = []
    while (this.#flowGap(column) !== closeBrace) {
      const key = this.#flowScalar()
      const isQuoted = key instanceof QuotedScalar
      if (this.code() !== colon || key.end - key.start > maximumKeyLength) throw refusal
      this.at++
      if (!isQuoted && !isSpace(this.code())) throw refusal
      const code = this.#flowGap(column)
      if (code === comma || code === closeBrace) throw refusal
      pairs.push({ key, value: this.#flowValue(column) })
      this.#separator(closeBrace, column)
    }
    this.at++
    return new BlockMap(this.file, start, this.at, pairs)
  }

  #separator(close: number, column: number): void {
    const code = this.#flowGap(column)
    if (code === comma) this.at++
    else if (code !== close) throw refusal
  }

  #flowValue(column: number): BlockNode {
    const code = this.code()
    if (code === openBrace || code === openBracket) return this.flow(column)
    return code === asterisk ? this.alias() : this.#flowScalar()
  }

  #flowScalar(): LineScalar {
    const code = this.code()
    return code === doubleQuote || code === singleQuote ? this.scalar() : this.#flowPlain(code)
  }

  #flowPlain(first: number): LineScalar {
    const source = this.source
    const start = this.at
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
    this.at = end
    return new PlainScalar(this.file, start, end)
  }

  /** Blanks, line breaks and comments between the parts of a flow collection; what follows stands deeper than `column`. */
  #flowGap(column: number): number {
    const source = this.source
    for (;;) {
      const code = this.skipBlanks()
      if (code === hash) {
        if (source.charCodeAt(this.at - 1) !== blank) throw refusal
        this.at = this.comment(this.at)
      } else if (code === lineFeed) this.at++
      else if (code === carriageReturn && source.charCodeAt(this.at + 1) === lineFeed) this.at += 2
      else return code
      this.nextLine()
      if (this.column <= column) throw refusal
    }
  }
}
