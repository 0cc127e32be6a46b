import { writeFixed } from './fix-file.ts'
import { readStandardInput } from './files.ts'
import { isWanted, makeFixes, type FixMode } from './fixer.ts'
import { counted } from './formatter.ts'
import { lintFiles, type RunOptions, type RunResult } from './run.ts'
import { encode, type SourceFile } from './source-file.ts'
import { unifiedDiff } from './unified-diff.ts'

/** Lint what a command line names, and fix it in memory. */
export async function fixFiles(paths: readonly string[], options: RunOptions, mode: FixMode): Promise<FixRun> {
  // Standard input can be read once.
  const input = paths.includes('-') ? await readStandardInput() : undefined
  const given = new Map(input && [[options.stdinFilename, input.text]])
  const found = await lintFiles(paths, { ...options, texts: given })
  // What a run tells of itself is told of the first one.
  const again = { ...options, explainsPlatform: false, observers: [] }
  // Nobody has asked for files that others name to be changed.
  const left = await makeFixes(found, mode, texts => lintFiles(paths, { ...again, texts: new Map([...given, ...texts]) }), path => !found.referred.has(path))
  return new FixRun(found, left, mode, input && { path: options.stdinFilename, file: input })
}

/** A file whose text has changed. */
interface FixedFile {
  readonly path: string
  readonly before: string
  readonly after: string
  /** How many findings are gone. */
  readonly mended: number
}

/** What fixes make of files; nothing is written until that is asked for. */
export class FixRun {
  /** What is found when all is fixed. */
  readonly left: RunResult
  readonly #mode: FixMode
  readonly #input: { readonly path: string; readonly file: SourceFile } | undefined
  #fixed: readonly FixedFile[]

  constructor(found: RunResult, left: RunResult, mode: FixMode, input: { readonly path: string; readonly file: SourceFile } | undefined) {
    this.left = left
    this.#mode = mode
    this.#input = input
    const before = new Map(found.files.map(file => [file.path, file]))
    this.#fixed = left.files.flatMap(({ path, text, diagnostics }) => {
      const old = before.get(path)
      return old && old.text !== text ? [{ path, before: old.text, after: text, mended: old.diagnostics.length - diagnostics.length }] : []
    })
  }

  /** Whether there is something to fix. */
  get isNeeded(): boolean {
    return this.#fixed.length > 0
  }

  /** Whether standard output is for the text of standard input. */
  get hasInput(): boolean {
    return this.#input !== undefined
  }

  diff(): string {
    return this.#fixed.map(({ path, before, after }) => unifiedDiff(path, before, after)).join('')
  }

  /** Writes what was fixed; standard input goes to standard output, fixed or not. What cannot be written is an error. */
  write(): void {
    if (this.#input) {
      const { path, file } = this.#input
      process.stdout.write(encode(this.#fixed.find(fixed => fixed.path === path)?.after ?? file.text, file))
    }
    this.#fixed = this.#fixed.filter(({ path, before, after }) => {
      try {
        if (path !== this.#input?.path) writeFixed(path, before, after)
        return true
      } catch (error) {
        this.left.errors.push({ path, message: (error as Error).message })
        return false
      }
    })
  }

  /** `fixed 3 findings in 2 files; 1 more can be fixed with --unsafe-fixes` */
  summary(verb: string): string {
    const mended = this.#fixed.reduce((sum, file) => sum + file.mended, 0)
    const done = this.#fixed.length === 0 ? 'nothing' : `${counted(mended, 'finding')} in ${counted(this.#fixed.length, 'file')}`
    const more = this.left.files.flatMap(({ path, diagnostics }) => (this.left.referred.has(path) ? [] : diagnostics)).filter(({ fix }) => fix && !isWanted(fix, this.#mode)).length
    return `porthole: ${verb} ${done}${more > 0 ? `; ${more} more can be fixed with --unsafe-fixes` : ''}\n`
  }
}
