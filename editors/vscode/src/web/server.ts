import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser'
import { configurationOf } from '../../../../src/server-config-chain.ts'
import type { Disk } from '../../../../src/server-inspection.ts'
import { Session } from '../../../../src/server-session.ts'
import { keyOf, pathOf } from '../../../../src/server-uri.ts'
import { filesNotification, type SurroundingFile } from './files-message.ts'

/** What the editor has read of the workspace, by the names of the files. */
const files = new Map<string, SurroundingFile>()

const read = (uri: string): string | undefined => files.get(keyOf(uri))?.text

const disk: Disk = {
  read,
  stamp: read,
  find: async (folder, wanted) => [...files.values()].map(({ uri }) => uri).filter(uri => keyOf(uri).startsWith(`${keyOf(folder).replace(/\/$/, '')}/`) && wanted(pathOf(uri))),
  configuration: uri => configurationOf(uri, read)
}

const connection = createConnection(new BrowserMessageReader(self as never), new BrowserMessageWriter(self as never))
const session = new Session(connection, disk)
connection.onNotification(filesNotification, ({ files: sent }: { readonly files: readonly SurroundingFile[] }) => {
  files.clear()
  for (const file of sent) files.set(keyOf(file.uri), file)
  session.surroundingsChanged()
})
session.listen()
