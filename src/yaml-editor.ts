import { deletion, partDeletion, replacement, type Edit } from './edit.ts'
import type { Setting, SettingEditor } from './intent.ts'
import type { Range } from './text.ts'
import { isMergeKey, nameOf, type YamlDocument, type YamlList, type YamlMap, type YamlNode, type YamlPair, type YamlScalar } from './yaml-tree.ts'

/**
 * What becomes of an entry that has nothing left in it: it goes too, it stays
 * (a network without settings is a network), or it may do neither.
 */
export type Emptied = 'remove' | 'keep' | 'refuse'

/** An entry of a map or an item of a list, and the way to it. */
interface Place {
  readonly parent: Place | undefined
  readonly container: YamlMap | YamlList
  readonly index: number
}

/** Takes settings out of YAML and JSON by the lines and characters that they stand in; all else stays as it is. */
export class YamlEditor implements SettingEditor {
  readonly source: string
  readonly #documents: readonly YamlDocument[]
  readonly #emptied: (path: readonly string[]) => Emptied
  /** How often each name stands in a map. */
  readonly #names = new Map<YamlMap, Map<string, number>>()
  readonly #starts = new Map<YamlMap | YamlList, readonly number[]>()

  /** `emptied` is asked with the names down to an entry; items of lists are `[]`. */
  constructor(source: string, documents: readonly YamlDocument[], emptied: (path: readonly string[]) => Emptied) {
    this.source = source
    this.#documents = documents
    this.#emptied = emptied
  }

  remove({ range, value }: Setting): Edit | undefined {
    const place = this.#placeOf(range)
    if (!place) return undefined
    const scalar = scalarAt(place)
    const written = scalar?.text.range(0, scalar.text.value.length)
    if (written && contains(written, range) && !same(written, range) && value !== '') return this.source.slice(...range) === value ? partDeletion(this.source, range, written) : undefined
    return this.#removal(place)
  }

  replace({ range, value }: Setting, text: string): Edit | undefined {
    const place = this.#placeOf(range)
    const scalar = place && scalarAt(place)
    if (!scalar || value === undefined) return undefined
    return replacement(this.source, contains(scalar.range, range) ? range : scalar.range, value, text)
  }

  /** Where something is written; `undefined` where other places stand for it too. */
  #placeOf(range: Range): Place | undefined {
    const document = this.#documents.find(({ root }) => root && contains(root.range, range))
    let node: YamlNode | undefined = document?.root
    let place: Place | undefined
    while (document && node && !document.aliased.has(node)) {
      if (node.kind === 'scalar') return place
      if (node.kind === 'alias') return undefined
      const index = lastAtMost(this.#startsOf(node), range[0])
      if (index < 0) return undefined
      place = { parent: place, container: node, index }
      const pair: YamlPair | undefined = node.kind === 'map' ? node.pairs[index]! : undefined
      const below: YamlNode | undefined = pair ? pair.value : (node as YamlList).items[index]
      if (pair?.key.range[0] === range[0] || (below && this.#isWhole(below, !pair) && same(below.range, range))) return below && document.aliased.has(below) ? undefined : place
      node = below && contains(below.range, range) ? below : undefined
    }
    return undefined
  }

  /** Whether an entry takes the place of another, which would show if it went. */
  #hidesOthers(map: YamlMap, index: number): boolean {
    let counts = this.#names.get(map)
    if (!counts) {
      counts = new Map()
      for (const { key } of map.pairs) counts.set(nameOf(key), (counts.get(nameOf(key)) ?? 0) + 1)
      this.#names.set(map, counts)
    }
    return counts.get(nameOf(map.pairs[index]!.key))! > 1 || (counts.has('<<') && map.pairs.some(({ key }) => isMergeKey(key)))
  }

  #startsOf(node: YamlMap | YamlList): readonly number[] {
    let starts = this.#starts.get(node)
    if (!starts) {
      let last = node.range[0]
      starts = node.kind === 'map' ? node.pairs.map(({ key }) => key.range[0]) : node.items.map(item => (last = item?.range[0] ?? last))
      this.#starts.set(node, starts)
    }
    return starts
  }

