import { isSoundCompose } from '../../src/languages/compose-outline.ts'
import { structureProblems } from '../../src/languages/compose-structure.ts'
import { Text } from '../../src/text.ts'
import { readBlockYaml } from '../../src/yaml-block.ts'
import { readYaml } from '../../src/yaml-reader.ts'
import type { YamlDocument, YamlNode } from '../../src/yaml-tree.ts'
import type { Reader } from './reader.ts'

/** All that a tree says, so that two can be compared. */
export function described(node: YamlNode | undefined): unknown {
  if (!node) return null
  const { kind, range, tag } = node
  if (kind === 'map') return { kind, range, tag, pairs: node.pairs.map(({ key, value }) => [described(key), described(value)]) }
  if (kind === 'list') return { kind, range, tag, items: node.items.map(described) }
  if (kind === 'alias') return { kind, range, tag, name: node.name, target: node.target?.range }
  const { value, plain, characters, text } = node
  return { kind, range, tag, type: typeof value, value: String(value), plain, characters, text: text.value, whole: text.whole, places: Array.from({ length: text.value.length }, (_, at) => text.range(at, at + 1).join()).join(' ') }
}

const documentOf = ({ root, aliased, comments }: YamlDocument): string => JSON.stringify([described(root), [...aliased].map(({ range }) => range.join()).sort(), comments.map(({ value, whole }) => [value, whole])])

/** The reader of what most people write takes nothing that the library reads in another way, or not at all. */
export const yamlBlock: Reader = {
  id: 'yaml-block',
  seeds: 'yaml',
  marks: ['  ', '\n  ', '\n    ', '#', ' # c\n', '\n# c\n', ' # porthole-disable-line\n', '# porthole-\r\n', ': ', ':', '- ', '-', '|\n', '|-\n', '>-\n', '>\n', '&a ', '*a', '!x ', '[', ']', '{', '}', ', ', '? ', '"', "'", "''", '\\"', '\\x41', '~', '0x1F', '1e3', '.5', '+1', '1_0', '\r\n', '\t', '\u0085', '\u2028', '<<: *a', '---\n', '...\n', '\uFEFF', '""', "''", '[]', '{}'],
  read(source) {
    // Embedded, so that places of the file are not those of the text.
    const file = Text.file(`>>${source}`).slice(2)
    const document = readBlockYaml(file)
    if (!document) return { ranges: [] }
    const documents = readYaml(file)
    const [one, two] = [documentOf(document), documents[0] ? documentOf(documents[0]) : 'nothing']
    const problems = documents.flatMap(each => each.problems)
    const disagreement = documents.length !== 1 ? `the library finds ${documents.length} documents` : problems.length > 0 ? `the library finds fault: ${problems[0]!.message}` : one === two ? undefined : `it reads ${different(one, two)}, and the library ${different(two, one)}`
    return { ranges: [], findings: ['taken'], ...(disagreement === undefined ? {} : { disagreement }) }
  }
}

/** Where two texts differ. */
function different(one: string, two: string): string {
  let at = 0
  while (at < one.length && one[at] === two[at]) at++
  return one.slice(Math.max(0, at - 40), at + 60)
}

/** A compose file that is said to be sound has no faults of structure. */
export const composeOutline: Reader = {
  id: 'compose-outline',
  seeds: 'compose',
  marks: [': true', ': 1', ': 1.5', ': -1', ': "1"', ': null', ':\n', ': []', ': {}', ': [a, a]', ': [1]', ': {a: b}', ': x', ': 1_000', ': .inf', ': ${X}', ': !reset null', ': 1h', ': 512m', ': [[a]]', ': [null]', ': [{}]', ': {soft: 1}', 'x-a: ', '80: ', '<<: *common', '&a ', '*a', 'true: ', '__proto__: ', 'constructor: ', 'image', 'build', 'ports', 'networks', 'volumes', 'deploy', 'resources', 'limits', 'services:\n', 'depends_on', 'healthcheck', 'environment', 'labels', 'ulimits', 'secrets', 'configs', 'command', 'extends', 'target', 'published', 'mode', 'cap_add', 'external', 'driver_opts', 'ipam', 'config', 'subnet'],
  read(source) {
    const file = Text.file(source)
    const sound = readYaml(file).filter(({ root, problems }) => problems.length === 0 && isSoundCompose(root))
    const problem = sound.flatMap(({ root }) => structureProblems(file, root, 'compose.yaml'))[0]
    return { ranges: [], findings: sound.map(() => 'sound'), ...(problem ? { disagreement: `it is sound, and yet: ${problem.message}` } : {}) }
  }
}
