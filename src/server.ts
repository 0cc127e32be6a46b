import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createConnection } from 'vscode-languageserver/node'
import { Configuration } from './config.ts'
import { findConfig, loadConfig } from './config-file.ts'
import { findFiles, readSource } from './files.ts'
import { knowledge } from './knowledge.ts'
import { namesOf } from './known-name.ts'
import { MessageFrames } from './server-frame.ts'
import type { Disk } from './server-inspection.ts'
import { Session } from './server-session.ts'

/** Files by their URIs; what cannot be read is not there. */
export const disk: Disk = {
  read: uri => attempt(() => readSource(fileURLToPath(uri)).text),
  stamp: uri => attempt(() => {
    const { mtimeMs, size } = statSync(fileURLToPath(uri))
    return `${mtimeMs} ${size}`
  }),
  async find(folder, wanted) {
    const path = attempt(() => fileURLToPath(folder))
    const { files } = path === undefined ? { files: [] } : await findFiles([path], wanted)
    return files.map(file => pathToFileURL(file).href)
  },
  async configuration(uri) {
    const path = attempt(() => fileURLToPath(uri))
    const file = path === undefined ? undefined : findConfig(dirname(path))
    return file === undefined ? Configuration.none : await loadConfig(file, namesOf(knowledge.rules, knowledge.matrix.rows))
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Serves an editor over standard input and output, until it says `exit` or goes away. */
export function startServer(): void {
  const input = process.stdin.pipe(new MessageFrames())
  new Session(createConnection(input, process.stdout), disk).listen()
}
