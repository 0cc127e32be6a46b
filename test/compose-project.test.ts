import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { composeConfig, projectOptions, readProject, type ComposeProject, type Origin, type ProjectNode } from '../src/compose-project.ts'
import { formatDuration, parseDuration, splitCommand } from '../src/compose-unit.ts'
import { readEnvFile } from '../src/env-file.ts'
import { inspectFiles } from '../src/inspect.ts'
import { unmark } from './marked.ts'

type Sources = Readonly<Record<string, string>>

interface Situation {
  readonly files: Sources
  readonly args?: readonly string[]
  readonly environment?: Sources
}

const projectOf = ({ files, args = [], environment = {} }: Situation): ComposeProject =>
  readProject({ files: { read: path => (Object.hasOwn(files, path) ? files[path] : undefined) }, folder: '/w/project', environment: new Map(Object.entries(environment)), ...projectOptions(args) })

const configOf = (situation: Situation): unknown => {
  const { project, problems } = projectOf(situation)
  return project ? JSON.parse(JSON.stringify(composeConfig(project))) : problems.map(({ message }) => message)
}

interface Executed extends Situation {
  readonly group: string
  /** What `docker compose config` printed; none: it refused the project. */
  readonly config?: unknown
}

const executed = readFileSync(new URL('fixtures/executed/compose-config.jsonl', import.meta.url), 'utf8').trim().split('\n').map(line => JSON.parse(line) as Executed)
const environment = { A: 'aval', E: '', DRV: 'transparent', T: 'true', PORT: '8080' }

/** Cases in which we differ from compose, and why. */
const differences: readonly { readonly about: string; readonly because: string }[] = []

describe('what docker compose config makes of a project', () => {
  it.each(executed.map((situation, index) => ({ environment, ...situation, title: `${index} ${situation.group}` })))('$title', situation => {
    if (differences.some(({ about }) => about === situation.title)) return
    const { project, problems } = projectOf(situation)
    if (situation.config !== undefined) {
      expect(problems).toEqual([])
      expect(JSON.parse(JSON.stringify(composeConfig(project!)))).toEqual(situation.config)
    } else {
      expect(project).toBeUndefined()
      expect(problems.length).toBeGreaterThan(0)
      for (const { path, range } of problems) expect(range[1]).toBeLessThanOrEqual((situation.files[path] ?? '').replace(/^\uFEFF/, '').length)
    }
  })
})

/** The text at an origin, with its file. */
const textAt = (files: Sources, { path, range }: Origin): string => `${path} ${files[path]!.slice(...range)}`

function nodeAt(node: ProjectNode | undefined, pointer: string): ProjectNode | undefined {
  return pointer.split('/').slice(1).reduce<ProjectNode | undefined>((found, name) => (found?.kind === 'map' ? found.entries.get(name)?.value : found?.kind === 'list' ? found.items[Number(name)] : undefined), node)
}

const web = (below: string): string => `services:\n  web:\n    image: img\n${below}`

