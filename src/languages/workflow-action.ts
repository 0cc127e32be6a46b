import type { Command, Word } from '../command.ts'
import type { Range, Text } from '../text.ts'
import { entriesOf, entryOf, type YamlNode } from '../yaml-tree.ts'
import { impliedWord, writtenWord } from './workflow-job.ts'
import { textOf } from './workflow-node.ts'

/** How an input becomes a flag: once with all of it, or once for each of its lines, or for what commas part too. */
type Form = 'value' | 'lines' | 'list'

interface ActionCommand {
  /** The words of the command after `docker`. */
  readonly command: readonly string[]
  readonly flags: Readonly<Record<string, readonly [flag: string, form: Form]>>
  /** Arguments that the action adds. */
  readonly arguments: readonly string[]
}

/** Actions that compose a command of Docker from their inputs (src/context.ts of each). */
const actions: Readonly<Record<string, ActionCommand | undefined>> = {
  'docker/build-push-action': {
    command: ['buildx', 'build'],
    flags: {
      'add-hosts': ['add-host', 'list'], allow: ['allow', 'list'], 'build-args': ['build-arg', 'lines'], 'cgroup-parent': ['cgroup-parent', 'value'], file: ['file', 'value'], network: ['network', 'value'],
      platforms: ['platform', 'value'], 'shm-size': ['shm-size', 'value'], target: ['target', 'value'], ulimit: ['ulimit', 'lines']
    },
    arguments: ['.']
  },
  'docker/setup-buildx-action': { command: ['buildx', 'create'], flags: { driver: ['driver', 'value'], 'driver-opts': ['driver-opt', 'lines'], platforms: ['platform', 'value'] }, arguments: [] }
}

/** The command that a step runs by an action; `undefined`: none that is known. */
export function actionCommand(file: Text, step: YamlNode): Command | undefined {
  const uses = textOf(entryOf(step, 'uses')?.value)
  const name = uses?.value.replace(/@[^]*/, '').toLowerCase() ?? ''
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!uses || !action) return undefined
  const implied = (value: string): Word => impliedWord(file, value, uses.whole)
  const inputs = entriesOf(entryOf(step, 'with')?.value)
  const words = inputs.flatMap(input => {
    const text = textOf(input.value)
    const flag = Object.hasOwn(action.flags, input.name.toLowerCase()) ? action.flags[input.name.toLowerCase()] : undefined
    return text && flag && text.value.trim() !== '' ? flagWords(file, flag, text, input.key.range) : []
  })
  const range: Range = [uses.whole[0], Math.max(uses.whole[1], ...words.map(({ text }) => text.whole[1]))]
  return { words: [...['docker', ...action.command].map(implied), ...words, ...action.arguments.map(implied)], range, guards: [] }
}

/** A flag stands at the key of its input, or, of a list, at the item. */
function flagWords(file: Text, [flag, form]: readonly [string, Form], text: Text, key: Range): Word[] {
  if (form === 'value') return [impliedWord(file, `--${flag}`, key), writtenWord(text)]
  // eslint-disable-next-line regexp/no-super-linear-move -- they cannot fail once they have begun
  return itemsOf(text, form === 'list' ? /[^\n,]+/g : /[^\n]+/g).flatMap(item => [impliedWord(file, `--${flag}`, item.whole), writtenWord(item)])
}

/** The items of a list in one text, quotes around them removed. */
function itemsOf(text: Text, pattern: RegExp): Text[] {
  return [...text.value.matchAll(pattern)].flatMap(({ 0: item, index }) => {
    const quotes = /^\s*"[^"]*"\s*$/.test(item) ? 1 : 0
    const start = index + item.length - item.trimStart().length + quotes
    const end = index + item.trimEnd().length - quotes
    return start < end ? [text.slice(start, end)] : []
  })
}
