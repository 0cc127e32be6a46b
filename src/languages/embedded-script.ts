import type { Command, Guard, Shell, Word } from '../command.ts'
import type { Intent, Platform } from '../intent.ts'
import type { Reading } from '../language.ts'
import type { Matrix } from '../matrix.ts'
import { RangeIndex } from '../range-index.ts'
import type { Piece, Range, Text } from '../text.ts'
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

/** Stands for each character of what is computed; part of a word for every shell. */
const holeCharacter = '\ufffc'
const hole = /\ufffc+/g

/** What is computed before the shell reads the script, as long as it is written. */
export const holePiece = (start: number, end: number): Piece => [holeCharacter.repeat(end - start), start, end]

/** A text of which the matches of `pattern`, a global one, are computed. */
export function withHoles(text: Text, pattern: RegExp): Text {
  const pieces: Piece[] = []
  let at = 0
  for (const { 0: match, index } of text.value.matchAll(pattern)) {
    pieces.push([text.value.slice(at, index), at, index], holePiece(index, index + match.length))
    at = index + match.length
  }
  if (pieces.length === 0) return text
  return text.decode([...pieces, [text.value.slice(at), at, text.value.length]], [0, text.value.length])
}

/** Whether something of a text is computed. */
export const hasHoles = (text: Text): boolean => text.value.includes(holeCharacter)

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
  const { intents, problems } = await readRequests(commands, matrix)
  const places = new RangeIndex(scripts.filter(({ platform, guards }) => platform || guards?.length), ({ text }) => text.whole)
  const placed = intents.map(intent => withPlatform(intent, places))
  // A command of which a part is computed may have more words than it shows, or fewer.
  const computed = new RangeIndex(commands.filter(({ words }) => words.some(({ text }) => hasHoles(text))), ({ words }) => [words[0]!.text.whole[0], words.at(-1)!.text.whole[1]])
  return { intents: placed, problems: problems.filter(({ range }) => !computed.around(range)), comments, subjects: placed.map(({ name, verb, range, platform }) => ({ name: name?.value ?? verb, range, platform })) }
}

/** What a command runs by a notation's own wrappers; a command that wraps nothing runs itself. */
export type OpenCommand = (command: Command) => Promise<readonly Command[]>

function withCircumstances(command: Command, guards: readonly Guard[]): Command {
  return { ...command, words: command.words.map(withoutComputed), guards: [...guards, ...command.guards] }
}

/** A word with a hole in it is not known. */
export function withoutComputed(word: Word): Word {
  const computed = [...word.text.value.matchAll(hole)].map(({ 0: match, index }): Range => [index, index + match.length])
  if (computed.length === 0) return word
  if (word.known) return { text: word.text, known: false, holes: computed }
  if (!word.holes) return word
  return { ...word, holes: joined([...word.holes, ...computed]) }
}

/** Ranges in order, those that touch as one. */
function joined(ranges: readonly Range[]): Range[] {
  const result: [number, number][] = []
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
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
