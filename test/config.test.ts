import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Configuration, layersOf, patternFolder, printableConfig, withSeverities, type RuleSetting } from '../src/config.ts'
import { ConfigError, configPath, findConfig, loadConfig } from '../src/config-file.ts'
import { readConfig, readRuleOptions, type ConfigNames } from '../src/config-reader.ts'
import { initialConfig } from '../src/config-template.ts'
import { ownRules } from '../src/known-name.ts'
import { knowledge } from '../src/knowledge.ts'
import { ruleDescriptions } from '../src/rule-description.ts'
import { parseTargets, windowsVersions } from '../src/target.ts'
// @ts-expect-error It is no TypeScript.
import { configSchema } from '../schemas/config.generate.mjs'
import { mark, unmark } from './marked.ts'
import { diagnostic } from './report-sample.ts'

const names: ConfigNames = {
  rules: [...new Set([...ruleDescriptions(), ...ownRules].map(({ id }) => id))],
  features: [...new Set(knowledge.matrix.rows.map(({ feature }) => feature))],
  options: { 'no-ipv6': ['allow', 'subnets'] }
}

const schema = readFileSync(resolve(import.meta.dirname, '../schemas/config.schema.json'), 'utf8')
const acceptedBySchema = new Ajv({ strict: false }).compile(JSON.parse(schema))

const sound = [
  '',
  '# nothing yet',
  '{}',
  'targets: [ws2019, "ws2022,engine@28", "host=azure"]',
  'targets: [1809, LTSC2022]',
  'platform: auto\nfailOn: info',
  'rules: {no-ipv6: off, ipv6-network: error, suppression: info, yaml-syntax: warning}',
  'rules: {no-ipv6: [warning, {allow: [a, 1]}]}',
  'ignore: [vendor/, "!vendor/ours", "*.ps1"]',
  '"$schema": ./config.schema.json\nextends: [../base.yaml]',
  'overrides:\n  - files: [legacy/]\n    targets: [ws2019]\n    platform: windows\n    rules:\n      no-host-network: off',
  'x: &rules\n  no-ipv6: off\n'.replace('x: &rules', 'rules: &rules') + 'overrides: [{files: ["*"], rules: *rules}]',
  'rules:\n  <<: {no-ipv6: off}\n'
]

/** Faults of a configuration in YAML; ⟦ ⟧ stand around their places. The schema says the same, but where `only` is set. */
const faulty: readonly [marked: string, message: string, only?: 'reader'][] = [
  ['⟦target⟧: [ws2022]', 'unknown key `target`; did you mean `targets`?'],
  ['⟦colour⟧: red', 'unknown key `colour`; known are extends, targets, platform, failOn, ignore, rules, overrides'],
  ['⟦- a⟧', 'a configuration must be a map of keys and values'],
  ['targets: ⟦ws2022⟧', '`targets` must be a list of targets, such as `[ws2022]`'],
  ['targets: ⟦[]⟧', 'name a target, such as `ws2022`'],
  ['targets: [ws2019, ⟦ws2091⟧]', 'unknown target `ws2091`; did you mean `ws2019`?'],
  ['targets: [⟦{ws: 2019}⟧]', 'here must be a target, such as `ws2022` or `ws2019,engine@28`'],
  ['targets: ⟦[ws2016, engine@28]⟧', 'Docker Engine 28 does not run on ws2016: since 23.0 it needs build 17763 (Windows Server 2019)', 'reader'],
  ['platform: ⟦linux⟧', 'unknown value `linux`; known are windows, auto'],
  ['platform: ⟦[auto]⟧', 'here must be one of `windows`, `auto`'],
  ['⟦platform⟧:', 'here must be one of `windows`, `auto`'],
  ['failOn: ⟦warn⟧', 'unknown value `warn`; did you mean `warning`?'],
  ['rules: {⟦no-ip6⟧: off}', 'unknown rule or feature `no-ip6`; did you mean `no-ipv6`?'],
  ['rules: {no-ipv6: ⟦warn⟧}', 'unknown value `warn`; did you mean `warning`?'],
  ['rules: {no-ipv6: ⟦false⟧}', 'here must be a severity: `error`, `warning`, `info`, `off`'],
  ['rules: {no-ipv6: ⟦0⟧}', 'here must be a severity: `error`, `warning`, `info`, `off`'],
  ['rules: {no-ipv6: [off, {⟦allows⟧: 1}]}', '`no-ipv6` has no option `allows`; did you mean `allow`?', 'reader'],
  ['rules: {no-host-network: [off, {⟦allow⟧: 1}]}', 'the rule `no-host-network` has no options', 'reader'],
  ['rules: {no-ipv6: [off, {}, ⟦1⟧]}', 'after the severity and the options, nothing may follow'],
  ['rules: ⟦[no-ipv6]⟧', '`rules` must be a map of keys and values'],
  ['rules: {no-ipv6: off, ⟦no-ipv6⟧: error}', '`no-ipv6` stands here twice', 'reader'],
  ['extends: ⟦../a.yaml⟧', '`extends` must be a list of paths, such as `[../porthole.config.yaml]`'],
  ['extends: [⟦1⟧]', 'here must be the path of a configuration'],
  ['ignore: [⟦""⟧]', 'here must be a pattern, such as `vendor/` or `*.ps1`'],
  ['ignore: [⟦../x⟧]', 'a pattern cannot reach outside of the folder of its configuration', 'reader'],
  ['ignore: [⟦C:/x⟧]', 'a pattern cannot reach outside of the folder of its configuration', 'reader'],
  ['ignore: [⟦a\\b⟧]', 'folders are parted by `/` in patterns', 'reader'],
  ['ignore: [⟦"#x"⟧]', 'a pattern that begins with `#` is a comment; write `\\#`', 'reader'],
  ['overrides: [⟦{rules: {}}⟧]', 'an override must say for which `files` it is'],
  ['overrides: [{files: [a], ⟦failOn⟧: info}]', 'unknown key `failOn`; known are files, targets, platform, rules'],
  ['overrides: [{files: [a], ⟦file⟧: [b]}]', 'unknown key `file`; did you mean `files`?'],
  ['a: b\n⟦---⟧\n'.replace('a: b', 'platform: auto').replace('⟦---⟧\n', '---\n⟦platform: auto⟧'), 'a configuration is one document', 'reader']
]

