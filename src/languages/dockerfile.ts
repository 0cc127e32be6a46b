import type { Command, Shell, Word } from '../command.ts'
import { deletion, replacement } from '../edit.ts'
import type { Context, Evidence, Intent, Platform, Release, Setting, SettingEditor } from '../intent.ts'
import type { Language, Problem, Reading } from '../language.ts'
import type { DockerfileSpelling, Matrix, Spelled } from '../matrix.ts'
import type { Range, Text } from '../text.ts'
import { matcherOf } from '../value-pattern.ts'
import { namesDaemonFile } from './daemon-path.ts'
import { isDockerfileName, looksLikeDockerfile } from './dockerfile-name.ts'
import type { Stage, Step } from './dockerfile-stage.ts'
import type { Flag, Instruction, Pair } from './dockerfile-syntax.ts'

/** Dockerfiles: what their instructions ask of the builder, and what the scripts in them run. */
export default {
  id: 'dockerfile',
  mayBe: isDockerfileName,
  recognises: (path, source) => isDockerfileName(path) || looksLikeDockerfile(source),
  async read(file, matrix) {
    const [{ readDockerfile }, { readStages }] = await Promise.all([import('./dockerfile-syntax.ts'), import('./dockerfile-stage.ts')])
    const syntax = readDockerfile(file)
    const { globals, stages, problems } = readStages(syntax)
    const context: Context = { via: [syntax.directives.some(({ name }) => name === 'syntax') ? 'build-buildkit' : 'build-classic'] }
    const intents: Intent[] = []
    for (const stage of stages) intents.push(...(await stageIntents(stage, stage === stages[0] ? globals : [], matrix, context)))
    return {
      intents,
      problems: [...syntax.problems, ...problems].map(({ message, range }) => syntaxProblem(message, range)),
      comments: syntax.comments,
      subjects: stages.map(stage => ({ name: stage.name?.value ?? stage.from.value, range: stage.from.whole, platform: platformOf(stage) }))
    } satisfies Reading
  }
} satisfies Language

const syntaxProblem = (message: string, range: Range): Problem => ({
  rule: 'dockerfile-syntax', severity: 'error', message: `Docker cannot read this instruction: ${message}`, range, sources: [{ where: 'https://docs.docker.com/reference/dockerfile/' }]
})

/** The base image declares the system: an image that is built from a Linux one can be nothing else. */
function platformOf({ os, evidence, build, base, image, from }: Stage): Platform {
  const signs = os === 'unknown' ? [] : evidence.map(({ says, range }): Evidence => ({ os, says, range }))
  const releases: Release[] = os === 'windows' && build !== undefined && !base ? [{ of: 'image', name: image.text.value, build, range: from.whole }] : []
  return { os, declared: os !== 'unknown', evidence: signs, releases }
}

async function stageIntents(stage: Stage, globals: readonly Step[], matrix: Matrix, context: Context): Promise<Intent[]> {
  const platform = platformOf(stage)
  const name = stage.name?.spanned ?? stage.from.spanned
  const settings: Setting[] = []
  const commands: Command[] = []
  for (const step of [...globals, { instruction: stage.instruction, shell: 'unknown' as const, resolve: (text: Text) => ({ text, known: true, overridable: false }) }, ...stage.steps]) {
    for (const instruction of withTriggers(step.instruction)) {
      for (const spelled of matrix.instructions(instruction.name)) settings.push(...instructionSettings(spelled, instruction, step, stage))
      commands.push(...(await commandsOf(instruction, step.shell)), ...copiedDocuments(instruction, step))
    }
  }
  const own: Intent = { verb: 'image.build', name, settings, context, platform, range: stage.from.whole }
  const { programIntent, readRequests } = await import('./shell-script.ts')
  const requests = commands.length > 0 ? (await readRequests(commands, matrix)).intents : []
  return [
    own,
    ...requests.map(intent => ({ ...intent, platform: intent.platform.os === 'unknown' ? platform : intent.platform })),
    ...(platform.os === 'windows' ? programIntent(commands, platform, matrix) : [])
  ]
}

/** An instruction, and the one that ONBUILD keeps for later. */
function withTriggers(instruction: Instruction): Instruction[] {
  return instruction.name === 'ONBUILD' && instruction.trigger ? [instruction, ...withTriggers(instruction.trigger)] : [instruction]
}

function instructionSettings({ row, spelling, matchesValue }: Spelled<DockerfileSpelling>, instruction: Instruction, step: Pick<Step, 'resolve'>, stage: Stage): Setting[] {
  const sibling = (name: string): string | undefined => (name === 'instruction' ? instruction.name : undefined)
  return candidates(spelling, instruction, step, stage).filter(({ value }) => matchesValue(value)).map(({ value, range }) => ({ row, value, range, sibling, editor: editorOf(instruction.keyword.source) }))
}

