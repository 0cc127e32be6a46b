import type * as vscode from 'vscode'
import { LanguageClient, TransportKind, type ServerOptions } from 'vscode-languageclient/node'
import { clientOptions, start } from './client.ts'

let client: LanguageClient | undefined

/** On a desktop or a remote host, the server is a program of its own. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server: ServerOptions = { module: context.asAbsolutePath('dist/server/server.mjs'), transport: TransportKind.stdio }
  client = new LanguageClient('porthole', 'porthole', server, clientOptions)
  await start(context, client)
}

export const deactivate = (): Promise<void> | undefined => client?.stop()