describe('where values are written', () => {
  const cases: readonly [what: string, pointer: string, files: Sources, args?: readonly string[]][] = [
    ['a value', '/services/web/image', { 'compose.yaml': 'services:\n  web:\n    image: ⟦img⟧\n' }],
    ['a value with variables', '/services/web/hostname', { 'compose.yaml': web('    hostname: ⟦"a${X:-b}"⟧\n') }],
    ['a name in the short form of networks', '/services/web/networks/a', { 'compose.yaml': web('    networks: [⟦a⟧]\nnetworks: {a: }\n') }],
    ['a part of a port', '/services/web/ports/0/published', { 'compose.yaml': web('    ports: ["127.0.0.1:⟦80⟧:81/udp"]\n') }],
    ['the address of a port', '/services/web/ports/0/host_ip', { 'compose.yaml': web('    ports: ["⟦[::1]⟧:80:81/udp"]\n') }],
    ['the protocol of a port', '/services/web/ports/0/protocol', { 'compose.yaml': web('    ports: ["80:81/⟦udp⟧"]\n') }],
    ['a part of a mount', '/services/web/volumes/0/target', { 'compose.yaml': web('    volumes: [\'C:\\x:⟦C:\\y⟧:ro\']\n') }],
    ['an option of a mount', '/services/web/volumes/0/read_only', { 'compose.yaml': web('    volumes: ["./x:/y:z,⟦ro⟧"]\n') }],
    ['a value in a list of pairs', '/services/web/environment/A', { 'compose.yaml': web('    environment: ["A=⟦1⟧"]\n') }],
    ['a value in a map of pairs', '/services/web/labels/a', { 'compose.yaml': web('    labels: {a: ⟦1⟧}\n') }],
    ['a value of an environment file', '/services/web/environment/B', { 'compose.yaml': web('    env_file: x.env\n'), 'x.env': '# b\nA=1\nB="⟦2 $A⟧" # c\n' }],
    ['what an anchor says', '/networks/a/driver', { 'compose.yaml': 'x-n: &n {driver: ⟦nat⟧}\n' + web('    networks: [a]\nnetworks: {a: {<<: *n}}\n') }],
    ['what an override file says', '/services/web/hostname', { 'compose.yaml': web('    hostname: a\n'), 'compose.override.yaml': 'services: {web: {hostname: ⟦b⟧}}\n' }],
    ['what the first file says', '/services/web/image', { 'a.yaml': 'services:\n  web: {image: ⟦img⟧}\n', 'b.yaml': 'services: {web: {hostname: b}}\n' }, ['-f', 'a.yaml', '-f', 'b.yaml']],
    ['a pair that was merged from maps', '/services/web/environment/A', { 'a.yaml': web('    environment: {A: ⟦1⟧, B: 2}\n'), 'b.yaml': 'services: {web: {environment: {B: 3}}}\n' }, ['-f', 'a.yaml', '-f', 'b.yaml']],
    ['what is extended', '/services/web/dns/0', { 'compose.yaml': web('    extends: {file: sub/base.yaml, service: base}\n'), 'sub/base.yaml': 'services: {base: {image: b, dns: ⟦1.1.1.1⟧}}\n' }],
    ['what is included', '/services/db/image', { 'compose.yaml': 'include: [db.yaml]\n' + web(''), 'db.yaml': 'services: {db: {image: ⟦db⟧}}\n' }],
    ['a path that was made absolute', '/services/web/build/context', { 'compose.yaml': web('    build: ⟦./x⟧\n') }],
    ['a word of a command', '/services/web/command/1', { 'compose.yaml': web('    command: ping ⟦::1⟧ -t\n') }],
    ['a name of a network that is implied', '/networks/a/name', { 'compose.yaml': web('    networks: [a]\nnetworks: {⟦a⟧: {driver: nat}}\n') }],
    ['a network that is implied', '/networks/default/name', { 'compose.yaml': 'services:\n  ⟦web⟧:\n    image: img\n' }]
  ]
  it.each(cases)('%s', (_, pointer, marked, args = []) => {
    const files = Object.fromEntries(Object.entries(marked).map(([path, text]) => [path, unmark(text).source]))
    const [path, expected] = Object.entries(marked).flatMap(([path, text]) => unmark(text).ranges.map(range => [path, range] as const))[0]!
    const { project, problems } = projectOf({ files, args })
    expect(problems).toEqual([])
    expect(textAt(files, nodeAt(project, pointer)!.origin)).toBe(textAt(files, { path, range: expected }))
  })

  it('tells what nobody has written', () => {
    const { project } = projectOf({ files: { 'compose.yaml': web('    ports: ["80"]\n    networks: [a]\nnetworks: {a: {}}\n') } })
    expect(['/services/web/ports/0/mode', '/services/web/ports/0/target', '/networks/a/name', '/services/web/networks/a'].map(pointer => nodeAt(project, pointer)!.isImplied ?? false)).toEqual([true, false, true, false])
  })
})

