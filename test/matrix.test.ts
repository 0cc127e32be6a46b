import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import rules from '../rules/index.ts'
import schema from '../schemas/matrix.schema.json' with { type: 'json' }
import type { Row, Support } from '../src/matrix.ts'
import { parsePath } from '../src/spelling.ts'
import { parseTargets, windowsVersions } from '../src/target.ts'
import { compileValuePattern, predicateNames } from '../src/value-pattern.ts'
import { isInRange, parseVersion } from '../src/version.ts'
import { sampledPredicates } from './spelling-sample.ts'

const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false }).compile(schema)
const files = readdirSync('rules/matrix').filter(name => name.endsWith('.yaml'))
const rowsOf = (file: string): Row[] => parse(readFileSync(`rules/matrix/${file}`, 'utf8')) as Row[]
const all = files.flatMap(rowsOf)

/** Everything of an entry that decides whether it applies. */
const conditions = ({ effect: _effect, unsafe: _unsafe, stage: _stage, error: _error, message: _message, evidence: _evidence, where: _where, note: _note, ...rest }: Support): object => rest

describe.each(files)('%s', file => {
  it('fits the schema', () => {
    validate(rowsOf(file))
    expect(validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`)).toBeUndefined()
  })

  describe.each(rowsOf(file).map((row, index) => ({ row, name: `${row.feature} ${index}` })))('$name', ({ row }) => {
    it('belongs to a rule that exists', () => expect(rules.map(({ id }) => id)).toContain(row.rule))

    it('is spelled in paths and values that can be read', () => {
      for (const { path, value } of [...(row.spelled.compose ?? []), ...(row.spelled.daemon ?? []), ...(row.spelled.api ?? [])]) {
        parsePath(path)
        if (value !== undefined) compileValuePattern(value)('x')
      }
      for (const { value, key } of row.spelled.cli ?? []) for (const pattern of [value, key]) if (pattern !== undefined) compileValuePattern(pattern)('x')
      for (const { value } of row.support) if (value !== undefined) compileValuePattern(value)('x')
    })

    it('has ranges that can be read and hold something', () => {
      for (const { windows, engine } of row.support) {
        if (windows !== undefined) expect(windowsVersions.some(({ build }) => isInRange([build], windows)), windows).toBe(true)
        if (engine !== undefined) expect(['17.03', '17.06', '18.09', '20.10', '23.0', '24.0', '25.0', '26.1', '27.5', '28.0', '28.5', '29.0', '29.7'].some(version => isInRange(parseVersion(version), engine)), engine).toBe(true)
      }
    })

    it('has no two entries under the same conditions', () => {
      const texts = row.support.map(support => JSON.stringify(conditions(support)))
      expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([])
    })

    it('has no entry that an earlier one always hides', () => {
      const always = row.support.findIndex(support => Object.keys(conditions(support)).length === 0)
      if (always >= 0) expect(row.support.slice(always + 1)).toEqual([])
    })

    it('says what it says in one sentence', () => {
      for (const text of [row.message, row.instead, ...row.support.map(({ message }) => message)]) if (text !== undefined) expect(text.length, text).toBeLessThanOrEqual(180)
    })

    it('is not only known by inference where it is an error', () => {
      for (const { evidence, effect } of row.support) if (evidence.length === 1 && evidence[0] === 'inferred' && effect === 'rejected') expect(row.sources.length).toBeGreaterThan(0)
    })
  })
})

describe('the matrix', () => {
  it('has a page for every rule, and a row for every rule', () => {
    const pages = readdirSync('rules').filter(name => name.endsWith('.md') && name !== 'README.md').map(name => name.slice(0, -3)).sort()
    expect(pages).toEqual(rules.map(({ id }) => id).sort())
    expect(rules.filter(({ id }) => !all.some(({ rule }) => rule === id))).toEqual([])
  })

  it('says of each feature under one rule only', () => {
    const rulesOf = new Map<string, Set<string>>()
    for (const { feature, rule } of all) rulesOf.set(feature, (rulesOf.get(feature) ?? new Set()).add(rule))
    expect([...rulesOf].filter(([, of]) => of.size > 1)).toEqual([])
  })

  it('has a sample for every predicate, so that every spelling can be tested', () => {
    expect(predicateNames.filter(name => !sampledPredicates.includes(name))).toEqual([])
    for (const file of files) for (const predicate of readFileSync(`rules/matrix/${file}`, 'utf8').matchAll(/(?:value|path|key): .*?<([a-z0-9-]+)>/g)) expect(['user', 'group', ...predicateNames]).toContain(predicate[1])
  })
})

describe('a version', () => {
  it.each([
    ['29.7.2', '>=29.1.0', true], ['28', '>=28.2.0', true], ['28', '<29.0.0', true], ['28.1', '>=28.2.0', false], ['20.10', '<=20.10', true], ['20.10.27', '<=20.10', true],
    ['23.0', '<=20.10', false], ['17.06', '=17.06', true], ['25.0.0', '>=25.0.0 <29.1.0', true], ['29.1.0', '>=25.0.0 <29.1.0', false], ['17763', '<17763', false], ['14393', '<17763', true]
  ])('%s in %s: %s', (version, range, expected) => expect(isInRange(parseVersion(version), range)).toBe(expected))
})

describe('targets', () => {
  it.each([
    [[], ['ws2019', 'ws2022', 'ws2025']],
    [['ws2025,ws2019'], ['ws2019', 'ws2025']],
    [['ltsc2022'], ['ws2022']],
    [['ws2019,engine@20.10', 'ws2025'], ['ws2019,engine@20.10', 'ws2025']],
    [['ws2022', 'engine@28'], ['ws2022,engine@28']],
    [['host=azure'], ['ws2019,host=azure', 'ws2022,host=azure', 'ws2025,host=azure']],
    [['win11,isolation=process'], ['win11,isolation=process']],
    [['ws2022,engine@28,engine@29'], ['ws2022,engine@28', 'ws2022,engine@29']],
    [['ws2016'], ['ws2016']]
  ])('%j are %j', (options, labels) => expect(parseTargets(options).map(({ label }) => label)).toEqual(labels))
})
