import type { Shell, SyntaxProblem } from '../command.ts'
import { imagePlatform, type ImagePlatform } from '../image.ts'
import type { Range, Text } from '../text.ts'
import { programName, signsOf, type Sign } from './dockerfile-evidence.ts'
import type { DockerfileSyntax, FromInstruction, Instruction, PairInstruction } from './dockerfile-syntax.ts'
import { Environment, expandWord, isAutomatic, type Expansion, type Variable } from './dockerfile-variable.ts'

export interface Evidence {
  readonly range: Range
  readonly says: string
}

/** An instruction of a stage, and what is in force there. */
export interface Step {
  readonly instruction: Instruction
  /** The shell that reads the instruction's script, if it has one. */
  readonly shell: Shell | 'unknown'
  /** The value of a word of the instruction: quotes and escapes removed, variables replaced. */
  resolve(word: Text): Expansion
}

/** A FROM and what follows it. */
export interface Stage {
  readonly instruction: FromInstruction
  readonly name?: Text
  /** What the stage is built from, as written. */
  readonly from: Text
  /** The same, variables replaced. */
  readonly image: Expansion
  /** The earlier stage that `from` names, if it does. */
  readonly base?: Stage
  readonly platform?: Expansion
  readonly steps: readonly Step[]
  readonly os: 'windows' | 'linux' | 'unknown'
  /** The build of Windows: 17763 is Windows Server 2019. */
  readonly build?: number
  /** What speaks for `os`, the strongest first. */
  readonly evidence: readonly Evidence[]
}

export interface DockerfileStages {
  /** The ARG instructions before the first stage. */
  readonly globals: readonly Step[]
  readonly stages: readonly Stage[]
  readonly problems: readonly SyntaxProblem[]
}

