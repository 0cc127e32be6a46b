import { printable, type Formatter, type LintedFile, type Report, type RunError } from './formatter.ts'
import type { formatNames } from './option.ts'
import { Lines } from './position.ts'
import type { Settings } from './settings.ts'
import type { Range } from './text.ts'
import { UsageError } from './usage-error.ts'

const formatters: Readonly<Record<(typeof formatNames)[number], () => Promise<{ default: Formatter }>>> = {
  pretty: () => import('./formatters/pretty.ts'),
  compact: () => import('./formatters/compact.ts'),
  json: () => import('./formatters/json.ts'),
  jsonl: () => import('./formatters/jsonl.ts'),
  sarif: () => import('./formatters/sarif.ts'),
  github: () => import('./formatters/github.ts'),
  gitlab: () => import('./formatters/gitlab.ts'),
  junit: () => import('./formatters/junit.ts'),
  checkstyle: () => import('./formatters/checkstyle.ts'),
  rdjson: () => import('./formatters/rdjson.ts'),
  rdjsonl: () => import('./formatters/rdjsonl.ts'),
  azure: () => import('./formatters/azure.ts'),
  teamcity: () => import('./formatters/teamcity.ts'),
  markdown: () => import('./formatters/markdown.ts')
}

/** A format, and the file that it is written to if not to standard output. */
export interface Output {
  readonly format: keyof typeof formatters
  readonly path: string | undefined
}

/** Where standard output is taken by the fixed text, the report goes to `stream`. */
export async function printReport(report: Report, { outputs, color, show }: Settings, stream: NodeJS.WriteStream): Promise<void> {
  for (const { format, path } of outputs) {
    const { default: formatter } = await formatters[format]()
    const rules = formatter.describesRules ? (await import('./rule-description.ts')).ruleDescriptions() : undefined
    const text = formatter.format({ ...report, rules }, { color: color && format === 'pretty' && path === undefined, show, width: process.stdout.columns ?? 120 })
    if (path === undefined) stream.write(text)
    else await writeReport(path, text)
  }
}

async function writeReport(path: string, text: string): Promise<void> {
  const [{ mkdirSync, writeFileSync }, { dirname }] = await Promise.all([import('node:fs'), import('node:path')])
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${(error as Error).message}`)
  }
}

export function printErrors(errors: readonly RunError[]): void {
  for (const { path, message } of errors) process.stderr.write(`porthole: ${path === undefined ? '' : `${printable(path)}: `}${printable(message)}\n`)
}

const placeIn = (path: string, text: string, [start]: Range): string => {
  const { line, column } = new Lines(text).position(start)
  return `${path}:${line}:${column}`
}

/** What is no finding, but should be known: files without Docker, findings left out and why. */
export function printNotes(files: readonly LintedFile[], settings: Settings): void {
  if (files.length === 0 && settings.shard) process.stderr.write(`porthole: shard ${settings.shard.index}/${settings.shard.count} has no file that speaks of Docker\n`)
  else if (files.length === 0 && settings.changes) process.stderr.write(`porthole: nothing that is ${settings.changes.kind} speaks of Docker\n`)
  const foreign = files.filter(({ language }) => language === undefined)
  if (foreign.length > 0 && !settings.explainsPlatform) process.stderr.write(`porthole: nothing that speaks of Docker in ${foreign.length > 3 ? `${foreign.length} files` : foreign.map(({ path }) => printable(path)).join(', ')}\n`)
  const leftOut = files.flatMap(file => file.leftOut)
  const count = (reason: string): number => leftOut.filter(entry => entry.reason === reason).reduce((sum, { diagnostics }) => sum + diagnostics, 0)
  const parts = [
    [count('declared-linux'), 'in what declares Linux'],
    [count('linux'), 'in what is evidently for Linux'],
    [count('undecided'), 'where nothing says which system it is for (--platform windows reports them)']
  ].filter(([number]) => number !== 0).map(([number, where]) => `${number} ${where}`)
  const gaps = files.flatMap(({ path, text, gaps: own = [] }) => own.map(gap => ({ path, text, ...gap })))
  for (const { path, text, message, range } of settings.verbose ? gaps : []) process.stderr.write(`${placeIn(path, text, range)} ${message}\n`)
  if (parts.length > 0) process.stderr.write(`porthole: left out ${parts.join(', ')}; --explain-platform shows the evidence\n`)
}