describe('rules of merging', () => {
  const merged = (a: string, b: string): unknown => (configOf({ files: { 'a.yaml': web(a), 'b.yaml': `services:\n  web:\n${b}` }, args: ['-f', 'a.yaml', '-f', 'b.yaml'] }) as { services: { web: Record<string, unknown> } }).services.web
  const cases: readonly [what: string, a: string, b: string, shown: Record<string, unknown>][] = [
    ['lists are appended, and unique by what they are about', '    dns: [1.1.1.1, 2.2.2.2]\n', '    dns: 2.2.2.2\n', { dns: ['1.1.1.1', '2.2.2.2'] }],
    ['variables by name, whatever the form', '    environment: {A: 1, B: 2}\n', '    environment: [B=3, C=4]\n', { environment: { A: '1', B: '3', C: '4' } }],
    ['mounts by where they are mounted', '    volumes: ["./a:/x", "./b:/y"]\n', '    volumes: [{type: bind, source: ./c, target: /x}]\n', { volumes: [{ type: 'bind', source: '/w/project/c', target: '/x' }, { type: 'bind', source: '/w/project/b', target: '/y', bind: { create_host_path: true } }] }],
    ['commands are replaced', '    command: [a, b]\n', '    command: c\n', { command: ['c'] }],
    ['a null command takes it away', '    command: [a, b]\n', '    command: null\n', { command: null }],
    ['options of the same log driver are merged', '    logging: {driver: d, options: {a: "1"}}\n', '    logging: {options: {b: "2"}}\n', { logging: { driver: 'd', options: { a: '1', b: '2' } } }],
    ['options of another log driver are not', '    logging: {driver: d, options: {a: "1"}}\n', '    logging: {driver: e}\n', { logging: { driver: 'e' } }],
    ['a build in the short form meets a map', '    build: .\n', '    build: {target: t}\n', { build: { context: '/w/project', dockerfile: 'Dockerfile', target: 't' } }],
    ['hosts are added once', '    extra_hosts: ["a=1.1.1.1"]\n', '    extra_hosts: ["a=1.1.1.1", "a=2.2.2.2"]\n', { extra_hosts: ['a=1.1.1.1', 'a=2.2.2.2'] }],
    ['`!override` replaces', '    expose: ["1", "2"]\n', '    expose: !override ["3"]\n', { expose: ['3'] }]
  ]
  it.each(cases)('%s', (_, a, b, shown) => expect(merged(a, b)).toMatchObject(shown))

  it('`!reset` takes away', () => expect(merged('    hostname: h\n    expose: ["1"]\n', '    hostname: !reset null\n    expose: !reset []\n')).toEqual({ command: null, entrypoint: null, image: 'img', networks: { default: null } }))
  it('refuses a map over a list', () => expect(configOf({ files: { 'a.yaml': web('    cap_add: [a]\n'), 'b.yaml': 'services: {web: {cap_add: {a: b}}}' }, args: ['-f', 'a.yaml', '-f', 'b.yaml'] })).toEqual(['cannot override services.web.cap_add']))
})

