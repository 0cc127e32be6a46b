import { withWords, type Command, type Guard, type NestedScript, type Script, type Shell, type SyntaxProblem } from '../command.ts'
import type { Range, Text } from '../text.ts'
import { unwrap } from './wrapper.ts'

/** How deep scripts may stand in scripts. */
const maximumDepth = 12

/** All commands of a script, those that it hands to other shells included. */
export interface Commands {
  readonly commands: readonly Command[]
  readonly problems: readonly SyntaxProblem[]
  readonly comments: readonly Text[]
}

/** Readers of shell scripts; each is loaded when a script needs it. */
const readers: Readonly<Record<Shell, () => Promise<(text: Text) => Script>>> = {
  bash: async () => (await import('./bash.ts')).readBash,
  powershell: async () => (await import('./powershell.ts')).readPowerShell,
  cmd: async () => (await import('./cmd.ts')).readCmd
}

/** Read a script and every script in it. Problems of nested scripts are not the file's. */
export async function readCommands(shell: Shell, text: Text): Promise<Commands> {
  const script = (await readers[shell]())(text)
  const commands = await allCommands(script, [], [], 0)
  return { commands, problems: script.problems, comments: script.comments }
}

/** What a command runs, if it is a wrapper: `sudo docker …`, `cmd /c "docker …"`. */
export async function unwrapped(command: Command): Promise<Command[]> {
  return allCommands({ commands: [command], nested: [], problems: [], comments: [] }, [], [], 0)
}

async function allCommands({ commands, nested }: Script, holes: readonly Range[], guards: readonly Guard[], depth: number): Promise<Command[]> {
  const found: Command[] = []
  const scripts: NestedScript[] = [...nested]
  for (const command of commands) await collect(withCircumstances(command, holes, guards), found, scripts)
  if (depth < maximumDepth) for (const script of scripts) found.push(...(await nestedCommands(script, holes, guards, depth)))
  return found
}

/** A command, or what it runs if it is a wrapper such as `sudo` or `bash -c`. */
async function collect(command: Command, found: Command[], scripts: NestedScript[]): Promise<void> {
  const inner = unwrap(command)
  if (inner.commands.length === 0 && inner.nested.length === 0) found.push(command)
  found.push(...inner.commands)
  scripts.push(...inner.nested)
}

async function nestedCommands({ shell, text, holes, guards }: NestedScript, outerHoles: readonly Range[], outerGuards: readonly Guard[], depth: number): Promise<Command[]> {
  const read = await readers[shell]()
  return allCommands(read(text), [...outerHoles, ...holes], [...outerGuards, ...guards], depth + 1)
}

/** What an outer script computes is unknown in the inner one too, and its conditions hold there. */
function withCircumstances(command: Command, holes: readonly Range[], guards: readonly Guard[]): Command {
  if (holes.length === 0 && guards.length === 0) return command
  const touches = ([start, end]: Range): boolean => holes.some(hole => start < hole[1] && hole[0] < end)
  const inner = withWords(command, word => (word.known && touches(word.text.whole) ? { text: word.text, known: false, holes: [[0, word.text.value.length]] } : word))
  return { ...inner, guards: [...guards, ...command.guards] }
}

/** Whether a command runs on Windows or may: what its conditions prove. */
export function mayRunOnWindows({ guards }: Command): boolean {
  return !guards.some(({ os, holds }) => (os === 'windows' ? !holds : holds))
}
