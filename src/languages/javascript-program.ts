import { withWords, type Command, type Guard, type Word } from '../command.ts'
import type { Intent } from '../intent.ts'
import type { Problem, Reading } from '../language.ts'
import type { Matrix } from '../matrix.ts'
import type { Range, Text } from '../text.ts'
import { readContainerCalls } from './javascript-api-container.ts'
import { ApiReader } from './javascript-api.ts'
import { CallReader, type Start } from './javascript-call.ts'
import { OutputReader } from './javascript-output.ts'
import { textOf } from './javascript-string.ts'
import { parseScript, type Node, type Syntax, type SyntaxFault } from './javascript-syntax.ts'
import { Values } from './javascript-value.ts'
import { Variables } from './javascript-variable.ts'
import { walk, type Place } from './javascript-walk.ts'
import { readCommands, unwrapped } from './script.ts'
import { readRequests } from './shell-script.ts'

/** What a script asks of Docker: by the programs that it starts, and by the client libraries that it calls. */
export async function readProgram(file: Text, path: string, matrix: Matrix): Promise<Reading> {
  const syntax = parseScript(file, path)
  if ('offset' in syntax) return { intents: [], problems: [syntaxProblem(file, syntax)], comments: [], subjects: [] }
  const { places, values, variables } = survey(syntax)
  const reader = new CallReader(syntax, values, variables)
  const outputs = new OutputReader(syntax, values, variables)
  const commands: Command[] = []
  for (const place of places) {
    const start = reader.read(place)
    if (start) commands.push(...(await commandsOf(start, file)))
    const output = place.node.type === 'CallExpression' ? outputs.read(place.node) : undefined
    if (output) commands.push({ words: [], range: file.range(...place.node.range), guards: place.guards, output })
  }
  const starting = new Map([...commands].reverse().flatMap(command => [...command.words, ...(command.output ? [command.output.path] : [])].map(({ text }) => [text.whole[0], command] as const)))
  const requests = await readRequests(commands, matrix)
  const api = new ApiReader(syntax, values, matrix)
  const intents = [
    ...requests.intents.map(intent => withGuards(intent, starting)),
    ...places.flatMap(place => api.read(place) ?? []),
    ...readContainerCalls(places, syntax, values, api)
  ]
  return {
    ...requests,
    intents,
    comments: syntax.comments,
    subjects: intents.filter(({ verb }) => verb !== 'program.run').map(({ name, verb, range, platform }) => ({ name: name?.value ?? verb, range, platform }))
  }
}

/** The places that may ask for something, and all that bears on their values. */
function survey(syntax: Syntax): { places: Place[]; values: Values; variables: Variables } {
  const parents = new Map<Node, Node>()
  const variables = new Variables(syntax, parents)
  const places: Place[] = []
  walk(syntax, parents, place => {
    variables.note(place)
    if (/^(?:Call|New|TaggedTemplate)Expression$/.test(place.node.type)) places.push(place)
  })
  return { places, variables, values: new Values(syntax, variables) }
}

function syntaxProblem(file: Text, { message, offset }: SyntaxFault): Problem {
  const at = Math.max(0, Math.min(offset, file.value.length - 1))
  return { rule: 'script-syntax', severity: 'warning', message: `This script could not be read: ${message}`, range: file.range(at, Math.min(at + 1, file.value.length)), sources: [{ where: 'https://tc39.es/ecma262/' }] }
}

async function commandsOf(start: Start, file: Text): Promise<Command[]> {
  if (start.kind === 'words') return unwrapped({ words: start.words, range: start.range, guards: start.guards })
  const { line, shell, guards } = start
  const { text, holes } = textOf(file, line.parts, line.written)
  const { commands } = await readCommands(shell, text)
  const unknown = holes.map(([from, to]) => text.range(from, to))
  return commands.map(command => ({ ...withWords(command, word => withHoles(word, unknown)), guards: [...guards, ...command.guards] }))
}

/** What stands for a computed part looks like characters to a shell between single quotes. */
function withHoles(word: Word, unknown: readonly Range[]): Word {
  if (!word.known || unknown.length === 0) return word
  const { text } = word
  const holes: Range[] = []
  for (const [start, end] of unknown) {
    if (text.whole[1] <= start || end <= text.whole[0]) continue
    for (let at = 0; at < text.value.length; at++) {
      const [from, to] = text.range(at, at + 1)
      if (from >= start && to <= end) holes.push([at, at + 1])
    }
  }
  return holes.length === 0 ? word : { text, known: false, holes: joinedRanges(holes) }
}

function joinedRanges(ranges: readonly Range[]): Range[] {
  const joined: [number, number][] = []
  for (const [start, end] of ranges) {
    const last = joined.at(-1)
    if (last && last[1] === start) last[1] = end
    else joined.push([start, end])
  }
  return joined
}

/** A condition that proves Windows is a sign that the container is for Windows. */
function withGuards(intent: Intent, starting: ReadonlyMap<number, Command>): Intent {
  if (intent.platform.os !== 'unknown') return intent
  const command = starting.get(intent.range[0])
  return command ? { ...intent, platform: guardedPlatform(intent.platform, command.guards) } : intent
}

function guardedPlatform(platform: Intent['platform'], guards: readonly Guard[]): Intent['platform'] {
  const guard = platform.os === 'unknown' ? guards.find(({ os, holds }) => os === 'windows' && holds) : undefined
  return guard ? { os: 'windows', declared: false, evidence: [...platform.evidence, { os: 'windows', says: 'the condition that the machine runs Windows', range: guard.range }] } : platform
}
