import { hash, randomUUID } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { FileInput, FileResult, FileSettings } from './file-result.ts'
import { isFile, reasonOf } from './files.ts'

/** The file that was named for the cache holds something else, or cannot be read. */
export class CacheError extends Error {
  override readonly name = 'CacheError'
}

/** What was found in a file by itself; `undefined` where nothing in it speaks of Docker. */
export interface CachedResult {
  readonly result: FileResult | undefined
}

interface Entry {
  readonly key: string
  /** A `CachedResult` as JSON, which is parsed only when somebody asks. */
  readonly json: string
}

const magic = 'porthole-cache 1'

/** Written by the build: it differs for every other program, and so for every other matrix. */
declare const __dirname: string
const programDigest = (): string => readFileSync(join(__dirname, 'digest'), 'utf8')

/**
 * What earlier runs found in files by themselves, in one file: a first line with
 * the program that wrote it and the digest of what follows, then a line for each
 * file that was read. A result holds for the same path, text, variables and
 * settings only. Nothing of a file that is damaged, or that another version
 * wrote, is used.
 */
export class ResultCache {
  readonly #location: string
  readonly #program: string
  readonly #entries = new Map<string, Entry>()
  readonly #seen = new Set<string>()
  #isChanged = false

  /** @throws {CacheError} if the file is there, and is no cache of porthole or cannot be read */
  constructor(location: string, program = programDigest()) {
    this.#location = resolve(location)
    this.#program = program
    this.#load()
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  #load(): void {
    if (!isFile(this.#location)) return
    const source = sourceAt(this.#location)
    if (!source.startsWith(magic)) throw new CacheError(`${this.#location} is there, and is no cache of porthole; name another file`)
    const end = source.indexOf('\n')
    const body = source.slice(end + 1)
    if (end < 0 || source.slice(0, end) !== headOf(this.#program, body)) return
    for (let at = 0; at < body.length;) {
      const stop = body.indexOf('\n', at)
      const line = body.slice(at, stop)
      const [afterKey, afterPath] = [line.indexOf('\t'), line.indexOf('\t', line.indexOf('\t') + 1)]
      this.#entries.set(JSON.parse(line.slice(afterKey + 1, afterPath)) as string, { key: line.slice(0, afterKey), json: line.slice(afterPath + 1) })
      at = stop + 1
    }
  }

  get(input: FileInput, settings: FileSettings): CachedResult | undefined {
    this.#seen.add(input.path)
    const entry = this.#entries.get(input.path)
    return entry?.key === keyOf(input, settings) ? (JSON.parse(entry.json) as CachedResult) : undefined
  }

  set(input: FileInput, settings: FileSettings, { result }: CachedResult): void {
    this.#seen.add(input.path)
    this.#isChanged = true
    this.#entries.set(input.path, { key: keyOf(input, settings), json: JSON.stringify(result ? { result: { facts: result.facts, findings: result.findings } } : {}) })
  }

  /**
   * Keep all that is known, without files that are no longer there. Whoever reads the
   * cache meanwhile finds the old one or the new one; of two runs the last one wins.
   *
   * @throws {Error} with a message for the user if it cannot be written
   */
  save(): void {
    if (!this.#isChanged) return
    const lines = [...this.#entries].filter(([path]) => this.#seen.has(path) || isFile(path)).map(([path, { key, json }]) => `${key}\t${JSON.stringify(path)}\t${json}\n`)
    const body = lines.join('')
    const beside = `${this.#location}.${randomUUID()}`
    try {
      writeFileSync(beside, `${headOf(this.#program, body)}\n${body}`, { flag: 'wx' })
      renameSync(beside, this.#location)
    } catch (error) {
      rmSync(beside, { force: true })
      throw new Error(`cannot write the cache ${this.#location}: ${reasonOf(error)}`, { cause: error })
    }
  }
}

function sourceAt(location: string): string {
  try {
    return readFileSync(location, 'utf8')
  } catch (error) {
    throw new CacheError(`cannot read the cache ${location}: ${reasonOf(error)}; remove it or name another file`, { cause: error })
  }
}

const headOf = (program: string, body: string): string => `${magic} ${program} ${hash('sha256', body)}`

/** All that decides what is found in a file by itself. */
const keyOf = ({ path, text, dotenv, language }: FileInput, { targets, platform, rules }: FileSettings): string =>
  hash('sha256', JSON.stringify([path, language, targets, platform, rules.map(settings => [...settings]), dotenv]) + text, 'base64')
