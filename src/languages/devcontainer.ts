import type { Command, Word } from '../command.ts'
import type { Intent, Setting } from '../intent.ts'
import type { Language, Reading } from '../language.ts'
import type { Matrix } from '../matrix.ts'
import type { Piece, Text } from '../text.ts'
import type { YamlNode, YamlScalar } from '../yaml-tree.ts'
import type { EmbeddedScript } from './embedded-script.ts'
import { withHoles, withoutComputed } from './hole.ts'

/** Development containers: what `devcontainer.json` gives to `docker run` and `docker build`. */
export default {
  id: 'devcontainer',
  mayBe: path => /(^|\/)\.?devcontainer\.json$/.test(path),
  recognises: () => true,
  async read(file, matrix) {
    const [{ readExpandableDocuments }, { entryOf }, { readScripts }, { readRequests }, { unwrapped }] = await Promise.all([import('../yaml-document.ts'), import('../yaml-tree.ts'), import('./embedded-script.ts'), import('./shell-script.ts'), import('./script.ts')])
    const { text, comments } = withoutComments(file)
    const root = (await readExpandableDocuments(text))[0]?.root
    const at = (...path: readonly string[]): YamlNode | undefined => path.reduce<YamlNode | undefined>((node, name) => entryOf(node, name)?.value, root)
    const word = ({ text }: YamlScalar): Word => withoutComputed({ text: withHoles(text, /\$\{[^}]*(?:\}|$)/g), known: true })
    const ports = scalarsOf(at('appPort')).flatMap(port => [unwritten('--publish', port, file), word(port)])
    const environment = ['containerEnv', 'remoteEnv'].map(name => at(name))
    const run = dockerCommand('run', [...ports, ...scalarsOf(at('runArgs')).map(word)], [at('runArgs'), at('appPort'), ...environment], file)
    const build = dockerCommand('build', scalarsOf(at('build', 'options')).map(word), [at('build', 'options')], file)
    const { intents: requests } = await readRequests([...run, ...build], matrix)
    const initial = at('initializeCommand')
    const forms = initial?.kind === 'map' ? initial.pairs.map(({ value }) => value) : [initial]
    // A list runs without a shell.
    const started = forms.flatMap((list): Command[] => (list?.kind === 'list' ? [{ words: scalarsOf(list).map(word), range: list.range, guards: [] }] : []))
    const scripts = forms.flatMap(form => (form?.kind === 'scalar' ? [form] : [])).map((script): EmbeddedScript => ({ shell: 'bash', text: withHoles(script.text, /\$\{local(?:Env|Workspace)[^}]*(?:\}|$)/g) }))
    const own = requests.map((intent): Intent => ({
      ...intent,
      settings: intent.verb === 'container.run' ? [...intent.settings, ...environment.flatMap(node => variableSettings(node, matrix))] : intent.settings,
      platform: intent.platform.os === 'unknown' ? { os: 'linux', declared: false, evidence: [{ os: 'linux', says: 'a development container, and these are for Linux', range: intent.range }] } : intent.platform
    }))
    const hosted = await readRequests((await Promise.all(started.map(unwrapped))).flat(), matrix)
    const intents = [...own, ...hosted.intents, ...(await readScripts(scripts, matrix)).intents]
    return { intents, problems: [], comments, subjects: intents.map(({ name, verb, range, platform }) => ({ name: name?.value ?? verb, range, platform })) } satisfies Reading
  }
} satisfies Language

/** Scalars alone, in a list, or as the values of a map. */
function scalarsOf(node: YamlNode | undefined): YamlScalar[] {
  const nodes = node?.kind === 'list' ? node.items : node?.kind === 'map' ? node.pairs.map(({ value }) => value) : [node]
  return nodes.flatMap(each => (each?.kind === 'scalar' ? [each] : []))
}

/** A word that nobody wrote, at the beginning of what asks for it. */
const unwritten = (value: string, { range }: YamlNode, file: Text): Word => ({ text: file.opaque(value, [range[0], range[0]]), known: true })

/** A command of Docker with the words that the file gives, then some that it does not. */
function dockerCommand(name: string, words: readonly Word[], parts: readonly (YamlNode | undefined)[], file: Text): Command[] {
  const first = parts.find(part => part !== undefined)
  if (!first) return []
  const rest: Word = { text: file.slice(first.range[1], first.range[1]), known: false, holes: [] }
  return [{ words: [unwritten('docker', first, file), unwritten(name, first, file), ...words, rest], range: first.range, guards: [] }]
}

/** Variables of the container are spelled as those of a service. */
function variableSettings(node: YamlNode | undefined, matrix: Matrix): Setting[] {
  const variables = matrix.compose.start.step('services')?.step('devcontainer')?.step('environment')
  if (!variables || node?.kind !== 'map') return []
  return node.pairs.flatMap(({ key, value }) => {
    const written = value?.kind === 'scalar' && !value.text.value.includes('${') ? value.text.value : undefined
    const spelled = variables.step(key.text.value)?.found ?? []
    return spelled.filter(({ spelling, matchesValue }) => !spelling.absent && matchesValue(written)).map(({ row }): Setting => ({ row, value: written, range: [key.range[0], value?.range[1] ?? key.range[1]] }))
  })
}

/** Comments are blanks for the reader of JSON. */
function withoutComments(file: Text): { readonly text: Text; readonly comments: readonly Text[] } {
  const pieces: Piece[] = []
  const comments: Text[] = []
  let at = 0
  for (const { 0: match, index } of file.value.matchAll(/"(?:[^"\\\n]|\\.)*"?|\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$)/g)) {
    if (match.startsWith('"')) continue
    pieces.push([file.value.slice(at, index), at, index], [match.replace(/[^\r\n]/g, ' '), index, index + match.length])
    comments.push(file.slice(index, index + match.length))
    at = index + match.length
  }
  const end = file.value.length
  return { text: file.decode([...pieces, [file.value.slice(at), at, end]], [0, end]), comments }
}
