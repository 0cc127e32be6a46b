import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shapes } from '../src/generated/compose-validator.js'
import { structureProblems } from '../src/languages/compose-structure.ts'
import type { Problem } from '../src/language.ts'
import { Text } from '../src/text.ts'
import { readYaml } from '../src/yaml-reader.ts'

function problemsOf(source: string, path?: string): Problem[] {
  const file = Text.file(source)
  const documents = readYaml(file)
  return documents.length === 0 ? structureProblems(file, undefined, path) : documents.flatMap(({ root }) => structureProblems(file, root, path))
}

/** The source with what is reported between marks. */
function marked(source: string, problems = problemsOf(source)): string {
  let text = source
  for (const { range: [start, end] } of [...problems].reverse()) text = `${text.slice(0, start)}⟦${text.slice(start, end)}⟧${text.slice(end)}`
  return text
}

const withoutMarks = (source: string): string => source.replaceAll(/[⟦⟧]/g, '')

/** A file of one service with an image and these keys. */
const service = (keys: string): string => `services: {web: {image: i, ${keys}}}`

/** Keys of compose with what may stand there: `*` any name, `[]` any item. */
type KeyFacts = Readonly<Record<string, { types: readonly string[]; enum?: readonly string[]; required?: readonly string[] }>>
const keyFacts = JSON.parse(readFileSync(new URL('fixtures/compose-keys.json', import.meta.url), 'utf8')) as KeyFacts

