import { cpSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bashScript, composeFile, dockerfile, powershellScript, randomNumbers } from '../../bench/generate.mjs'
import outputSchema from '../../schemas/output.schema.json' with { type: 'json' }
import { formatNames } from '../../src/option.ts'
import { isOfShard } from '../../src/shard.ts'
import { root, Workspace, type Outcome } from './workspace.ts'

const workspace = new Workspace()
afterAll(() => workspace.remove())

const windows = 'mcr.microsoft.com/windows/servercore:ltsc2022'

/** Files that bear on each other in every way there is, none of them in the folder of another where that can be. */
const joined: Readonly<Record<string, string>> = {
  'app/compose.yaml': `services:\n  web:\n    extends: {file: ../base/common.yml, service: web}\n    build: {context: .., dockerfile: docker/web.Dockerfile}\n    network_mode: host\n    ports: ["127.0.0.1:80:80"]\n`,
  'app/compose.override.yaml': 'services:\n  web:\n    isolation: hyperv\n    network_mode: !reset null\n    privileged: true\n',
  'base/common.yml': `services:\n  web:\n    image: ${windows}\n    read_only: true\n    shm_size: 1g\n`,
  'docker/web.Dockerfile': 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2019\nUSER root\nSTOPSIGNAL SIGTERM\n',
  'listed/.env': 'COMPOSE_FILE=compose.yaml:more.yaml\n',
  'listed/compose.yaml': 'services:\n  web:\n    image: x\n    platform: linux/amd64\n',
  'listed/more.yaml': 'services:\n  web:\n    image: x\n    network_mode: host\n',
  'named/a.yml': 'services:\n  web:\n    image: x\n    privileged: true\n    networks: [lan]\n',
  'named/b.yml': 'services:\n  web:\n    image: x\n    platform: linux/amd64\nnetworks:\n  lan: {driver: nat, internal: true}\n',
  'ops/up.sh': 'docker compose -f ../named/a.yml -f ../named/b.yml up\ndocker run --network host x\n',
  'ops/deploy.ps1': 'docker stack deploy -c ../stacks/shop.txt shop\ndocker compose -f ../stacks/beside.txt up\n',
  'stacks/shop.txt': `services:\n  web:\n    image: ${windows}\n    network_mode: host\n    networks: [lan]\nnetworks:\n  lan: {external: true}\n`,
  'stacks/beside.txt': 'services:\n  web:\n    build: ../beside\n',
  'beside/Dockerfile': `FROM ${windows}\nUSER root\nRUN docker run --network host x\n`,
  'networks/make.sh': 'docker network create -d transparent --subnet 10.1.0.0/16 lan\ndocker network create -d overlay wide\n',
  'networks/compose.yaml': 'services: {a: {image: x}}\nnetworks:\n  wan: {name: wan, driver: nat, internal: true}\n',
  'joins/compose.yaml': `services:\n  web:\n    image: ${windows}\n    ports: ["80:80"]\n    networks:\n      lan: {ipv4_address: 10.2.0.9, aliases: [w]}\n      wan: {}\nnetworks:\n  lan: {external: true}\n  wan: {external: true}\n`,
  'joins/run.ps1': 'docker run --network wide x\ndocker run --network lan -p 80:80 x\ndocker run --network macvlan x\n',
  'joins/unknown.sh': 'docker run --network nobody x\n',
  'odd/compose.yaml': 'services:\n  web:\n    build: {context: ., dockerfile: build.sh}\n    network_mode: host\n',
  'odd/build.sh': 'docker build --isolation process .\ndocker run --network host x\n',
  'silenced/compose.yaml': 'services:\n  web:\n    image: x\n    network_mode: host # porthole-disable-line no-host-network -- é\n    # porthole-disable-next-line\n    image: y\n',
  'broken/compose.yaml': 'services:\r\n  web: {image: x\r\n',
  'README.md': '```sh\ndocker network create -d macvlan lan\ndocker run --network host x\n```\n',
  'porthole.config.yaml': 'targets: [ws2022]\noverrides:\n  - files: ["**/joins/**"]\n    targets: [ws2016, ws2019]\n    rules: {no-host-network: warning}\n'
}

