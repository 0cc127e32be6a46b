import { BaselineError, compareWithBaseline, readBaseline } from '../../src/baseline.ts'
import { readProject, type ProjectNode } from '../../src/compose-project.ts'
import { composeConfig } from '../../src/compose-project.ts'
import { readConfig } from '../../src/config-reader.ts'
import { parseDockerCommand } from '../../src/docker-cli.ts'
import { makeFixes, type FixMode, type JudgedText } from '../../src/fixer.ts'
import { readEnvFile, readRawEnvFile } from '../../src/env-file.ts'
import { knowledge } from '../../src/knowledge.ts'
import type { Diagnostic } from '../../src/diagnostic.ts'
import type { Intent } from '../../src/intent.ts'
import type { Row } from '../../src/matrix.ts'
import type { Reading } from '../../src/language.ts'
import { namesOf } from '../../src/known-name.ts'
import { judge } from '../../src/linter.ts'
import { applySuppressions } from '../../src/suppression.ts'
import { parseTargets } from '../../src/target.ts'
import { Text, type Range, type Spanned } from '../../src/text.ts'
import { compileValuePattern, predicateNames } from '../../src/value-pattern.ts'
import { causesOf } from '../../src/why.ts'
import { readYaml } from '../../src/yaml-reader.ts'
import type { YamlNode } from '../../src/yaml-tree.ts'
import { composeOutline, yamlBlock } from './agreement.ts'
import { rewritings } from './rewriting.ts'

/** What a reader says about a text. */
export interface Said {
  readonly ranges: readonly Range[]
  /** What fixes would replace. */
  readonly edits?: readonly Range[]
  /** Texts that must stand at their ranges, character by character. */
  readonly texts?: readonly Text[]
  /** Names and values that must stand at their ranges wherever these hold nothing but plain characters. */
  readonly names?: readonly Spanned[]
  /** Rows of the matrix of which a fix is offered. */
  readonly mended?: readonly Row[]
  /** What is found, with what it underlines; the same however lines end. */
  readonly findings?: readonly string[] | undefined
  /** In what it differs from another reader that must say the same. */
  readonly disagreement?: string
}

/** Something that reads what people write. */
export interface Reader {
  readonly id: string
  /** Name of the folder of its seeds. */
  readonly seeds: string
  /** What its mutants get in them rather than the marks of all notations. */
  readonly marks?: readonly string[]
  read(source: string): Promise<Said> | Said
  /** Texts that say the same in other quotes. */
  rewritten?(source: string): string[]
  /** The text with all that can be fixed in it fixed. */
  fix?(source: string, mode: FixMode): Promise<string>
}

const targets = parseTargets([])
const names = namesOf(knowledge.rules, knowledge.matrix.rows)
const paths: Readonly<Record<string, string>> = { workflow: '.github/workflows/ci.yml', dockerfile: 'Dockerfile', makefile: 'Makefile', jenkinsfile: 'Jenkinsfile', ansible: 'playbook.yml', 'daemon-json': 'daemon.json', devcontainer: 'devcontainer.json', 'package-json': 'package.json', javascript: 'run.js', markdown: 'README.md', bash: 'a.sh', powershell: 'a.ps1', cmd: 'a.cmd', compose: 'compose.yaml' }
const pathOf = (id: string): string => paths[id] ?? id

