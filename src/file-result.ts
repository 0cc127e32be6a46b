import { withSeverities, type RuleSettings } from './config.ts'
import type { Diagnostic } from './diagnostic.ts'
import { readDotenv } from './env-file.ts'
import { factsOf, type FileFacts } from './file-facts.ts'
import type { LintedFile } from './formatter.ts'
import { knowledge } from './knowledge.ts'
import type { EntryPoint, Subject } from './language.ts'
import { lintReading, read, type LintOptions, type LintResult, type PlatformMode, type ReadFile } from './linter.ts'
import { namesWindows, parseTargets } from './target.ts'
import { Workspace } from './workspace.ts'

/** What is found in a file, as reports show it. */
export type Findings = Required<Pick<LintedFile, 'diagnostics' | 'leftOut' | 'suppressed' | 'gaps'>>

/** What is found in a file by itself, and what others may want to know of it: plain data. */
export interface FileResult {
  readonly facts: FileFacts
  readonly findings: Findings
}

/** How a file is judged. */
export interface FileSettings {
  /** As `--target` takes them. */
  readonly targets: readonly string[]
  readonly platform: PlatformMode
  /** From the strongest to the weakest. */
  readonly rules: readonly RuleSettings[]
}

/** A file to be read. */
export interface FileInput {
  /** As it is shown. */
  readonly path: string
  readonly text: string
  /** Text of the `.env` file beside it; empty if there is none. */
  readonly dotenv: string
  /** The language that it is known to be in. */
  readonly language?: string | undefined
  /** What is known to read it, if it is a compose file. */
  readonly entryPoint?: EntryPoint | undefined
}

/** A file that was read, with what is found in it by itself. */
export interface ReadResult extends FileResult {
  readonly file: ReadFile
  readonly subjects: readonly Subject[]
}

/** Lint a file by itself; `undefined`: nothing in it speaks of Docker. */
export async function fileResult(input: FileInput, settings: FileSettings): Promise<ReadResult | undefined> {
  const file = await readInput(input)
  if (!file) return undefined
  const { path, text } = input
  const facts = factsOf(path, file.language, file.reading)
  const alone = new Workspace()
  alone.add(path, facts)
  const found = lintReading({ ...file, reading: alone.join(path, file.reading) }, knowledge, lintOptions(settings))
  return { file, facts, subjects: found.subjects, findings: await findingsOf(found, text, settings) }
}

/** Read a file; `undefined`: nothing in it speaks of Docker. */
export const readInput = ({ path, text, dotenv, language, entryPoint }: FileInput): Promise<ReadFile | undefined> =>
  read(path, text, knowledge, { environment: environmentOf(dotenv), language, entryPoint })

/** What is left of what was found when the comments of the file and the configuration have been heard. */
export async function findingsOf(found: LintResult, text: string, settings: FileSettings): Promise<Findings> {
  const { kept, suppressed } = await withoutSuppressed(found, text, lintOptions(settings))
  return { diagnostics: withSeverities(kept, settings.rules), leftOut: found.leftOut, suppressed, gaps: found.gaps }
}

/** What is left when the comments of a file have been heard; what is wrong with these is added. */
async function withoutSuppressed(found: LintResult, text: string, options: LintOptions): Promise<{ kept: readonly Diagnostic[]; suppressed: Findings['suppressed'] }> {
  if (!found.comments.some(comment => comment.value.includes('porthole-'))) return { kept: found.diagnostics, suppressed: [] }
  const { hear } = await import('./hearing.ts')
  const { kept, suppressed, problems } = hear(found, text, options)
  return { kept: [...kept, ...problems].sort((a, b) => a.range[0] - b.range[0]), suppressed }
}

/** The same object for the same settings: verdicts are kept for each list of targets. */
const knownOptions = new Map<string, LintOptions>()

export function lintOptions({ targets, platform }: FileSettings): LintOptions {
  const key = `${platform} ${targets.join(' ')}`
  let known = knownOptions.get(key)
  if (!known) knownOptions.set(key, (known = { targets: parseTargets(targets), statedTargets: namesWindows(targets), platform }))
  return known
}

let lastEnvironment = { dotenv: '', environment: readDotenv('') }

/** Files of one folder have the same variables, and come one after the other. */
function environmentOf(dotenv: string): ReturnType<typeof readDotenv> {
  if (lastEnvironment.dotenv !== dotenv) lastEnvironment = { dotenv, environment: readDotenv(dotenv) }
  return lastEnvironment.environment
}
