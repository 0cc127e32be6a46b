import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstOfSubnet, isInSubnet, overlaps } from '../src/ip-address.ts'
import { knowledge } from '../src/knowledge.ts'
import type { Gap } from '../src/language.ts'
import { factsOf } from '../src/file-facts.ts'
import { lintReading, read, type LintOptions } from '../src/linter.ts'
import { projectsOf } from '../src/project-search.ts'
import { namesWindows, parseTargets } from '../src/target.ts'
import { Workspace } from '../src/workspace.ts'

/** Files by path. ⟦ ⟧ stand around what must be underlined, `feature⟦…⟧` names the feature. */
type Files = Readonly<Record<string, string>>

interface Options {
  readonly targets?: readonly string[]
  readonly platform?: LintOptions['platform']
  /** Compose files that a command lays over each other. */
  readonly layers?: readonly string[]
}

interface Found {
  readonly marked: Files
  readonly gaps: readonly string[]
  /** `path: the marked text` of related places in other files. */
  readonly related: readonly string[]
}

const root = '/shop/'

/** The files with what is found in them marked, as `feature⟦text⟧`. */
async function lintTogether(files: Files, { targets = [], platform = 'windows', layers }: Options = {}): Promise<Found> {
  const workspace = new Workspace()
  const readings = new Map<string, NonNullable<Awaited<ReturnType<typeof read>>>>()
  for (const [path, text] of Object.entries(files)) {
    const file = await read(path, text, knowledge, { environment: new Map() })
    if (!file) continue
    readings.set(path, file)
    workspace.add(path, factsOf(path, file.language, file.reading))
  }
  const compose = [...readings].filter(([, { language }]) => language === 'compose').map(([path, { reading }]) => ({ path: `${root}${path}`, takesFromOthers: reading.takesFromOthers ?? false }))
  const projects = projectsOf(compose, layers ? [layers.map(path => root + path)] : [], path => files[path.slice(root.length)], path => path.slice(root.length))
  for (const facts of projects.facts) workspace.addProject(facts)
  for (const [path, { reading }] of readings) if (workspace.isInProject(path)) workspace.addServices(path, reading)
  const gaps: Gap[] = [...projects.gaps]
  const related: string[] = []
  const marked: Record<string, string> = {}
  for (const [path, text] of Object.entries(files)) {
    const file = readings.get(path)
    if (!file) continue
    const found = lintReading({ ...file, reading: workspace.join(path, file.reading) }, knowledge, { targets: parseTargets(targets), statedTargets: namesWindows(targets), platform })
    gaps.push(...found.gaps)
    for (const diagnostic of found.diagnostics) for (const { path: other, range } of diagnostic.related) if (other !== undefined) related.push(`${other}: ${files[other]!.slice(...range)}`)
    marked[path] = [...found.diagnostics].reverse().reduce((marks, { range: [start, end], feature }) => `${marks.slice(0, start)}${feature}⟦${marks.slice(start, end)}⟧${marks.slice(end)}`, text)
  }
  return { marked, gaps: gaps.map(({ message }) => message), related: [...new Set(related)] }
}

const withoutMarks = (files: Files): Files => Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(/[\w-]+⟦/g, '').replaceAll('⟧', '')]))

const service = (...lines: readonly string[]): string => ['services:', '  web:', '    image: example/web', ...lines.map(line => `    ${line}`), ''].join('\n')
const networks = (...lines: readonly string[]): string => ['networks:', ...lines.map(line => `  ${line}`), ''].join('\n')
const external = networks('lan:', '  external: true')

