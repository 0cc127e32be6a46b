import * as vscode from 'vscode'
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient'
import type { DocumentTargets } from '../../../src/server-session.ts'
import { TargetsItem } from './targets-item.ts'

/** Editors' names of what the server reads; of the rest it finds nothing to say. */
const languages = [
  'dockercompose', 'yaml', 'dockerfile', 'shellscript', 'powershell', 'bat', 'javascript', 'javascriptreact', 'typescript', 'typescriptreact',
  'github-actions-workflow', 'azure-pipelines', 'markdown', 'makefile', 'groovy'
]

/** Files that editors take for something else. */
const patterns = ['**/{package,daemon,devcontainer,porthole.config}.json', '**/.devcontainer.json', '**/.env']

export const clientOptions: LanguageClientOptions = {
  documentSelector: [...languages.map(language => ({ language })), ...patterns.map(pattern => ({ pattern }))],
  outputChannelName: 'porthole'
}

/** The client in the editor: its language client, its commands, and the targets in the status bar. */
export async function start(context: vscode.ExtensionContext, client: BaseLanguageClient): Promise<void> {
  const item = new TargetsItem(async uri => (client.isRunning() ? await client.sendRequest<DocumentTargets | null>('porthole/targets', { uri: client.code2ProtocolConverter.asUri(uri) }) : null))
  context.subscriptions.push(
    item,
    vscode.commands.registerCommand('porthole.restart', async () => {
      await client.stop()
      await client.start()
    }),
    vscode.commands.registerCommand('porthole.chooseTargets', () => vscode.commands.executeCommand('workbench.action.openSettings', 'porthole.targets'))
  )
  await client.start()
  await item.update()
}
