import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { BaselineError, compareWithBaseline, pruneBaseline, readBaseline, staleDiagnostics, writeBaseline, type Baseline, type BaselineFile } from './baseline.ts'
import { readBytes, reasonOf } from './files.ts'
import type { LintedFile } from './formatter.ts'
import { Lines } from './position.ts'

/** What to do with a baseline: make it, take out what is mended, or hide what it knows. */
export type BaselineAction = 'write' | 'prune' | 'check'

/** A baseline that cannot be used, in words for the user. */
export class BaselineFileError extends Error {
  override readonly name = 'BaselineFileError'
}

/**
 * Apply a baseline to what a run found. Returns the files with what the
 * baseline does not know, and the baseline itself where it has stale entries.
 *
 * @throws {BaselineFileError} if there is none, or it cannot be read
 */
export function applyBaseline(action: BaselineAction, path: string, files: readonly LintedFile[], targets: readonly string[]): LintedFile[] {
  const folder = dirname(resolve(path))
  const placed = new Map<BaselineFile, LintedFile>(files.map(file => [{ ...file, path: relative(folder, resolve(file.path)).replaceAll(sep, '/') }, file]))
  const circumstances = { targets, exists: (file: string) => existsSync(join(folder, file)) }
  if (action === 'write') {
    writeBaselineFile(path, writeBaseline([...placed.keys()], targets))
    return files.map(file => ({ ...file, diagnostics: [] }))
  }
  const { text, baseline } = readBaselineFile(path)
  if (action === 'prune') writeBaselineFile(path, pruneBaseline(baseline, [...placed.keys()], circumstances))
  const { kept, stale } = compareWithBaseline(baseline, [...placed.keys()], circumstances)
  const left = [...placed].map(([file, linted]) => ({ ...linted, diagnostics: kept.get(file) ?? [] }))
  return action === 'prune' || stale.length === 0 ? left : [...left, { path, text, language: 'baseline', diagnostics: staleDiagnostics(stale), leftOut: [] }]
}

function writeBaselineFile(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new BaselineFileError(`cannot write ${path}: ${reasonOf(error)}`, { cause: error })
  }
}

function readBaselineFile(path: string): { text: string; baseline: Baseline } {
  let text: string
  try {
    text = readBytes(path).toString('utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new BaselineFileError(`${path}: ${reasonOf(error)}`, { cause: error })
    throw new BaselineFileError(`${path}: no baseline there; make one with --baseline write`)
  }
  try {
    return { text, baseline: readBaseline(text) }
  } catch (error) {
    if (!(error instanceof BaselineError)) throw error
    const { line, column } = new Lines(text).position(error.range[0])
    throw new BaselineFileError(`${path}:${line}:${column} ${error.message}`, { cause: error })
  }
}
