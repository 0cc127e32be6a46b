import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Diagnostic } from '../src/diagnostic.ts'
import { applyEdits } from '../src/edit.ts'
import { knowledge } from '../src/knowledge.ts'
import type { Row } from '../src/matrix.ts'
import { parsePath } from '../src/spelling.ts'
import { Text } from '../src/text.ts'
import { diagnosticsOf, type Lintable } from './linting.ts'
import { unmark } from './marked.ts'
import { commandLine, shells } from './spelled-command.ts'
import { documentOf } from './spelled-compose.ts'
import { sampleOf } from './spelling-sample.ts'

const mended = knowledge.matrix.rows.filter(({ fix }) => fix)

/** Everything that can be judged: some rows speak of old engines or of the classic builder only. */
const targetLists: readonly (readonly string[])[] = [[], ['ws2019,engine@20.10'], ['ws2022,isolation=hyperv']]

const nameOf = ({ rule, feature, effect }: Diagnostic): string => `${rule} ${feature} ${effect}`

/** What the file asks for: settings by row and value. */
async function asked({ source, path = 'compose.yaml' }: Lintable): Promise<string[]> {
  const language = knowledge.languages.find(candidate => candidate.mayBe(path) && candidate.recognises(path, source))!
  const reading = await language.read(Text.file(source), knowledge.matrix, path, { environment: new Map() })
  return (reading?.intents ?? []).flatMap(({ settings }) => settings.map(({ row, value }) => `${knowledge.matrix.rows.indexOf(row)} ${value}`)).sort()
}

/** What becomes of what a row says of a file. */
type Outcome = 'mended' | 'silent' | 'left'

/** Mends what is found by a row, and sees that this and nothing else has changed. */
async function mend(row: Row, lintable: Lintable): Promise<Outcome> {
  const before = await diagnosticsOf(lintable)
  const found = before.filter(({ feature }) => feature === row.feature)
  for (const diagnostic of found) if (diagnostic.fix) await expectMended(row, diagnostic, before, lintable)
  return found.some(({ fix }) => fix) ? 'mended' : found.length === 0 ? 'silent' : 'left'
}

async function expectMended(row: Row, diagnostic: Diagnostic, before: readonly Diagnostic[], lintable: Lintable): Promise<void> {
  const { edits } = diagnostic.fix!
  for (const { range: [start, end] } of edits) expect(start >= 0 && start <= end && end <= lintable.source.length).toBe(true)
  const source = applyEdits(lintable.source, edits)
  const after = await diagnosticsOf({ ...lintable, source })
  const say = `${lintable.source}\n→\n${source}`
  const count = (diagnostics: readonly Diagnostic[], name: string): number => diagnostics.filter(each => nameOf(each) === name).length
  for (const each of after) expect(count(after, nameOf(each)), say).toBeLessThanOrEqual(count(before, nameOf(each)))
  expect(count(after, nameOf(diagnostic)), say).toBeLessThan(count(before, nameOf(diagnostic)))
  const [left, were] = await Promise.all([asked({ ...lintable, source }), asked(lintable)])
  if (row.fix!.every(({ remove }) => remove)) expect(left.filter(each => !were.includes(each)), say).toEqual([])
}

/** What of a row's spellings is reported and has no fix all the same. */
async function leftBy(row: Row, files: readonly Lintable[]): Promise<{ readonly mended: number; readonly left: string[] }> {
  const outcomes = await Promise.all(files.flatMap((file, index) => (index % 4 === 0 ? targetLists : targetLists.slice(0, 1)).map(async targets => [await mend(row, { ...file, targets }), `${file.path}: ${file.source}`] as const)))
  return { mended: outcomes.filter(([outcome]) => outcome === 'mended').length, left: [...new Set(outcomes.flatMap(([outcome, source]) => (outcome === 'left' ? [source] : [])))] }
}