describe('a configuration', () => {
  it.each(sound)('is taken: %j', source => {
    expect(readConfig(source, 'yaml', names).faults).toEqual([])
    expect(acceptedBySchema(parse(source, { merge: true }) ?? null)).toBe(true)
  })

  it.each(faulty)('is refused: %j', (marked, message, only) => {
    const { source } = unmark(marked)
    const { faults } = readConfig(source, 'yaml', names)
    expect(faults.map(fault => fault.message)).toEqual([message])
    expect(mark(source, faults.map(({ range }) => range))).toBe(marked)
    if (!only) expect(acceptedBySchema(parse(source))).toBe(false)
  })

  it.each([
    ['yaml', 'rules: [⟦', undefined],
    ['yaml', 'rules:\n⟦\t⟧a: b', undefined],
    ['json', '{"rules": {⟦}⟧', undefined],
    ['json', '{⟦// why⟧\n}', undefined],
    ['json', "{⟦'rules'⟧: 1}", 'strings stand in double quotes'],
    ['json', '{"rules": {"⟦no-ip6⟧": "off"}}', 'unknown rule or feature `no-ip6`; did you mean `no-ipv6`?'],
    ['json', '', 'there is no value'],
    ['package', '{"name": "x", "porthole": {"⟦rule⟧": {}}}', 'unknown key `rule`; did you mean `rules`?'],
    ['package', '{"name": "x", "porthole": ⟦1⟧}', 'a configuration must be a map of keys and values']
  ] as const)('in %s is refused: %j', (notation, marked, message) => {
    const { faults } = readConfig(marked.replace(/[⟦⟧]/g, ''), notation, names)
    expect(faults.length).toBeGreaterThan(0)
    if (message !== undefined) expect(faults[0]!.message).toBe(message)
  })

  it('may be none in package.json', () => {
    expect(readConfig('{"name": "x"}', 'package', names)).toEqual({ config: undefined, faults: [] })
    expect(readConfig('{"name": "porthole"}', 'package', names)).toEqual({ config: undefined, faults: [] })
    expect(readConfig('{"porthole": {\n\t"platform": "auto"\n}}', 'package', names).config?.platform).toBe('auto')
  })

  it('is read whatever it holds', () => {
    const piece = fc.constantFrom('rules', 'targets', 'overrides', 'files', ': ', '\n', '  ', '- ', '[', ']', '{', '}', '"', 'off', 'ws2022', '*a', '&a ', '<<', '!x ', 'no-ipv6', ',', '? ', '|', '# ', '---\n', '__proto__', 'constructor', '\t', 'é😀', '\u0000')
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom('yaml', 'json', 'package'), (pieces, notation) => {
      const source = pieces.join('')
      for (const { range: [start, end] } of readConfig(source, notation, names).faults) expect(0 <= start && start <= end && end <= source.length).toBe(true)
    }), { numRuns: 500 })
  })
})

