import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FileResult, FileSettings } from './file-result.ts'

/** A file for a worker to read and lint by itself. */
export interface WorkerTask {
  readonly path: string
  readonly absolute: string
  readonly settings: FileSettings
}

/** What became of it. */
export type WorkerAnswer = { readonly text: string; readonly result: FileResult | undefined } | { readonly error: string }

/** How many files a worker gets at a time: enough that handing them over costs little, few enough that all have something to do to the end. */
const batchSize = 40

/** The built program has them all in one folder. */
declare const __dirname: string

/**
 * Threads that lint files by themselves, in the order in which they are given,
 * which is the order in which the answers are taken.
 */
export class WorkerPool {
  readonly #workers: Worker[] = []
  readonly #tasks: readonly WorkerTask[]
  readonly #answers = new Map<string, PromiseWithResolvers<WorkerAnswer | undefined>>()
  #next = 0

  constructor(tasks: readonly WorkerTask[], threads: number) {
    this.#tasks = tasks
    for (const { path } of tasks) this.#answers.set(path, promiseWithResolvers())
    for (let thread = 0; thread < threads; thread++) this.#workers.push(this.#start())
  }

  /** The answer about a file, once; `undefined`: there is none, and somebody else has to do the work. */
  async take(path: string): Promise<WorkerAnswer | undefined> {
    const answer = await this.#answers.get(path)?.promise
    this.#answers.delete(path)
    return answer
  }

  end(): void {
    for (const worker of this.#workers) void worker.terminate()
  }

  #start(): Worker {
    const worker = new Worker(join(__dirname, 'lint-worker.js'))
    const own = new Set<string>()
    worker.on('message', (answers: readonly WorkerAnswer[]) => {
      const paths = [...own].slice(0, answers.length)
      for (const [at, path] of paths.entries()) {
        own.delete(path)
        this.#answers.get(path)?.resolve(answers[at])
      }
      this.#giveWork(worker, own)
    })
    worker.on('error', () => this.#fail())
    // One batch ahead, so that no worker waits for the main thread.
    this.#giveWork(worker, own)
    this.#giveWork(worker, own)
    return worker
  }

  #giveWork(worker: Worker, own: Set<string>): void {
    const batch = this.#tasks.slice(this.#next, this.#next + batchSize)
    this.#next += batch.length
    if (batch.length === 0) return
    for (const { path } of batch) own.add(path)
    worker.postMessage(batch)
  }

  /** A worker has died, for want of memory perhaps: what is not answered is left to the main thread. */
  #fail(): void {
    this.#next = this.#tasks.length
    for (const { resolve } of this.#answers.values()) resolve(undefined)
  }
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
}

function promiseWithResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => {}
  return { promise: new Promise<T>(done => (resolve = done)), resolve }
}