describe('networks that other files make', () => {
  it.each<[name: string, files: Files, options?: Options]>([
    ['a transparent network has no aliases', {
      'compose.yaml': service('networks:', '  lan:', '    network-alias⟦aliases⟧: [shop]') + external,
      'setup.ps1': 'docker network create azure-transparent⟦-d transparent⟧ lan'
    }],
    ['a nat network has', { 'compose.yaml': service('networks:', '  lan:', '    aliases: [shop]') + external, 'setup.ps1': 'docker network create -d nat lan' }],
    ['an address outside the subnet', {
      'compose.yaml': service('networks:', '  lan:', '    static-ipv4⟦ipv4_address: 10.8.0.5⟧') + external,
      'setup.cmd': 'docker network create -d nat --subnet 10.9.0.0/16 lan'
    }],
    ['an address inside', { 'compose.yaml': service('networks:', '  lan:', '    ipv4_address: 10.9.0.5') + external, 'setup.cmd': 'docker network create -d nat --subnet 10.9.0.0/16 lan' }],
    ['an address without any subnet', {
      'compose.yaml': service('networks:', '  lan:', '    transparent-static-needs-subnet⟦ipv4_address: 10.9.0.5⟧') + external,
      'setup.ps1': 'docker network create azure-transparent⟦-d transparent⟧ lan'
    }],
    ['an address outside, of a container in another script', { 'a.ps1': 'docker network create -d nat --subnet 10.9.0.0/16 lan', 'b.ps1': 'docker run --network lan static-ipv4⟦--ip 10.8.0.5⟧ example/web' }],
    ['published ports of an internal network', {
      'compose.yaml': service('ports: ["port-publish-by-driver⟦80⟧:80"]', 'networks: [lan]') + networks('internal-network⟦lan⟧:', '  external: true'),
      'setup.ps1': 'docker network create -d nat internal-network⟦--internal⟧ lan'
    }],
    ['published ports, where another network publishes them', {
      'compose.yaml': service('ports: ["80:80"]', 'networks: [lan, wan]') + networks('internal-network⟦lan⟧:', '  external: true', 'wan: {}'),
      'setup.ps1': 'docker network create -d nat internal-network⟦--internal⟧ lan'
    }],
    ['a service of a swarm on a network of one host', { 'a.ps1': 'docker network create -d nat lan', 'b.ps1': 'docker service create service-on-local-network⟦--network lan⟧ example/web' }],
    ['a network that is made for swarms', { 'a.ps1': 'docker network create -d nat --scope swarm --config-from jobs lan', 'b.ps1': 'docker service create --network lan example/web' }],
    ['an overlay network where nothing makes a swarm', { 'a.ps1': 'docker network create overlay-needs-swarm⟦-d overlay⟧ lan' }],
    ['an overlay network and a swarm', { 'a.ps1': 'docker network create -d overlay lan', 'b.ps1': 'docker swarm init' }],
    ['a network that is named host', { 'a.ps1': 'docker network create -d nat host', 'b.ps1': 'docker run --network host example/web', 'compose.yaml': service('network_mode: host') }],
    ['no network that is named host', { 'a.ps1': 'docker network create -d nat lan', 'b.ps1': 'docker run host-network⟦--network host⟧ example/web', 'compose.yaml': service('host-network⟦network_mode: host⟧') }],
    ['the nearest of several networks', {
      'a/compose.yaml': service('networks:', '  lan:', '    network-alias⟦aliases⟧: [shop]') + external,
      'a/setup.ps1': 'docker network create azure-transparent⟦-d transparent⟧ lan',
      'b/setup.ps1': 'docker network create -d nat lan'
    }],
    ['what documentation makes is an example', { 'compose.yaml': service('networks:', '  lan:', '    aliases: [shop]') + external, 'README.md': '```powershell\ndocker network create azure-transparent⟦-d transparent⟧ lan\n```\n' }],
    ['what can be made on Linux only is not made here', {
      'compose.yaml': service('networks:', '  lan:', '    ipv4_address: 10.8.0.5') + external,
      'setup.sh': 'docker network-create-without-driver⟦network create⟧ --subnet 10.9.0.0/16 lan'
    }],
    ['subnets of two nat networks that overlap', {
      'compose.yaml': service() + networks('a:', '  ipam: {config: [{nat-subnet-overlap⟦subnet: 10.9.0.0/16⟧}]}', 'b:', '  ipam: {config: [{nat-subnet-overlap⟦subnet: 10.9.8.0/24⟧}]}', 'c:', '  ipam: {config: [{subnet: 10.10.0.0/16}]}')
    }],
    ['the network of another service', {
      'compose.yaml': 'services:\n  a:\n    image: example/a\n    networks: [lan]\n  b:\n    image: example/b\n    network_mode: service:a\n    dns: [dns-servers⟦10.9.0.53⟧]\nnetworks:\n  lan:\n    overlay-needs-swarm⟦driver: overlay⟧\n'
    }, { targets: ['ws2022,engine@28'] }]
  ])('%s', async (_name, files, options) => {
    expect((await lintTogether(withoutMarks(files), options)).marked).toEqual(files)
  })

  it('are shown at both ends', async () => {
    const { related } = await lintTogether({ 'compose.yaml': service('networks:', '  lan:', '    ipv4_address: 10.8.0.5') + external, 'setup.ps1': 'docker network create -d nat --subnet 10.9.0.0/16 lan' })
    expect(related).toEqual(['setup.ps1: network create'])
  })

  it.each<[name: string, files: Files, gap: RegExp | undefined]>([
    ['nothing makes it', { 'compose.yaml': service('networks: [lan]') + external }, /^Nothing that was read makes the network `lan`/],
    ['it is made in two ways', { 'compose.yaml': service('networks: [lan]') + external, 'a.ps1': 'docker network create -d nat lan', 'b.ps1': 'docker network create -d overlay lan' }, /^The network `lan` is made in several ways, in a\.ps1, b\.ps1/],
    ['it is made in one way twice', { 'compose.yaml': service('networks: [lan]') + external, 'a.ps1': 'docker network create -d nat lan', 'b.ps1': 'docker network create -d nat lan' }, undefined],
    ['Docker has it from the start', { 'compose.yaml': service('networks: [nat]') + networks('nat:', '  external: true') }, undefined]
  ])('leave a gap: %s', async (_name, files, gap) => {
    const { gaps } = await lintTogether(files)
    expect(gaps).toEqual(gap === undefined ? [] : [expect.stringMatching(gap)])
  })
})

