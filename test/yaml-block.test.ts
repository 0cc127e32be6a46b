import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { composeFile, randomNumbers } from '../bench/generate.mjs'
import { Text } from '../src/text.ts'
import { readBlockYaml } from '../src/yaml-block.ts'
import { readYamlDocuments } from '../src/yaml-document.ts'
import { readYaml } from '../src/yaml-reader.ts'
import { readAround } from '../src/yaml-recovery.ts'
import type { YamlDocument } from '../src/yaml-tree.ts'
import { described } from './fuzz/agreement.ts'

/** Whether the reader takes a source; if so, it is held to what the library makes of it. */
function agrees(source: string): boolean {
  // Embedded, so that places of the file are not those of the text.
  const file = Text.file(`>>${source}`).slice(2)
  const document = readBlockYaml(file)
  if (!document) return false
  const documents = readYaml(file)
  expect([source, described(document.root)]).toEqual([source, described(documents[0]?.root)])
  expect([source, document.comments.map(({ value, whole }) => [value, whole])]).toEqual([source, documents[0]?.comments.map(({ value, whole }) => [value, whole])])
  expect([source, documents.length, documents.flatMap(({ problems }) => problems)]).toEqual([source, 1, []])
  return true
}

describe('YAML as most people write it', () => {
  it.each([
    'a: b', 'a: b\n', '---\na: b\n', '# c\n---\na: b\n', 'a:\n  b: c\nd:\n- e\n-   - f\n    - g\n- h: i\n  j:\n', 'a:\n  - b\n\n  # c\n  - c # d\n', 'a: # b\n  c: d\n', 'a:\r\n  b: "c"\r\n  d: |\r\n    e\r\n    f\r\n',
    'a: [b, "c", [d], {e: f}, ]\n', 'a: [\n  b, # c\n  c\n  ]\n', 'a:\n  [b,\n   c]\nd: e', '{"a": [1, -1, {}], "b":{"c": null}}\n', 'a: [-1, 80:80, x#y]', 'a: {b: c, "d":e}',
    'a: "b\\\\c\\t\\"d\\""\n', "a: 'it''s'\n", '"a": b\n\'c\' : d\n', 'a: b:c#d\n', 'a: - b\n'.replace('- ', '-'), '<<: b\n',
    'a: &x\n  b: c\nd: *x\ne: {f: *x}\ng:\n  <<: [*x, *x]\n', 'a: &x 1\nb: *x', '- &x\n  b: c\n- *x\n', 'a: &x [b]\nc: *x',
    'a: |\n  b\n\n   c\nd: e', 'a: |-\n  b\n', 'a: >+\n  b\n  c\n\n\nd: e', 'a: >-  # c\n  b\n\n    c\n  d', '- |\n b\n-  >\n  c', 'a: |\n  b\n # c\nd: e',
    ...['1', '-1', '+1', '0x1F', '0o17', '017', '1.5', '.5', '1.', '1e3', '-.inf', '.nan', '.NaN', '.Nan', '-0', '9007199254740993', '~', 'null', 'Null', 'NULL', 'nULL', 'true', 'True', 'TRUE', 'tRUE', 'no', 'false', '1_000', '0b1', '1.2.3', '--', '-a', 'a?', 'é😀', '00', '1e', '.', '+.INF', '2024-01-01'].map(value => `a: [${value}]\nb: ${value}\n${value}: d`),
    'a: ?b', 'a: :b', '?a: b', '# porthole-a\n# b\n---\n# c\na: b # d\n', 'a: # porthole-a\r\n  b: | # b\r\n   # no\r\n  # c\r\nd: [ # d\r\n  e] # e', '# porthole-\na: "# no"\nb: c#no\n#', `${'# c\r\n'.repeat(60)}a: b\r\n`
  ])('takes %j', source => {
    expect(agrees(source)).toBe(true)
  })

  it.each([
    '', '# c', 'a', '"a"', '- a\nb', 'a: b\n---\nc: d', 'a: b\n...\n', '%YAML 1.2\n---\na: b', 'a:\tb', '\ta: b', 'a:\n\tb: c', 'a: b\n  c', 'a: "b\n  c"', "a: 'b", 'a: "b', 'a: "\\q"', 'a: b: c', 'a: - b', 'a:\n  b: c\n d: e', 'a: b\n c: d', ' a: b\nc: d',
    '? a\n: b', 'a: !reset b', '!x\na: b', '*x : b', 'a: *x', '&x a: b', '- &x a: b', 'a: &x\nb: c', 'a: &x\n- b', 'a: [b: c]', 'a: [b', 'a: {b}', 'a: {b: }', 'a: {b : c}', 'a: [b]c', 'a: "b"c', 'a: "b"#c', 'a: [b\n]', 'a: [b\n c]', 'a: [,]', 'a: |2\n  b', 'a: |\n', 'a: |\n    \n  b', 'a: |\nb', 'a: |\n  b\n c\n', 'a: @b', 'a: `b', 'a: %b', 'a: {{ b }}', '\uFEFFa: b', 'a: b\rc: d', `${'x'.repeat(1025)}: a`, '- '.repeat(150) + 'a', `${'['.repeat(150)}${']'.repeat(150)}`
  ])('leaves %j to the library', source => {
    expect(readBlockYaml(Text.file(source))).toBeUndefined()
  })
})