beforeAll(() => {
  cpSync(`${root}/examples/depot/broken`, workspace.path('depot'), { recursive: true })
  // By their paths the files of each copy come into other shards.
  for (const copy of ['k0', 'k1', 'k2', 'k3']) for (const [path, text] of Object.entries(joined)) workspace.write(path === 'porthole.config.yaml' ? `joined/${path}` : `joined/${copy}/${path}`, text)
  workspace.write('joined/swarm/init.cmd', 'docker swarm init\n')
  workspace.write('joined/host/make.sh', 'docker network create -d nat macvlan\n')
  workspace.write('joined/unread/compose.yaml', Uint8Array.from({ length: 64 }, (_, index) => index))
  const random = randomNumbers(7)
  for (let at = 0; at < 40; at++) {
    workspace.write(`generated/p${at}/compose.yaml`, composeFile(random).replace('services:\n', 'services:\n  api:\n    build: ./api\n'))
    workspace.write(`generated/p${at}/api/Dockerfile`, dockerfile(random))
    workspace.write(`generated/p${at}/start.ps1`, powershellScript(random))
    workspace.write(`generated/p${at}/start.sh`, bashScript(random))
  }
  // From the folder of the first compose file more may be read than from those of the others.
  workspace.write('outside/here/a.sh', 'docker run --network host x\n')
  workspace.write('outside/first/compose.yaml', 'services:\n  web:\n    image: x\n')
  for (let at = 0; at < 6; at++) {
    workspace.write(`outside/second${at}/compose.yaml`, 'services:\n  web:\n    image: x\n    network_mode: host\n')
    workspace.write(`outside/second${at}/compose.override.yaml`, 'services:\n  web:\n    network_mode: !reset null\n')
  }
  workspace.write('bad/compose.yaml', 'services:\n  web:\n    image: x\n    network_mode: host\n')
  workspace.write('none/a.yaml', 'a: 1\n')
})

const porthole = (place: string, ...args: string[]): Promise<Outcome> => workspace.porthole(args, { in: place })

let sets = 0
/** Reports of all shards of a run, in a folder of their own. */
async function shards(place: string, count: number, ...args: string[]): Promise<{ reports: string; outcomes: Outcome[] }> {
  const reports = workspace.path(`reports/${sets++}`)
  const outcomes: Outcome[] = []
  for (let index = 1; index <= count; index++) outcomes.push(await porthole(place, `--shard=${index}/${count}`, `--format=json=${reports}/${index}.json`, '--format=compact', ...args))
  return { reports, outcomes }
}

const read = (path: string): { [key: string]: any } => JSON.parse(readFileSync(path, 'utf8')) as object // eslint-disable-line @typescript-eslint/no-explicit-any

describe.each([
  ['depot', 3, 1, ['.']],
  ['depot', 8, 1, ['.', '--verbose']],
  ['generated', 4, 1, ['.', '--platform=auto']],
  ['joined', 2, 2, ['.']],
  ['joined', 3, 2, ['.', '--platform=auto', 'missing.yaml', 'gone']],
  ['joined', 7, 2, ['.', '--target=auto', '--rule=no-host-network:info']],
  ['joined', 5, 1, ['k0', 'k1/named', '--compose-file=k2/named/a.yml', '--compose-file=k2/named/b.yml', '--no-config']],
  ['outside/here', 7, 1, ['.', '../first', ...Array.from({ length: 6 }, (_, at) => `../second${at}`)]]
] as const)('%s in %i shards', { timeout: 120_000 }, (place, count, status, args) => {
  it(`is reported as in one run (${args.join(' ')})`, async () => {
    const { reports, outcomes } = await shards(place, count, ...args)
    const kinds = ['json', 'sarif', 'pretty'] as const
    for (const kind of kinds) {
      const whole = await porthole(place, `--format=${kind}`, ...args)
      const merged = await porthole(place, 'merge', reports, `--format=${kind}`, ...args.filter(arg => arg === '--verbose'))
      expect({ status: merged.status, stdout: merged.stdout }).toEqual({ status: whole.status, stdout: whole.stdout })
      expect(merged.status).toBe(status)
      expect(merged.stderr.split('\n').sort()).toEqual(whole.stderr.split('\n').filter(line => !line.includes('is outside of the project')).sort())
    }
    const whole = await porthole(place, '--format=compact', ...args)
    expect(outcomes.flatMap(({ stdout }) => stdout.split('\n')).sort().join('\n').trim()).toBe(whole.stdout.split('\n').sort().join('\n').trim())
    expect(Math.max(...outcomes.map(outcome => outcome.status!))).toBe(status)
    const validate = new Ajv({ allowUnionTypes: true }).compile(outputSchema)
    const parts = Array.from({ length: count }, (_, at) => read(`${reports}/${at + 1}.json`))
    for (const part of parts) expect(validate(part), JSON.stringify(validate.errors)).toBe(true)
    // The split is one: no shard has all, and findings rest on files of other shards.
    expect(parts.filter(({ files }) => files.length > 0).length).toBeGreaterThan(1)
    if (place === 'depot' || place === 'joined') expect(parts.some(({ diagnostics, shard }) => diagnostics.some(({ related }: { related: { path: string }[] }) => related.some(({ path }) => !isOfShard(path, shard))))).toBe(true)
  })
})

