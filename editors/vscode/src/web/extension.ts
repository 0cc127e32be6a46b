import * as vscode from 'vscode'
import { LanguageClient } from 'vscode-languageclient/browser'
import { clientOptions, start } from '../client.ts'
import { filesNotification } from './files-message.ts'
import { SurroundingFiles, surroundingPattern } from './surrounding-file.ts'

/** How long to wait after a file has changed: others may follow at once. */
const delay = 200

let client: LanguageClient | undefined

/** In a page, the server is a worker; it reads no files itself. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const worker = new Worker(vscode.Uri.joinPath(context.extensionUri, 'dist/web/server.js').toString(true))
  const running = new LanguageClient('porthole', 'porthole', worker, clientOptions)
  client = running
  await start(context, running)
  const files = new SurroundingFiles()
  let timer: ReturnType<typeof setTimeout> | undefined
  const send = async (): Promise<void> => {
    if (running.isRunning()) await running.sendNotification(filesNotification, { files: files.all(uri => running.code2ProtocolConverter.asUri(uri)) })
  }
  const after = (change: (uri: vscode.Uri) => unknown) => async (uri: vscode.Uri): Promise<void> => {
    await change(uri)
    clearTimeout(timer)
    timer = setTimeout(send, delay)
  }
  const find = async (): Promise<void> => {
    await files.find()
    await send()
  }
  const watcher = vscode.workspace.createFileSystemWatcher(surroundingPattern)
  const read = after(uri => files.read(uri))
  context.subscriptions.push(watcher, watcher.onDidChange(read), watcher.onDidCreate(read), watcher.onDidDelete(after(uri => files.forget(uri))), vscode.workspace.onDidChangeWorkspaceFolders(find))
  await find()
}

export const deactivate = (): Promise<void> | undefined => client?.stop()
