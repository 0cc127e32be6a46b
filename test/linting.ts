import type { Diagnostic } from '../src/diagnostic.ts'
import { knowledge } from '../src/knowledge.ts'
import { lint, type LintOptions, type LintResult } from '../src/linter.ts'
import { namesWindows, parseTargets } from '../src/target.ts'

export interface Lintable {
  readonly source: string
  readonly path?: string
  readonly targets?: readonly string[]
  readonly platform?: LintOptions['platform']
  readonly environment?: Readonly<Record<string, string>>
}

/** Lint a text with all that porthole knows. */
export function lintText({ source, path = 'compose.yaml', targets = [], platform = 'windows', environment = {} }: Lintable): Promise<LintResult> {
  return lint(path, source, knowledge, { targets: parseTargets(targets), statedTargets: namesWindows(targets), platform }, { environment: new Map(Object.entries(environment)) })
}

/** The diagnostics of a text. */
export async function diagnosticsOf(lintable: Lintable): Promise<readonly Diagnostic[]> {
  return (await lintText(lintable)).diagnostics
}
