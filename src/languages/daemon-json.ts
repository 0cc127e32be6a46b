import type { Evidence, Intent, Platform, Setting } from '../intent.ts'
import type { Language, Problem, Reading } from '../language.ts'
import type { Matrix, PathSpelling } from '../matrix.ts'
import type { Spelled } from '../matrix.ts'
import { PathIndex, type PathPosition } from '../spelling.ts'
import type { Range, Text } from '../text.ts'
import { matcherOf } from '../value-pattern.ts'
import { YamlEditor } from '../yaml-editor.ts'
import { entriesOf, entryOf, type YamlNode } from '../yaml-tree.ts'
import { hasHoles } from './hole.ts'

/** The configuration file of the Docker engine, `daemon.json`. */
export default {
  id: 'daemon-json',
  mayBe: path => /(^|[\\/])daemon\.json$/i.test(path),
  recognises: () => true,
  async read(file, matrix) {
    const problems = await syntaxProblems(file)
    const intent = await daemonIntent(file, matrix, { isFile: true })
    if (!intent) return { intents: [], problems, comments: [], subjects: [] } satisfies Reading
    const { range, platform } = intent
    return { intents: [intent], problems, comments: [], subjects: [{ name: 'daemon.json', range, platform }] } satisfies Reading
  }
} satisfies Language

/** What a configuration asks of the engine, wherever it is written; in a file of its own it can be mended. `undefined`: it is none. */
export async function daemonIntent(text: Text, matrix: Matrix, { isFile = false } = {}): Promise<Intent | undefined> {
  const { readExpandableDocuments } = await import('../yaml-document.ts')
  const documents = await readExpandableDocuments(text)
  const root = documents[0]?.root
  if (root?.kind !== 'map') return undefined
  const editor = isFile ? new YamlEditor(text.source, documents, path => (path.length === 0 ? 'keep' : 'remove')) : undefined
  const settings = settingsOf(root, matrix).map(setting => (editor ? { ...setting, editor } : setting))
  return { verb: 'daemon.start', settings, context: { via: ['daemon'] }, platform: platformOf(root), range: text.range(0, Math.min(1, text.value.length)) }
}

async function syntaxProblems(file: Text): Promise<Problem[]> {
  // An empty file configures nothing.
  if (file.value.trim() === '') return []
  const { jsonFault } = await import('./json-syntax.ts')
  const fault = jsonFault(file.value)
  if (!fault) return []
  return [{ rule: 'json-syntax', severity: 'error', message: `The engine does not start with this file, for it is not JSON: ${fault.message}`, range: file.range(fault.start, fault.end), sources: [{ where: 'https://www.rfc-editor.org/rfc/rfc8259' }, { where: 'https://docs.docker.com/engine/daemon/' }] }]
}

function settingsOf(root: YamlNode, matrix: Matrix): Setting[] {
  const index = new PathIndex<Spelled<PathSpelling>>()
  for (const row of matrix.rows) for (const spelling of row.spelled.daemon ?? []) index.add(spelling.path, { row, spelling, matchesValue: matcherOf(spelling.value) })
  const settings: Setting[] = []
  for (const { key, name, value } of entriesOf(root)) {
    const position = index.start.step(name)
    // Options that new networks of a driver have from the start.
    if (name === 'default-network-opts') for (const driver of entriesOf(value)) settings.push(...settingsAt(position?.step(driver.name), driver.value, rangeOf(driver.key.range, driver.value)).map(setting => ({ ...setting, context: { driver: [driver.name], network: ['user-defined'] } })))
    else settings.push(...settingsAt(position, value, rangeOf(key.range, value)))
  }
  return settings
}

/** What the rows spell at and below a place of the file. */
function settingsAt(position: PathPosition<Spelled<PathSpelling>> | undefined, value: YamlNode | undefined, range: Range): Setting[] {
  if (!position) return []
  const settings: Setting[] = []
  for (const { row, spelling, matchesValue } of position.found) {
    const scalar = value?.kind === 'scalar' && !hasHoles(value.text) ? value.text.value : undefined
    if (spelling.value !== undefined && scalar === undefined) continue
    if (matchesValue(scalar)) settings.push({ row, value: scalar, range })
  }
  if (value?.kind === 'list') for (const item of value.items) if (item) settings.push(...settingsAt(position.step('[]'), item, item.range))
  for (const { key, name, value: child } of entriesOf(value)) settings.push(...settingsAt(position.step(name), child, rangeOf(key.range, child)))
  return settings
}

/** A key with its value; the key alone of what has keys or items of its own. */
const rangeOf = (key: Range, value: YamlNode | undefined): Range => [key[0], value?.kind === 'scalar' ? value.range[1] : key[1]]

/** Which system the engine runs on, by what only one of them has. */
function platformOf(root: YamlNode): Platform {
  const evidence = [...evidenceOf(root)]
  return { os: evidence[0]?.os ?? 'unknown', declared: false, evidence }
}

function* evidenceOf(root: YamlNode): Generator<Evidence> {
  for (const { value: option, range } of textsAt(root, 'exec-opts')) if (/^isolation=/.test(option)) yield { os: 'windows', says: `\`${option}\`, which exists on Windows only`, range }
  for (const { value: host, range } of textsAt(root, 'hosts')) {
    if (host.startsWith('npipe:')) yield { os: 'windows', says: `the named pipe \`${host}\``, range }
    if (/^(unix|fd):/.test(host)) yield { os: 'linux', says: `the socket \`${host}\``, range }
  }
  for (const name of ['data-root', 'graph', 'exec-root', 'pidfile', 'tlscacert', 'tlscert', 'tlskey']) for (const { value: path, range } of textsAt(root, name)) {
    if (/^[a-z]:[\\/]/i.test(path)) yield { os: 'windows', says: `the path \`${path}\``, range }
    if (path.startsWith('/')) yield { os: 'linux', says: `the path \`${path}\``, range }
  }
}

/** The texts of a key, alone or in a list. */
function textsAt(root: YamlNode, name: string): { readonly value: string; readonly range: Range }[] {
  const value = entryOf(root, name)?.value
  const nodes = value?.kind === 'list' ? value.items : [value]
  return nodes.flatMap(node => (node?.kind === 'scalar' && typeof node.value === 'string' ? [{ value: node.value, range: node.range }] : []))
}
