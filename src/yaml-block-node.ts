import type { Piece, Range, Text } from './text.ts'
import { blockPieces, doubleQuotedPieces, singleQuotedPieces } from './yaml-scalar.ts'
import type { YamlAlias, YamlList, YamlMap, YamlScalar } from './yaml-tree.ts'

/** A node of the tree of `yaml-block.ts`: its place is kept, and what it says is computed when somebody asks. */
export type BlockNode = PlainScalar | QuotedScalar | BlockScalar | BlockMap | BlockList | BlockAlias

export interface BlockPair {
  readonly key: PlainScalar | QuotedScalar
  readonly value: BlockNode | undefined
}

class Placed {
  readonly file: Text
  readonly start: number
  readonly end: number
  readonly tag = undefined

  constructor(file: Text, start: number, end: number) {
    this.file = file
    this.start = start
    this.end = end
  }

  get range(): Range {
    return this.file.range(this.start, this.end)
  }
}

export class BlockMap extends Placed implements YamlMap {
  readonly kind = 'map'
  readonly pairs: readonly BlockPair[]

  constructor(file: Text, start: number, end: number, pairs: readonly BlockPair[]) {
    super(file, start, end)
    this.pairs = pairs
  }
}

export class BlockList extends Placed implements YamlList {
  readonly kind = 'list'
  readonly items: readonly (BlockNode | undefined)[]

  constructor(file: Text, start: number, end: number, items: readonly (BlockNode | undefined)[]) {
    super(file, start, end)
    this.items = items
  }
}

export class BlockAlias extends Placed implements YamlAlias {
  readonly kind = 'alias'
  readonly name: string
  readonly target: Exclude<BlockNode, BlockAlias>

  constructor(file: Text, start: number, end: number, name: string, target: Exclude<BlockNode, BlockAlias>) {
    super(file, start, end)
    this.name = name
    this.target = target
  }
}

export class PlainScalar extends Placed implements YamlScalar {
  readonly kind = 'scalar'
  readonly plain = true
  #characters: string | undefined

  get characters(): string {
    return (this.#characters ??= this.file.value.slice(this.start, this.end))
  }

  get value(): YamlScalar['value'] {
    return plainValue(this.characters)
  }

  get text(): Text {
    return this.file.slice(this.start, this.end)
  }
}

export class QuotedScalar extends Placed implements YamlScalar {
  readonly kind = 'scalar'
  readonly plain = false
  /** Whether each character stands for itself. */
  readonly #isVerbatim: boolean
  #characters: string | undefined

  constructor(file: Text, start: number, end: number, isVerbatim: boolean) {
    super(file, start, end)
    this.#isVerbatim = isVerbatim
  }

  get characters(): string {
    return (this.#characters ??= this.#isVerbatim ? this.file.value.slice(this.start + 1, this.end - 1) : this.text.value)
  }

  get value(): string {
    return this.characters
  }

  get text(): Text {
    const raw = this.file.value.slice(this.start + 1, this.end - 1)
    const pieces: Piece[] = this.file.value[this.start] === "'" ? singleQuotedPieces(raw, this.start + 1) : doubleQuotedPieces(raw, this.start + 1)
    return this.file.decode(pieces, [this.start, this.end])
  }
}

/** A literal or folded scalar; its lines start at `body`. */
export class BlockScalar extends Placed implements YamlScalar {
  readonly kind = 'scalar'
  readonly plain = false
  readonly #header: string
  readonly #raw: string
  readonly #body: number
  #text: Text | undefined

  constructor(file: Text, start: number, end: number, header: string, raw: string, body: number) {
    super(file, start, end)
    this.#header = header
    this.#raw = raw
    this.#body = body
  }

  get characters(): string {
    return this.text.value
  }

  get value(): string {
    return this.text.value
  }

  get text(): Text {
    return (this.#text ??= this.file.decode(blockPieces(this.#raw, this.#body, this.#header, 0), [this.start, this.end]))
  }
}

/** The value of a plain scalar by the core schema (YAML 1.2 §10.3.2). */
function plainValue(characters: string): YamlScalar['value'] {
  if (!/^[-+.~\dntfNTF]/.test(characters)) return characters
  if (/^(?:~|[Nn]ull|NULL)$/.test(characters)) return null
  if (/^(?:[Tt]rue|TRUE)$/.test(characters)) return true
  if (/^(?:[Ff]alse|FALSE)$/.test(characters)) return false
  return isNumber.test(characters) ? numberOf(characters) : characters
}

const isNumber = /^(?:0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/

function numberOf(characters: string): number {
  if (/inf$/i.test(characters)) return characters.startsWith('-') ? -Infinity : Infinity
  if (characters.startsWith('0o')) return parseInt(characters.slice(2), 8)
  return /nan$/i.test(characters) ? NaN : Number(characters)
}