/** The same file in other ways: other line ends, comments, braces, another driver. */
const composeVariants = (source: string): Lintable[] => {
  const full = source.replace(/^( +)build:\n/m, '$&$1  context: .\n').replace(/^services:\n {2}lan:\n/, '$&    image: i\n').replace('name: "bridge"', '$&\n    external: true')
  const drivers = /^networks:\n {2}lan:\n(?! {4}driver:)/m.test(full) ? [full, ...['overlay', 'nat'].map(driver => full.replace('  lan:\n', `  lan:\n    driver: ${driver}\n`))] : [full]
  const used = drivers.map(each => (each.includes('\nnetworks:') || each.startsWith('networks:') || !/^ {4}networks:/m.test(each) ? each : `${each}networks:\n  lan: {driver: nat}\n`))
  const written = used.flatMap(each => [each, each.replaceAll('\n', '\r\n'), `# a\n${each.replaceAll('\n', ' # b\n')}# c\n`, each.replace(/\n$/, ''), inBraces(each)])
  return written.flatMap(each => ['compose.yaml', 'compose.stack.yaml'].map(path => ({ source: each, path })))
}

const inBraces = (source: string): string => `${JSON.stringify(parse(source), null, 1)}\n`

const commandVariants = (source: string, path: string): Lintable[] =>
  [source, source.replace('network create', 'network create --driver overlay'), source.replace('network create', 'network create -d nat')].flatMap(each => [each, each.replaceAll('\n', '\r\n')]).map(each => ({ source: each, path }))

/** Spellings that are reported, and must not be mended: by row, what they have in common. */
const unmended: Readonly<Record<string, RegExp>> = {
  // Services of a swarm join no local network.
  'network-driver-unknown': /stack|macvlan/,
  'network-mode-bridge': /stack|docker service/,
  // Protection is lost without a word.
  'read-only': /stack|docker service/,
  // A length is not to be guessed.
  'subnet-value': /10\.9\.0\.5(?!\/)/
}

describe.each(mended.map((row, index) => ({ row, title: `${row.feature} ${index}` })))('$title', ({ row }) => {
  it('is mended wherever it is reported', { timeout: 60_000 }, async () => {
    const compose = (row.spelled.compose ?? []).flatMap(spelling => composeVariants(unmark(documentOf(spelling)).source))
    const commands = (row.spelled.cli ?? []).flatMap(spelling => spelling.command.flatMap(command => Object.values(shells).flatMap(({ path, quote }) => commandVariants(unmark(`${commandLine(spelling, command, quote).source}\n`).source, path))))
    const dockerfiles = (row.spelled.dockerfile ?? []).flatMap(({ example }) => [`FROM mcr.microsoft.com/windows/servercore:ltsc2022\n${unmark(example!).source}\n`]).flatMap(source => [source, source.replaceAll('\n', '\r\n')].map(each => ({ source: each, path: 'Dockerfile' })))
    const daemons = (row.spelled.daemon ?? []).flatMap(({ path, example, value }) => daemonVariants(path, example ?? sampleOf(value) ?? 1))
    const { mended: count, left } = await leftBy(row, [...compose, ...commands, ...dockerfiles, ...daemons])
    expect(left.filter(source => !unmended[row.feature]?.test(source))).toEqual([])
    if (row.feature !== 'subnet-value') expect(count).toBeGreaterThan(0)
  })
})

function daemonVariants(path: string, value: unknown): Lintable[] {
  const names = parsePath(path.replace('*', 'nat'))
  const nested = names.reduceRight<unknown>((inner, name) => (name === '[]' ? [inner] : { [name]: inner }), value)
  return [nested, { ...(nested as object), debug: true }, { debug: true, ...(nested as object) }].flatMap(each => [JSON.stringify(each), JSON.stringify(each, null, 2), JSON.stringify(each, null, '\t').replaceAll('\n', '\r\n')]).map(source => ({ source, path: 'daemon.json' }))
}
