import * as vscode from 'vscode'
import { LanguageClient } from 'vscode-languageclient/browser'
import { clientOptions, start } from '../client.ts'
import { filesNotification } from './files-message.ts'
import { surroundingFiles, surroundingPattern } from './surrounding-file.ts'

let client: LanguageClient | undefined

/** In a page, the server is a worker; it reads no files itself. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const worker = new Worker(vscode.Uri.joinPath(context.extensionUri, 'dist/web/server.js').toString(true))
  const running = new LanguageClient('porthole', 'porthole', worker, clientOptions)
  client = running
  await start(context, running)
  let sent = ''
  const send = async (): Promise<void> => {
    const files = await surroundingFiles(uri => running.code2ProtocolConverter.asUri(uri))
    const written = JSON.stringify(files)
    if (written === sent || !running.isRunning()) return
    sent = written
    await running.sendNotification(filesNotification, { files })
  }
  const watcher = vscode.workspace.createFileSystemWatcher(surroundingPattern)
  context.subscriptions.push(watcher, watcher.onDidChange(send), watcher.onDidCreate(send), watcher.onDidDelete(send), vscode.workspace.onDidOpenTextDocument(send))
  await send()
}

export const deactivate = (): Promise<void> | undefined => client?.stop()
