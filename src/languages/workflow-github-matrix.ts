import { entriesOf, entryOf, resolve, type YamlNode } from '../yaml-tree.ts'
import { itemsOf, textOf } from './workflow-node.ts'

/** One combination of a matrix. */
export interface MatrixRow {
  /** What it sets, by lower-case path below `matrix`; `undefined`: computed. */
  readonly values: ReadonlyMap<string, YamlNode | undefined>
  /** Whether it sets nothing else. */
  readonly complete: boolean
}

/** More combinations than GitHub allows are not told apart. */
const maximumRows = 256

const unknownRow: MatrixRow = { values: new Map(), complete: false }

/** The combinations that `strategy.matrix` spells. */
export function matrixRows(matrix: YamlNode | undefined): MatrixRow[] {
  const node = resolve(matrix)?.node
  if (!node) return [{ values: new Map(), complete: true }]
  if (node.kind !== 'map') return [unknownRow]
  const dimensions = entriesOf(node).filter(({ name }) => name !== 'include' && name !== 'exclude')
  let rows: Map<string, YamlNode | undefined>[] = dimensions.length > 0 ? [new Map()] : []
  for (const { name, value } of dimensions) {
    const list = resolve(value)?.node
    const values = list?.kind === 'list' ? list.items : [undefined]
    rows = rows.flatMap(row => values.map(each => new Map([...row, ...pathsOf(name, each)])))
    if (rows.length > maximumRows) return [unknownRow]
  }
  rows = rows.filter(row => !itemsOf(entryOf(node, 'exclude')?.value).some(exclusion => agrees(row, exclusion)))
  const keys = new Set(dimensions.map(({ name }) => name.toLowerCase()))
  const inclusions = resolve(entryOf(node, 'include')?.value)?.node
  if (inclusions?.kind === 'list') include(rows, itemsOf(inclusions), keys)
  const complete = inclusions === undefined || inclusions.kind === 'list'
  return [...rows.map(values => ({ values, complete })), ...(complete && rows.length > 0 ? [] : [unknownRow])]
}

/** A value of the matrix and those inside it, by path. */
function pathsOf(name: string, node: YamlNode | undefined, depth = 4): [string, YamlNode | undefined][] {
  const path = name.toLowerCase()
  return [[path, node], ...(depth > 0 ? entriesOf(node).flatMap(entry => pathsOf(`${path}.${entry.name}`, entry.value, depth - 1)) : [])]
}

/** Whether a combination has all that a map says. */
function agrees(row: ReadonlyMap<string, YamlNode | undefined>, part: YamlNode): boolean {
  const entries = entriesOf(part)
  return entries.length > 0 && entries.every(({ name, value }) => {
    const own = textOf(row.get(name.toLowerCase()))?.value
    return own !== undefined && own === textOf(value)?.value
  })
}

/** Each inclusion adds to the combinations that it does not contradict, or is one of its own. */
function include(rows: Map<string, YamlNode | undefined>[], inclusions: readonly YamlNode[], keys: ReadonlySet<string>): void {
  const originals = [...rows]
  for (const inclusion of inclusions) {
    const entries = entriesOf(inclusion)
    const added = entries.flatMap(({ name, value }) => pathsOf(name, value))
    const original = entries.filter(({ name }) => keys.has(name.toLowerCase()))
    const matching = originals.filter(row => original.every(({ name, value }) => {
      const own = textOf(row.get(name.toLowerCase()))?.value
      return own === undefined || own === textOf(value)?.value
    }))
    if (matching.length === 0 && rows.length < maximumRows) rows.push(new Map(added))
    for (const row of matching) for (const [path, value] of added) if (!keys.has(path)) row.set(path, value)
  }
}