/** The configuration that texts make, the first being extended by the second and so on, each in a folder. */
const configured = (...files: readonly [folder: string, source: string][]): Promise<Configuration> =>
  Configuration.of(files.flatMap(([folder, source]) => {
    const { config, faults } = readConfig(source, 'yaml', names)
    expect(faults).toEqual([])
    return layersOf(config!, `${folder}/porthole.config.yaml`, folder)
  }))

const severitiesOf = (rules: ReadonlyMap<string, RuleSetting>): Record<string, string> => Object.fromEntries([...rules].map(([id, { severity }]) => [id, severity]))

describe('what is configured for a file', () => {
  it.each([
    ['/p/a.yaml', { targets: ['ws2022'], platform: 'windows', rules: { 'no-ipv6': 'off' } }],
    ['/p/legacy/a.yaml', { targets: ['ws2019'], platform: 'windows', rules: { 'no-ipv6': 'error' } }],
    ['/p/x/legacy/b/build.ps1', { targets: ['ws2019'], platform: 'auto', rules: { 'no-ipv6': 'info' } }],
    ['/p/x/build.ps1', { targets: ['ws2022'], platform: 'auto', rules: { 'no-ipv6': 'info' } }],
    ['/p/keep.ps1', { targets: ['ws2022'], platform: 'windows', rules: { 'no-ipv6': 'off' } }],
    ['/p/top.yaml', { targets: ['ws2025'], platform: 'windows', rules: { 'no-ipv6': 'off' } }],
    ['/p/x/top.yaml', { targets: ['ws2022'], platform: 'windows', rules: { 'no-ipv6': 'off' } }],
    ['/other/legacy/a.ps1', { targets: ['ws2022'], platform: 'windows', rules: { 'no-ipv6': 'off' } }],
    ['/pp/legacy/a.ps1', { targets: ['ws2022'], platform: 'windows', rules: { 'no-ipv6': 'off' } }]
  ])('%s', async (path, expected) => {
    const configuration = await configured(['/p', `
targets: [ws2022]
platform: windows
rules: {no-ipv6: off}
overrides:
  - {files: [legacy/], targets: [ws2019], rules: {no-ipv6: error}}
  - {files: ["*.ps1", "!keep.ps1"], platform: auto, rules: {no-ipv6: info}}
  - {files: [./top.yaml], targets: [ws2025]}
`])
    const { rules, ...others } = configuration.for(path)
    expect({ ...others, rules: severitiesOf(rules) }).toEqual(expected)
  })

  it('is what the last layer says', async () => {
    const configuration = await configured(
      ['/base', 'targets: [ws2019]\nfailOn: error\nrules: {no-ipv6: [info, {allow: 1}], no-host-network: off}\noverrides: [{files: ["*.ps1"], rules: {no-ipv6: off, no-host-network: info}}]\nignore: ["*.cmd", gone/]'],
      ['/base/p', 'platform: auto\nrules: {no-ipv6: error}\nignore: ["!keep.cmd"]']
    )
    const { targets, platform, rules } = configuration.for('/base/p/a.ps1')
    expect({ targets, platform, rules: Object.fromEntries(rules) }).toEqual({ targets: ['ws2019'], platform: 'auto', rules: { 'no-ipv6': { severity: 'error', options: { allow: 1 } }, 'no-host-network': { severity: 'info' } } })
    expect(configuration.failOn).toBe('error')
    expect(['/base/p/a.cmd', '/base/p/keep.cmd', '/base/keep.cmd', '/base/p/gone/', '/base/p/gone/x.sh', '/base/p/x.sh', '/a.cmd'].map(path => configuration.ignores(path))).toEqual([true, false, true, true, true, false, false])
    expect(configuration.origins).toEqual(['/base/porthole.config.yaml', '/base/p/porthole.config.yaml'])
  })

  it.each([
    ['/p', undefined, '/p'],
    ['/p', '/p', '/p'],
    ['/p', '/p/packages/a', '/p'],
    ['/', '/p', '/'],
    ['/p/config', '/p', '/p'],
    ['/shared', '/p', '/p'],
    ['/p', '/pp', '/pp']
  ])('has patterns that start, for one in %s that %s extends, from %s', (own, extending, expected) => {
    expect(patternFolder(own, extending)).toBe(expected)
  })

  it.each([
    [{}, {}, 'warning'],
    [{ 'no-ipv6': 'off' }, {}, 'off'],
    [{ 'no-ipv6': 'off', 'ipv6-network': 'info' }, {}, 'info'],
    [{ 'ipv6-network': 'off' }, { 'no-ipv6': 'error' }, 'error'],
    [{ 'ipv6-network': 'off' }, { 'no-host-network': 'error' }, 'off']
  ] as readonly [Record<string, RuleSetting['severity']>, Record<string, RuleSetting['severity']>, string][])('gives findings their severity: %j, command line %j', (config, commandLine, expected) => {
    const settings = [commandLine, config].map(rules => new Map(Object.entries(rules).map(([id, severity]): [string, RuleSetting] => [id, { severity }])))
    const [found] = withSeverities([diagnostic([0, 1], { rule: 'no-ipv6', feature: 'ipv6-network', severity: 'warning' })], settings)
    expect(found?.severity ?? 'off').toBe(expected)
  })

  it.each([
    [['no-ipv6:off', 'no-ipv6:info', 'ipv6-network:error'], { 'no-ipv6': 'info', 'ipv6-network': 'error' }, []],
    [['no-ip6:off'], {}, ['unknown rule or feature `no-ip6`; did you mean `no-ipv6`?']],
    [['no-ipv6'], {}, ['`no-ipv6` needs a severity, as in `no-ipv6:off`']],
    [['no-ipv6:warn'], {}, ['unknown severity `warn` of `no-ipv6`; did you mean `warning`?']],
    [['no-ipv6:'], {}, ['unknown severity `` of `no-ipv6`; known are error, warning, info, off']],
    [[''], {}, ['unknown rule or feature ``']]
  ])('is set by --rule %j', (options, expected, complaints) => {
    const { settings, faults } = readRuleOptions(options, names)
    expect(severitiesOf(settings)).toEqual(expected)
    expect(faults).toEqual(complaints)
  })

  it('is printed', async () => {
    const configuration = await configured(['/p', 'targets: [ws2022]\nrules: {no-ipv6: [info, {allow: 1}], yaml-syntax: off}\nignore: ["*.cmd"]'])
    expect(JSON.parse(printableConfig('/p/a.cmd', configuration, { rules: new Map([['no-host-network', { severity: 'info' }]]), platform: 'auto' }))).toEqual({
      path: '/p/a.cmd', configurations: ['/p/porthole.config.yaml'], ignored: true, targets: ['ws2022'], platform: 'auto', failOn: 'warning', rules: { 'no-host-network': 'info', 'no-ipv6': ['info', { allow: 1 }], 'yaml-syntax': 'off' }
    })
    expect(JSON.parse(printableConfig('/p/a', Configuration.none))).toEqual({ path: '/p/a', configurations: [], ignored: false, targets: ['ws2019', 'ws2022', 'ws2025'], platform: 'windows', failOn: 'warning', rules: {} })
  })
})

