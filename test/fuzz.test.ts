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

describe('the search itself', () => {
  const broken = (read: Parameters<Counted['failureOf']>[0]['read']): Parameters<Counted['failureOf']>[0] => ({ id: 'broken', seeds: '', read })

  it.each([
    ['a throw', broken(source => { if (source.includes('b')) throw new Error('x'); return { ranges: [] } }), 'b'],
    ['a range that is not there', broken(source => ({ ranges: source.includes('b') ? [[0, source.length + 1]] : [] })), 'b'],
    ['a finding that depends on line ends', broken(source => ({ ranges: [], findings: source.includes('\r') ? [] : [...source.matchAll(/b\n/g)].map(String) })), 'b\n']
  ])('finds %s, and makes the text short', async (_name, reader, shortest) => {
    expect(await counted.failureOf(reader, 'aaaa\nbbbb\ncccc\n')).toMatchObject({ source: shortest })
  })

  it('finds a fix that is never done', async () => {
    const reader = { ...broken(() => ({ ranges: [], edits: [[0, 0]] })), fix: async (source: string) => `${source}!` }
    expect(await counted.failureOf(reader, 'aaaa')).toMatchObject({ property: 'fixed-once' })
  })
})
