import { outline } from '../generated/compose-outline.ts'
import { isMergeKey, type YamlList, type YamlMap, type YamlNode, type YamlScalar } from '../yaml-tree.ts'
import { isOtherNumber } from './compose-plain.ts'

/** What a value of a compose file may be: an entry of the outline of the schema; others are named by their number. */
export interface Outline {
  readonly types?: readonly string[]
  readonly keys?: ReadonlyMap<string, number>
  /** What keys are that match a pattern. */
  readonly named?: readonly [pattern: string, below: number]
  /** All other keys; `-1`: there are none. */
  readonly other?: number
  readonly items?: number
  readonly pattern?: string
  readonly values?: readonly unknown[]
  readonly minimum?: number
  readonly required?: readonly string[]
  readonly unique?: true
}

/** Nothing is asked of it. */
const anything = 0

/** How many nodes are looked at behind aliases; of the others there are no more than are written. */
const maximumVisits = 20_000

/** Names that the schema gives to services, networks and so on. */
const ordinaryName = /^[\w.-]+$/

/**
 * Whether a document certainly has the structure of a compose file. If not, it
 * may have it all the same: the validator, which is many times larger, has to look.
 */
export function isSoundCompose(root: YamlNode | undefined): boolean {
  if (root?.kind !== 'map' || !root.pairs.some(({ key }) => key.characters === 'services')) return false
  return new Check().isSound(root, outline.length - 1)
}

class Check {
  #visits = 0
  /** How many aliases have led to what is looked at. */
  #aliases = 0

  isSound(node: YamlNode | undefined, number: number): boolean {
    const shape = outline[number]!
    if (!node) return !shape.types || shape.types.includes('null')
    if (this.#isTooMuch() || node.tag) return false
    if (node.kind === 'scalar') return isSoundScalar(node, shape)
    if (node.kind === 'alias') return node.target !== undefined && this.#behindAlias(() => this.isSound(node.target, number))
    return node.kind === 'list' ? this.#isSoundList(node, shape) : this.#isSoundMap(node, shape)
  }

  #isTooMuch(): boolean {
    return this.#aliases > 0 && ++this.#visits > maximumVisits
  }

  #behindAlias(check: () => boolean): boolean {
    this.#aliases++
    const isSound = check()
    this.#aliases--
    return isSound
  }

  #isSoundList(list: YamlList, { types, items = anything, unique }: Outline): boolean {
    if (types && !types.includes('array')) return false
    for (const item of list.items) if (!this.isSound(item, items)) return false
    return !unique || list.items.length < 2 || areDifferent(list.items)
  }

  #isSoundMap(map: YamlMap, shape: Outline): boolean {
    if (shape.types && !shape.types.includes('object')) return false
    if (map.pairs.length === 0) return !shape.required && map.range[1] - map.range[0] <= 4
    const names = shape.required && new Set<string>()
    return this.#hasSoundKeys(map, shape, names) && (!names || shape.required.every(name => names.has(name)))
  }

  /** Whether the keys of a map, those of merged maps included, are certain; they are added to `names`. */
  #hasSoundKeys({ pairs }: YamlMap, shape: Outline, names: Set<string> | undefined): boolean {
    if (!haveDifferentKeys(pairs)) return false
    for (const { key, value } of pairs) {
      const name = key.characters
      names?.add(name)
      if (isMergeKey(key)) {
        if (!this.#isSoundSource(value, shape, names)) return false
      } else if (!name.startsWith('x-') && (!isText(key) || !this.#isSoundEntry(name, value, shape))) return false
    }
    return true
  }

  #isSoundSource(source: YamlNode | undefined, shape: Outline, names: Set<string> | undefined): boolean {
    if (!source || this.#isTooMuch() || source.tag) return false
    if (source.kind === 'list') return source.items.every(item => this.#isSoundSource(item, shape, names))
    if (source.kind === 'alias') return this.#behindAlias(() => this.#isSoundSource(source.target, shape, names))
    return source.kind === 'map' && this.#hasSoundKeys(source, shape, names)
  }

  #isSoundEntry(name: string, value: YamlNode | undefined, { keys, named, other = anything }: Outline): boolean {
    const below = keys?.get(name) ?? (named && ordinaryName.test(name) ? named[1] : other)
    return below >= 0 && this.isSound(value, below)
  }
}

const isText = (key: YamlScalar): boolean => !key.plain || typeof key.value === 'string'

function isSoundScalar(node: YamlScalar, { types, pattern, values, minimum }: Outline): boolean {
  if (isOtherNumber(node)) return false
  const { value } = node
  if (types && !types.some(type => isOfType(value, type))) return false
  if (pattern !== undefined && typeof value === 'string' && !patternOf(pattern).test(value)) return false
  if (minimum !== undefined && typeof value === 'number' && !(value >= minimum)) return false
  return !values || values.includes(value)
}

function isOfType(value: YamlScalar['value'], type: string): boolean {
  if (value === null || type === 'null') return value === null && type === 'null'
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type && (type !== 'number' || Number.isFinite(value))
}

const patterns = new Map<string, RegExp>()

function patternOf(source: string): RegExp {
  let pattern = patterns.get(source)
  if (!pattern) patterns.set(source, (pattern = new RegExp(source, 'u')))
  return pattern
}

/** Most maps and lists are short, and a set costs more than a look at each pair. */
const fewItems = 12

const areAllDifferent = (values: readonly unknown[]): boolean =>
  values.length <= fewItems ? values.every((value, at) => values.indexOf(value) === at) : new Set(values).size === values.length

const haveDifferentKeys = (pairs: YamlMap['pairs']): boolean => areAllDifferent(pairs.map(({ key }) => key.characters))

/** Whether the items of a list are scalars of which no two have the same value. */
function areDifferent(items: YamlList['items']): boolean {
  const values = items.map(item => (item?.kind === 'scalar' ? item.value : undefined))
  return !values.includes(undefined) && areAllDifferent(values)
}
