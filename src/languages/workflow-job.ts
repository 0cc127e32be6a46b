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
  /** Where so much had been read that the rest was not. */
  readonly unread?: Range
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

/** Scripts are looked at where they begin: a long one does not say more. */
const longestLook = 20_000

/** Whether a script is written as only PowerShell is. */
export const isEvidentlyPowerShell = (source: string): boolean =>
  /\$env:\w|(?:^|[\s;|({])[A-Z]\w{1,40}-[A-Z]\w{1,60}(?=\s|$)|^[ \t]*\$\w+[ \t]*=[^=]|[ \t]`[ \t]*\r?$|^[ \t]*&[ \t]/m.test(source.slice(0, longestLook))

/** Whether a script is written as only cmd's are. */
export const isEvidentlyBatch = (source: string): boolean => /[ \t]\^[ \t]*\r?$|%[A-Za-z_]\w{0,60}%|^[ \t]*(?:rem|call)[ \t]/im.test(source.slice(0, longestLook))