describe('files of a project', () => {
  const named = (files: Sources, args: readonly string[] = [], variables: Sources = {}): unknown => {
    const { name, files: used } = projectOf({ files, args, environment: variables })
    return { name: name?.value, used }
  }
  it.each<[what: string, files: Sources, args: readonly string[], variables: Sources, found: unknown]>([
    ['the first name wins', { 'compose.yaml': web(''), 'docker-compose.yml': web('') }, [], {}, { name: 'project', used: ['compose.yaml'] }],
    ['the first override wins', { 'compose.yml': web(''), 'compose.override.yml': web(''), 'docker-compose.override.yml': web('') }, [], {}, { name: 'project', used: ['compose.yml', 'compose.override.yml'] }],
    ['no override is looked for beside -f', { 'compose.yml': web(''), 'compose.override.yml': web('') }, ['--file=compose.yml'], {}, { name: 'project', used: ['compose.yml'] }],
    ['COMPOSE_FILE of .env', { '.env': 'COMPOSE_FILE=b.yml;a.yml\nCOMPOSE_PATH_SEPARATOR=;\n', 'a.yml': web(''), 'b.yml': web('') }, [], {}, { name: 'project', used: ['b.yml', 'a.yml'] }],
    ['the folder of the first file names the project', { 'shop/compose.yml': web('') }, ['-f', 'shop/compose.yml'], {}, { name: 'shop', used: ['shop/compose.yml'] }],
    ['files above', { '/w/compose.yaml': web('') }, [], {}, { name: 'w', used: ['/w/compose.yaml'] }],
    ['-p', { 'compose.yml': 'name: other\n' + web('') }, ['-p', 'mine'], {}, { name: 'mine', used: ['compose.yml'] }],
    ['COMPOSE_PROJECT_NAME', { 'compose.yml': 'name: other\n' + web('') }, [], { COMPOSE_PROJECT_NAME: 'mine' }, { name: 'mine', used: ['compose.yml'] }],
    ['the last name', { 'a.yml': 'name: a\n' + web(''), 'b.yml': 'name: ${X}\n' }, ['-f', 'a.yml', '-f', 'b.yml'], { X: 'B' }, { name: 'b', used: ['a.yml', 'b.yml'] }]
  ])('%s', (_, files, args, variables, found) => expect(named(files, args, variables)).toEqual(found))

  it('sees included files from their own folder, with their own variables', () => {
    const files = {
      'compose.yaml': 'include:\n  - path: [sub/a.yaml, sub/b.yaml]\n    env_file: v.env\n  - other/compose.yaml\nservices: {web: {image: img, depends_on: [db]}}\n',
      'sub/a.yaml': 'services: {db: {image: "db:${TAG}", volumes: ["./data:/d"]}}\n', 'sub/b.yaml': 'services: {db: {hostname: "${TAG}"}}\n', 'v.env': 'TAG=9\n',
      'other/compose.yaml': 'services: {o: {image: "${IMG}"}}\n', 'other/.env': 'IMG=${X}o\n'
    }
    expect(configOf({ files, environment: { X: 'x' } })).toMatchObject({ services: { db: { image: 'db:9', hostname: '9', volumes: [{ source: '/w/project/sub/data' }] }, o: { image: 'xo' } } })
  })

  it('follows services that extend services of other files', () => {
    const files = {
      'compose.yaml': 'services:\n  a: {extends: b, environment: [A=1]}\n  b: {extends: {file: x/b.yaml, service: c}, environment: {B: 2}, ports: !override ["9:9"]}\n',
      'x/b.yaml': 'services:\n  c: {extends: {file: y/c.yaml, service: d}, environment: {C: 3, B: 1}}\n',
      'x/y/c.yaml': 'services:\n  d: {image: d, build: ctx, ports: ["1:1"]}\n'
    }
    expect(configOf({ files })).toMatchObject({ services: { a: { image: 'd', build: { context: '/w/project/x/y/ctx' }, environment: { A: '1', B: '2', C: '3' }, ports: [{ target: 9 }] }, b: { environment: { B: '2', C: '3' } } } })
  })

  it('reads files of variables', () => {
    const files = { 'compose.yaml': web('    env_file: [e.env, {path: r.env, format: raw}, {path: none.env, required: false}]\n    environment: {A: own, N: }\n'), 'e.env': 'A=file\nB="x ${A}"\nE\nN=1\n', 'r.env': 'R=$A # x\n' }
    expect(configOf({ files, environment: { E: 'e' } })).toMatchObject({ services: { web: { environment: { A: 'own', B: 'x own', E: 'e', N: null, R: '$$A # x' } } } })
  })
})