/** A language, with all that comes after it: intents, verdicts, diagnostics, suppressions. */
function languageReader(id: string, path = pathOf(id), name = id): Reader {
  const language = knowledge.languages.find(each => each.id === id)!
  const surroundings = { environment: new Map([['TAG', 'ltsc2022']]) }
  const nothing: Reading = { intents: [], problems: [], comments: [], subjects: [] }
  const judged = async (text: string): Promise<{ files: JudgedText[] }> => {
    const reading = (await language.read(Text.file(text), knowledge.matrix, path, surroundings)) ?? nothing
    return { files: [{ path, text, language: id, diagnostics: judge(reading, knowledge, { targets, platform: 'windows' }).diagnostics }] }
  }
  return {
    id: name,
    seeds: name,
    ...(rewritings[id] ? { rewritten: rewritings[id] } : {}),
    async fix(source, mode) {
      const { files } = await makeFixes(await judged(source), mode, texts => judged(texts.get(path)!))
      return files[0]!.text
    },
    async read(source) {
      const { intents, comments, subjects, references, ...reading } = (await language.read(Text.file(source), knowledge.matrix, path, surroundings)) ?? nothing
      const { diagnostics } = judge({ intents, comments, subjects, ...reading }, knowledge, { targets, platform: 'windows' })
      const { kept, problems } = applySuppressions(diagnostics, comments, source, '2026-01-01', { ...names, targets: targets.map(({ label }) => label) })
      const all = [...diagnostics, ...kept, ...problems]
      return {
        ranges: [
          ...all.flatMap(({ range, related }) => [range, ...related.map(each => each.range)]),
          ...subjects.flatMap(({ range, platform }) => [range, ...platform.evidence.map(each => each.range)]),
          ...(references ?? []).map(({ range }) => range),
          ...intents.flatMap(({ range, platform, settings }) => [range, ...platform.evidence.map(each => each.range), ...settings.flatMap(setting => (setting.usedAt ? [setting.range, setting.usedAt] : [setting.range]))])
        ],
        texts: comments,
        // In a program a name stands where its value is asked for.
        names: id === 'javascript' ? [] : intents.flatMap(({ name: named }) => (named ? [named] : [])),
        mended: mendedRows(intents, diagnostics),
        edits: diagnostics.flatMap(({ fix }) => fix?.edits.map(({ range }) => range) ?? []),
        findings: isBroken(path, source) ? undefined : diagnostics.map(({ rule, feature, effect, range }) => `${rule} ${feature} ${effect} ${source.slice(...range).replace(/\r/g, '').trim()}`)
      }
    }
  }
}

function mendedRows(intents: readonly Intent[], diagnostics: readonly Diagnostic[]): Row[] {
  const mended = new Set(diagnostics.flatMap(({ fix, feature, range }) => (fix ? [`${feature} ${range.join()}`] : [])))
  return intents.flatMap(({ settings }) => settings.flatMap(({ row, range }) => (row.fix && mended.has(`${row.feature} ${range.join()}`) ? [row] : [])))
}

/** What is not YAML, or not JSON for its strings end with their lines, is read on at another place, depending on its line ends. */
const isBroken = (path: string, source: string): boolean => (path.endsWith('.json') && source.replace(/"(?:[^"\\\n]|\\.)*"/g, '').includes('"')) || (/\.(?:ya?ml|json)$/.test(path) && readYaml(Text.file(source)).some(({ problems }) => problems.length > 0))

function yamlTexts(node: YamlNode | undefined, ranges: Range[], texts: Text[]): void {
  if (!node) return
  ranges.push(node.range)
  if (node.kind === 'scalar') texts.push(node.text)
  else if (node.kind === 'list') for (const item of node.items) yamlTexts(item, ranges, texts)
  else if (node.kind === 'map') for (const { key, value } of node.pairs) {
    yamlTexts(key, ranges, texts)
    yamlTexts(value, ranges, texts)
  }
}

const yaml: Reader = {
  id: 'yaml',
  seeds: 'yaml',
  read(source) {
    const ranges: Range[] = []
    const texts: Text[] = []
    for (const { root, problems, comments } of readYaml(Text.file(source))) {
      yamlTexts(root, ranges, texts)
      ranges.push(...problems.map(({ range }) => range))
      texts.push(...comments)
    }
    return { ranges, texts }
  }
}

const envFile: Reader = {
  id: 'env-file',
  seeds: 'env-file',
  rewritten: rewritings['env-file']!,
  read(source) {
    const files = [readEnvFile(source, () => undefined), readRawEnvFile(source, () => undefined)]
    return { ranges: files.flatMap(({ problem }) => (problem ? [problem.range] : [])), texts: files.flatMap(({ variables }) => [...variables.values()]), findings: files[0]!.problem ? undefined : [...files[0]!.variables].map(([name, { value }]) => `${name}=${value.replaceAll('\r', '')}`) }
  }
}

