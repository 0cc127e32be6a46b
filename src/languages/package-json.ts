import type { Command, Word } from '../command.ts'
import type { Language } from '../language.ts'
import type { EmbeddedScript, OpenCommand } from './embedded-script.ts'
import { withHoles } from './hole.ts'

/** Scripts of `package.json`, which npm hands to a shell. */
export default {
  id: 'package-json',
  mayBe: path => /(^|\/)package\.json$/.test(path),
  // Letters may be written as escapes.
  recognises: (_path, source) => (/"scripts"/.test(source) && /docker/i.test(source)) || /\\u00/.test(source),
  async read(file, matrix) {
    const [{ readExpandableDocuments }, { entriesOf, entryOf }, { readScripts }] = await Promise.all([import('../yaml-document.ts'), import('../yaml-tree.ts'), import('./embedded-script.ts')])
    const [document] = await readExpandableDocuments(file)
    const scripts = entriesOf(entryOf(document?.root, 'scripts')?.value).flatMap(({ value }): EmbeddedScript[] =>
      // `%NAME%` is a variable where npm runs cmd.
      value?.kind === 'scalar' && typeof value.value === 'string' ? [{ shell: 'bash', text: withHoles(value.text, /%\w+%/g) }] : [])
    return readScripts(scripts, matrix, openRunner)
  }
} satisfies Language

/** Runners from npm that run the command after their own words, and those that run scripts. */
const runners = new Set(['cross-env', 'dotenv', 'env-cmd', 'npx', 'npm-exec', 'nodemon', 'wait-on'])
const scriptRunners = new Set(['concurrently', 'cross-env-shell', 'cross-env'])
const deepest = 8

/** What the runners of npm run. */
const openRunner: OpenCommand = async command => opened(command, deepest)

async function opened(command: Command, depth: number): Promise<Command[]> {
  const [{ readCommands, unwrapped }, { programName }] = await Promise.all([import('./script.ts'), import('./wrapper.ts')])
  const name = programName(command.words[0])?.replace(/\.cmd$/, '')
  if (name === undefined || depth === 0) return [command]
  const words = operandsOf(name, command.words.slice(1))
  if (runners.has(name) && words[0] && !isScript(words)) return (await Promise.all((await unwrapped({ ...command, words })).map(inner => opened(inner, depth - 1)))).flat()
  if (!scriptRunners.has(name)) return [command]
  const scripts = name === 'cross-env-shell' ? words.slice(0, 1) : words
  const inner = await Promise.all(scripts.filter(word => isScript([word])).map(async ({ text }) => (await readCommands('bash', text)).commands.map(each => ({ ...each, guards: [...command.guards, ...each.guards] }))))
  return (await Promise.all(inner.flat().map(each => opened(each, depth - 1)))).flat()
}

/** Words that are scripts, one each: `concurrently "a b" "c d"`. */
const isScript = ([first]: readonly Word[]): boolean => first !== undefined && first.known && /\s/.test(first.text.value)

/** What follows a runner's options and the variables that it sets. */
function operandsOf(runner: string, words: readonly Word[]): readonly Word[] {
  if (runner === 'concurrently') return words.filter(word => !word.text.value.startsWith('-'))
  const dashes = words.findIndex(({ text }) => text.value === '--')
  if (dashes >= 0 && runner !== 'cross-env' && runner !== 'npx') return words.slice(dashes + 1)
  if (runner === 'dotenv' || runner === 'env-cmd' || runner === 'nodemon' || runner === 'wait-on') return []
  const first = words.findIndex(({ text }) => !/^(?:-|\w+=)/.test(text.value))
  return first < 0 ? [] : words.slice(first)
}
