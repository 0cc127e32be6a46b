import type { Guard, Shell } from '../command.ts'
import type { Platform } from '../intent.ts'
import type { Piece, Text } from '../text.ts'
import type { EmbeddedScript } from './embedded-script.ts'
import type { GroovyToken } from './groovy-token.ts'
import { holeCharacter, holePiece } from './hole.ts'

/** Steps that run a script, and the shell that reads it. */
const steps: ReadonlyMap<string, Shell> = new Map([['sh', 'bash'], ['bat', 'cmd'], ['powershell', 'powershell'], ['pwsh', 'powershell']])

/** What stands before the arguments that a method or a setting of the Docker plugin takes, and what after them. */
const dockerArguments: ReadonlyMap<string, { readonly before: string; readonly after: string }> = new Map([
  ...['inside', 'withRun', 'args'].map(name => [name, { before: 'docker run ', after: ` ${holeCharacter}` }] as const),
  ['build', { before: 'docker build ', after: '' }], ['additionalBuildArgs', { before: 'docker build ', after: ' .' }]
])

/** A block in braces, and what holds in it. */
interface Block {
  /** What stands before its brace, as far as it matters: `agent`, `node`, … */
  readonly name: string
  readonly guards: readonly Guard[]
  platform?: Platform | undefined
  /** What holds if a condition before it does not. */
  readonly otherwise: Guard | undefined
}

/** Strings that are joined. */
interface Concatenation {
  readonly pieces: readonly Piece[]
  readonly start: number
  readonly end: number
}

/** The scripts that the steps of a pipeline run. */
export function jenkinsSteps(file: Text, tokens: readonly GroovyToken[]): EmbeddedScript[] {
  return new StepReader(file, tokens).read()
}

class StepReader {
  readonly #file: Text
  readonly #tokens: readonly GroovyToken[]
  readonly #scripts: EmbeddedScript[] = []
  readonly #blocks: Block[] = []
  /** A condition that has just been read, and where. */
  #condition: { readonly guard: Guard; readonly next: number } | undefined
  /** What an `else` means. */
  #otherwise: Guard | undefined
  /** What is known of the block that opens next. */
  #pending: Platform | undefined
  #at = 0

  constructor(file: Text, tokens: readonly GroovyToken[]) {
    this.#file = file
    this.#tokens = tokens
  }