/** Every YAML file of this repository, and compose files from a seed. */
function sources(): string[] {
  const root = new URL('..', import.meta.url)
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(path => /\.(ya?ml|json)$/.test(path) && !/node_modules|dist|generated|lock/.test(path))
  const random = randomNumbers(7)
  return [...paths.map(path => readFileSync(new URL(path, root), 'utf8')), ...Array.from({ length: 200 }, () => composeFile(random))]
}

const fragments = [' ', '  ', '\n', '\n\n', '\t', '"', "'", '\\', '#', ' #', ':', ': ', '-', '- ', '|', '|\n', '>-\n', '%', '&a ', '*a', '!x ', '[', ']', '{', '}', ',', ', ', '?', '? ', '@', '`', '<<: ', '---\n', '...\n', '~', '0x1F', '1e3', '.5', 'é', '\r\n', '\r', '  # c\n', '    ', ' # porthole-a\n', '""', "''", '\uFEFF', '\u2028', '\u0085', '\u00A0']

describe('what is taken', () => {
  const all = sources()

  it('is what the library reads, in whole files', { timeout: 60_000 }, () => {
    const taken = all.filter(source => source.length < 10_000).filter(agrees)
    expect(taken.length).toBeGreaterThan(200)
  })

  it('is what the library reads, after any change', { timeout: 60_000 }, () => {
    const random = randomNumbers(11)
    let taken = 0
    for (let round = 0; round < 12_000; round++) {
      const source = all[random(all.length)]!
      const start = source.lastIndexOf('\n', random(source.length)) + 1
      let text = source.slice(start, source.indexOf('\n', start + 200) + 1 || undefined)
      for (let changes = 1 + random(3); changes > 0; changes--) text = changed(text, random)
      if (agrees(text)) taken++
    }
    expect(taken).toBeGreaterThan(800)
  })
})

describe('documents', () => {
  it.each([
    ['several documents', 'a: b\n---\nc: d', 2],
    ['faults', 'a: "b', 1]
  ])('with %s are read by the library', async (_, source, count) => {
    const documents = await readYamlDocuments(Text.file(source))
    expect(documents.length).toBe(count)
    expect(documents[0]!.comments.length + documents.length + documents[0]!.problems.length).toBeGreaterThan(1)
  })
})

/** A text after a change, at a place by chance. */
function changed(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1)
  return random(4) === 0 ? text.slice(0, at) + text.slice(at + 1 + random(3)) : text.slice(0, at) + fragments[random(fragments.length)] + text.slice(at)
}

