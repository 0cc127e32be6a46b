import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { composeFile, randomNumbers } from '../bench/generate.mjs'
import { isSoundCompose } from '../src/languages/compose-outline.ts'
import { structureProblems } from '../src/languages/compose-structure.ts'
import { Text } from '../src/text.ts'
import { readYaml } from '../src/yaml-reader.ts'

const root = (source: string) => readYaml(Text.file(source))[0]?.root
const service = (keys: string): string => `services: {web: {image: i, ${keys}}}`

describe('a compose file', () => {
  it.each([
    'services: {}', service('ports: ["80:80", 90, {target: 80}]'), service('environment: {A: 1, B: null, C: true}'), service('depends_on: {db: {condition: service_started}}'), service('ulimits: {nofile: {soft: 1, hard: 2}}'),
    service('networks: {default: null}'), service('x-a: {a: 1, a: 2}'), service('init: "yes"'), service('oom_score_adj: -1000'), 'x-a: &a {tty: true}\nservices: {web: {<<: *a, image: i}}', 'x-a: &a {source: s}\nservices: {web: {image: i, configs: [{<<: *a}]}}', 'services: {web: &w {image: i}, other: *w}'
  ])('is sound: %s', source => {
    expect(isSoundCompose(root(source))).toBe(true)
  })

  it.each([
    '', 'a: b', '[services]', 'service: {}', service('imagee: i'), service('image: j'), service('1: a'), service('ports: 80'), service('external_links: [a, a]'), service('init: 1'), service('init: maybe'), service('oom_score_adj: -1001'), service('cap_add: [[a]]'), service('cap_add: !reset []'),
    service('ulimits: {nofile: {soft: 1}}'), service('stop_signal: 1_000'), service('mem_limit: .inf'), service('command: null, build: {{ b }}'), 'services: {a%: {image: i}}', 'services: {web: {<<: 1, image: i}}', 'x-a: &a {b: true}\nservices: {web: {<<: *a, image: i}}', service('deploy: null, init: null')
  ])('is left to the validator: %s', source => {
    expect(isSoundCompose(root(source))).toBe(false)
  })
})

describe('a large compose file', () => {
  it('is sound as well', () => {
    expect(isSoundCompose(root(`services:\n${Array.from({ length: 12_000 }, (_, at) => `  s${at}: {image: i}\n`).join('')}`))).toBe(true)
  })

  it('is left to the validator if aliases make it so', () => {
    expect(isSoundCompose(root(`x-a: &a {${Array.from({ length: 300 }, (_, at) => `k${at}: v`).join(', ')}}\nservices:\n${Array.from({ length: 100 }, (_, at) => `  s${at}: {image: i, labels: *a}\n`).join('')}`))).toBe(false)
  })
})

/** Keys of the schema, and what may stand behind one. */
const keys = [...new Set([...readFileSync(new URL('../schemas/compose.schema.json', import.meta.url), 'utf8').matchAll(/"([a-z_]+)":/g)].map(match => match[1]!)), '80', 'x-a', '<<', 'true', '__proto__', 'constructor']
const values = ['true', '1', '1.5', '-1', '"1"', 'null', '', '[]', '{}', '[a, a]', '[1]', '{a: b}', 'x', '1_000', '.inf', '${X}', '!reset null', '&a 1', '1h', '512m', '[[a]]', '[null]', '[{}]', '{soft: 1}', 'host', 'Z', '-2000']

it('finds nothing sound in which the validator finds a fault', { timeout: 60_000 }, () => {
  const random = randomNumbers(3)
  const changed = (line: string): string[] => {
    const key = `${keys[random(keys.length)]!}:`
    const value = values[random(values.length)]!
    return [[], [line, line], [line.replace(/:.*$/, `: ${value}`)], [line.replace(/[\w-]+:/, key)], [`${/^ */.exec(line)![0]}${key} ${value}`, line]][random(5)]!
  }
  let sound = 0
  for (let round = 0; round < 2000; round++) {
    const lines = composeFile(random).split('\n')
    for (let changes = 1 + random(2); changes > 0; changes--) {
      const at = random(lines.length)
      lines.splice(at, 1, ...changed(lines[at]!))
    }
    const source = lines.join('\n')
    const [document] = readYaml(Text.file(source))
    if (document!.problems.length > 0 || !isSoundCompose(document!.root)) continue
    sound++
    expect([source, structureProblems(Text.file(source), document!.root, 'compose.yaml')]).toEqual([source, []])
  }
  expect(sound).toBeGreaterThan(200)
})
