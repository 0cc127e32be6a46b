import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { version } from './about.ts'
import type { Severity } from './diagnostic.ts'
import { reasonOf } from './files.ts'
import { byPath, type LintedFile, type Report, type RunError } from './formatter.ts'
import { faultOf, type ReadDiagnostic, type ReadRange, type ReadReport } from './report-shape.ts'
import type { ShardReport } from './shard-report.ts'
import { TextFrame, UnlikeTextError } from './text-frame.ts'
import type { Range } from './text.ts'

/** Reports that cannot be put together, in words for the user. */
export class MergeError extends Error {
  override readonly name = 'MergeError'
}

/** The report that the whole run would have made. */
export interface MergedReport {
  readonly report: Report
  /** The least severity that makes its exit status 1. */
  readonly failOn: Severity
}

/** The report of a shard, and where it was read. */
interface Part {
  readonly name: string
  readonly report: ReadReport & { readonly shard: ShardReport }
}

/**
 * Put the reports of all shards of a run together.
 *
 * @throws {MergeError} if one of them is missing, or they do not belong together
 */
export function mergeReports(paths: readonly string[]): MergedReport {
  const parts = complete(paths.flatMap(reportsAt).map(readPart))
  const { shard: { failOn, noneFound } } = parts[0]!.report
  const files = filesOf(parts)
  const isNoneFound = ({ path, message }: RunError): boolean => message === noneFound?.message && path === noneFound.path
  const errors = parts.flatMap(({ report }) => report.errors.map(({ path, message }): RunError => ({ path: path ?? undefined, message }))).filter(error => !isNoneFound(error)).sort(byPath)
  if (files.length === 0 && errors.length === 0 && noneFound) errors.push(noneFound)
  return { report: { version, targets: targetsOf(parts, files.length > 0), files, errors }, failOn }
}

/** A report; of a folder, those in it. */
function reportsAt(path: string): string[] {
  try {
    return statSync(path).isDirectory() ? readdirSync(path).filter(name => name.endsWith('.json')).sort().map(name => join(path, name)) : [path]
  } catch (error) {
    throw new MergeError(`${path}: ${reasonOf(error)}`, { cause: error })
  }
}

function readPart(name: string): Part {
  const report = parsed(name)
  const fault = faultOf(report)
  if (fault !== undefined) throw new MergeError(`${name}: is no report that porthole has written with --format json: ${fault}`)
  const read = report as ReadReport
  if (read.tool.version !== version) throw new MergeError(`${name}: is the report of porthole ${read.tool.version}, and this is ${version}; merge with the version that wrote it`)
  if (!read.shard) throw new MergeError(`${name}: is the report of a whole run; only those of --shard are put together`)
  return { name, report: { ...read, shard: read.shard } }
}

function parsed(name: string): unknown {
  let text: string
  try {
    text = readFileSync(name, 'utf8')
  } catch (error) {
    throw new MergeError(`${name}: ${reasonOf(error)}`, { cause: error })
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new MergeError(`${name}: is not JSON${text.trim() === '' ? ', but empty; the run that was to write it may have failed' : ''}`, { cause: error })
  }
}

/** The reports in the order of their shards, if all are there, each once, and of one run. */
function complete(parts: readonly Part[]): Part[] {
  const [first] = parts
  if (!first) throw new MergeError('there is no report')
  const { count } = first.report.shard
  const byIndex = new Map<number, Part>()
  for (const part of parts) {
    const { shard } = part.report
    if (shard.count !== count) throw new MergeError(`${part.name} is one of ${shard.count} shards, and ${first.name} one of ${count}`)
    if (shard.index > count) throw new MergeError(`${part.name} is of shard ${shard.index}/${count}, which there is not`)
    const other = byIndex.get(shard.index)
    if (other) throw new MergeError(`${other.name} and ${part.name} are both of shard ${shard.index}/${count}`)
    byIndex.set(shard.index, part)
    const difference = differenceOf(first.report.shard, shard)
    if (difference !== undefined) throw new MergeError(`${first.name} and ${part.name} are not of one run: ${difference}`)
  }
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter(index => !byIndex.has(index))
  if (missing.length > 0) throw new MergeError(`of ${count} shards ${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} missing; what is in there is not known`)
  return [...byIndex].sort(([a], [b]) => a - b).map(([, part]) => part)
}

const listed = (indexes: readonly number[]): string => `${indexes.slice(0, 10).join(', ')}${indexes.length > 10 ? ` and ${indexes.length - 10} more` : ''}`

