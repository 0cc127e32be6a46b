import { withWords, type Command, type Guard, type Shell } from '../command.ts'
import type { Intent, Platform } from '../intent.ts'
import type { Reading } from '../language.ts'
import type { Matrix } from '../matrix.ts'
import { RangeIndex } from '../range-index.ts'
import type { Text } from '../text.ts'
import { hasHoles, withoutComputed } from './hole.ts'
import { readCommands } from './script.ts'
import { readRequests } from './shell-script.ts'

/** A script that stands in a file of another notation. */
export interface EmbeddedScript {
  readonly shell: Shell
  /** What the notation computes before a shell reads it is a hole, see `holePiece`. */
  readonly text: Text
  /** Under which conditions the notation runs it. */
  readonly guards?: readonly Guard[] | undefined
  /** What is known of the system that runs it. */
  readonly platform?: Platform | undefined
}

/**
 * What scripts ask of Docker, in order: a network that one makes is known to
 * those after it. What a shell could not read is no fault of the file around it.
 */
export async function readScripts(scripts: readonly EmbeddedScript[], matrix: Matrix, opened: OpenCommand = async command => [command]): Promise<Reading> {
  const commands: Command[] = []
  const comments: Text[] = []
  for (const script of scripts) {
    const { commands: own, comments: remarks } = await readCommands(script.shell, script.text)
    for (const command of own) for (const inner of await opened(command)) commands.push(withCircumstances(inner, script.guards ?? []))
    comments.push(...remarks)
  }
  const { intents, problems, references, projects } = await readRequests(commands, matrix)
  const places = new RangeIndex(scripts.filter(({ platform, guards }) => platform || guards?.length), ({ text }) => text.whole)
  const placed = intents.map(intent => withPlatform(intent, places))
  // A command of which a part is computed may have more words than it shows, or fewer.
  const computed = new RangeIndex(commands.filter(({ words }) => words.some(({ text }) => hasHoles(text))), ({ words }) => [words[0]!.text.whole[0], words.at(-1)!.text.whole[1]])
  return {
    intents: placed,
    problems: problems.filter(({ range }) => !computed.around(range)),
    comments,
    subjects: placed.map(({ name, verb, range, platform }) => ({ name: name?.value ?? verb, range, platform })),
    references,
    projects
  }
}

/** What a command runs by a notation's own wrappers; a command that wraps nothing runs itself. */
export type OpenCommand = (command: Command) => Promise<readonly Command[]>

function withCircumstances(command: Command, guards: readonly Guard[]): Command {
  return { ...withWords(command, withoutComputed), guards: [...guards, ...command.guards] }
}

/** What a command itself says of its system outweighs what is said of the script. */
function withPlatform(intent: Intent, places: RangeIndex<EmbeddedScript>): Intent {
  if (intent.platform.os !== 'unknown') return intent
  const around = places.around(intent.range)
  const platform = around?.platform ?? platformOf(around?.guards ?? [])
  return platform ? { ...intent, platform } : intent
}

function platformOf(guards: readonly Guard[]): Platform | undefined {
  const guard = guards.find(({ os, holds }) => os === 'windows' && holds)
  return guard && { os: 'windows', declared: false, evidence: [{ os: 'windows', says: 'a condition that holds on Windows alone', range: guard.range }] }
}