describe('porthole merge', { timeout: 120_000 }, () => {
  let reports: string
  beforeAll(async () => void ({ reports } = await shards('joined', 2, '.')), 60_000)

  it('writes every format as the whole run does, several at once', async () => {
    const outputs = (folder: string): string[] => formatNames.map(name => `--format=${name}=${workspace.path(`${folder}/${name}`)}`)
    await porthole('joined', '.', ...outputs('whole'))
    await porthole('joined', 'merge', `${reports}/2.json`, `${reports}/1.json`, ...outputs('merged'))
    for (const name of formatNames) expect(readFileSync(workspace.path(`merged/${name}`), 'utf8'), name).toBe(readFileSync(workspace.path(`whole/${name}`), 'utf8'))
  })

  it('needs no sources', async () => {
    const there = await porthole('joined', 'merge', reports, '--format=sarif')
    expect(await porthole('none', 'merge', reports, '--format=sarif')).toEqual(there)
  })

  it.each([
    [['--quiet']], [['--quiet', '--fail-on=info']], [['--fail-on=error']], [['--exit-zero', '--format=markdown']]
  ])('takes %j as the whole run does', async args => {
    const bad = await shards('bad', 2, '.', '--quiet', '--fail-on=warning')
    for (const [place, from] of [['joined', reports], ['bad', bad.reports]] as const) {
      const [whole, merged] = [await porthole(place, '.', ...args), await porthole(place, 'merge', from, ...args)]
      expect({ status: merged.status, stdout: merged.stdout }).toEqual({ status: whole.status, stdout: whole.stdout })
    }
  })

  it('fails on what the shards fail on', async () => {
    const { reports: lenient, outcomes } = await shards('generated', 2, '.', '--rule=no-host-network:warning', '--fail-on=error')
    expect(outcomes.map(({ status }) => status)).toEqual([1, 1])
    expect((await porthole('generated', 'merge', lenient)).status).toBe(1)
    const { reports: mild } = await shards('bad', 2, '.', '--rule=no-host-network:warning', '--fail-on=error')
    expect((await porthole('bad', 'merge', mild)).status).toBe(0)
    expect((await porthole('bad', 'merge', mild, '--fail-on=warning')).status).toBe(1)
  })

  it('holds all against a baseline', async () => {
    const { reports: all } = await shards('generated', 3, '.')
    const file = '--baseline-file=known.json'
    await porthole('generated', '.', '--baseline=write', file)
    const written = readFileSync(workspace.path('generated/known.json'), 'utf8')
    await porthole('generated', 'merge', all, '--baseline=write', file)
    expect(readFileSync(workspace.path('generated/known.json'), 'utf8')).toBe(written)
    // One entry stands for nothing any more, and one is gone.
    const lines = written.split('\n')
    workspace.write('generated/known.json', [...lines.slice(0, 4), lines[4]!.replace(/"rule":"[^"]*"/, '"rule":"no-such-rule"'), ...lines.slice(6)].join('\n'))
    const [whole, merged] = [await porthole('generated', '.', '--baseline=check', file, '--format=json'), await porthole('generated', 'merge', all, '--baseline=check', file, '--format=json')]
    expect(merged).toEqual(whole)
    expect(merged.status).toBe(1)
    expect((JSON.parse(merged.stdout) as { diagnostics: unknown[] }).diagnostics.length).toBe(3)
  })

  it.each([
    [[], 'name the reports of all shards'],
    [['1.json'], 'of 2 shards 2 is missing'],
    [['1.json', '1.json', '2.json'], '1.json and 1.json are both of shard 1/2'],
    [['gone.json'], 'gone.json: no such file or folder'],
    [['.', '--target=ws2022'], 'porthole merge takes no --target: what was found is in the reports'],
    [['.', '--fix'], 'porthole merge takes no --fix'],
    [['.', '--shard=1/2'], '--shard splits what is linted; porthole merge does not take it'],
    [['.', '--format=jsno'], 'did you mean `json`?']
  ])('%j: %s', async (args, message) => {
    const { status, stdout, stderr } = await workspace.porthole(['merge', ...args], { in: reports.slice(workspace.folder.length + 1) })
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(message) })
  })
})

