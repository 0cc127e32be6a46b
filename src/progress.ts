import type { RunObserver } from './run.ts'

/** The part of a terminal that is written to. */
export interface Terminal {
  readonly columns?: number
  write(text: string): unknown
}

/** Shorter work is done before anybody has read a line about it. */
const quietMilliseconds = 500
const redrawMilliseconds = 100

/** A line on a terminal that says how far a run is, and is gone when it ends. */
export class Progress implements RunObserver {
  readonly #terminal: Terminal
  readonly #now: () => number
  #files = 0
  #started = 0
  #redrawAt: number
  #isShown = false

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal
    this.#now = now
    this.#redrawAt = now() + quietMilliseconds
  }

  found(files: number): void {
    this.#files = files
  }

  starts(path: string): void {
    this.#started++
    if (this.#now() < this.#redrawAt) return
    this.#redrawAt = this.#now() + redrawMilliseconds
    this.#isShown = true
    // Files that others refer to are read beside those that were found.
    const counts = `${this.#started}/${Math.max(this.#files, this.#started)} `
    const room = (this.#terminal.columns ?? 80) - counts.length - 1
    this.#terminal.write(`\r\x1b[K${counts}${[...path.replace(/[\x00-\x1f\x7f-\x9f]/g, '?')].slice(-Math.max(0, room)).join('')}`)
  }

  end(): void {
    if (this.#isShown) this.#terminal.write('\r\x1b[K')
    this.#isShown = false
  }
}
