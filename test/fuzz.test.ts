import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCounting } from './fuzz/counting.mjs'
import { readers } from './fuzz/reader.ts'

type Counted = typeof import('./fuzz/counted.ts')

/** A short search in every run of the tests; `npm run fuzz` searches as long as it is told. */
let program: string
let counted: Counted

beforeAll(async () => {
  program = await buildCounting('counted.ts')
  counted = (await import(pathToFileURL(program).href)) as Counted
  counted.countBuiltins()
}, 60_000)
afterAll(() => rmSync(program, { force: true }))

describe.each(readers.map(({ id }) => ({ id })))('$id', ({ id }) => {
  it('takes mutants of what people write', { timeout: 60_000 }, async () => {
    const reader = counted.readers.find(each => each.id === id)!
    const { inputs, failure } = await counted.campaign(reader, counted.seedsOf(reader, join(import.meta.dirname, 'fuzz/seed')), { seed: 20_260_101, inputs: 12, milliseconds: 10_000 })
    expect(failure).toBeUndefined()
    expect(inputs).toBeGreaterThan(0)
  })
})

describe('seeds', () => {
  const seedsOf = (reader: Parameters<Counted['seedsOf']>[0]): string[] => counted.seedsOf(reader, join(import.meta.dirname, 'fuzz/seed'))

  it('reach every row that has a fix', async () => {
    expect((await counted.unreachedRows(seedsOf)).map(({ feature }) => feature)).toEqual([])
  })

  it.each(readers.filter(({ fix }) => fix).map(({ id }) => ({ id })))('of $id are sound, and have something to find', async ({ id }) => {
    const reader = counted.readers.find(each => each.id === id)!
    for (const seed of seedsOf(reader)) expect((await reader.read(seed)).findings, seed).not.toHaveLength(0)
  })

  it.each(readers.filter(({ rewritten }) => rewritten).map(({ id }) => ({ id })))('of $id say the same in other quotes', async ({ id }) => {
    const reader = counted.readers.find(each => each.id === id)!
    for (const seed of seedsOf(reader)) {
      expect(new Set(reader.rewritten!(seed)).size).toBeGreaterThan(0)
      expect(await counted.quotesMatter(reader, seed, await reader.read(seed))).toBeUndefined()
    }
  })
})

describe('texts that once failed', () => {
  it.each([
    ['yaml-block', 'folded: >+\n a\n '],
    ['yaml-block', `a: ${'${'.repeat(201)}`],
    ['yaml-block', `-${'['.repeat(201)}:`],
    ['yaml-block', `a: "${'\\e[31m'.repeat(201)}"\nb: c\n`],
    ['compose-outline', `#porthole-\n{${'co{'.repeat(1600)}`],
    ['javascript', `const { exec } = require('child_process')\nif (process.platform == 'win32') exec('dir')\nelse exec("docker run --network host x")\n`],
    ['javascript', "const { exec } = require(`child_process`)\nexec(`docker run --network host x`)\n"],
    ['bash', 'docker network create t 0$(""\n(()))'],
    ['bash', 'while read -${ a; done <<< "z"\r\ndocker \\'],
    ['jenkinsfile', `docker{args'--network host\npowershell"docker network create --ipv6{"`],
    ['package-json', '{"","scripts":{x: powershell -d "powershell powershell- docker network create --ipv6 \\""""}}'],
    ['compose', ': \nnetworks: n:\n    name:\n    external: true'],
    ['compose', ':\n :\n  {}\nservices: {r:{i"}}'],
    ['compose-stack', ': 8\nservices:\n b:\n  image: \n\\:']
  ])('%s: %j', async (id, source) => {
    expect(await counted.failureOf(counted.readers.find(each => each.id === id)!, source)).toBeUndefined()
  })
})

describe('the search itself', () => {
  const broken = (read: Parameters<Counted['failureOf']>[0]['read']): Parameters<Counted['failureOf']>[0] => ({ id: 'broken', seeds: '', read })

  it.each([
    ['a throw', broken(source => { if (source.includes('b')) throw new Error('x'); return { ranges: [] } }), 'b'],
    ['a range that is not there', broken(source => ({ ranges: source.includes('b') ? [[0, source.length + 1]] : [] })), 'b'],
    ['two readers that differ', broken(source => ({ ranges: [], ...(source.includes('b') ? { disagreement: 'x' } : {}) })), 'b'],
    ['a finding that depends on quotes', { ...broken(source => ({ ranges: [], findings: source.includes('"b') ? ['a b c'] : [] })), rewritten: source => [source.replaceAll('b', '"b"')] }, 'b'],
    ['a finding that depends on line ends', broken(source => ({ ranges: [], findings: source.includes('\r') ? [] : [...source.matchAll(/b\n/g)].map(String) })), 'b\n']
  ])('finds %s, and makes the text short', async (_name, reader, shortest) => {
    expect(await counted.failureOf(reader, 'aaaa\nbbbb\ncccc\n')).toMatchObject({ source: shortest })
  })

  it('finds a fix that breaks something', async () => {
    const reader = { ...broken(source => ({ ranges: [], edits: [[0, 0]], findings: source.includes('!') ? ['r f broken x'] : [] })), fix: async (source: string) => source.replace(/!?$/, '!') }
    expect(await counted.failureOf(reader, 'aaaa')).toMatchObject({ property: 'fixed-once' })
  })

  it('finds a fix that is never done', async () => {
    const reader = { ...broken(() => ({ ranges: [], edits: [[0, 0]] })), fix: async (source: string) => `${source}!` }
    expect(await counted.failureOf(reader, 'aaaa')).toMatchObject({ property: 'fixed-once' })
  })
})
