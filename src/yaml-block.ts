import type { Text } from './text.ts'
import { FlowReader, maximumDepth, maximumKeyLength } from './yaml-block-flow.ts'
import { type BlockAlias, BlockList, BlockMap, BlockScalar, type BlockNode, type BlockPair } from './yaml-block-node.ts'
import { refusal, type LineScalar } from './yaml-block-scanner.ts'
import { ampersand, asterisk, bar, colon, greater, hash, isLineEnd, isSpace, openBrace, openBracket } from './yaml-character.ts'
import type { YamlDocument } from './yaml-tree.ts'

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

/** Maps and lists in lines. */
class BlockReader extends FlowReader {
  document(): BlockNode {
    if (/\uFEFF|\r(?!\n)/.test(this.source)) throw refusal
    this.nextLine()
    if (this.column < 0) throw refusal
    const code = this.code()
    const root = code === openBrace || code === openBracket ? this.flowLine(-1) : this.#block(this.column)
    if (this.column >= 0) throw refusal
    return root
  }

  #block(column: number): BlockMap | BlockList {
    if (++this.depth > maximumDepth) throw refusal
    const node = this.isDash() ? this.#list(column) : this.#map(column, this.scalar())
    this.depth--
    return node
  }

  /** A map whose first key is read; the others stand in lines of their own, in the same column. */
  #map(column: number, first: LineScalar): BlockMap {
    const pairs: BlockPair[] = []
    let key = first
    let end: number
    for (;;) {
      if (this.skipBlanks() !== colon || !isSpace(this.source.charCodeAt(this.at + 1)) || key.end - key.start > maximumKeyLength) throw refusal
      this.at++
      const value = this.#value(column)
      pairs.push({ key, value })
      end = value ? value.end : key.end
      if (this.column < column) break
      if (this.column > column || this.isDash()) throw refusal
      key = this.scalar()
    }
    return new BlockMap(this.file, first.start, end, pairs)
  }

  /** What stands behind the colon of a map in `column`. */
  #value(column: number): BlockNode | undefined {
    const code = this.skipBlanks()
    if (isLineEnd(code) || code === hash) return this.#below(column, true)
    if (code === ampersand) return this.#anchored(column)
    if (this.isDash()) throw refusal
    return this.#inline(column)
  }

  /** What stands in the lines below, deeper than `column`; below a key, a list may stand as deep as the key. */
  #below(column: number, isKey: boolean): BlockNode | undefined {
    this.endLine()
    if (this.column > column) return this.#belowAt(column)
    return isKey && this.column === column && this.isDash() ? this.#block(column) : undefined
  }

  #belowAt(column: number): BlockNode {
    const code = this.code()
    if (code === asterisk || code === bar || code === greater || code === ampersand) throw refusal
    const node = code === openBrace || code === openBracket ? this.flowLine(column) : this.#block(this.column)
    if (this.column > column) throw refusal
    return node
  }

  #anchored(column: number): BlockNode {
    const start = ++this.at
    const name = this.anchorName(start)
    const code = this.skipBlanks()
    let node: BlockNode | undefined
    if (isLineEnd(code) || code === hash) {
      this.endLine()
      node = this.column > column ? this.#belowAt(column) : undefined
    } else node = this.isDash() || code === ampersand ? undefined : this.#inline(column)
    if (!node || node.kind === 'alias') throw refusal
    this.anchors.set(name, node)
    return node
  }

  /** A value on the line at hand, of a collection in `column`. */
  #inline(column: number): BlockNode {
    const code = this.code()
    const node =
      code === bar || code === greater ? this.blockScalar(column)
      : code === openBrace || code === openBracket ? this.flow(column)
      : code === asterisk ? this.alias()
      : this.scalar()
    if (!(node instanceof BlockScalar)) this.endLine()
    // It goes on in the next line.
    if (this.column > column) throw refusal
    return node
  }

  #list(column: number): BlockList {
    const items: (BlockNode | undefined)[] = []
    const start = this.at
    let end = start + 1
    do {
      const item = this.#item(column)
      items.push(item)
      if (item) end = item.end
      if (this.column > column) throw refusal
    } while (this.column === column && this.isDash())
    return new BlockList(this.file, start, end, items)
  }

  #item(column: number): BlockNode | undefined {
    this.at++
    const code = this.skipBlanks()
    if (isLineEnd(code) || code === hash) return this.#below(column, false)
    if (code === ampersand) return this.#anchored(column)
    const own = this.at - this.lineStart
    if (this.isDash()) return this.#block(own)
    if (code === bar || code === greater || code === openBrace || code === openBracket || code === asterisk) return this.#inline(column)
    const scalar = this.scalar()
    const end = this.at
    if (this.skipBlanks() === colon) {
      if (++this.depth > maximumDepth) throw refusal
      const map = this.#map(own, scalar)
      this.depth--
      return map
    }
    this.at = end
    this.endLine()
    return scalar
  }
}