describe('what cannot be known', () => {
  it.each<[what: string, files: Sources, refused: boolean, gaps: readonly string[]]>([
    ['files elsewhere', { 'compose.yaml': 'include: [⟦/abs/x.yaml⟧, ⟦../y.yaml⟧]\n' + web('    extends: {file: ⟦../z.yaml⟧, service: b}\n    env_file: ⟦/e.env⟧\n') }, false, ['⟦/abs/x.yaml⟧', '⟦../y.yaml⟧', '⟦../z.yaml⟧', '⟦/e.env⟧']],
    ['files that are fetched', { 'compose.yaml': 'include: [⟦"oci://x/y"⟧, ⟦https://x/y.git⟧]\n' + web('') }, false, ['"oci://x/y"', 'https://x/y.git']],
    ['a cycle of extends', { 'compose.yaml': 'services:\n  a: {extends: b}\n  b: {extends: c}\n  c: {extends: a}\n' }, true, []],
    ['a cycle of extends over files', { 'compose.yaml': 'services: {a: {extends: {file: b.yaml, service: b}}}\n', 'b.yaml': 'services: {b: {extends: {file: compose.yaml, service: a}}}\n' }, true, []],
    ['a cycle of includes', { 'compose.yaml': 'include: [b.yaml]\n', 'b.yaml': 'include: [c.yaml]\n', 'c.yaml': 'include: [b.yaml]\n' }, true, []],
    ['a service that extends itself', { 'compose.yaml': 'services: {a: {extends: a}}\n' }, true, []]
  ])('%s', (_, marked, isRefused, gaps) => {
    const files = Object.fromEntries(Object.entries(marked).map(([path, text]) => [path, unmark(text).source]))
    const read = projectOf({ files })
    expect(read.problems.length > 0).toBe(isRefused)
    expect(new Set(read.gaps.map(({ path, range }) => files[path]!.slice(...range)))).toEqual(new Set(gaps.map(gap => unmark(gap).source)))
  })

  it('ends where files include each other in very many ways', () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [index === 0 ? 'compose.yaml' : `${index}.yaml`, `include: [${index + 1}.yaml, {path: ./${index + 1}.yaml}]\nservices: {s${index}: {image: i}}\n`]))
    expect(projectOf({ files: { ...files, '30.yaml': 'services: {}' } }).gaps.length).toBeGreaterThan(0)
  })

  it('ends where aliases make a document very large', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `x-${index + 1}: &a${index + 1} [*a${index}, *a${index}]`)
    expect(projectOf({ files: { 'compose.yaml': `x-0: &a0 [1]\n${lines.join('\n')}\n${web('')}` } }).problems).toHaveLength(1)
  })

  it('ends where a chain of services is very long', () => {
    const chain = Array.from({ length: 5000 }, (_, index) => `  s${index}: {extends: s${index + 1}}\n`)
    expect(projectOf({ files: { 'compose.yaml': `services:\n${chain.join('')}  s5000: {image: i}\n` } }).gaps.length).toBeGreaterThan(0)
  })
})

describe('environment files', () => {
  const cases: readonly [source: string, variables: Sources | string][] = [
    ['A=1\nB = 2\nC: 3\nexport D=4\n  E=5', { A: '1', B: '2', C: '3', D: '4', E: '5' }],
    ['A=a b # c\nB=a#b\nC= # d\nD=', { A: 'a b', B: 'a#b', C: '# d', D: '' }],
    ['A="a # b" # c\nB=\'a $X\'\nC="a\nb"', { A: 'a # b', B: 'a $X', C: 'a\nb' }],
    ['A="\\t\\n\\"\\$X"\nB=\'it\\\'s\'', { A: '\t\n"$X', B: "it's" }],
    ['A=1\nB=$A${X}${Y:-z}\nC="${B}"\nD=$$A', { A: '1', B: '1xz', C: '1xz', D: '$A' }],
    ['X\nY\nA=1', { X: 'x', A: '1' }],
    ['A=1\r\nB="2"\r\n', { A: '1', B: '2' }],
    ['\uFEFFA=1', { A: '1' }],
    ['A="unclosed\n', 'line 1: unterminated quoted value "unclosed'],
    ['A=1\nB!=2\n', 'line 2: unexpected character "!" in variable name "B!=2"'],
    ['A B=2\n', 'line 1: key cannot contain a space'],
    ['A=${\n', 'invalid interpolation format: "${"; write a literal $ as $$']
  ]
  it.each(cases)('%j', (source, expected) => {
    const { variables, problem } = readEnvFile(source, name => (name === 'X' ? 'x' : undefined))
    expect(problem?.message ?? Object.fromEntries([...variables].map(([name, text]) => [name, text.value]))).toEqual(expected)
  })
})

