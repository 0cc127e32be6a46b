import * as vscode from 'vscode'
import type { SurroundingFile } from './files-message.ts'

const configurations = ['porthole.config.json', 'porthole.config.yaml', 'porthole.config.yml']

/** What bears on other files, for a watcher. */
export const surroundingPattern = `**/{.env,${configurations.join(',')}}`

/**
 * The variables beside the open files, and the configurations there and above, up to the folder of the workspace.
 * They are looked for one by one: in a virtual workspace a search may take for ever.
 */
export async function surroundingFiles(name: (uri: vscode.Uri) => string): Promise<SurroundingFile[]> {
  const candidates = new Map<string, vscode.Uri>()
  for (const { uri } of vscode.workspace.textDocuments) {
    const root = vscode.workspace.getWorkspaceFolder(uri)?.uri
    if (!root) continue
    const above = foldersAbove(uri, root)
    for (const candidate of [vscode.Uri.joinPath(above[0]!, '.env'), ...above.flatMap(folder => configurations.map(file => vscode.Uri.joinPath(folder, file)))]) candidates.set(candidate.toString(), candidate)
  }
  const files = await Promise.all([...candidates.values()].map(async uri => {
    const text = await read(uri)
    return text === undefined ? [] : [{ uri: name(uri), text }]
  }))
  return files.flat()
}

/** The folder of a file and those above it, the innermost first. */
function foldersAbove(uri: vscode.Uri, root: vscode.Uri): vscode.Uri[] {
  const folders: vscode.Uri[] = []
  for (let folder = vscode.Uri.joinPath(uri, '..'); ; folder = vscode.Uri.joinPath(folder, '..')) {
    folders.push(folder)
    if (folder.path.length <= root.path.length || folder.path === '/') return folders
  }
}

async function read(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))
  } catch {
    return undefined
  }
}
