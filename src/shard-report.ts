import { createHash } from 'node:crypto'
import type { Severity } from './diagnostic.ts'
import type { LintedFile, RunError } from './formatter.ts'
import type { LeftOut } from './linter.ts'
import { Lines } from './position.ts'
import type { RunResult } from './run.ts'
import type { Shard } from './shard.ts'
import type { Range } from './text.ts'

/** What a report of a shard has beside that of a whole run, so that `porthole merge` needs no sources: schemas/output.schema.json. */
export interface ShardReport extends Shard {
  /** The options that decide what is found, as they were given. */
  readonly options: Readonly<Record<string, unknown>>
  readonly failOn: Severity
  /** A hash of the paths of all files of the run. */
  readonly tree: string
  /** What is wrong where no shard has a file; `null`: nothing. */
  readonly noneFound: RunError | null
  /** The first file that was judged for each target. */
  readonly targets: readonly { readonly label: string; readonly path: string }[]
  /** Of files of which there is any. */
  readonly files: readonly ShardFile[]
}

export interface ShardFile {
  readonly path: string
  readonly leftOut: readonly LeftOut[]
  readonly excerpts: readonly Excerpt[]
}

/** Whole lines of a file of which findings speak; the end of the last is not part of it. */
export interface Excerpt {
  /** The first of them, from 1. */
  readonly line: number
  /** Where it begins, in UTF-16 code units. */
  readonly offset: number
  readonly text: string
}

export function shardReport(shard: Shard, { files, firstJudged, found, noneFound }: RunResult, options: ShardReport['options'], failOn: Severity): ShardReport {
  return {
    ...shard,
    options,
    failOn,
    tree: createHash('sha256').update([...found].map(path => path.normalize('NFC')).sort().join('\n')).digest('hex'),
    noneFound: noneFound ? { path: noneFound.path, message: noneFound.message } : null,
    targets: [...firstJudged].map(([label, path]) => ({ label, path })),
    files: files.map(file => ({ path: file.path, leftOut: file.leftOut, excerpts: excerptsOf(file) })).filter(({ leftOut, excerpts }) => leftOut.length + excerpts.length > 0)
  }
}

/** The lines of a file that formats show or measure: those of findings, of what is related to them, and of their fixes. */
function excerptsOf({ path, text, diagnostics }: LintedFile): Excerpt[] {
  if (diagnostics.length === 0) return []
  const lines = new Lines(text)
  const ranges = diagnostics.flatMap(({ range, related, fix }): Range[] => {
    const edits = (fix?.edits ?? []).map(edit => edit.range)
    return [range, ...related.filter(other => (other.path ?? path) === path).map(other => other.range), ...(edits.length > 0 ? [[Math.min(...edits.map(([start]) => start)), Math.max(...edits.map(([, end]) => end))] as const] : [])]
  })
  const spans = ranges.map(([start, end]) => ({ from: lines.position(start), to: lines.position(end) })).sort((a, b) => a.from.line - b.from.line)
  const joined: typeof spans = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (!last || span.from.line > last.to.line) joined.push(span)
    else if (span.to.line > last.to.line) joined[joined.length - 1] = { from: last.from, to: span.to }
  }
  return joined.map(({ from, to }) => {
    const offset = from.offset - from.column + 1
    const lastLine = to.offset - to.column + 1
    return { line: from.line, offset, text: text.slice(offset, lastLine + lines.line(to.line).length) }
  })
}
