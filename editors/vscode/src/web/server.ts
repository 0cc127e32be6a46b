import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser'
import { Configuration, layersOf } from '../../../../src/config.ts'
import { readConfig } from '../../../../src/config-reader.ts'
import { knowledge } from '../../../../src/knowledge.ts'
import { namesOf } from '../../../../src/known-name.ts'
import type { Disk } from '../../../../src/server-inspection.ts'
import { Session } from '../../../../src/server-session.ts'
import { besideUri, pathOf } from '../../../../src/server-uri.ts'
import { filesNotification, type SurroundingFile } from './files-message.ts'

const files = new Map<string, string>()

const disk: Disk = {
  read: uri => files.get(uri),
  stamp: uri => files.get(uri),
  // What nobody has opened is not read.
  find: async () => [],
  async configuration(uri) {
    for (let folder = besideUri(uri, '.'); folder !== undefined; folder = parentOf(folder)) {
      for (const name of ['porthole.config.json', 'porthole.config.yaml', 'porthole.config.yml']) {
        const source = files.get(`${folder}${name}`)
        if (source === undefined) continue
        const { config, faults } = readConfig(source, name.endsWith('.json') ? 'json' : 'yaml', namesOf(knowledge.rules, knowledge.matrix.rows))
        if (faults[0] || !config) throw new Error(`${pathOf(`${folder}${name}`)}: ${faults[0]?.message ?? 'is no configuration'}`)
        return await Configuration.of(layersOf(config, name, pathOf(folder).replace(/\/$/, '')))
      }
    }
    return Configuration.none
  }
}

function parentOf(folder: string): string | undefined {
  const parent = besideUri(folder, '..')
  return parent === folder ? undefined : parent
}

const connection = createConnection(new BrowserMessageReader(self as never), new BrowserMessageWriter(self as never))
const session = new Session(connection, disk)
connection.onNotification(filesNotification, ({ files: sent }: { readonly files: readonly SurroundingFile[] }) => {
  files.clear()
  for (const { uri, text } of sent) files.set(uri, text)
  session.surroundingsChanged()
})
session.listen()