describe('Dockerfiles of services', () => {
  const built = (...lines: readonly string[]): string => ['services:', '  web:', ...lines.map(line => `    ${line}`), ''].join('\n')
  const windows = 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n'

  it.each<[name: string, files: Files, options?: Options]>([
    ['say that a service is for Windows', { 'compose.yaml': built('build: ./app', 'privileged⟦privileged: true⟧'), 'app/Dockerfile': windows }],
    ['say so of those beside it', { 'compose.yaml': `${built('build: ./app')}  db:\n    image: \${DB}\n    privileged⟦privileged: true⟧\n`, 'app/Dockerfile': windows }],
    ['say that it is for Linux', { 'compose.yaml': built('build: ./app', 'privileged: true'), 'app/Dockerfile': 'FROM alpine\n' }],
    ['by their names', { 'compose.yaml': built('build: {context: ./app, dockerfile: win/Dockerfile.windows}', 'privileged⟦privileged: true⟧'), 'app/win/Dockerfile.windows': windows, 'app/Dockerfile': 'FROM alpine\n' }],
    ['by the stage', { 'compose.yaml': built('build: {context: ., target: Site}', 'privileged⟦privileged: true⟧'), 'Dockerfile': `FROM mcr.microsoft.com/windows/nanoserver:ltsc2022 AS site\nFROM alpine\n` }],
    ['on a path of Windows', { 'compose.yaml': built('build: .\\app', 'privileged⟦privileged: true⟧'), 'app/Dockerfile': windows }],
    ['not where nothing says so', { 'compose.yaml': built('build: ./app', 'privileged: true'), 'app/Dockerfile': 'ARG BASE\nFROM $BASE\n' }]
  ])('%s', async (_name, files, options) => {
    expect((await lintTogether(withoutMarks(files), { platform: 'auto', ...options })).marked).toEqual(files)
  })

  it.each<[name: string, isolation: string, found: boolean]>([['process', 'isolation: process', true], ['hyperv', 'isolation: hyperv', false], ['nothing', 'restart: always', true]])('are judged by the isolation of the service: %s', async (_name, isolation, found) => {
    const { marked, related } = await lintTogether({ 'compose.yaml': built('build: .', isolation), 'Dockerfile': 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2019\n' }, { targets: ['ws2022'] })
    expect(marked['Dockerfile']!.includes('base-image-build⟦')).toBe(found)
    expect(related).toEqual(found ? ['compose.yaml: web'] : [])
  })

  it('are for Windows where a service says so that is built from them', async () => {
    const files: Files = { 'compose.yaml': built('build: .', 'platform: windows/amd64'), 'Dockerfile': 'ARG BASE\nFROM $BASE\nCOPY copy-chmod⟦--chmod=755⟧ a C:/b/\n' }
    expect((await lintTogether(withoutMarks(files), { platform: 'auto' })).marked).toEqual(files)
  })

  it.each<[name: string, files: Files, gap: RegExp]>([
    ['a repository', { 'compose.yaml': built('build: https://example.com/app.git') }, /^Which Dockerfile/],
    ['a variable', { 'compose.yaml': built('build: ./${APP}') }, /^Which Dockerfile/],
    ['a file that is not there', { 'compose.yaml': built('build: ./app') }, /^The Dockerfile app\/Dockerfile was not read/],
    ['a stage that is not there', { 'compose.yaml': built('build: {context: ., target: site}'), 'Dockerfile': windows }, /^The stage `site` is not in Dockerfile/]
  ])('leave a gap: %s', async (_name, files, gap) => {
    expect((await lintTogether(files)).gaps).toEqual([expect.stringMatching(gap)])
  })

  it('are found by services', async () => {
    const file = await read('deploy/compose.yaml', built('build: {context: ../app, dockerfile: a.Dockerfile}'), knowledge, { environment: new Map() })
    expect(factsOf('deploy/compose.yaml', 'compose', file!.reading).questions?.dockerfiles).toEqual(['app/a.Dockerfile'])
  })
})

describe('compose files that are laid over each other', () => {
  it.each<[name: string, files: Files, options?: Options]>([
    ['what an override takes away is gone', { 'compose.yaml': service('network_mode: host', 'ports: ["127.0.0.1:80:80"]'), 'compose.override.yaml': 'services:\n  web:\n    network_mode: !reset null\n    ports: !override ["80:80"]\n' }],
    ['what an override replaces is gone', { 'compose.yaml': service('privileged: true'), 'compose.override.yaml': 'services:\n  web:\n    privileged: false\n' }],
    ['what it adds is there', { 'compose.yaml': service(), 'compose.override.yaml': 'services:\n  web:\n    privileged⟦privileged: true⟧\n' }],
    ['a network of another file', {
      'compose.yaml': service('networks:', '  lan:', '    network-alias⟦aliases⟧: [shop]') + networks('lan: {}'),
      'compose.override.yaml': networks('lan:', '  azure-transparent⟦driver: transparent⟧')
    }],
    ['files of a command', { 'a.yaml': service('network_mode: host'), 'b.yaml': 'services:\n  web:\n    image: example/web\n    network_mode: !reset null\n' }, { layers: ['a.yaml', 'b.yaml'] }],
    ['files of a command, and the first by itself', { 'compose.yaml': service('host-network⟦network_mode: host⟧'), 'b.yaml': 'services:\n  web:\n    image: example/web\n    network_mode: !reset null\n' }, { layers: ['compose.yaml', 'b.yaml'] }],
    ['each by itself', { 'a.yaml': service('host-network⟦network_mode: host⟧'), 'b.yaml': 'services:\n  web:\n    image: example/web\n    network_mode: !reset null\n' }],
    ['another file says that it is for Windows', {
      'compose.yaml': 'services:\n  web:\n    image: ${IMAGE}\n    privileged⟦privileged: true⟧\n',
      'compose.override.yaml': 'services:\n  web:\n    platform: windows/amd64\n'
    }, { platform: 'auto' }],
    ['a service that another extends', {
      'compose.yaml': 'services:\n  web:\n    extends: {file: common.yml, service: base}\n    platform: windows/amd64\n',
      'common.yml': 'services:\n  base:\n    image: ${IMAGE}\n    privileged⟦privileged: true⟧\n'
    }, { platform: 'auto' }],
    ['what is included', {
      'compose.yaml': `include: [lan.yml]\n${service('networks:', '  lan:', '    network-alias⟦aliases⟧: [shop]')}`,
      'lan.yml': `services:\n  other:\n    image: example/other\n    networks: [lan]\n${networks('lan:', '  azure-transparent⟦driver: transparent⟧')}`
    }],
    ['a subnet of another file', {
      'compose.yaml': service('networks: [a]') + networks('a:', '  ipam: {config: [{nat-subnet-overlap⟦subnet: 10.9.0.0/16⟧}]}'),
      'compose.override.yaml': 'services:\n  web:\n    networks: [b]\n' + networks('b:', '  ipam: {config: [{nat-subnet-overlap⟦subnet: 10.9.8.0/24⟧}]}')
    }],
    ['variables that nobody sets', { 'compose.yaml': 'services:\n  web:\n    image: $IMAGE\n    ports: ["$PORT:80"]\n    cpus: $CPUS\n    network_mode: host\n', 'compose.override.yaml': 'services:\n  web:\n    network_mode: !reset null\n' }],
    ['what a driver is that a variable names is not known', {
      'compose.yaml': service('networks:', '  lan:', '    aliases: [shop]') + networks('lan: {}'),
      'compose.override.yaml': networks('lan:', '  driver: $DRIVER')
    }],
    ['what lacks in one file and stands in the other', { 'compose.yaml': service('networks: [lan]') + networks('lan:', '  driver: l2bridge'), 'compose.override.yaml': networks('lan:', '  ipam: {config: [{subnet: 10.9.0.0/16, gateway: 10.9.0.1}]}') }]
  ])('%s', async (_name, files, options) => {
    expect((await lintTogether(withoutMarks(files), options)).marked).toEqual(files)
  })

  it.each<[name: string, files: Files, gap: RegExp]>([
    ['compose refuses them', { 'compose.yaml': service('networks: [nope]'), 'compose.override.yaml': service() }, /^The files of this project are judged one by one, .*undefined network nope/],
    ['one is out of reach', { 'compose.yaml': `include: [oci://example/lan]\n${service()}` }, /oci:\/\/example\/lan/]
  ])('leave a gap: %s', async (_name, files, gap) => {
    expect((await lintTogether(files)).gaps).toEqual([expect.stringMatching(gap)])
  })
})

describe('overlaps', () => {
  it.each<[subnets: readonly string[], found: Readonly<Record<string, string>>]>([
    [['10.0.0.0/8', '10.1.0.0/16'], { '10.0.0.0/8': '10.1.0.0/16', '10.1.0.0/16': '10.0.0.0/8' }],
    [['10.1.0.0/16', '10.2.0.0/16'], {}],
    [['10.0.0.0/8', '10.1.0.0/16', '10.9.0.0/16'], { '10.0.0.0/8': '10.1.0.0/16', '10.1.0.0/16': '10.0.0.0/8', '10.9.0.0/16': '10.0.0.0/8' }],
    [['fd00::/8', '10.1.0.0', '300.0.0.0/8', '0.0.0.0/33'], {}]
  ])('%j', (subnets, found) => {
    const owned = overlaps(subnets.map(subnet => ({ subnet, owner: subnet })))
    expect(Object.fromEntries([...owned].map(([owner, others]) => [owner, others.get(owner)]))).toEqual(found)
  })

  it('finds what comparing all with all finds', () => {
    const block = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 26, max: 32 })).map(([last, length]) => `10.0.0.${last * 16}/${length}`)
    fc.assert(fc.property(fc.uniqueArray(block, { maxLength: 12 }), subnets => {
      const touches = (a: string, b: string): boolean => isInSubnet(a.split('/')[0]!, b) === true || isInSubnet(b.split('/')[0]!, a) === true
      // The first address of each is that of its block here, as the blocks are aligned or contain each other.
      const aligned = subnets.map(subnet => firstOfSubnet(subnet)!).filter((subnet, index, all) => all.indexOf(subnet) === index)
      const expected = aligned.filter(subnet => aligned.some(other => other !== subnet && touches(subnet, other)))
      expect([...overlaps(aligned.map(subnet => ({ subnet, owner: subnet }))).keys()].sort()).toEqual(expected.sort())
    }))
  })
})
