import type { Range, Text } from './text.ts'

/** One word of a command, quotes and escapes removed. */
export interface Word {
  readonly text: Text
  /**
   * Whether nothing in it is computed at run time. In a word that is not
   * known, `text` still holds the raw source of the computed parts (`$NET`),
   * and `holes` says where in `text.value` these are.
   */
  readonly known: boolean
  readonly holes?: readonly Range[]
}

/** A condition on the operating system under which a command runs. */
export interface Guard {
  /** What the condition proves about the machine the command runs on. */
  readonly os: 'windows' | 'linux' | 'darwin' | 'unix'
  /** `false`: the command runs only where `os` is *not* the system. */
  readonly holds: boolean
  /** The condition, as written. */
  readonly range: Range
}

/** What a command writes to a file. */
export interface Output {
  readonly path: Word
  /** In this order, blanks between them. */
  readonly content: readonly Word[]
  /** Whether what is there stays before it. */
  readonly appends: boolean
}

/** A simple command of a script: a program and its arguments; without words if an expression alone writes a file. */
export interface Command {
  readonly words: readonly Word[]
  readonly range: Range
  readonly guards: readonly Guard[]
  readonly output?: Output | undefined
}

/** A command whose words, and those that it writes, are changed. */
export function withWords(command: Command, change: (word: Word) => Word): Command {
  const { words, output } = command
  return { ...command, words: words.map(change), ...(output && { output: { ...output, path: change(output.path), content: output.content.map(change) } }) }
}

/** A place where a script could not be read; the rest of it was. */
export interface SyntaxProblem {
  readonly message: string
  readonly range: Range
}

/** Which shell reads a script. */
export type Shell = 'bash' | 'powershell' | 'cmd'

/** A script that a script hands to a shell: `bash -c '…'`, `cmd /c "…"`, `Invoke-Expression "…"`. */
export interface NestedScript {
  readonly shell: Shell
  readonly text: Text
  /** Parts of the file (not offsets into `text`) that are computed at run time: a word that touches one is not known. */
  readonly holes: readonly Range[]
  readonly guards: readonly Guard[]
}

/** What a script reader returns. */
export interface Script {
  readonly commands: readonly Command[]
  readonly nested: readonly NestedScript[]
  readonly problems: readonly SyntaxProblem[]
  /** Comments with their markers, for suppressions. */
  readonly comments: readonly Text[]
}
