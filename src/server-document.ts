import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Position, Range as PositionRange, TextDocumentItem } from 'vscode-languageserver'
import { keyOf } from './server-uri.ts'
import type { Range } from './text.ts'

/** In what characters of a line are counted. */
export type PositionEncoding = 'utf-8' | 'utf-16' | 'utf-32'

const positionEncodings: readonly PositionEncoding[] = ['utf-8', 'utf-16', 'utf-32']

/** The first that a client names and we know; what every client knows if it names none. */
export function positionEncodingFor(offered: unknown): PositionEncoding {
  const names: readonly unknown[] = Array.isArray(offered) ? offered : []
  return names.map(name => positionEncodings.find(known => known === name)).find(known => known !== undefined) ?? 'utf-16'
}

/** How many units a character has. */
const unitsOf: Readonly<Record<PositionEncoding, (character: string) => number>> = {
  'utf-8': character => {
    const code = character.codePointAt(0)!
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  },
  'utf-16': character => character.length,
  'utf-32': () => 1
}

/** A text that replaces what stands at `range`, or all. */
interface Change { readonly range?: PositionRange; readonly text: string }

/** A text and its places, as a client counts them. */
export class ServerDocument {
  readonly uri: string
  readonly languageId: string
  readonly #document: TextDocument
  readonly #encoding: PositionEncoding
  #revision = 0

  constructor({ uri, languageId, version, text }: TextDocumentItem, encoding: PositionEncoding) {
    this.uri = uri
    this.languageId = languageId
    this.#document = TextDocument.create(uri, languageId, version, text)
    this.#encoding = encoding
  }

  /** What the client calls this state of it. */
  get version(): number {
    return this.#document.version
  }

  /** Counts the changes: clients may give versions as they please. */
  get revision(): number {
    return this.#revision
  }

  get text(): string {
    return this.#document.getText()
  }

  /** Changes it; `false`, with nothing changed, if these are no changes. */
  change(changes: unknown, version: unknown): boolean {
    if (!Array.isArray(changes) || !changes.every(isChange)) return false
    for (const { range, text } of changes) {
      // Each change speaks of what those before it have left.
      const change = range ? { range: this.#wellFormed(range), text } : { text }
      TextDocument.update(this.#document, [change], typeof version === 'number' ? version : this.version)
    }
    this.#revision++
    return true
  }

  offsetAt({ line, character }: Position): number {
    const start = this.#document.offsetAt({ line: Math.trunc(line), character: 0 })
    if (line < 0 || line >= this.#document.lineCount) return start
    return start + this.#unitsToColumn(this.#lineFrom(start, Math.trunc(line)), character)
  }

  positionAt(offset: number): Position {
    const { line, character } = this.#document.positionAt(offset)
    if (this.#encoding === 'utf-16') return { line, character }
    let units = 0
    for (const each of this.text.slice(offset - character, offset)) units += unitsOf[this.#encoding](each)
    return { line, character: units }
  }

  rangeOf([start, end]: Range): PositionRange {
    return { start: this.positionAt(start), end: this.positionAt(end) }
  }

  /** A range that stands in the text, whatever a client has sent. */
  #wellFormed({ start, end }: PositionRange): PositionRange {
    return { start: this.#document.positionAt(this.offsetAt(start)), end: this.#document.positionAt(this.offsetAt(end)) }
  }

  #lineFrom(start: number, line: number): string {
    return this.text.slice(start, this.#document.offsetAt({ line, character: Number.MAX_SAFE_INTEGER }))
  }

  #unitsToColumn(line: string, units: number): number {
    if (this.#encoding === 'utf-16') return Math.max(0, Math.min(Math.trunc(units), line.length))
    let column = 0
    let counted = 0
    for (const character of line) {
      counted += unitsOf[this.#encoding](character)
      if (counted > units) break
      column += character.length
    }
    return column
  }
}

export const isPosition = (value: unknown): value is Position =>
  isObject(value) && typeof value['line'] === 'number' && typeof value['character'] === 'number'

export const isPositionRange = (value: unknown): value is PositionRange => isObject(value) && isPosition(value['start']) && isPosition(value['end'])

const isChange = (value: unknown): value is Change =>
  isObject(value) && typeof value['text'] === 'string' && (value['range'] === undefined || isPositionRange(value['range']))

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The texts that are open in the editor. */
export class OpenDocuments {
  readonly #documents = new Map<string, ServerDocument>()
  readonly #encoding: () => PositionEncoding

  constructor(encoding: () => PositionEncoding) {
    this.#encoding = encoding
  }

  get all(): readonly ServerDocument[] {
    return [...this.#documents.values()]
  }

  /** What is open under a URI, however it is spelled. */
  get(uri: unknown): ServerDocument | undefined {
    return typeof uri === 'string' ? this.#documents.get(keyOf(uri)) : undefined
  }

  isOpen(document: ServerDocument): boolean {
    return this.get(document.uri) === document
  }

  /** Opens a text; `undefined` if it is none. */
  open(item: unknown): ServerDocument | undefined {
    if (!isObject(item) || typeof item['uri'] !== 'string' || typeof item['text'] !== 'string') return undefined
    const { uri, text, languageId, version } = item
    const document = new ServerDocument({ uri, text, languageId: typeof languageId === 'string' ? languageId : '', version: typeof version === 'number' ? version : 0 }, this.#encoding())
    this.#documents.set(keyOf(uri), document)
    return document
  }

  close(uri: unknown): ServerDocument | undefined {
    const document = this.get(uri)
    if (document) this.#documents.delete(keyOf(document.uri))
    return document
  }
}
