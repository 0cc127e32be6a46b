import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { languagesOf, mayBearOnOthers } from '../src/bearing.ts'
import { Configuration } from '../src/config.ts'
import { knowledge } from '../src/knowledge.ts'
import type { Reading } from '../src/language.ts'
import { lintFiles } from '../src/run.ts'
import { isOfShard, readShard, type Shard } from '../src/shard.ts'
import { Text } from '../src/text.ts'
import { unmark } from './marked.ts'
import { commandLine, shells } from './spelled-command.ts'
import { documentOf } from './spelled-compose.ts'

describe('a shard', () => {
  it.each([['1/1', 1, 1], ['2/8', 2, 8], ['8/8', 8, 8], ['10/12', 10, 12]])('%s is one', (text, index, count) => {
    expect(readShard(text)).toEqual({ index, count })
  })

  it.each(['', 'x', '0/3', '4/3', '1/0', '-1/3', '1.5/3', '1', '1/', '/3', '1/3/5', ' 1/3', '01/3', '1/03', '1/1000000', '1e0/3'])('%j is none', text => {
    expect(readShard(text)).toBeUndefined()
  })

  it.each([
    ['compose.yaml', 4], ['team/api/Dockerfile', 8], ['../outside.yaml', 3], ['Grüße/漢字.yaml', 4], ['😀.yaml', 7]
  ])('%s is in %i/8 on every machine', (path, index) => {
    expect(shardsOf(path, 8)).toEqual([index])
  })

  it('takes a letter with its accent for the same, however a file system spells it', () => {
    expect(shardsOf('Grüße.yaml'.normalize('NFD'), 97)).toEqual(shardsOf('Grüße.yaml'.normalize('NFC'), 97))
  })

  it('holds each file once', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 40 }), (path, count) => shardsOf(path, count).length === 1))
  })

  it.each([
    ['a project in each folder', (at: number) => `team${at % 25}/project${at}/compose.yaml`],
    ['one folder', (at: number) => `scripts/start-${at}.ps1`]
  ])('is about as large as the others for %s', (_, pathOf) => {
    const sizes = Array.from({ length: 8 }, (__, at) => Array.from({ length: 4000 }, (___, file) => pathOf(file)).filter(path => isOfShard(path, { index: at + 1, count: 8 })).length)
    // Four standard deviations of a fair draw.
    for (const size of sizes) expect(Math.abs(size - 500)).toBeLessThan(4 * Math.sqrt(4000 * (1 / 8) * (7 / 8)))
  })
})

const shardsOf = (path: string, count: number): number[] => Array.from({ length: count }, (_, at) => at + 1).filter(index => isOfShard(path, { index, count }))

/** Whether a reading says anything of other files. */
const bears = ({ intents, references = [], projects = [], takesFromOthers = false }: Reading, language: string): boolean =>
  takesFromOthers || references.length + projects.length > 0 || intents.some(({ verb, networks = [], build }) => build !== undefined || verb.startsWith('swarm.') || (language !== 'markdown' && verb === 'network.create' && networks.some(({ name }) => name !== undefined)))