describe('files of configurations', () => {
  const root = mkdtempSync(join(tmpdir(), 'porthole-config-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
  }
  const complaints = async (path: string): Promise<string[]> => {
    try {
      await loadConfig(join(root, path), names)
      return []
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      return (error as Error).message.replaceAll(/(^|\n)(?:\.\.\/)*[^:\n]*porthole-config-\w+\//g, '$1').split('\n')
    }
  }

  it('are found in the folder or above, up to the top of the repository', () => {
    write({ 'porthole.config.yaml': '', 'find/.git/HEAD': '', 'find/a/package.json': '{"name": "porthole"}', 'find/a/b/c/x': '', 'find/json/porthole.config.json': '{}', 'find/package/package.json': '{"porthole": {}}', 'find/package/sub/x': '', 'find/two/porthole.config.yml': '', 'find/two/package.json': '{"porthole": {}}' })
    const found = (folder: string): string | undefined => findConfig(join(root, folder))?.slice(root.length + 1).replaceAll('\\', '/')
    expect(found('.')).toBe('porthole.config.yaml')
    expect(found('find/a/b/c')).toBeUndefined()
    expect(found('find/json')).toBe('find/json/porthole.config.json')
    expect(found('find/package/sub')).toBe('find/package/package.json')
    expect(() => found('find/two')).toThrow(/two configurations in one folder: .*porthole\.config\.yml and .*package\.json; keep one/)
  })

  it('extend one another', async () => {
    write({
      'load/shared/base.json': '{"targets": ["ws2019"], "overrides": [{"files": ["/top.ps1"], "platform": "auto"}]}',
      'load/porthole.config.yaml': 'extends: [shared/base.json]\nrules: {no-ipv6: off}\nignore: [packages/a/gone]',
      'load/packages/a/package.json': '{"porthole": {"extends": ["../../porthole.config.yaml"], "rules": {"no-ipv6": "info"}}}'
    })
    const configuration = await loadConfig(join(root, 'load/packages/a/package.json'), names)
    const path = (name: string): string => configPath(join(root, 'load', name))
    expect(severitiesOf(configuration.for(path('packages/a/x.sh')).rules)).toEqual({ 'no-ipv6': 'info' })
    expect(configuration.for(path('packages/a/x.sh')).targets).toEqual(['ws2019'])
    expect(configuration.ignores(path('packages/a/gone'))).toBe(true)
    expect([path('top.ps1'), path('shared/top.ps1')].map(file => configuration.for(file).platform)).toEqual(['auto', undefined])
  })

  it('are complained of with all places', async () => {
    write({
      'bad/a.yaml': 'extends:\n  - b.yaml\n  - gone.yaml\nplatform: linux\n', 'bad/b.yaml': 'rules:\n  no-ip6: off\n', 'bad/c.json': '{\n  "rules": [,\n}', 'bad/d.yaml': 'extends: [e.yaml]', 'bad/e.yaml': 'extends: [d.yaml]', 'bad/package.json': '{}', 'bad/self.yaml': 'extends: [self.yaml]'
    })
    expect(await complaints('bad/a.yaml')).toEqual(['bad/a.yaml:4:11 unknown value `linux`; known are windows, auto', 'bad/b.yaml:2:3 unknown rule or feature `no-ip6`; did you mean `no-ipv6`?', 'bad/a.yaml:3:5 there is no file `gone.yaml`'])
    expect(await complaints('bad/c.json')).toEqual(['bad/c.json:2:13 here must be a value or `]`'])
    expect(await complaints('bad/d.yaml')).toEqual(['bad/e.yaml:1:11 `d.yaml` leads back to this configuration'])
    expect(await complaints('bad/self.yaml')).toEqual(['bad/self.yaml:1:11 `self.yaml` leads back to this configuration'])
    expect(await complaints('bad/package.json')).toEqual(['bad/package.json: has no key `porthole`'])
    expect(await complaints('bad/none.yaml')).toEqual(['bad/none.yaml: no such file or folder'])
  })
})

describe('the first configuration', () => {
  it.each([
    [[], { windows: 0, linux: 0, undecided: 0 }, 'windows'],
    [['compose.yaml'], { windows: 3, linux: 0, undecided: 2 }, 'windows'],
    [['compose.yaml'], { windows: 3, linux: 1, undecided: 0 }, 'auto'],
    [['src/a/compose.yaml', 'vendor/x/Dockerfile'], { windows: 0, linux: 5, undecided: 2 }, 'auto'],
    [['a"b/[x]*/\\/compose.yaml', 'test\n/fixtures/x'], { windows: 0, linux: 0, undecided: 2 }, 'windows']
  ])('is one: %j, %j', (paths, counts, platform) => {
    const text = initialConfig(paths, counts)
    const { config, faults } = readConfig(text, 'yaml', names)
    expect(faults).toEqual([])
    expect(config).toMatchObject({ platform, targets: ['ws2019', 'ws2022', 'ws2025'], failOn: 'warning' })
    // What is commented out is sound as well.
    const whole = text.replace(/: (\[\]|\{\})\n/g, ':\n').replace(/^# {2}/gm, '  ')
    const full = readConfig(whole, 'yaml', names)
    expect(full.faults).toEqual([])
    expect(full.config!.overrides).toHaveLength(1)
    expect(acceptedBySchema(parse(whole))).toBe(true)
  })

  it('proposes folders that there are', () => {
    expect(initialConfig(['src/app/compose.yaml', 'third_party/x/Dockerfile'], { windows: 1, linux: 0, undecided: 0 })).toContain('#  - "/third_party/"\n')
  })
})

describe('the schema of configurations', () => {
  it('is up to date', () => {
    const ids = readdirSync(resolve(import.meta.dirname, '../rules')).filter(name => name.endsWith('.ts') && name !== 'index.ts').map(name => name.slice(0, -3))
    expect(configSchema(ids, knowledge.matrix.rows)).toBe(schema)
  })

  it('knows all names', () => {
    const { definitions } = JSON.parse(schema)
    expect(Object.keys(definitions.rules.properties)).toEqual([...new Set([...names.rules, ...names.features])].sort())
    const versions: string[] = definitions.targets.items.anyOf[0].enum
    expect(versions).toEqual(expect.arrayContaining(windowsVersions.map(({ id }) => id)))
    expect(() => parseTargets(versions)).not.toThrow()
  })
})