describe('--shard', () => {
  it.each([
    [['--shard=0/3', '.'], '`0/3` is no shard'],
    [['--shard=4/3', '.'], '`4/3` is no shard; of 8, --shard takes 1/8 to 8/8'],
    [['--shard=x', '.'], '`x` is no shard'],
    [['--shard=', '.'], '`` is no shard'],
    [['--shard=1/2'], 'nothing to lint'],
    [['--shard=1/2', '-'], 'standard input is one file, and cannot be split'],
    [['--shard=1/2', '--fix', '.'], '--shard and --fix exclude each other: fixes are tried on all files together'],
    [['--shard=1/2', '--diff', '.'], '--shard and --diff exclude each other'],
    [['--shard=1/2', '--watch', '.'], '--shard and --watch exclude each other'],
    [['--shard=1/2', '--staged'], '--changed can be split'],
    [['--shard=1/2', '--baseline=check', '.'], 'a baseline is of all files: give it to porthole merge'],
    [['--shard=1/2', '--init'], '--shard and --init exclude each other'],
    [['--shard=1/2', '--print-config=a.yaml'], '--shard and --print-config exclude each other'],
    [['explain', '--shard=1/2', 'no-host-network'], 'porthole explain does not take it'],
    [['--shard=1/2', 'migrate'], 'porthole migrate does not take it']
  ])('%j: %s', async (args, message) => {
    const { status, stdout, stderr } = await porthole('bad', ...args)
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(message) })
  })

  it('says that a shard has no files, which is no failure', async () => {
    const index = [1, 2].find(at => !isOfShard('compose.yaml', { index: at, count: 2 }))!
    for (const args of [['.'], ['compose.yaml']]) expect(await porthole('bad', `--shard=${index}/2`, '--format=compact', ...args)).toEqual({ status: 0, stdout: '', stderr: `porthole: shard ${index}/2 has no file that speaks of Docker\n` })
    expect(await porthole('bad', `--shard=${3 - index}/2`, '--format=compact', '.')).toMatchObject({ status: 1, stderr: '' })
  })

  it('does not take a tree without Docker for a clean one', async () => {
    const { reports, outcomes } = await shards('none', 2, '.')
    expect(outcomes.map(({ status }) => status)).toEqual([0, 0])
    const [whole, merged] = [await porthole('none', '.', '--format=json'), await porthole('none', 'merge', reports, '--format=json')]
    expect(merged).toEqual(whole)
    expect(merged).toMatchObject({ status: 2, stderr: expect.stringContaining('no Docker configuration found') })
    workspace.write('empty/notes.txt', 'nothing\n')
    const empty = await shards('empty', 2, '.')
    expect(empty.outcomes.map(({ status }) => status)).toEqual([2, 2])
    expect((await porthole('empty', 'merge', empty.reports, '--format=json')).stdout).toBe((await porthole('empty', '.', '--format=json')).stdout)
  })

  it('splits what a branch changes', async () => {
    cpSync(workspace.path('joined'), workspace.path('branch'), { recursive: true })
    await workspace.git(['init', '--quiet'], { in: 'branch' })
    await workspace.git(['add', '.'], { in: 'branch' })
    await workspace.git(['commit', '--quiet', '--message=first'], { in: 'branch' })
    for (const path of ['joins/compose.yaml', 'joins/run.ps1', 'networks/make.sh', 'docker/web.Dockerfile', 'app/compose.yaml']) workspace.write(`branch/k1/${path}`, `${joined[path]!}# changed\n`)
    const { reports } = await shards('branch', 3, '--changed')
    const [whole, merged] = [await porthole('branch', '--changed', '--format=json'), await porthole('branch', 'merge', reports, '--format=json')]
    expect(merged.stdout).toBe(whole.stdout)
    expect((JSON.parse(merged.stdout) as { files: unknown[] }).files).toHaveLength(5)
    const none = await shards('branch', 2, '--changed', 'k0')
    expect((await porthole('branch', 'merge', none.reports)).status).toBe(0)
  })
})
