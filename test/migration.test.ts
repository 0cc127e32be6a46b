import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composeConfig, readProject, type ProjectMap, type ProjectRequest } from '../src/compose-project.ts'
import { knowledge } from '../src/knowledge.ts'
import type { ComposeSpelling, Row } from '../src/matrix.ts'
import { migrate, type Migration } from '../src/migration.ts'
import { migratedFeatures, migrationStep } from '../src/migration-step.ts'
import { nodeAt } from '../src/project-document.ts'
import { parseTargets } from '../src/target.ts'
import { unmark } from './marked.ts'
import { documentOf } from './spelled-compose.ts'

const options = { targets: parseTargets([]), statedTargets: true, platform: 'windows' } as const

type Sources = Readonly<Record<string, string>>

const requestOf = (sources: Sources): ProjectRequest =>
  ({ files: { read: path => (Object.hasOwn(sources, path) ? sources[path] : undefined) }, folder: '/w/project', environment: new Map([['HOME', '/home/user']]), composeFiles: Object.keys(sources), profiles: ['*'] })

const overlayOf = (sources: Sources): Promise<Migration> => migrate(requestOf(sources), 'compose.windows.yaml', knowledge, options)

/** The project with the overlay over it. */
function projectOf(sources: Sources, { overlay }: Migration): ProjectMap {
  const { project, problems } = readProject(requestOf(overlay.isEmpty ? sources : { ...sources, 'compose.windows.yaml': overlay.text }))
  expect(problems).toEqual([])
  return project!
}

/** What another overlay, over both, would do. */
const migratedAgain = (sources: Sources, { overlay }: Migration): Promise<Migration> => overlayOf(overlay.isEmpty ? sources : { ...sources, 'windows.yaml': overlay.text })

/** What a spelling needs around it to be a project. */
const surroundings: Readonly<Record<string, string>> = {
  services: 'services: {lan: {image: i}, db: {image: i}}\nnetworks: {lan: }\nvolumes: {x: }\n',
  networks: 'services: {web: {networks: [lan]}}\n',
  volumes: "services: {web: {volumes: ['lan:C:/data']}}\n"
}

const spellings = knowledge.matrix.rows.flatMap(row => (row.spelled.compose ?? []).map(spelling => ({ row, spelling, title: `${row.feature} at ${spelling.path}: ${spelling.value ?? '…'}` })))

/** Keys that an item needs beside the one that is spelled. */
const companions: readonly (readonly [path: RegExp, keys: string])[] = [
  [/\.ports\[\]\.(?!target)/, 'target: 80'],
  [/\.volumes\[\]\.source$/, 'type: bind\n        target: C:/x'],
  [/\.volumes\[\]\.target$/, 'type: volume\n        source: x'],
  [/\.volumes\[\]\.type$/, 'target: C:/x'],
  [/\.volumes\[\]\.bind/, 'type: bind\n        source: ./x\n        target: C:/x'],
  [/\.devices\[\]\.source$/, 'target: /dev/x']
]

/** A project in which a feature is spelled; `undefined`: compose refuses it, whatever it runs on. */
function spelledIn(spelling: ComposeSpelling): Sources | undefined {
  const keys = companions.find(([path]) => path.test(spelling.path))?.[1]
  const document = unmark(documentOf(spelling)).source.replace(/^( {6}.*): (true|false)$/m, spelling.path.includes('driver_opts') ? '$1: "$2"' : '$&')
  const sources = { 'compose.yaml': keys === undefined ? document : document.replace(/^ {6}- /m, `      - ${keys}\n        `), 'rest.yaml': surroundings[spelling.path.split('.')[0]!]! }
  return readProject(requestOf(sources)).project && sources
}

/** Whether the table of steps has one for what is spelled. */
function hasStep({ feature }: Row, { path }: ComposeSpelling, project: ProjectMap): boolean {
  const names = path.replaceAll('["', '.').replaceAll('"]', '').split(/\.(?![^.]*\*$)/)
  const key = [...path.matchAll(/\["([^"]+)"\]|([^.[\]"]+)/g)].map(match => match[1] ?? match[2]!).at(-1)!
  const node = nodeAt(project, names.map(name => (name === '*' ? 'lan' : name)))
  return migrationStep(feature, key, node?.kind === 'scalar' ? String(node.value) : undefined) !== undefined
}