describe('what bears on other files is seen without parsing it', () => {
  it.each([
    ['a.sh', 'docker network create -d nat lan'],
    ['a.sh', 'docker "net"work \\\n  cr\'eat\'e lan'],
    ['a.sh', "docker $'n\\x65twork' create lan"],
    ['a.sh', 'NET=network; docker $NET create lan'],
    ['a.sh', 'docker network \\\n  # the network\n  create lan'],
    ['a.sh', 'docker swarm init'],
    ['a.sh', 'docker compose -f a.yaml -f b.yaml up'],
    ['a.sh', 'docker-compose -f stack.txt up'],
    ['a.ps1', 'docker stack deploy -c stack.txt shop'],
    ['a.ps1', 'docker net`work cre`ate lan'],
    ['a.ps1', "& 'docker' @('network', 'create', 'lan')"],
    ['a.cmd', 'docker net^work cre^ate lan'],
    ['Dockerfile', 'FROM x\nRUN docker net\\\nwork create lan\n'],
    ['.github/workflows/a.yml', 'on: push\njobs: {a: {runs-on: windows-2022, steps: [{run: "docker n\\u0065twork create lan"}]}}\n'],
    ['a.mjs', "import { execSync } from 'node:child_process'\nconst [a, b] = ['net', 'work']\nexecSync(`docker ${a + b} create lan`)\n"],
    ['a.mjs', "import Docker from 'dockerode'\nnew Docker().createNetwork({ Name: 'lan' })\n"],
    ['package.json', '{"scripts": {"a": "docker network create lan"}}'],
    ['README.md', '```sh\ndocker compose -f a.txt -f b.txt up\n```\n'],
    ['compose.yaml', 'services: {a: {build: .}}'],
    ['compose.yaml', 'services: {a: {"b\\x75ild": .}}'],
    ['compose.yaml', 'services: {a: {? "bu\\\n  ild" : .}}'],
    ['compose.yaml', 'services: {a: {image: x}}\nnetworks: {lan: {name: lan}}'],
    ['compose.yaml', 'include: [other.yaml]\nservices: {a: {image: x}}'],
    ['compose.yaml', 'services: {a: {extends: {file: common.yml, service: a}}}']
  ])('%s: %s', (path, text) => {
    expect(mayBearOnOthers(languagesOf(path, text), text)).toBe(true)
  })

  it.each([
    ['a.sh', 'docker run --network host x'],
    ['a.ps1', 'docker build -t x C:\\users\\x'],
    ['Dockerfile', 'FROM x\nRUN npm ci\n'],
    ['compose.yaml', 'services: {a: {image: x, container_name: c, networks: [lan]}}\nnetworks: {lan: {driver: nat}}'],
    ['notes.txt', 'docker network create lan'],
    ['a.sh', 'network create swarm']
  ])('%s does not: %s', (path, text) => {
    expect(mayBearOnOthers(languagesOf(path, text), text)).toBe(false)
  })

  const folder = join(import.meta.dirname, 'fuzz/seed')
  const seeds = readdirSync(folder).flatMap(id => (knowledge.languages.some(language => language.id === id) ? readdirSync(join(folder, id)).map(name => ({ id, text: readFileSync(join(folder, id, name), 'utf8') })) : []))
  const commands = knowledge.matrix.rows.flatMap(({ spelled }) => (spelled.cli ?? []).flatMap(spelling => spelling.command.map(command => unmark(commandLine(spelling, command, shells.bash.quote).source).source)))
  const documents = knowledge.matrix.rows.flatMap(({ spelled }) => (spelled.compose ?? []).map(spelling => unmark(documentOf(spelling)).source))

  it.each([
    ['the seeds', seeds, 5],
    ['every command of the matrix', commands.map(text => ({ id: 'bash', text })), 20],
    ['every key of the matrix', documents.map(text => ({ id: 'compose', text })), 1]
  ])('in %s', async (_, texts, least) => {
    let count = 0
    for (const { id, text } of texts) {
      const language = knowledge.languages.find(candidate => candidate.id === id)!
      const reading = await language.read(Text.file(text), knowledge.matrix, id === 'compose' ? 'compose.yaml' : 'x', { environment: new Map() })
      if (!reading || !bears(reading, id)) continue
      count++
      expect(mayBearOnOthers([id], text), text).toBe(true)
    }
    expect(count).toBeGreaterThanOrEqual(least)
  })
})

describe('a run of a shard', () => {
  let folder: string
  const before = process.cwd()
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'porthole-shard-')))
    process.chdir(folder)
  })
  afterEach(() => vi.restoreAllMocks())
  afterAll(() => {
    process.chdir(before)
    rmSync(folder, { recursive: true, force: true })
  })

  const run = (shard?: Shard): ReturnType<typeof lintFiles> => lintFiles(['.'], { rules: new Map(), configuration: Configuration.none, stdinFilename: 'compose.yaml', explainsPlatform: false, shard })

  it('parses its own files and those that bear on others, and no more', async () => {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    for (let at = 0; at < 40; at++) {
      write(`p${at}/run.sh`, 'docker run --network host x\n')
      write(`p${at}/Dockerfile`, 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nUSER root\n')
    }
    write('lan/make.sh', 'docker network create lan\n')
    write('lan/compose.yaml', 'services: {a: {build: .}}\n')
    const [bash, dockerfile, compose] = ['bash', 'dockerfile', 'compose'].map(id => vi.spyOn(knowledge.languages.find(language => language.id === id)!, 'read'))
    const shard = { index: 1, count: 4 }
    const { files, found } = await run(shard)
    expect(files.map(({ path }) => path)).toEqual([...found].sort().filter(path => isOfShard(path, shard)))
    const own = (end: string): number => files.filter(({ path }) => path.endsWith(end)).length
    const other = (path: string): number => (isOfShard(path, shard) ? 0 : 1)
    expect(bash).toHaveBeenCalledTimes(own('.sh') + other('lan/make.sh'))
    expect(dockerfile).toHaveBeenCalledTimes(own('Dockerfile'))
    // A file with questions is read once more where it is not kept; there are few.
    expect(compose).toHaveBeenCalledTimes(1)
    expect(own('.sh') + own('Dockerfile')).toBeLessThan(40)
  })
})