function differenceOf(a: ShardReport, b: ShardReport): string | undefined {
  for (const name of new Set([...Object.keys(a.options), ...Object.keys(b.options)])) if (JSON.stringify(a.options[name]) !== JSON.stringify(b.options[name])) return `their --${name} differs`
  if (a.failOn !== b.failOn) return `one fails on ${a.failOn}, the other on ${b.failOn}`
  if (JSON.stringify(a.noneFound) !== JSON.stringify(b.noneFound)) return 'they name other paths'
  return a.tree === b.tree ? undefined : 'they have found other files'
}

/** The targets in the order in which a run over all files comes to them. */
function targetsOf(parts: readonly Part[], hasFiles: boolean): Report['targets'] {
  if (!hasFiles) return parts[0]!.report.targets.map(label => ({ label }))
  const first = new Map<string, string>()
  for (const { label, path } of parts.flatMap(({ report }) => report.shard.targets)) if (!first.has(label) || path < first.get(label)!) first.set(label, path)
  // Those of one file are in its order already.
  const inFile = parts.flatMap(({ report }) => report.shard.targets).filter(({ label, path }) => first.get(label) === path)
  return inFile.sort(byPath).map(({ label }) => ({ label }))
}

function filesOf(parts: readonly Part[]): LintedFile[] {
  const frames = framesOf(parts)
  const files = parts.flatMap(({ name, report }) => {
    const diagnostics = grouped(report.diagnostics, ({ path }) => path)
    const suppressed = grouped(report.suppressed, ({ diagnostic }) => diagnostic.path)
    const extras = new Map(report.shard.files.map(file => [file.path, file]))
    const known = new Set(report.files.map(({ path }) => path))
    const unknown = [...diagnostics.keys(), ...suppressed.keys(), ...extras.keys()].find(path => !known.has(path))
    if (unknown !== undefined) throw new MergeError(`${name}: speaks of ${unknown}, which is not among its files`)
    return report.files.map(({ path, language, gaps }): LintedFile => {
      const own = diagnostics.get(path) ?? []
      const hidden = suppressed.get(path) ?? []
      const others = [...own, ...hidden.map(({ diagnostic }) => diagnostic)].flatMap(({ related }) => related).flatMap(other => (other.range && other.path !== path ? [other.path] : []))
      return {
        path,
        text: textOf(frames, path),
        language: language ?? undefined,
        diagnostics: own.map(withOffsets),
        leftOut: extras.get(path)?.leftOut ?? [],
        suppressed: hidden.map(({ diagnostic, ...more }) => ({ ...more, diagnostic: withOffsets(diagnostic) })),
        gaps: gaps.map(({ message, range }) => ({ message, range: offsets(range) })),
        others: new Map(others.map(other => [other, textOf(frames, other)]))
      }
    })
  })
  const paths = new Set<string>()
  for (const { path } of files) if (paths.size === paths.add(path).size) throw new MergeError(`${path} is in several reports`)
  return files.sort(byPath)
}

/** What the reports tell of the texts of files, by path: where lines begin, and some of them. */
function framesOf(parts: readonly Part[]): ReadonlyMap<string, TextFrame> {
  const frames = new Map<string, TextFrame>()
  const frameOf = (path: string): TextFrame => {
    let frame = frames.get(path)
    if (!frame) frames.set(path, (frame = new TextFrame()))
    return frame
  }
  const note = (path: string, { start, end }: ReadRange): void => [start, end].forEach(position => frameOf(path).noteLine(position))
  for (const { report } of parts) {
    for (const { path, gaps } of report.files) for (const { range } of gaps) note(path, range)
    for (const { path, range, related, fix } of [...report.diagnostics, ...report.suppressed.map(({ diagnostic }) => diagnostic)]) {
      note(path, range)
      for (const other of related) if (other.range) note(other.path, other.range)
      for (const edit of fix?.edits ?? []) note(path, edit.range)
    }
    for (const { path, excerpts } of report.shard.files) for (const excerpt of excerpts) frameOf(path).noteExcerpt(excerpt)
  }
  return frames
}

function textOf(frames: ReadonlyMap<string, TextFrame>, path: string): string {
  try {
    return frames.get(path)?.text ?? ''
  } catch (error) {
    if (!(error instanceof UnlikeTextError)) throw error
    throw new MergeError(`the reports speak of different texts of ${path}`, { cause: error })
  }
}

const offsets = ({ start, end }: ReadRange): Range => [start.offset, end.offset]

const withOffsets = ({ path: _, range, related, fix, ...diagnostic }: ReadDiagnostic): LintedFile['diagnostics'][number] => ({
  ...diagnostic,
  range: offsets(range),
  related: related.map(other => ({ message: other.message, path: other.path, range: other.range ? offsets(other.range) : [0, 0] })),
  ...(fix ? { fix: { ...fix, edits: fix.edits.map(edit => ({ ...edit, range: offsets(edit.range) })) } } : {})
})

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}
