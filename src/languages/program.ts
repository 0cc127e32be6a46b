import type { Command } from '../command.ts'
import type { Setting } from '../intent.ts'
import type { Matrix } from '../matrix.ts'
import { matcherOf } from '../value-pattern.ts'
import { programName } from './wrapper.ts'

/** Whether a text names a program that the matrix speaks of: a cheap look before a shell's reader is loaded. */
export const mayNameProgram = (text: string, matrix: Matrix): boolean => matrix.programPattern.test(text)

/** What a command asks for by the program it runs, such as `ifconfig`. */
export function programSettings(command: Command, matrix: Matrix): Setting[] {
  const [program, ...words] = command.words
  const name = programName(program)
  if (!program?.known || name === undefined) return []
  return matrix.programs(name.toLowerCase()).flatMap(({ row, spelling }) => {
    const wanted = spelling.arguments ?? []
    const matches = wanted.every((pattern, index) => {
      const word = words[index]
      return word?.known === true && matcherOf(pattern)(word.text.value) === true
    })
    const last = wanted.length === 0 ? program : words[wanted.length - 1]
    return matches && last ? [{ row, value: name, instead: spelling.instead && `Use ${spelling.instead}`, range: [program.text.whole[0], last.text.whole[1]] as const }] : []
  })
}