  read(): EmbeddedScript[] {
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at]!
      if (token.value === '{' && token.kind === 'mark') this.#open()
      else if (token.value === '}' && token.kind === 'mark') this.#close()
      else if (token.kind === 'name') this.#name(token)
      this.#at++
    }
    return this.#scripts
  }

  #is(index: number, value: string): boolean {
    const token = this.#tokens[index]
    return token !== undefined && token.kind !== 'string' && token.value === value
  }

  #afterBreaks(index: number): number {
    while (this.#tokens[index]?.kind === 'break') index++
    return index
  }

  #name({ value }: GroovyToken): void {
    if (value === 'if') this.#if()
    else if (value === 'else' && this.#otherwise) this.#condition = { guard: this.#otherwise, next: this.#afterBreaks(this.#at + 1) }
    else if (value === 'label') this.#label(this.#at + 1)
    else if (value === 'node') this.#label(this.#at + 1, true)
    else if (dockerArguments.has(value)) this.#docker(value)
    else if (steps.has(value) && !this.#is(this.#at - 1, 'def')) this.#step(steps.get(value)!)
  }

  /** `if (isUnix())`, `if (!isUnix())` */
  #if(): void {
    const isNegated = this.#is(this.#at + 2, '!')
    const words = ['(', ...(isNegated ? ['!'] : []), 'isUnix', '(', ')', ')']
    if (!words.every((word, index) => this.#is(this.#at + 1 + index, word))) {
      this.#otherwise = undefined
      return
    }
    const last = this.#at + words.length
    const guard: Guard = { os: 'unix', holds: !isNegated, range: this.#file.range(this.#tokens[this.#at + 2]!.start, this.#tokens[last - 1]!.end) }
    this.#condition = { guard, next: this.#afterBreaks(last + 1) }
    this.#at = last
  }

  #open(): void {
    const condition = this.#condition?.next === this.#at ? this.#condition.guard : undefined
    this.#condition = undefined
    this.#otherwise = undefined
    if (this.#blocks.length >= 200) return
    const platform = this.#pending
    this.#pending = undefined
    this.#blocks.push({ name: this.#tokens[this.#at - 1]?.value ?? '', guards: condition ? [condition] : [], platform, otherwise: condition && { ...condition, holds: !condition.holds } })
  }

  #close(): void {
    this.#condition = undefined
    this.#otherwise = this.#blocks.pop()?.otherwise
    const next = this.#afterBreaks(this.#at + 1)
    if (!this.#is(next, 'else')) this.#otherwise = undefined
    else this.#at = next - 1
  }

  /** `label 'windows'` in an agent says where the steps beside it run, `node('windows')` where those in it do. */
  #label(index: number, isNode = false): void {
    const at = this.#is(index, '(') ? index + 1 : index
    const token = this.#tokens[at]
    if (token?.kind !== 'string') return
    const platform = this.#platformOf(token)
    if (isNode) this.#pending = platform
    else {
      const agent = this.#blocks.findLastIndex(({ name }) => name === 'agent')
      const around = agent > 0 ? this.#blocks[agent - 1] : undefined
      if (around) around.platform = platform
    }
  }

  #platformOf({ pieces, start, end }: GroovyToken): Platform {
    const label = (pieces ?? []).map(([decoded]) => decoded).join('')
    const isSure = !/\|\||!/.test(label)
    const os = !isSure ? 'unknown' : /(^|[^a-z])win(dows|\d|[^a-z]|$)/i.test(label) ? 'windows' : /(^|[^a-z])(linux|ubuntu|debian|centos|rhel|alpine)/i.test(label) ? 'linux' : 'unknown'
    return { os, declared: false, evidence: os === 'unknown' ? [] : [{ os, says: `the agent \`${label}\``, range: this.#file.range(start, end) }] }
  }

  /** `docker.image('x').inside('--network nat')`, `docker.build('x', '--network nat .')`, `agent { docker { args '…' } }` */
  #docker(name: string): void {
    const isSetting = name === 'args' || name === 'additionalBuildArgs'
    const isMethod = this.#is(this.#at - 1, '.') && this.#is(this.#at + 1, '(') && (name !== 'build' || this.#is(this.#at - 2, 'docker'))
    if (isSetting ? !/^docker(?:file)?$/.test(this.#blocks.at(-1)?.name ?? '') : !isMethod) return
    let index = this.#at + (this.#is(this.#at + 1, '(') ? 2 : 1)
    // The first argument of `build` is the name of the image.
    if (name === 'build') index = this.#is(index + 1, ',') ? this.#afterBreaks(index + 2) : this.#tokens.length
    const given = this.#concatenated(index)
    const { before, after } = dockerArguments.get(name)!
    if (given) this.#add('bash', { ...given, pieces: [[before, given.start, given.start], ...given.pieces, [after, given.end, given.end]] }, [])
  }

  /** A step with its script: `sh '…'`, `sh(script: '…', returnStdout: true)`. */
  #step(shell: Shell): void {
    let index = this.#at + 1
    const isCalled = this.#is(index, '(')
    if (isCalled) index = this.#afterBreaks(index + 1)
    if (this.#tokens[index]?.kind !== 'string') index = this.#scriptArgument(index, isCalled)
    const pieces = this.#concatenated(index)
    if (!pieces) return
    const own = this.#condition?.next === this.#at ? [this.#condition.guard] : []
    if (own[0]) this.#otherwiseAfter(own[0])
    this.#add(shell, pieces, own)
  }

  #add(shell: Shell, { pieces, start, end }: Concatenation, own: readonly Guard[]): void {
    const platform = this.#blocks.findLast(block => block.platform !== undefined)?.platform
    const text = this.#file.decode(pieces, [start, end])
    const guards: Guard[] = [...this.#blocks.flatMap(block => block.guards), ...own]
    // What runs on Linux does not run on Windows.
    if (platform?.os === 'linux') guards.push({ os: 'linux', holds: true, range: platform.evidence[0]!.range })
    this.#scripts.push({ shell, text, guards, platform })
  }

  /** Where `script:` stands among the arguments of a step. */
  #scriptArgument(from: number, isCalled: boolean): number {
    let depth = 0
    for (let index = from; index < Math.min(this.#tokens.length, from + 60); index++) {
      const token = this.#tokens[index]!
      if (token.kind === 'break' && !isCalled && !this.#is(index - 1, ',')) break
      if (token.kind === 'mark' && '([{'.includes(token.value)) depth++
      if (token.kind === 'mark' && ')]}'.includes(token.value) && --depth < 0) break
      if (depth === 0 && token.value === 'script' && token.kind === 'name' && this.#is(index + 1, ':')) return this.#afterBreaks(index + 2)
    }
    return this.#tokens.length
  }

  /** Strings that `+` joins; other operands are computed. */
  #concatenated(from: number): Concatenation | undefined {
    const first = this.#tokens[from]
    if (first?.kind !== 'string') return undefined
    const pieces = [...(first.pieces ?? [])]
    let end = first.end
    for (let index = this.#afterBreaks(from + 1); this.#is(index, '+'); index = this.#afterBreaks(index + 1)) {
      index = this.#afterBreaks(index + 1)
      const operand = this.#tokens[index]
      if (operand?.kind === 'string') {
        pieces.push(...(operand.pieces ?? []))
        end = operand.end
      } else if (operand?.kind === 'name') {
        while (this.#is(index + 1, '.') && this.#tokens[index + 2]?.kind === 'name') index += 2
        const last = this.#tokens[index]!
        // What a call returns ends what is known.
        pieces.push(holePiece(operand.start, last.end))
        end = last.end
        if (this.#is(index + 1, '(') || this.#is(index + 1, '[')) break
      } else break
    }
    return { pieces, start: first.start, end }
  }

  /** `if (isUnix()) sh '…' else bat '…'` */
  #otherwiseAfter(guard: Guard): void {
    this.#condition = undefined
    for (let index = this.#at + 1; index < Math.min(this.#tokens.length, this.#at + 40); index++) {
      if (this.#is(index, '{') || this.#is(index, '}')) return
      if (this.#is(index, 'else')) {
        this.#condition = { guard: { ...guard, holds: !guard.holds }, next: this.#afterBreaks(index + 1) }
        this.#at = index
        return
      }
    }
  }
}
