import { parentPort } from 'node:worker_threads'
import { fileResult } from './file-result.ts'
import { readSource } from './files.ts'
import { FolderVariables } from './folder-variables.ts'
import type { WorkerAnswer, WorkerTask } from './worker-pool.ts'

const variables = new FolderVariables()

async function answerTo({ path, absolute, settings }: WorkerTask): Promise<WorkerAnswer> {
  try {
    const { text } = readSource(absolute)
    const result = await fileResult({ path, text, dotenv: variables.beside(absolute) }, settings)
    return { text, result: result && { facts: result.facts, findings: result.findings } }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

parentPort?.on('message', async (tasks: readonly WorkerTask[]) => {
  const answers: WorkerAnswer[] = []
  for (const task of tasks) answers.push(await answerTo(task))
  parentPort?.postMessage(answers)
})