/** Follows variables, operating systems and shells through the stages of a Dockerfile. */
export function readStages(syntax: DockerfileSyntax): DockerfileStages {
  const reader = new StageReader(syntax)
  for (const instruction of syntax.instructions) reader.add(instruction)
  return { globals: reader.globals, stages: reader.finish(), problems: syntax.templates.length > 0 ? [] : reader.problems }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A stage while it is read. */
interface Draft {
  readonly stage: Omit<Mutable<Stage>, 'steps'> & { readonly steps: Mutable<Step>[] }
  readonly environment: Environment
  readonly base?: Draft
  readonly family: Family
  /** The shell in force at the end. */
  shell: Step['shell']
  /** Whether nothing says so but that Windows has cmd by default. */
  assumed: boolean
}

/** The stages that are built from one image, through whatever other stages. */
interface Family {
  readonly image?: ImagePlatform
  readonly platform?: Expansion
  readonly members: Draft[]
  readonly evidence: Evidence[]
  os: Stage['os']
  build?: number
}

class StageReader {
  readonly globals: Step[] = []
  readonly problems: SyntaxProblem[] = []
  readonly #syntax: DockerfileSyntax
  readonly #global = new Environment()
  readonly #drafts: Draft[] = []
  readonly #byName = new Map<string, Draft>()

  constructor(syntax: DockerfileSyntax) {
    this.#syntax = syntax
  }

  add(instruction: Instruction): void {
    const draft = this.#drafts.at(-1)
    if (instruction.name === 'FROM') this.#from(instruction)
    else if (draft) this.#step(draft, instruction)
    else if (instruction.name === 'ARG') {
      this.globals.push({ instruction, shell: 'unknown', resolve: this.#resolver(this.#global, false) })
      this.#define(instruction, this.#global, false)
    } else {
      this.problems.push({ message: `${instruction.name} needs a stage to belong to: only ARG may stand before the first FROM.`, range: instruction.range })
    }
  }

  finish(): Stage[] {
    const families = [...new Set(this.#drafts.map(d => d.family))]
    for (const family of families) decide(family)
    this.#adoptEscape(families)
    adoptFromOthers(families)
    for (const draft of this.#drafts) settle(draft)
    return this.#drafts.map(d => d.stage)
  }

  /** The backtick spares the paths of Windows their backslash, but pwsh, which runs on Linux too, likes it as well. */
  #adoptEscape(families: readonly Family[]): void {
    const directive = this.#syntax.directives.find(d => d.name === 'escape')
    if (!directive || this.#syntax.escape !== '`' || this.#syntax.instructions.some(isPwsh)) return
    for (const family of families) adopt(family, 'windows', { range: directive.text.whole, says: 'the escape character is `' })
  }

  #from(instruction: FromInstruction): void {
    const from = instruction.image ?? instruction.rest
    const resolve = this.#resolver(this.#global, true)
    const image = resolve(from)
    const flag = instruction.flags.find(f => f.name.value === 'platform')?.value
    const platform = flag && resolve(flag)
    const base = this.#byName.get(image.text.value.toLowerCase())
    const known = base ? undefined : imagePlatform(image.text.value)
    const family: Family = base?.family ?? { members: [], os: 'unknown', evidence: [], ...(known && { image: known }), ...(platform && { platform }) }
    const name = instruction.alias
    const draft: Draft = {
      environment: new Environment(base?.environment), family, shell: 'unknown', assumed: false, ...(base && { base }),
      stage: { instruction, from, image, steps: [], os: 'unknown', evidence: [], ...(name && { name }), ...(base && { base: base.stage }), ...(platform && { platform }) }
    }
    family.members.push(draft)
    this.#drafts.push(draft)
    if (name) this.#byName.set(name.value.toLowerCase(), draft)
  }

  #step({ stage, environment }: Draft, instruction: Instruction): void {
    stage.steps.push({ instruction, shell: 'unknown', resolve: this.#resolver(environment, false) })
    if (instruction.name === 'ARG' || instruction.name === 'ENV') this.#define(instruction, environment, true)
  }

  #define({ name, pairs }: PairInstruction, environment: Environment, inStage: boolean): void {
    if (name === 'LABEL') return
    const before = this.#resolver(environment, false)
    for (const pair of pairs) {
      // The variables of one ENV do not see each other; those of one ARG do.
      const value = pair.value && (name === 'ENV' ? before : this.#resolver(environment, false))(pair.value)
      const defined = value ? variable(value, name) : this.#bare(pair.name.value, inStage)
      // An argument without a value takes nothing away from a variable that has one.
      if (value || defined?.value !== undefined || !environment.get(pair.name.value)) environment.define(name, pair.name.value, defined)
    }
  }

  /** `ARG name`: in a stage, the value of the argument of that name before the first stage. */
  #bare(name: string, inStage: boolean): Variable | undefined {
    return (inStage ? this.#global.get(name)?.variable : undefined) ?? { known: true, overridable: true }
  }

  #resolver(environment: Environment, inFrom: boolean): (word: Text) => Expansion {
    const { now } = environment
    // An image brings variables of its own; before the first stage there is no image.
    const undeclared: Variable | undefined = inFrom ? { known: true, overridable: false } : undefined
    return word => expandWord(word, this.#syntax.escape, name => {
      const found = environment.get(name, now)
      return found ? found.variable : isAutomatic(name) ? undefined : undeclared
    })
  }
}

function variable({ text, known, overridable }: Expansion, by: 'ARG' | 'ENV'): Variable {
  return { value: text.value, known, overridable: overridable || by === 'ARG' }
}

/** Decides the system of a family: by its platform, else its image, else the signs in its instructions. */
function decide(family: Family): void {
  const { stage } = family.members[0]!
  const platform = platformOf(family.platform)
  const { image } = family
  if (platform) {
    family.os = platform.os
    family.evidence.push({ range: stage.platform!.text.whole, says: `the platform is ${stage.platform!.text.value}` })
  } else if (image && image.os !== 'unknown') family.os = image.os
  if (image && image.os === family.os && image.os !== 'unknown') family.evidence.push({ range: stage.from.whole, says: image.because })
  const build = platform?.build ?? (family.os === 'windows' ? image?.build : undefined)
  if (build !== undefined) family.build = build
  bySigns(family)
}

/** `windows/amd64`, `windows(10.0.17763.1)/amd64`. */
function platformOf(platform: Expansion | undefined): { os: 'windows' | 'linux'; build?: number } | undefined {
  const match = platform && /^(windows|linux)(?:\(10\.0\.(\d{1,6})(?:\.\d+)?\))?(?:\/|$)/i.exec(platform.text.value)
  if (!match) return undefined
  return { os: match[1]!.toLowerCase() as 'windows' | 'linux', ...(match[2] && { build: Number(match[2]) }) }
}

const shown = 5

function bySigns(family: Family): void {
  const signs = familySigns(family)
  if (family.os === 'unknown') family.os = weigh(signs)
  // A local image may bear the name of a public one that it has nothing to do with.
  else if (family.os === 'linux' && !family.platform && sum(signs, 'windows') > 2 && sum(signs, 'linux') === 0) family.os = 'unknown'
  if (family.os === 'unknown') family.evidence.length = 0
  family.evidence.push(...signs.filter(s => s.os === family.os).slice(0, shown).map(({ range, says }) => ({ range, says })))
}

/** One sign of each kind, the strongest first. */
function familySigns(family: Family): Sign[] {
  const kinds = new Map<string, Sign>()
  for (const { stage } of family.members) {
    let portable = false
    for (const { instruction } of stage.steps) {
      if (instruction.name === 'SHELL') portable = isPwsh(instruction)
      for (const sign of signsOf(instruction, portable)) {
        const kind = `${sign.os} ${sign.says.split(':', 1)[0]!}`
        if (!kinds.has(kind)) kinds.set(kind, sign)
      }
    }
  }
  return [...kinds.values()].sort((a, b) => b.weight - a.weight)
}

function isPwsh(instruction: Instruction): boolean {
  return instruction.name === 'SHELL' && programName(instruction.exec?.[0]?.value ?? '') === 'pwsh'
}

function sum(signs: readonly Sign[], os: Sign['os']): number {
  return signs.reduce((total, s) => total + (s.os === os ? s.weight : 0), 0)
}

/** One system must have more than a hint, and twice what the other has. */
function weigh(signs: readonly Sign[]): Stage['os'] {
  const [windows, linux] = [sum(signs, 'windows'), sum(signs, 'linux')]
  if (windows >= 2 && windows >= 2 * linux) return 'windows'
  if (linux >= 2 && linux >= 2 * windows) return 'linux'
  return 'unknown'
}

function adopt(family: Family, os: 'windows' | 'linux', evidence: Evidence): void {
  if (family.os === 'unknown') family.os = os
  if (family.os === os) family.evidence.push(evidence)
}

/** All stages without a platform of their own are built for the same one, unless the file chooses among stages by it. */
function adoptFromOthers(families: readonly Family[]): void {
  if (families.some(f => f.members.some(m => /\$\{?TARGET(?:OS|PLATFORM)\b/.test(m.stage.from.value)))) return
  const free = families.filter(f => f.platform === undefined)
  const decided = free.filter(f => f.os !== 'unknown')
  const [first] = decided
  if (!first || first.os === 'unknown' || decided.some(f => f.os !== first.os)) return
  for (const family of free) {
    if (family.os === 'unknown') adopt(family, first.os, { range: first.members[0]!.stage.from.whole, says: `the other stages are for ${first.os === 'windows' ? 'Windows' : 'Linux'}` })
  }
}

/** Copies what the family is to the stage, and finds the shell of each step. */
function settle(draft: Draft): void {
  const { stage, family, base } = draft
  stage.os = family.os
  stage.evidence = family.evidence
  if (family.build !== undefined) stage.build = family.build
  draft.shell = base ? base.shell : imageShell(family)
  draft.assumed = base ? base.assumed : family.os === 'windows' && !family.image?.shell
  for (const step of stage.steps) {
    if (step.instruction.name === 'SHELL') {
      draft.shell = shellNamed(step.instruction.exec?.[0]?.value)
      draft.assumed = false
    }
    step.shell = interpreter(step.instruction, family.os) ?? (draft.assumed && isPowershell(step.instruction) ? 'powershell' : draft.shell)
  }
  for (const step of stage.steps) {
    // A health check is run, and a trigger is fired, when the image is complete.
    if (step.instruction.name === 'HEALTHCHECK' || step.instruction.name === 'ONBUILD') step.shell = draft.shell
  }
}

function imageShell({ image, os }: Family): Step['shell'] {
  if (os === 'windows') return image?.shell ?? 'cmd'
  return os === 'linux' ? 'bash' : 'unknown'
}

/** A script that cmd could not run: the image must be configured with PowerShell. */
function isPowershell(instruction: Instruction): boolean {
  return 'script' in instruction && /^(?:\$|[A-Z][a-z]+-[A-Z][A-Za-z]+(?:\s|$))/.test(instruction.script?.value.slice(0, 100) ?? '')
}

const shells: ReadonlyMap<string, Shell> = new Map([
  ['cmd', 'cmd'], ['powershell', 'powershell'], ['pwsh', 'powershell'],
  ['sh', 'bash'], ['bash', 'bash'], ['ash', 'bash'], ['dash', 'bash'], ['ksh', 'bash'], ['zsh', 'bash']
])

function shellNamed(program: string | undefined): Step['shell'] {
  return (program !== undefined && shells.get(programName(program))) || 'unknown'
}

/** The shell that a here-document names (`#!/usr/bin/env bash`); Windows does not look. */
function interpreter(instruction: Instruction, os: Stage['os']): Step['shell'] | undefined {
  if (instruction.name !== 'RUN' || !instruction.shebang || os === 'windows') return undefined
  const words = instruction.shebang.value.slice(2).trim().split(/\s+/)
  const program = programName(words[0]!) === 'env' ? words.slice(1).find(w => !w.startsWith('-')) : words[0]
  return shellNamed(program)
}
