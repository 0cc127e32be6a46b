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

  /** Reads mutants of seeds; returns the first whose ranges are not in it. Throws if the language does. */
  async fuzz(seeds: readonly string[], milliseconds = Number(process.env['FUZZ_MILLISECONDS'] ?? 1500)): Promise<string | undefined> {
    const random = generator(20260101)
    const pick = (limit: number): number => Math.floor(random() * Math.max(1, limit))
    for (const end = Date.now() + milliseconds; Date.now() < end; ) {
      const source = mutant(seeds[pick(seeds.length)]!, seeds[pick(seeds.length)]!, pick)
      const reading = await this.#language.read((await import('../src/text.ts')).Text.file(source), knowledge.matrix, this.#path, { environment: new Map() })
      const ranges = [
        ...(reading?.intents ?? []).flatMap(({ range, settings, platform }) => [range, ...settings.map(setting => setting.range), ...platform.evidence.map(evidence => evidence.range)]),
        ...(reading?.problems ?? []).map(({ range }) => range),
        ...(reading?.comments ?? []).map(({ whole }) => whole)
      ]
      if (ranges.some(([start, stop]) => !(start >= 0 && start <= stop && stop <= source.length))) return source
    }
    return undefined
  }
}

const onceEach = (diagnostics: readonly Diagnostic[]): Diagnostic['range'][] => [...new Map(diagnostics.map(({ range }) => [range.join(), range])).values()]

function mutant(source: string, other: string, pick: (limit: number) => number): string {
  let text = source
  for (let change = 0; change <= pick(4); change++) {
    const at = pick(text.length)
    const to = at + pick(12)
    const from = pick(other.length)
    const inserted = ['', other.slice(from, from + pick(20)), '\n', '"', "'", '{', '}', '$(', '\\', '\t', '`'][pick(11)]!
    text = text.slice(0, at) + inserted + text.slice(to)
  }
  return text
}

/** Numbers that look random and are the same each time. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
