import { describe, expect, it } from 'vitest'
import packageJson from '../src/languages/package-json.ts'
import { Embedding } from './embedding.ts'

const packages = new Embedding(packageJson, 'web/package.json')
const script = (body: string): string => `{\n  "name": "docker",\n  "scripts": {\n    "a": "tsc",\n    "b": "${body}"\n  }\n}\n`

const nestings: (readonly [string, string])[] = [
  ['alone', script('docker run ⟦--network host⟧ x')],
  ['in a chain', script('npm run a && docker run ⟦--network=host⟧ x; docker ps')],
  ['in quotes', script("docker run ⟦--network 'host'⟧ x")],
  ['in escaped quotes', script('docker run ⟦--network \\"host\\"⟧ x')],
  ['with escapes', script('docker\\u0020run ⟦--net\\u0077ork host⟧ x')],
  ['beside variables', script('docker run -v %CD%:/a -e A=$B ⟦--network host⟧ x')],
  ['in a shell', script("bash -c 'docker run ⟦--network host⟧ x'")],
  ['after cross-env', script('cross-env A=b C=d docker run ⟦--network host⟧ x')],
  ['in cross-env-shell', script('cross-env-shell A=b \\"docker run ⟦--network host⟧ x\\"')],
  ['after dotenv', script('dotenv -e .env -- docker run ⟦--network host⟧ x')],
  ['in concurrently', script('concurrently -k \\"npm:a\\" \\"docker run ⟦--network host⟧ x\\" \\"tsc -w\\"')],
  ['in npx concurrently', script("npx concurrently 'cross-env A=b docker run ⟦--network host⟧ x'")],
  ['on one line', '{"scripts":{"b":"docker run ⟦--network host⟧ x"}}']
]

describe('scripts of package.json', () => {
  it.each(nestings)('%s', async (_, marked) => {
    expect(await packages.marked(marked)).toBe(marked)
    const crlf = marked.replaceAll('\n', '\r\n')
    expect(await packages.marked(crlf)).toBe(crlf)
  })

  it.each([
    ['run-s', script('run-s docker run --network host x')],
    ['a variable of cmd', script('docker run --network %NET% x')],
    ['a variable of a shell', script('docker run --network $NET x')],
    ['an echo', script('echo docker run --network host x')],
    ['another package', script('npx some-docker run --network host x')],
    ['a text elsewhere', '{"description": "docker run --network host x", "scripts": {}, "config": {"b": "docker run --network host x"}}'],
    ['no map', '{"scripts": ["docker run --network host x"]}']
  ])('not %s', async (_, source) => {
    expect(await packages.found(source)).toEqual([])
  })
})
