import { describe, expect, it } from 'vitest'
import { Document, Scalar } from 'yaml'
import { Text } from '../src/text.ts'
import { readYaml } from '../src/yaml-reader.ts'
import type { YamlNode, YamlScalar } from '../src/yaml-tree.ts'

const styles = ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const
const fragments = ['a', 'b', ' ', '  ', '\n', '\n\n', '\t', '"', "'", '\\', '#', ':', '-', 'docker run --ip6 ', '${{ x }}', 'é', '😀', '|', '>', '%']

/** A seeded generator (Numerical Recipes' constants), so that a failure can be repeated. */
function randomNumbers(seed: number): (below: number) => number {
  return below => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % below
}

function scalarsOf(node: YamlNode | undefined): YamlScalar[] {
  if (node?.kind === 'scalar') return [node]
  if (node?.kind === 'map') return node.pairs.flatMap(pair => scalarsOf(pair.value))
  if (node?.kind === 'list') return node.items.flatMap(scalarsOf)
  return []
}

describe('a YAML scalar', () => {
  it('is placed in the file character by character, in every style', { timeout: 60_000 }, () => {
    const random = randomNumbers(1)
    let placed = 0
    const misplaced: unknown[] = []
    for (let round = 0; round < 6000; round++) {
      const scalar = new Scalar(Array.from({ length: random(12) }, () => fragments[random(fragments.length)]).join(''))
      scalar.type = styles[random(styles.length)]!
      let source = new Document({ a: [{ b: scalar }, { c: 1 }] }).toString({ lineWidth: random(2) ? 20 : 0 })
      if (random(3) === 0) source = source.replaceAll('\n', '\r\n')
      const [document] = readYaml(Text.file(source))
      if (document!.problems.length > 0) continue
      for (const { value, text } of scalarsOf(document!.root)) {
        if (typeof value !== 'string' || value === '') continue
        placed++
        if (text.value !== value) misplaced.push([source, value, text.value])
        for (let at = 0; at < value.length; at++) {
          const [start, end] = text.range(at, at + 1)
          const written = source.slice(start, end)
          if (/[a-z0-9é$}{%>|-]/.test(value[at]!) && written !== value[at] && !written.startsWith('\\')) misplaced.push([source, value, at, written])
        }
      }
    }
    expect(misplaced.slice(0, 3)).toEqual([])
    expect(placed).toBeGreaterThan(3000)
  })
})