describe('every compose spelling of the matrix', () => {
  const mended = new Set<string>()

  it.each(spellings)('$title', async ({ row, spelling }) => {
    const sources = spelledIn(spelling)
    if (!sources) return
    const migration = await overlayOf(sources)
    const before = readProject(requestOf(sources)).project!
    if (migration.changes > 0) mended.add(row.feature)
    // What is left in the project is on the list, and what is not on it is not left.
    const again = await migratedAgain(sources, migration)
    const open = ({ tasks }: Migration): unknown[] => tasks.filter(({ kind }) => kind === 'open').map(({ feature }) => feature).sort()
    expect(again.changes).toBe(0)
    expect(open(again)).toEqual(open(migration))
    if (hasStep(row, spelling, before)) expect(open(migration)).not.toContain(row.feature)
  })

  it('reaches every step', () => {
    expect(migratedFeatures.filter(feature => !mended.has(feature))).toEqual([])
    expect(migratedFeatures.filter(feature => knowledge.matrix.rowsOf(feature).length === 0)).toEqual([])
  })
})

describe('many spellings at once', () => {
  it('are mended together, and nothing else is touched', { timeout: 120_000 }, async () => {
    const documents = spellings.map(({ spelling }) => spelledIn(spelling)).filter(document => document !== undefined)
    const extra = 'services: {other: {image: "x:${TAG:-1}", ports: ["80:80"], environment: {A: "$$b"}, volumes: ["C:/a:C:/b"]}}\n'
    await fc.assert(fc.asyncProperty(fc.subarray(documents, { minLength: 2, maxLength: 12 }), async chosen => {
      const sources = Object.fromEntries([...chosen.flatMap(document => Object.values(document)), extra].map((source, index) => [`${index}.yaml`, source]))
      if (!readProject(requestOf(sources)).project) return
      const migration = await overlayOf(sources)
      const project = projectOf(sources, migration)
      expect((await migratedAgain(sources, migration)).changes).toBe(0)
      const config = (of: ProjectMap): { services: Record<string, unknown> } => JSON.parse(JSON.stringify(composeConfig(of))) as { services: Record<string, unknown> }
      expect(config(project).services['other']).toEqual(config(readProject(requestOf(sources)).project!).services['other'])
    }), { numRuns: 40 })
  })
})

const web = (settings: string): Sources => ({ 'compose.yaml': `services:\n  web:\n    image: mcr.microsoft.com/windows/nanoserver\n    ${settings}\n` })

