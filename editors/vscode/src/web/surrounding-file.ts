import * as vscode from 'vscode'
import type { SurroundingFile } from './files-message.ts'

/** What bears on other files: networks, layers and images are made in them, or they configure what is said of others. */
export const surroundingPattern = '**/{.env,porthole*.json,package.json,Dockerfile*,Containerfile*,*.dockerfile,*.yml,*.yaml,*.sh,*.ps1,*.cmd,*.bat}'

const wanted = /^(?:\.env|porthole.*\.json|package\.json|(?:Dockerfile|Containerfile).*|.*\.(?:dockerfile|ya?ml|sh|ps1|cmd|bat))$/i

const unwanted = /^(?:node_modules|\.git)$/

/** Each is fetched by itself where the workspace is a repository elsewhere: those nearest to the top are read. */
const mostFiles = 300
const mostFolders = 300

/** Nobody writes longer ones. */
const longest = 256 * 1024

/** The files of the workspace that bear on others, which the editor reads for the server. */
export class SurroundingFiles {
  readonly #texts = new Map<string, { readonly uri: vscode.Uri; readonly text: string }>()

  /** All of them, their URIs written as for the server. */
  all(name: (uri: vscode.Uri) => string): SurroundingFile[] {
    return [...this.#texts.values()].map(({ uri, text }) => ({ uri: name(uri), text }))
  }

  /** Looks through the folders of the workspace, one by one: in a virtual workspace a search may take for ever. */
  async find(): Promise<void> {
    this.#texts.clear()
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)
    for (let at = 0; at < Math.min(folders.length, mostFolders) && this.#texts.size < mostFiles; at++) {
      const entries = await list(folders[at]!)
      const uris = (isIt: (name: string, type: vscode.FileType) => boolean): vscode.Uri[] => entries.filter(([name, type]) => isIt(name, type)).map(([name]) => vscode.Uri.joinPath(folders[at]!, name))
      folders.push(...uris((name, type) => type === vscode.FileType.Directory && !unwanted.test(name)))
      await Promise.all(uris((name, type) => type === vscode.FileType.File && wanted.test(name)).slice(0, mostFiles - this.#texts.size).map(uri => this.read(uri)))
    }
  }

  /** Reads a file that has come or changed. */
  async read(uri: vscode.Uri): Promise<void> {
    const text = await read(uri)
    if (text === undefined || uri.path.split('/').some(name => unwanted.test(name))) this.forget(uri)
    else this.#texts.set(uri.toString(), { uri, text })
  }

  forget(uri: vscode.Uri): void {
    this.#texts.delete(uri.toString())
  }
}

async function list(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder)
  } catch {
    return []
  }
}

async function read(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri)
    return bytes.length > longest ? undefined : new TextDecoder().decode(bytes)
  } catch {
    return undefined
  }
}