const describedDocument = ({ root, problems, comments, aliased }: YamlDocument): unknown => ({ root: described(root), problems, comments: comments.map(({ value, whole }) => [value, whole]).sort(), aliased: [...aliased].map(({ range }) => range.join()).sort() })

describe('comments', () => {
  it.each([
    '# porthole-a\na: b # c\n', 'a: "#" # porthole-\n#\n', 'a: | # porthole-b\n  # c\n\n# d\nb: >- #\n  e\n', "a: [b, # porthole-\n '#', c#d]\n#e", '{"a": "#", # porthole-\n "b": {}}', '- a # porthole-\r\n- b\r\n', '---\n# porthole-\na: &x # c\n  - d#\nb: *x # e', 'a: porthole-#b'
  ])('of %j are those that the library keeps', async source => {
    const file = Text.file(`>>${source}`).slice(2)
    expect(readBlockYaml(file)).toBeDefined()
    expect((await readYamlDocuments(file)).map(describedDocument)).toEqual(readYaml(file).map(describedDocument))
  })
})

describe('a fault in one entry', () => {
  const random = randomNumbers(5)
  const files = [...Array.from({ length: 20 }, () => composeFile(random)), ...sources().filter(source => source.length > 1_000 && source.length < 20_000)]
  const positions = (text: string, wanted: RegExp): number[] => [...text.matchAll(wanted)].map(({ index, 0: found }) => index + found.length)

  /** Whether the rest is read without the library; if so, the whole is held to what the library makes of it. */
  function agreesAround(source: string): boolean {
    const file = Text.file(`>>${source}`).slice(2)
    let faultAt: number | undefined
    if (readBlockYaml(file, source, at => (faultAt = at))) return false
    const document = readAround(file, faultAt!)
    if (document) expect([source, describedDocument(document)]).toEqual([source, ...readYaml(file).map(describedDocument)])
    return document !== undefined
  }

  /** The same with what every second service shares. */
  const sharing = (source: string): string => `x-common: &common\n  restart: always\nx-list: &list [a, b]\n${source.replace(/(?<=\n  \w+:\n)(?=    )/g, at => (random(2) === 0 ? '    <<: *common\n    dns: *list\n' : at))}`

  const typed = ['r', 'restart', '"', "'", '"a', 'ports: [', 'ports: ["80', 'a: "b', 'a: {b: ', 'a: b: c', '- ', 'a:\tb', '%', '@a', '[', '{{ a }}', '? a', 'a: !x b', ': ', 'a: |2', 'a: "b\\q"', '<<: *', '<<: *com', '*list', '*other', 'a: [*list', 'a: "*list']

  it.each(typed)('that reads %j leaves the other entries to the reader', text => {
    const source = files[0]!
    const taken = positions(source, /\n(?=    \w)/g).filter(at => agreesAround(`${source.slice(0, at)}    ${text}\n${source.slice(at)}`))
    expect(taken.length).toBeGreaterThan(2)
    const shared = sharing(source)
    expect(positions(shared, /\n(?=    \w)/g).filter(at => agreesAround(`${shared.slice(0, at)}    ${text}\n${shared.slice(at)}`)).length).toBeGreaterThan(2)
  })

  it('is read as the library reads it, after any change', { timeout: 300_000 }, () => {
    const rounds = Number(process.env['YAML_ROUNDS'] ?? 1_500)
    let taken = 0
    for (let round = 0; round < rounds; round++) {
      let text = files[random(files.length)]!
      if (random(3) === 0) text = text.replace(/(?<=:)$/gm, line => (random(9) === 0 ? ' # porthole-disable-line no-ipv6' : line))
      if (random(3) === 0) text = sharing(text)
      if (random(8) === 0) text = text.replaceAll('\n', '\r\n')
      for (let changes = 1 + random(3); changes > 0; changes--) text = changed(text, random)
      if (agreesAround(text)) taken++
    }
    expect(taken).toBeGreaterThan(rounds / 6)
  })
})
