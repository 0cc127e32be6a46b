import { counted } from './formatter.ts'
import type { RunObserver } from './run.ts'

interface Share {
  files: number
  characters: number
  milliseconds: number
}

const none = 'nothing that speaks of Docker'

/** What a run reads and leaves out, and where the time goes. */
export class RunStatistics implements RunObserver {
  readonly #now: () => number
  readonly #shares = new Map<string, Share>()
  readonly #begin: number
  #slowest = { path: '', milliseconds: 0 }
  #ignored = 0
  #foundAt: number | undefined
  #fileBegin = 0
  #lintedAt = 0

  /** `now` counts milliseconds from the start of the program. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#begin = now()
  }

  found(): void {
    this.#foundAt = this.#now()
  }

  ignores(): void {
    this.#ignored++
  }

  starts(): void {
    this.#fileBegin = this.#now()
  }

  ends(path: string, language: string | undefined, characters: number): void {
    const milliseconds = this.#now() - this.#fileBegin
    const share = this.#shares.get(language ?? none) ?? { files: 0, characters: 0, milliseconds: 0 }
    this.#shares.set(language ?? none, { files: share.files + 1, characters: share.characters + characters, milliseconds: share.milliseconds + milliseconds })
    if (milliseconds > this.#slowest.milliseconds) this.#slowest = { path, milliseconds }
  }

  /** All files are done. */
  linted(): void {
    this.#lintedAt = this.#now()
  }

  /** A table for people. */
  text(): string {
    const end = this.#now()
    const foundAt = this.#foundAt ?? this.#lintedAt
    const shares = [...this.#shares].filter(([name]) => name !== none).sort(([, a], [, b]) => b.milliseconds - a.milliseconds)
    const foreign = this.#shares.get(none)
    const lines = [
      ...shares.map(([name, share]) => shareLine(name, share)),
      ...(foreign ? [shareLine(none, foreign)] : []),
      ...(this.#ignored > 0 ? [`${counted(this.#ignored, 'file')} left out by the configuration`] : []),
      `start ${time(this.#begin)}, search ${time(foundAt - this.#begin)}, lint ${time(this.#lintedAt - foundAt)}, report ${time(end - this.#lintedAt)}`,
      ...(this.#slowest.path === '' ? [] : [`slowest: ${this.#slowest.path}, ${time(this.#slowest.milliseconds)}`])
    ]
    return lines.map(line => `porthole: ${line}\n`).join('')
  }
}

const shareLine = (name: string, { files, characters, milliseconds }: Share): string =>
  `${name}: ${counted(files, 'file')}, ${Math.ceil(characters / 1000)} thousand characters, ${time(milliseconds)}`

const time = (milliseconds: number): string => `${Math.round(milliseconds)} ms`