describe('units', () => {
  it.each([['90s', '1m30s'], ['1h', '1h0m0s'], ['0', '0s'], ['1.5s', '1.5s'], ['100ms', '100ms'], ['1d', '24h0m0s'], ['10', undefined], ['', undefined]])('%s', (written, shown) => {
    const nanoseconds = parseDuration(written)
    expect(nanoseconds === undefined ? undefined : formatDuration(nanoseconds)).toBe(shown)
  })
  it.each<[string, readonly string[] | undefined]>([['a "b c" \'d\'', ['a', 'b c', 'd']], ['a ""', ['a', '']], ['a\\ b', ['a b']], ['a && b', ['a']], ['a "b', undefined], ['a $(b c) `d e`', ['a', '$(b c)', '`d e`']], ['a (b)', undefined], ['a 2>&1', ['a']], ['', []]])('%s', (line, words) => {
    expect(splitCommand(line)?.map(([word]) => word)).toEqual(words)
  })
})

describe('any input', () => {
  const seeds = executed.map(({ files }) => files)
  const pieces = ['${', '}', '!reset ', '!override ', '*a', '&a ', '<<: ', 'extends: ', 'include: [compose.yml]\n', '- ', '\n', '  ', ': ', 'null', '[]', '{}', '"', "'", '80:80', '::', '%YAML 1.2\n', '---\n', '\uFEFF', '$', '🙂']
  it('is read without a throw, and every place is in its file', () => {
    fc.assert(fc.property(fc.nat(seeds.length - 1), fc.array(fc.tuple(fc.nat(400), fc.nat(20), fc.constantFrom(...pieces)), { maxLength: 4 }), (seed, edits) => {
      const files = Object.fromEntries(Object.entries(seeds[seed]!).map(([path, text]) => [path, edits.reduce((mutant, [at, length, piece]) => mutant.slice(0, at % (mutant.length + 1)) + piece + mutant.slice((at % (mutant.length + 1)) + length), text)]))
      const { project, problems, gaps } = projectOf({ files, environment })
      const isInside = ({ path, range }: Origin): boolean => range[0] >= 0 && range[0] <= range[1] && range[1] <= (files[path] ?? '').length
      expect([...problems, ...gaps].every(isInside)).toBe(true)
      if (project) expect(origins(project).every(isInside)).toBe(true)
    }), { numRuns: Number(process.env['FUZZ_RUNS'] ?? 1000) })
  })
})

function origins(node: ProjectNode): Origin[] {
  const below = node.kind === 'map' ? [...node.entries.values()].flatMap(({ key, value }) => [key, ...origins(value)]) : node.kind === 'list' ? node.items.flatMap(origins) : []
  return [node.origin, ...below]
}

describe('inspect', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('shows intents and projects', async () => {
    const { text, errors } = await inspectFiles(['examples/shop/compose.yaml'])
    const { files, projects } = JSON.parse(text) as { files: { language: string; intents: { verb: string; settings: { feature: string; range: { line: number } }[] }[] }[]; projects: { name: string; project: Record<string, unknown>; origins: Record<string, string>; implied: string[] }[] }
    const source = readFileSync('examples/shop/compose.yaml', 'utf8').split('\n')
    expect(errors).toEqual([])
    expect(files[0]!.language).toBe('compose')
    expect(files[0]!.intents.some(({ verb, settings }) => verb === 'network.create' && settings.some(({ feature, range }) => feature === 'ipv6-network' && /enable_ipv6/.test(source[range.line - 1]!)))).toBe(true)
    const [path, line, column] = projects[0]!.origins['/networks/front/enable_ipv6']!.split(':')
    expect([projects[0]!.name, path, source[Number(line) - 1]!.slice(Number(column) - 1)]).toEqual(['shop', 'examples/shop/compose.yaml', 'true'])
    expect(projects[0]!.implied).toContain('/networks/front/name')
  })

  it('shows files that no project is made of, and those that cannot be read', async () => {
    const { text, errors } = await inspectFiles(['package.json', 'no-such-file.yaml'])
    expect(JSON.parse(text)).toMatchObject({ files: [{ path: 'package.json' }], projects: [] })
    expect(errors).toEqual([{ path: 'no-such-file.yaml', message: 'no such file or folder' }])
  })
})