  #removal(place: Place): Edit | undefined {
    const { container, index, parent } = place
    if (container.kind === 'map' && this.#hidesOthers(container, index)) return undefined
    if (parent && countOf(container) === 1) {
      const emptied = this.#emptied(pathOf(parent))
      if (emptied === 'refuse') return undefined
      if (emptied === 'remove') return this.#removal(parent)
    }
    const range = this.#rangeOf(container, index)
    const edit = range && (this.#isFlow(container) ? this.#flowRemoval(place, range) : this.#blockRemoval(place, range))
    // An anchor that goes would leave its aliases without a meaning.
    return edit && !this.source.slice(...edit.range).includes('&') ? edit : undefined
  }

  /** An entry between braces, with the comma that parts it from its neighbour. */
  #flowRemoval({ container, index }: Place, [start, end]: Range): Edit | undefined {
    const before = this.#rangeOf(container, index - 1)
    const after = this.#rangeOf(container, index + 1)
    if (after) return /^\s*,\s*$/.test(this.source.slice(end, after[0])) ? deletion(start, after[0]) : undefined
    if (before) return /^\s*,\s*$/.test(this.source.slice(before[1], start)) ? deletion(before[1], end) : undefined
    const inside = [container.range[0] + 1, container.range[1] - 1] as const
    return /^\s*$/.test(this.source.slice(inside[0], start)) && /^\s*(?:,\s*)?$/.test(this.source.slice(end, inside[1])) ? deletion(...inside) : undefined
  }

  /** All lines of an entry; of the first in an item of a list (`- a: 1`) what stands after the dash. */
  #blockRemoval({ container, index }: Place, [start, end]: Range): Edit | undefined {
    const lineStart = this.source.lastIndexOf('\n', start - 1) + 1
    const newline = this.source.indexOf('\n', end)
    const lineEnd = newline < 0 ? this.source.length : newline + 1
    const before = this.source.slice(lineStart, start)
    const after = this.source.slice(end, lineEnd)
    if (container.kind === 'list' ? /^[ \t]*-[ \t]+$/.test(before) : /^[ \t]*$/.test(before)) return /^(?:[ \t]*:)?[ \t]*(?:[ \t]#.*)?\r?\n?$/.test(after) ? deletion(lineStart, lineEnd) : undefined
    const next = this.#rangeOf(container, index + 1)
    return index === 0 && next && /^[ \t]*-[ \t]+$/.test(before) && /^(?:[ \t]*:)?\s*$/.test(this.source.slice(end, next[0])) ? deletion(start, next[0]) : undefined
  }

  /** From the beginning of an entry to the end of the last that is in it. */
  #rangeOf(container: YamlMap | YamlList, index: number): Range | undefined {
    const value = valueAt(container, index)
    const end = value && this.#endOf(value)
    if (container.kind === 'list') return value && end !== undefined ? [value.range[0], end] : undefined
    const pair = container.pairs[index]
    if (!pair || (value && end === undefined)) return undefined
    return [pair.key.range[0], end ?? pair.key.range[1]]
  }

  /** Where a node ends; what has no braces goes on in the tree to whatever comes next. */
  #endOf(node: YamlNode): number | undefined {
    if (node.kind === 'scalar' || node.kind === 'alias' || this.#isFlow(node)) return node.range[1]
    return this.#rangeOf(node, countOf(node) - 1)?.[1]
  }

  /** Whether a range that is all of a node means the node, and not the only entry in it. */
  #isWhole(node: YamlNode, isItem: boolean): boolean {
    return node.kind === 'scalar' || (isItem && node.kind !== 'alias' && (this.#isFlow(node) || countOf(node) > 1))
  }

  #isFlow({ range: [start] }: YamlMap | YamlList): boolean {
    return this.source[start] === '{' || this.source[start] === '['
  }
}

const contains = (outer: Range, inner: Range): boolean => outer[0] <= inner[0] && inner[1] <= outer[1]
const same = (one: Range, other: Range): boolean => one[0] === other[0] && one[1] === other[1]

/** Index of the last of ascending numbers that is not greater; -1 if there is none. */
function lastAtMost(numbers: readonly number[], bound: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! <= bound) low = middle + 1
    else high = middle
  }
  return low - 1
}

const countOf = (container: YamlMap | YamlList): number => (container.kind === 'map' ? container.pairs : container.items).length

const valueAt = (container: YamlMap | YamlList, index: number): YamlNode | undefined => (container.kind === 'map' ? container.pairs[index]?.value : container.items[index])

function scalarAt({ container, index }: Place): YamlScalar | undefined {
  const value = valueAt(container, index)
  return value?.kind === 'scalar' ? value : undefined
}

function pathOf(place: Place | undefined): string[] {
  const path: string[] = []
  for (let at = place; at; at = at.parent) path.unshift(at.container.kind === 'map' ? nameOf(at.container.pairs[at.index]!.key) : '[]')
  return path
}

