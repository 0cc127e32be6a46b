import type { Diagnostic } from '../src/diagnostic.ts'
import { knowledge } from '../src/knowledge.ts'
import type { Language } from '../src/language.ts'
import { lint, type LintOptions, type LintResult } from '../src/linter.ts'
import { parseTargets } from '../src/target.ts'
import { mark, unmark } from './marked.ts'

/** Lints as porthole does, with a language asked before all others. */
export class Embedding {
  readonly #language: Language
  readonly #path: string

  constructor(language: Language, path: string) {
    this.#language = language
    this.#path = path
  }

  lint(source: string, { path = this.#path, platform = 'windows' }: { path?: string; platform?: LintOptions['platform'] } = {}): Promise<LintResult> {
    const languages = [this.#language, ...knowledge.languages.filter(({ id }) => id !== this.#language.id)]
    return lint(path, source, { ...knowledge, languages }, { targets: parseTargets([]), platform }, { environment: new Map() })
  }

  /** Marks what is found in marked text. */
  async marked(marked: string, path?: string): Promise<string> {
    const { source } = unmark(marked)
    const { diagnostics } = await this.lint(source, path === undefined ? {} : { path })
    return mark(source, onceEach(diagnostics))
  }

  /** What is found, as it is written. */
  async found(source: string, path?: string): Promise<string[]> {
    const { diagnostics } = await this.lint(source, path === undefined ? {} : { path })
    return diagnostics.map(({ range }) => source.slice(...range))
  }
}

const onceEach = (diagnostics: readonly Diagnostic[]): Diagnostic['range'][] => [...new Map(diagnostics.map(({ range }) => [range.join(), range])).values()]