describe('unknown keys', () => {
  it.each<[source: string, message: string, instead?: string]>([
    [service('⟦prots⟧: ["80:80"]'), "services.web additional properties 'prots' not allowed\"; did you mean `ports`?", 'Write `ports`.'],
    [service('⟦enviroment⟧: {A: b}'), 'did you mean `environment`?', 'Write `environment`.'],
    [service('⟦dependson⟧: [db]'), 'did you mean `depends_on`?', 'Write `depends_on`.'],
    [service('⟦wrongField⟧: x'), "`wrongField` is no key of `services.web`: Docker Compose refuses the file with \"services.web additional properties 'wrongField' not allowed\""],
    [service('⟦net⟧: host'), "additional properties 'net' not allowed", 'Write `network_mode`, or `networks` to join networks of the file.'],
    [service('⟦dockerfile⟧: Dockerfile'), "additional properties 'dockerfile' not allowed", 'Write `dockerfile` under `build`, beside `context`.'],
    [service('⟦log_driver⟧: x'), "'log_driver' not allowed", 'Write `driver` under `logging`.'],
    [service('⟦replicas⟧: 2'), "'replicas' not allowed", 'Write it under `deploy`.'],
    [service('build: {context: ., ⟦ports⟧: []}'), "services.web.build additional properties 'ports' not allowed", 'Write it in `services.web` itself, beside `build`.'],
    [service('networks: {a: {⟦alias⟧: [x]}}'), 'did you mean `aliases`?', 'Write `aliases`.'],
    [service('⟦Ports⟧: []'), 'did you mean `ports`?', 'Write `ports`.'],
    [service('⟦depends⟧: []'), 'did you mean `depends_on`?'],
    [service('volumes: [{type: bind, ⟦src⟧: a}]'), "services.web.volumes.0 additional properties 'src' not allowed"],
    ['⟦network⟧: {a: {}}\nservices: {web: {image: i}}', "with \"additional properties 'network' not allowed\"; did you mean `networks`?", 'Write `networks`.'],
    ['⟦servces⟧: {web: {image: i}}\nversion: "3"', 'did you mean `services`?'],
    ['services:\n⟦web⟧:\n  image: i', "'web' not allowed", 'Indent it under `services`.'],
    ['services: {web: {image: i}}\nnetworks: {a: {ipam: {config: [{⟦aux_address⟧: {a: b}}]}}}', 'did you mean `aux_addresses`?'],
    ['services: {web: {image: i}}\nnetworks: {a: {⟦scope⟧: swarm}}', "networks.a additional properties 'scope' not allowed"],
    ['services: {⟦"a b"⟧: {image: i}}', '`a b` is no name that `services` may have', 'Use letters, digits, `.`, `_` and `-` only.']
  ])('%s', (source, message, instead) => {
    const problems = problemsOf(withoutMarks(source))
    expect(marked(withoutMarks(source), problems)).toBe(source)
    expect(problems[0]!.message).toContain(message)
    if (instead !== undefined) expect(problems[0]!.instead).toBe(instead)
    expect(problems[0]).toMatchObject({ rule: 'compose-structure', severity: 'error' })
  })

  it('cites the page that speaks of the place', () => {
    const page = (source: string): string => problemsOf(source)[0]!.sources[0]!.where.replace(/.*\//, '')
    expect(page(service('prots: []'))).toBe('05-services.md')
    expect(page(service('ports: x'))).toBe('05-services.md#ports')
    expect(page(service('build: {context: 5}'))).toBe('build.md')
    expect(page('services: {web: {image: i}}\nnetworks: {a: {scope: x}}')).toBe('06-networks.md')
    expect(page('services: {web: {image: i}}\nbogus: 1')).toBe('03-compose-file.md')
  })
})

describe('values of another type', () => {
  it.each<[source: string, message: string, instead?: string]>([
    [service('hostname: ⟦5⟧'), '`services.web.hostname` is a number, and Docker Compose wants a string there', 'Write `"5"`.'],
    [service('ports: ⟦"80:80"⟧'), '`services.web.ports` is a string, and Docker Compose wants a list there', 'Write `["80:80"]`.'],
    [service('ports: ⟦{}⟧'), '`services.web.ports` is a mapping'],
    [service('depends_on: ⟦db⟧'), 'wants a list or a mapping there', 'Write `["db"]`.'],
    [service('command: [run, ⟦80⟧]'), '`services.web.command.1` is a number', 'Write `"80"`.'],
    [service('command: [run, ⟦true⟧]'), '`services.web.command.1` is `true`', 'Write `"true"`.'],
    [service('environment: [⟦{A: b}⟧]'), '`services.web.environment.0` is a mapping, and Docker Compose wants a string there', 'Write `A=b`, or no dash.'],
    [service('command: [⟦{a: b}⟧]'), 'is a mapping', 'Write `"a: b"`, in quotes.'],
    [service('environment: {A: ⟦[b]⟧}'), '`services.web.environment.A` is a list'],
    [service('healthcheck: {interval: ⟦30⟧}'), 'wants a string there', 'Write `30s`, with a unit.'],
    [service('networks: {a: {priority: ⟦"5"⟧}}'), 'wants a number there', 'Write `5`, without quotes.'],
    [service('build: ⟦[.]⟧'), 'wants a string or a mapping there'],
    [service('tty: ⟦1⟧'), 'wants a boolean or a string there', 'Write `true` or `false`.'],
    [service('gpus: [⟦all⟧]'), 'wants a mapping there'],
    ['version: ⟦3⟧\nservices: {web: {image: i}}', '`version` is a number', 'Leave it out, or write `"3"`.'],
    ['version: ⟦3.8⟧\nservices: {web: {image: i}}', '`version` is a number', 'Leave it out, or write `"3.8"`.'],
    ['services: {web: ⟦i⟧}', '`services.web` is a string, and Docker Compose wants a mapping there'],
    ['services: ⟦[web]⟧', '`services` is a list, and Docker Compose wants a mapping there'],
    ['services: {web: {image: i}}\nnetworks: {a: {driver_opts: {b: ⟦true⟧}}}', 'wants a string or a number there', 'Write `"true"`.'],
    ['⟦text⟧', 'top-level object must be a mapping'],
    ['⟦- a⟧', 'top-level object must be a mapping']
  ])('%s', (source, message, instead) => {
    const problems = problemsOf(withoutMarks(source))
    expect(marked(withoutMarks(source), problems)).toBe(source)
    expect(problems[0]!.message).toContain(message)
    if (instead !== undefined) expect(problems[0]!.instead).toBe(instead)
  })
})

describe('values and what is missing', () => {
  it.each<[source: string, message: string]>([
    [service('cgroup: ⟦hots⟧'), 'is `hots`, and Docker Compose wants `host` or `private` there; did you mean `host`?'],
    [service('tty: ⟦maybe⟧'), 'wants `true` or `false` there'],
    [service('scale: ⟦many⟧'), 'wants a whole number there'],
    [service('container_name: ⟦x⟧'), 'wants what matches'],
    [service('cpu_count: ⟦-1⟧'), 'no less than 0'],
    [service('security_opt: [a, b, ⟦a⟧]'), '`services.web.security_opt` names `a` twice'],
    [service('depends_on: {⟦db⟧: {restart: true}}'), '`services.web.depends_on.db` lacks `condition`'],
    [service('ulimits: {⟦nofile⟧: {soft: 1}}'), 'lacks `hard`'],
    [service('volumes: [{⟦source⟧: a, target: b}]'), '`services.web.volumes.0` lacks `type`'],
    [service('devices: [⟦{}⟧]'), 'lacks `source`'],
    [service('labels: {⟦1⟧: a, ⟦true⟧: b}'), 'non-string key'],
    [service('tty: true, ⟦tty⟧: false'), 'already defined']
  ])('%s', (source, message) => {
    const problems = problemsOf(withoutMarks(source))
    expect(marked(withoutMarks(source), problems)).toBe(source)
    expect(problems[0]!.message).toContain(message)
  })
})

describe('empty values', () => {
  const base = 'services:\n  web:\n    image: i\n'

  it.each([
    [`${base}    ⟦environment⟧:\n    tty: true\n`],
    [`${base}    ports: [⟦null⟧]\n`],
    [`${base}    networks: ⟦null⟧\n`],
    [`${base}⟦networks⟧:\n`],
    [`${base}  ⟦db⟧:\n`],
    // What may be empty
    [`${base}    command:\n    entrypoint:\n    pid:\n    deploy:\n    develop:\n    networks: {a: }\nnetworks: {a: }\nvolumes: {v: }\n`],
    [`${base}    environment: {A: , B: null}\n    labels: {a: ~}\n    logging: {options: {a: }}\n`],
    // What may be in another file, or in the service that is extended
    ['services:\n  web:\n    environment:\n    depends_on: {db: {restart: true}}\n'],
    ['services:\n  web:\n    extends: {service: base}\n    environment:\n    depends_on: {db: {restart: true}}\n'],
    ['services:\n  web:\n  db:\n'],
    ['services:\nvolumes:\n']
  ])('%j', source => expect(marked(withoutMarks(source))).toBe(source))

  it('are accepted in a file that is laid over another by its name', () => {
    expect(problemsOf(`${base}    environment:\n`, 'app/docker-compose.override.yml')).toEqual([])
  })
})

describe('accepted', () => {
  it.each([
    // Variables become any scalar
    [service('tty: $T, scale: "${N:-2}", cgroup: "${C}", container_name: "$X", pids_limit: "${P}"')],
    [service('networks: {a: {priority: "${P}"}}, cpu_count: "${N}", use_api_socket: "${B}", hostname: "${H}"')],
    [service('depends_on: {db: {condition: "${C}", required: "${R}"}}')],
    ['version: "${V}"\nservices: {web: {image: "${I}"}}'],
    // Taken away and replaced
    [service('ports: !reset [], environment: !reset null, prots: !reset x, networks: !reset 5')],
    [service('ports: !override ["80:80"]')],
    [service('depends_on: {db: {condition: !reset null}}')],
    // Strings that compose casts
    [service('tty: "yes", init: "False", scale: "2", read_only: on, ulimits: {nofile: "3"}, depends_on: {db: {condition: service_started, required: "true"}}')],
    // Extensions
    ['x-a: &a {prots: 5}\nservices: {web: {image: i, x-b: [1], build: {x-c: 1}}, x-d: 5}\nx-e: *a'],
    [service('networks: {a: {x-f: 1}}, extends: {service: s, x-g: 1}, blkio_config: {x-h: 1}')],
    // Old files
    ['web: {image: i, net: host, log_driver: syslog, log_opt: {a: b}, volume_driver: x, links: [db]}\ndb: {build: ., dockerfile: D}'],
    ['web: {environment: {A: b}, ports: ["80"]}'],
    ['version: "2.4"\nservices: {web: {image: i, volume_driver: x, mem_limit: 5m, cpu_count: 2}}\nvolumes: {v: {external: {name: w}}}'],
    ['version: "3.8"\nservices: {web: {image: i, cgroupns_mode: host, deploy: {endpoint_mode: vip, placement: {max_replicas_per_node: 1}}}}'],
    ['version: "3.8"\nvolumes: {v: {x-cluster-spec: {group: g}}}'],
    // Numbers that only Go reads
    [service('mem_limit: 1_000, hostname: 1_000')],
    // Names of networks and templates
    ['services: {web: {image: i}}\nnetworks: {"${A}": {}, "a b": {}}'],
    ['services: {"${A}": {image: i}}'],
    [service('hostname: {{ hostname }}, ports: {{ ports }}')],
    [service('labels: !labels 5, hostname: !vault |\n  abc\n')],
    // Nothing that says compose
    ['command: docker compose\nshort: x\nlong: y'],
    ['name: x'],
    ['{}'],
    ['services: {}'],
    ['a: 1\n---\n# nothing'],
    // Merge keys
    ['x-base: &base {image: i, tty: true}\nservices: {web: {<<: *base, ports: ["80"]}, db: {<<: [*base, {init: true}]}}'],
    ['x-r: &r {<<: {ports: 5}}\nservices: {web: {<<: *r, image: i, ports: [80]}}']
  ])('%s', source => expect(marked(source)).toBe(source))
})

describe('through aliases and merge keys', () => {
  it.each([
    ['x-e: &e {A: ⟦[b]⟧}\nservices: {a: {image: i, environment: *e}, b: {image: i, environment: *e}}'],
    ['x-b: &b {image: i, ⟦prots⟧: []}\nservices: {a: {<<: *b}, b: {<<: *b, tty: true}}'],
    ['x-b: &b {image: i, ports: ⟦80⟧}\nservices: {a: {<<: [*b]}, b: *b}'],
    ['services: {a: &a {image: i, ⟦prots⟧: []}, b: {<<: *a}, c: *a}'],
    ['x-h: &h ⟦5⟧\nservices: {a: {image: i, hostname: *h}, b: {image: i, hostname: *h}}']
  ])('%s', source => expect(marked(withoutMarks(source))).toBe(source))
})

describe('an empty file', () => {
  it.each(['', '\n', '# nothing\n', '---\n', '---\n# x\n...\n', '\ufeff# x'])('%j', source => {
    expect(problemsOf(source)).toMatchObject([{ message: 'Docker Compose refuses the file with "empty compose file"', range: [0, 0] }])
    expect(problemsOf(source, 'compose.override.yaml')).toEqual([])
  })
})

describe('every key of compose', () => {
  const samples: Readonly<Record<string, readonly unknown[]>> = { string: ['xy', 'true', '1', 'all', 'always'], number: [1], integer: [1], boolean: [true], null: [null], array: [[]], object: [{}] }
  const firstVersion = /^services\.\*\.(dockerfile|log_driver|log_opt|net)$/
  const segmentsOf = (path: string): string[] => path.replaceAll('[]', '.[]').split('.')

  /** A document with a value at a path, and what the maps above it require. */
  function documentWith(path: string, value: unknown): unknown {
    const segments = segmentsOf(path)
    let document = required(path, value)
    for (let at = segments.length - 1; at >= 0; at--) {
      const segment = segments[at]!
      const above = segments.slice(0, at).join('.').replaceAll('.[]', '[]')
      document = segment === '[]' ? [document] : required(above, { ...(above === 'services.*' ? { image: 'i' } : {}), [segment === '*' ? 'a' : segment]: document })
    }
    return firstVersion.test(path) ? (document as { services: unknown }).services : document
  }

  function required(path: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const missing = (keyFacts[path]?.required ?? []).filter(key => !(key in value))
    return { ...Object.fromEntries(missing.map(key => [key, sampleOf(`${path}.${key}`)])), ...value }
  }

  function sampleOf(path: string): unknown {
    const facts = keyFacts[path]!
    if (facts.enum) return facts.enum[0]
    return path.endsWith('s') ? samples[facts.types.at(-1)!]![0] : samples[facts.types.find(type => type !== 'null')!]![0]
  }

  const problemsAt = (path: string, value: unknown): Problem[] => problemsOf(JSON.stringify(documentWith(path, value)))

  it('is accepted with a value of each of its types', () => {
    for (const [path, { types, enum: names }] of Object.entries(keyFacts)) {
      for (const type of types) {
        const values = type === 'string' && names ? names : samples[type]!
        const accepted = values.filter(value => problemsAt(path, value).length === 0)
        expect(accepted.length > 0 ? '' : `${path}: ${type} ${problemsAt(path, values[0])[0]?.message}`).toBe('')
      }
    }
  })

  it('is accepted with a variable, where it may be a scalar', () => {
    const scalars = Object.entries(keyFacts).filter(([, { types }]) => types.some(type => !['array', 'object', 'null'].includes(type)))
    expect(scalars.length).toBeGreaterThan(300)
    for (const [path] of scalars) expect(problemsAt(path, '${X}').map(({ message }) => message)).toEqual([])
  })

  it('is reported where it has a list and may have none', () => {
    const others = Object.entries(keyFacts).filter(([path, { types }]) => !types.includes('array') && !path.includes('x-') && !firstVersion.test(path))
    for (const [path] of others) {
      const problems = problemsAt(path, ['marker'])
      expect(problems.length > 0 ? '' : path).toBe('')
    }
  })

  it('of a service is reported without one of its letters, with its name', () => {
    const names = Object.keys(keyFacts).flatMap(path => /^services\.\*\.([^.[\]]+)$/.exec(path)?.[1] ?? []).filter(name => name !== '*' && !firstVersion.test(`services.*.${name}`))
    const cases = names.flatMap(name => [...name].map((_, at) => ({ name, misspelled: name.slice(0, at) + name.slice(at + 1) })))
    expect(cases.length).toBeGreaterThan(800)
    let exact = 0
    for (const { name, misspelled } of cases) {
      if (names.includes(misspelled)) continue
      const problems = problemsOf(service(`${misspelled}: x`)).filter(({ message }) => message.includes(`'${misspelled}' not allowed`))
      const meant = /did you mean `([^`]+)`\?$/.exec(problems[0]?.message ?? '')?.[1]
      if (meant === name) exact++
      // Some are as near to another name, a few are the beginning of one, and two letters are near to nothing.
      const isNear = meant === undefined ? name.length <= 3 : meant.startsWith(misspelled) || Math.abs(meant.length - misspelled.length) <= 1
      expect(problems.length === 1 && isNear ? '' : `${misspelled}: ${meant}, not ${name}`).toBe('')
    }
    expect(exact / cases.length).toBeGreaterThan(0.95)
  })
})

describe('files made to harm', () => {
  /** Aliases of which each stands for ten of the one before. */
  const bomb = (wrap: (level: string) => string): string => {
    const levels = Array.from({ length: 12 }, (_, level) => `a${level}: &a${level} ${level === 0 ? '{x: 1}' : wrap(`*a${level - 1}`)}`)
    return levels.join('\n')
  }

  it.each([
    ['lists', `${bomb(alias => `[${Array(10).fill(alias).join(', ')}]`)}\nservices: {web: {image: i, ports: *a11, environment: *a11}}`],
    ['maps', `${bomb(alias => `{${Array.from({ length: 10 }, (_, index) => `k${index}: ${alias}`).join(', ')}}`)}\nservices: *a11`],
    ['services', `services:\n  s: &s {image: i, volumes: [${Array(300).fill('{type: bind, prots: 1}').join(', ')}]}\n${Array.from({ length: 2000 }, (_, index) => `  s${index}: *s`).join('\n')}`],
    ['errors', `services:\n${Array.from({ length: 20_000 }, (_, index) => `  s${index}: 1`).join('\n')}`],
    ['keys', service(Array.from({ length: 20_000 }, (_, index) => `key${index}: 1`).join(', '))],
    ['depth', `services: ${'{a: '.repeat(150)}1${'}'.repeat(150)}`],
    ['chain', `x: [${Array.from({ length: 5000 }, (_, index) => `&c${index} [${index === 0 ? '' : `*c${index - 1}`}]`).join(', ')}]\nservices: {web: {image: i, ports: *c4999}}`],
    ['prototype', service('__proto__: {a: b}, constructor: 1, toString: 2')],
    ['blanks', `${' '.repeat(50_000)}\n${'\n'.repeat(50_000)}${'#'.repeat(50_000)}\nx`]
  ])('%s', (_, source) => {
    const file = Text.file(source)
    const documents = readYaml(file)
    const start = performance.now()
    const problems = documents.flatMap(({ root }) => structureProblems(file, root))
    expect(performance.now() - start).toBeLessThan(1500)
    expect(problems.length).toBeLessThanOrEqual(501)
  })

  it('merges many maps in bounded time', () => {
    const source = `x-0: &m0 {tty: true}\n${Array.from({ length: 40 }, (_, level) => `x-${level + 1}: &m${level + 1} {<<: [*m${level}, *m${level}]}`).join('\n')}\nservices: {web: {image: i, <<: *m40}}`
    expect(problemsOf(source)).toEqual([])
  })
})

describe('any file', () => {
  const seeds = [
    'version: "3.8"\nservices:\n  web:\n    image: ${I:-x}\n    ports: ["80:80", {target: 80}]\n    environment:\n      - A=b\n    depends_on: {db: {condition: service_healthy}}\n  db: &db\n    build: {context: ., args: {A: 1}}\n    <<: {tty: true}\nnetworks: {a: {ipam: {config: [{subnet: 10.0.0.0/8}]}}}\n',
    'x-a: &a {image: i}\nservices: {a: {<<: *a, volumes: [{type: bind}]}, b: *a}\nvolumes: {v: !reset null}\n',
    'web:\n  image: i\n  net: host\n'
  ]
  const pieces = ['\n', '  ', ': ', '- ', '[', ']', '{', '}', '*a', '&a ', '<<', '!reset ', '"', '$X', 'null', '5', 'true', 'image', 'x-', '|\n', '# ', '---\n']
  const mutant = fc.tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.constantFrom(...pieces)), { maxLength: 6 })).map(([seed, edits]) =>
    edits.reduce((source, [at, length, piece]) => `${source.slice(0, at % (source.length + 1))}${piece}${source.slice((at % (source.length + 1)) + length)}`, seed))

  it('is read without a throw, and what is reported is in it, once', () => {
    fc.assert(fc.property(mutant, source => {
      const problems = problemsOf(source)
      for (const { range: [start, end], message } of problems) {
        expect(0 <= start && start <= end && end <= source.length).toBe(true)
        expect(message).not.toMatch(/undefined|\[object/)
      }
      expect(new Set(problems.map(({ range }) => range.join())).size).toBe(problems.length)
    }), { numRuns: Number(process.env['FUZZ_RUNS'] ?? 800) })
  })
})

it('the shapes name each other', () => {
  for (const { keys = {}, any, items } of Object.values(shapes)) for (const name of [...Object.values(keys), any ?? '', items ?? '']) expect(Object.hasOwn(shapes, name)).toBe(true)
})