/** Flags go with the blanks behind them; values are replaced in their quotes. */
const editorOf = (source: string): SettingEditor => ({
  source,
  remove({ range: [start, end] }) {
    const blanks = /^[ \t]+/.exec(source.slice(end, end + 200))?.[0]
    return blanks !== undefined && /^--[a-z]/i.test(source.slice(start, end)) ? deletion(start, end + blanks.length) : undefined
  },
  replace: ({ range, value }, text) => (value === undefined ? undefined : replacement(source, range, value, text))
})

interface Candidate {
  readonly value: string | undefined
  readonly range: Range
}

/** What of an instruction a spelling may speak of. */
function candidates({ flag, key, part }: DockerfileSpelling, instruction: Instruction, step: Pick<Step, 'resolve'>, stage: Stage): Candidate[] {
  const valueOf = (text: Text): string | undefined => {
    const { text: value, known } = step.resolve(text)
    return known ? value.value : undefined
  }
  if (flag !== undefined && part !== undefined && !instruction.flags.some(({ name }) => name.value.toLowerCase() === flag)) return []
  if (flag !== undefined && part === undefined) return instruction.flags.filter(({ name }) => name.value.toLowerCase() === flag).map(written => ({ value: flagValue(written), range: written.text.whole }))
  if (key !== undefined) return 'pairs' in instruction ? instruction.pairs.filter(({ name }) => matcherOf(key)(name.value)).map(pair => ({ value: pairValue(pair, instruction.name, valueOf), range: pair.text.whole })) : []
  switch (part) {
    case 'destination':
      return 'destination' in instruction && instruction.destination ? [{ value: valueOf(instruction.destination), range: instruction.destination.whole }] : 'values' in instruction ? instruction.values.map(value => ({ value: valueOf(value), range: value.whole })) : []
    case 'source':
      return 'sources' in instruction ? instruction.sources.map(source => ({ value: valueOf(source), range: source.whole })) : []
    case 'heredoc':
      return 'heredocs' in instruction ? instruction.heredocs.map(({ mark, name }) => ({ value: name, range: mark.whole })) : []
    case 'image':
      return instruction.name === 'FROM' && !stage.base ? [{ value: stage.image.known ? stage.image.text.value : undefined, range: stage.from.whole }] : []
    case 'build':
      return instruction.name === 'FROM' && !stage.base && stage.build !== undefined ? [{ value: String(stage.build), range: stage.from.whole }] : []
    case 'protocol':
      return 'values' in instruction ? instruction.values.map(value => ({ value: valueOf(value)?.split('/')[1] ?? 'tcp', range: value.whole })) : []
    default:
      return 'values' in instruction && part === 'argument' ? instruction.values.map(value => ({ value: valueOf(value), range: value.whole })) : [{ value: instruction.rest.value, range: [instruction.keyword.whole[0], Math.max(instruction.keyword.whole[1], instruction.rest.whole[1])] }]
  }
}

/** A flag without a value is switched on. */
const flagValue = ({ value }: Flag): string | undefined => (value === undefined ? 'true' : value.value.includes('$') ? undefined : value.value)

/** `ARG HTTP_PROXY` without default takes whatever the builder is given. */
const pairValue = ({ value }: Pair, instruction: string, valueOf: (text: Text) => string | undefined): string | undefined =>
  value === undefined ? (instruction === 'ARG' ? undefined : '') : valueOf(value)

/** `COPY <<EOF daemon.json` */
function copiedDocuments(instruction: Instruction, { resolve }: Pick<Step, 'resolve'>): Command[] {
  if (!('destination' in instruction) || !instruction.destination || instruction.heredocs.length !== 1) return []
  const path = resolve(instruction.destination)
  const word: Word = { text: path.text, known: path.known }
  const content: Word = { text: instruction.heredocs[0]!.body, known: true }
  return namesDaemonFile(word) ? [{ words: [], range: instruction.range, guards: [], output: { path: word, content: [content], appends: false } }] : []
}

/** The commands that an instruction runs, by the shell that reads it. */
async function commandsOf(instruction: Instruction, shell: Shell | 'unknown'): Promise<Command[]> {
  if (!('exec' in instruction || 'script' in instruction) || instruction.name === 'SHELL') return []
  const { readCommands, unwrapped } = await import('./script.ts')
  if (instruction.exec) {
    const words = instruction.exec.map(text => ({ text, known: true }))
    return words.length > 0 ? unwrapped({ words, range: [words[0]!.text.whole[0], words.at(-1)!.text.whole[1]], guards: [] }) : []
  }
  const script = instruction.script
  if (!script) return []
  const reader = instruction.shebang ? shellOfShebang(instruction.shebang.value) : shell
  return reader === 'unknown' ? [] : [...(await readCommands(reader, script)).commands]
}

function shellOfShebang(shebang: string): Shell | 'unknown' {
  if (/\b(ba|da|k|z|a)?sh\b/.test(shebang)) return 'bash'
  return /pwsh|powershell/i.test(shebang) ? 'powershell' : 'unknown'
}