/** An overlay without its comments. */
const bare = ({ overlay }: Migration): string => overlay.text.replace(/^ *#.*\n/gm, '').trim()

const under = (lines: string): string => `services:\n  web:\n${lines}`

describe('an overlay', () => {
  it.each([
    ['network_mode: host', '    network_mode: !reset null'],
    ['network_mode: "bridge"', '    network_mode: !reset null'],
    ['cap_drop: [NET_RAW]', '    cap_drop: !reset []'],
    ['cap_add: [NET_RAW, ALL]', '    cap_add: !reset []'],
    ['security_opt: ["no-new-privileges:true", "credentialspec=file://a.json"]', "    security_opt: !override\n      - 'credentialspec=file://a.json'"],
    ['sysctls: [net.a=1, net.b=2]', '    sysctls: !reset null'],
    ['ports: ["127.0.0.1:80:80"]', "    ports: !override\n      - '80:80'"],
    ['ports: ["127.0.0.1:80:80", "10.0.0.1:80:80"]', "    ports: !override\n      - '80:80'"],
    ['ports: ["127.0.0.1::80/udp", "81:81"]', "    ports: !override\n      - '80/udp'\n      - '81:81'"],
    ['ports: ["[::1]:80:80", 81]', "    ports: !override\n      - '80:80'\n      - '81'"],
    ['ports: ["127.0.0.1:${PORT:-8080}:80"]', "    ports: !override\n      - '${PORT:-8080}:80'"],
    ['ports: ["127.0.0.1:8000-8002:9000-9002", "${P:-1}:1"]', "    ports: !override\n      - '8000-8002:9000-9002'\n      - '${P:-1}:1'"],
    ['ports: [{target: 80, host_ip: 127.0.0.1, published: "${P:-80}", name: "a$$b"}]', "    ports: !override\n      - name: 'a$$b'\n        target: 80\n        published: '${P:-80}'"],
    ['volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]', "    volumes: !override\n      - '\\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine'"],
    ['volumes: ["./a:/b:ro,z", "data:C:/c"]\nvolumes: {data: }', "    volumes: !override\n      - type: bind\n        source: './a'\n        target: 'C:\\b'\n        read_only: true\n        bind:\n          create_host_path: true\n      - 'data:C:/c'"],
    ['volumes: [{type: bind, source: ../a, target: "/b/${C:-c}"}]', "    volumes: !override\n      - type: bind\n        source: '../a'\n        target: 'C:/b/${C:-c}'"],
    ['volumes: [{type: tmpfs, target: /a}, {type: volume, target: "C:/a"}]', "    volumes: !override\n      - type: volume\n        target: 'C:/a'"],
    ['deploy: {resources: {limits: {pids: 1, cpus: "1"}}}', '    deploy:\n      resources:\n        limits:\n          pids: !reset null']
  ])('of %s', async (settings, expected) => {
    expect(bare(await overlayOf(web(settings)))).toBe(under(expected))
  })

  it.each([
    ['driver: bridge', 'driver: nat'],
    ['enable_ipv6: true', 'enable_ipv6: !reset null'],
    ['{driver_opts: {com.docker.network.driver.mtu: 1400}}', 'driver_opts: !reset null'],
    ['ipam: {config: [{subnet: 10.0.0.0/8}, {subnet: "fd00::/64"}]}', "ipam:\n      config: !override\n        - subnet: '10.0.0.0/8'"],
    // Only when IPv6 is off does the subnet come to light.
    ['enable_ipv6: true\n    ipam: {config: [{subnet: "fd00::/64"}]}', 'ipam:\n      config: !reset []\n    enable_ipv6: !reset null']
  ])('of a network with %s', async (settings, expected) => {
    const sources = { 'compose.yaml': `services: {web: {image: x, networks: [lan]}}\nnetworks:\n  lan:\n    ${settings}\n` }
    expect(bare(await overlayOf(sources))).toBe(`networks:\n  lan:\n    ${expected}`)
  })

  it('says why, line by line', async () => {
    expect((await overlayOf(web('network_mode: host'))).overlay.text).toBe(under("    # no-host-network (host-network): Windows containers cannot use the host's network; Docker looks for a network that is named `host`.\n    network_mode: !reset null\n"))
  })

  it.each([
    'hostname: web', 'network_mode: nat', 'ports: ["80:80"]', 'platform: linux/amd64\n    privileged: true', 'privileged: "${PRIVILEGED:-false}"', 'volumes: ["./a:C:/a"]'
  ])('is not needed for %s', async settings => expect((await overlayOf(web(settings))).overlay.isEmpty).toBe(true))

  it('reaches what is included, extended and in a profile', async () => {
    const sources = { 'compose.yaml': 'include: [db.yaml]\nservices:\n  web: {extends: {file: db.yaml, service: db}, profiles: [x]}\n', 'db.yaml': 'services: {db: {image: db, privileged: true}}\n' }
    const migration = await migrate({ ...requestOf(sources), composeFiles: ['compose.yaml'] }, 'compose.windows.yaml', knowledge, options)
    expect(bare(migration)).toBe('services:\n  db:\n    privileged: !reset null\n  web:\n    privileged: !reset null')
  })
})

/** The tasks of a project, each with the text that it is at. */
const tasksOf = async (sources: Sources): Promise<unknown[]> => (await overlayOf(sources)).tasks.map(({ kind, subject, feature, path, range }) => `${kind} ${subject} ${feature ?? ''} ${sources[path]!.slice(...range)}`)

describe('the checklist', () => {
  it.each([
    ['network_mode: host', 'lost web host-network network_mode'],
    ['volumes: ["/srv/a:/b"]', 'open web bind-source "/srv/a:/b"'],
    ['ports: ["1:1", "127.0.0.1:2:2", "3000-3009:3"]', 'lost web port-host-ip 127.0.0.1', 'open web port-host-range 3000-3009'],
    ['devices: [/dev/ttyUSB0]', 'open web devices /dev/ttyUSB0'],
    ['hostname: web']
  ])('of %s', async (settings, ...expected) => {
    expect(await tasksOf(web(settings))).toEqual(expected)
  })

  it('has images that are not for Windows, and services that are for Linux', async () => {
    expect(await tasksOf({ 'compose.yaml': 'services:\n  db: {image: postgres:16}\n  own: {image: own}\n  made: {build: .}\n  old: {image: x, platform: linux/amd64}\n' }))
      .toEqual(['image db  postgres:16', 'image own  own', 'linux old  old'])
  })

  it('has what isolates nothing, and leaves it', async () => {
    const sources = { 'compose.yaml': 'services: {web: {build: ., networks: [back]}}\nnetworks: {back: {internal: true}}\n' }
    expect(await tasksOf(sources)).toEqual(['open back internal-network internal'])
    expect((await overlayOf(sources)).overlay.isEmpty).toBe(true)
  })
})
