import type { Command, Shell, Word } from '../command.ts'
import type { Platform } from '../intent.ts'
import type { Range, Spanned, Text } from '../text.ts'
import { isOnAzure, platformOf, type Machine } from './workflow-machine.ts'

/** Something that a job runs: a script, or a command that the system composes itself. */
export interface JobStep {
  readonly platform: Platform
  readonly azure: boolean
  readonly script?: { readonly text: Text; readonly shell: Shell; /** Whether it is that shell for sure. */ readonly certain: boolean }
  readonly command?: Command
}

/** A job of a CI definition. */
export interface Job {
  readonly name: Spanned
  readonly platform: Platform
  readonly steps: readonly JobStep[]
}

/** A step on some machines. */
export const scriptStep = (machines: readonly Machine[], text: Text, shell: Shell, certain: boolean): JobStep => ({
  platform: platformOf(machines), azure: isOnAzure(machines), script: { text, shell, certain }
})

export const commandStep = (machines: readonly Machine[], command: Command): JobStep => ({ platform: platformOf(machines), azure: isOnAzure(machines), command })

/** A word that nobody has written: it stands at what asks for it. */
export const impliedWord = (file: Text, value: string, range: Range): Word => ({ text: file.opaque(value, range), known: true })

/** A word of a definition; what holds an expression is not known. */
export const writtenWord = (text: Text, expression = /\$\{\{|\$[(\[]/): Word =>
  expression.test(text.value) ? { text, known: false, holes: [[0, text.value.length]] } : { text, known: true }

/** The words of options that are written as one text. */
export async function optionWords(text: Text): Promise<Word[]> {
  const { readBash } = await import('./bash.ts')
  return readBash(text).commands.flatMap(({ words }) => [...words])
}

/** The text of a PowerShell script, as only PowerShell is written. */
export const isEvidentlyPowerShell = (source: string): boolean =>
  /\$env:\w|(?:^|[\s;|({])(?:[A-Z]\w+-[A-Z]\w+)(?=\s|$)|^\s*\$\w+\s*=[^=]|\s-(?:eq|ne|like|match)\s+["'$].*\{/m.test(source.slice(0, 20_000))