const suppression: Reader = {
  id: 'suppression',
  seeds: 'suppression',
  read(source) {
    const file = Text.file(source)
    const comments = [...source.matchAll(/[^\n]+/g)].map(({ 0: line, index }) => file.slice(index, index + line.length))
    const diagnostics = [...source.matchAll(/host|ipv6/g)].map(({ 0: word, index }) => ({ rule: `no-${word}`, feature: word, severity: 'error' as const, effect: 'rejected' as const, verdicts: [], message: '', instead: undefined, sources: [], range: [index, index + word.length] as const, related: [] }))
    const { kept, problems } = applySuppressions(diagnostics, comments, source, '2026-01-01', { ...names, targets: ['ws2019'] })
    return { ranges: [...kept, ...problems].map(({ range }) => range) }
  }
}

const config: Reader = {
  id: 'config',
  seeds: 'config',
  read: source => ({ ranges: (['yaml', 'json', 'package'] as const).flatMap(notation => readConfig(source, notation, names).faults.map(({ range }) => range)) })
}

function origins(node: ProjectNode): { path: string; range: Range }[] {
  const below = node.kind === 'map' ? [...node.entries.values()].flatMap(({ key, value }) => [key, ...origins(value)]) : node.kind === 'list' ? node.items.flatMap(origins) : []
  return [node.origin, ...below]
}

/** Files of a project, one after the other in one text. */
const project: Reader = {
  id: 'project',
  seeds: 'project',
  read(source) {
    const files = new Map(source.split(/^=== /m).slice(1).map(part => {
      const end = part.indexOf('\n')
      return end < 0 ? [part, ''] : [part.slice(0, end), part.slice(end + 1)]
    }))
    const { project: read, problems, gaps } = readProject({ files: { read: path => files.get(path) }, folder: '/project', environment: new Map([['HOME', '/home/x']]) })
    if (read) composeConfig(read)
    const outside = [...problems, ...gaps, ...(read ? origins(read) : [])].filter(({ path, range: [start, end] }) => !(start >= 0 && start <= end && end <= (files.get(path) ?? '').length))
    return { ranges: outside.map(() => [-1, -1] as const) }
  }
}

const dockerCli: Reader = {
  id: 'docker-cli',
  seeds: 'docker-cli',
  read(source) {
    for (const line of source.split('\n')) parseDockerCommand(line.split(' ').slice(1))
    return { ranges: [] }
  }
}

const patterns = [...predicateNames, ...knowledge.matrix.rows.flatMap(row => row.support.flatMap(({ value }) => value ?? []))].flatMap(pattern => (typeof pattern === 'string' ? [compileValuePattern(pattern)] : []))

const valuePattern: Reader = {
  id: 'value-pattern',
  seeds: 'docker-cli',
  read(source) {
    for (const word of [...source.split(/\s+/), source]) for (const matches of patterns) matches(word)
    return { ranges: [] }
  }
}

const why: Reader = {
  id: 'why',
  seeds: 'why',
  read(source) {
    causesOf(source, knowledge.matrix)
    return { ranges: [] }
  }
}

const baseline: Reader = {
  id: 'baseline',
  seeds: 'baseline',
  read(source) {
    try {
      const read = readBaseline(source)
      compareWithBaseline(read, [], { targets: ['ws2019', 'ws2022'], exists: () => false })
      return { ranges: read.entries.map(({ range }) => range) }
    } catch (error) {
      if (!(error instanceof BaselineError)) throw error
      return { ranges: [error.range] }
    }
  }
}

/** All that reads what people write: the languages that porthole knows, and what else it reads. */
export const readers: readonly Reader[] = [
  ...knowledge.languages.map(({ id }) => languageReader(id)),
  languageReader('compose', 'stack.yaml', 'compose-stack'),
  languageReader('workflow', 'azure-pipelines.yml', 'workflow-azure'),
  languageReader('workflow', '.gitlab-ci.yml', 'workflow-gitlab'),
  yaml, yamlBlock, composeOutline, envFile, suppression, config, project, dockerCli, valuePattern, why, baseline
]

/** Rows with a fix that is made of no seed: a campaign does not try what they do. */
export async function unreachedRows(seedsOf: (reader: Reader) => readonly string[]): Promise<Row[]> {
  const reached = new Set<Row>()
  for (const reader of readers) for (const seed of seedsOf(reader)) for (const row of (await reader.read(seed)).mended ?? []) reached.add(row)
  return knowledge.matrix.rows.filter(row => row.fix && !reached.has(row))
}
