import { DocumentDiagnosticReportKind, LSPErrorCodes, ResponseError, type CancellationToken, type WorkspaceDocumentDiagnosticReport } from 'vscode-languageserver'
import { knowledge } from './knowledge.ts'
import type { DiagnosticView } from './server-diagnostic.ts'
import { isObject, ServerDocument, type OpenDocuments, type PositionEncoding } from './server-document.ts'
import type { Disk, Inspector } from './server-inspection.ts'
import type { DiagnosticReports } from './server-report.ts'
import { besideUri, keyOf } from './server-uri.ts'

/** How long the files of a folder are taken to be the same, and how long may be worked without a pause. */
const listLifetime = 10_000
const stretchOfWork = 20

interface Resident { readonly stamp: string; readonly document: ServerDocument }

/** The folders of the editor, and the files in them that nobody has opened. */
export class EditorFolders {
  readonly #documents: OpenDocuments
  readonly #inspector: Inspector
  readonly #disk: Disk
  readonly #encoding: () => PositionEncoding
  readonly #complain: (fault: unknown) => void
  readonly #folders = new Map<string, string>()
  readonly #residents = new Map<string, Resident>()
  #list: { readonly until: number; readonly uris: readonly string[] } | undefined

  constructor(documents: OpenDocuments, inspector: Inspector, disk: Disk, encoding: () => PositionEncoding, complain: (fault: unknown) => void) {
    this.#documents = documents
    this.#inspector = inspector
    this.#disk = disk
    this.#encoding = encoding
    this.#complain = complain
  }

  add(folders: unknown): void {
    for (const uri of urisOf(folders)) this.#folders.set(keyOf(uri), uri)
    this.#list = undefined
  }

  remove(folders: unknown): void {
    for (const uri of urisOf(folders)) this.#folders.delete(keyOf(uri))
    this.#list = undefined
  }

  /** Files have come, gone or changed on disk. */
  forget(): void {
    this.#list = undefined
  }

  /** Reports on all files of the folders in which something is or was found. */
  async *reports(known: ReadonlyMap<string, string>, view: DiagnosticView, reports: DiagnosticReports, token: CancellationToken): AsyncGenerator<WorkspaceDocumentDiagnosticReport> {
    const rest = new Map([...known].map(([uri, id]) => [keyOf(uri), { uri, id }]))
    let pause = Date.now() + stretchOfWork
    for (const uri of await this.files()) {
      if (Date.now() > pause) {
        await new Promise(resolve => setTimeout(resolve, 0))
        pause = Date.now() + stretchOfWork
      }
      if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled')
      const previous = rest.get(keyOf(uri))
      rest.delete(keyOf(uri))
      const document = this.#documents.get(uri) ?? this.#resident(uri)
      if (!document) continue
      // What goes wrong with one file leaves the others alone.
      const inspection = await this.#inspector.inspect(document).catch(this.#complain)
      if (!inspection) continue
      const { diagnostics } = inspection
      if (diagnostics.length === 0 && !previous) continue
      const version = this.#documents.isOpen(document) ? document.version : null
      yield { ...reports.report(document.uri, diagnostics.map(diagnostic => view.show(diagnostic, document)), previous?.id), uri: document.uri, version }
    }
    // Of files that are gone, clients must be told that nothing is found any more.
    for (const { uri } of rest.values()) if (!this.#documents.get(uri)) yield { kind: DocumentDiagnosticReportKind.Full, uri, version: null, items: [] }
  }

  /** The files of the folders that may be in a language that is known. */
  async files(): Promise<readonly string[]> {
    if (this.#list && Date.now() < this.#list.until) return this.#list.uris
    const wanted = (path: string): boolean => knowledge.languages.some(language => language.mayBe(path.replaceAll('\\', '/')))
    const found = new Map<string, string>()
    for (const folder of this.#folders.values()) for (const uri of await this.#disk.find(folder, wanted)) found.set(keyOf(uri), uri)
    for (const key of this.#residents.keys()) if (!found.has(key)) this.#residents.delete(key)
    this.#list = { until: Date.now() + listLifetime, uris: [...found.values()] }
    return this.#list.uris
  }

  /** A file on disk as a document, which stays the same while the file and the variables beside it do. */
  #resident(uri: string): ServerDocument | undefined {
    const dotenv = besideUri(uri, '.env')
    const stamp = `${this.#disk.stamp(uri)} ${dotenv === undefined ? undefined : this.#disk.stamp(dotenv)}`
    const known = this.#residents.get(keyOf(uri))
    if (known?.stamp === stamp) return known.document
    const text = this.#disk.read(uri)
    if (text === undefined) return undefined
    const document = new ServerDocument({ uri, text, languageId: '', version: 0 }, this.#encoding())
    this.#residents.set(keyOf(uri), { stamp, document })
    return document
  }
}

const urisOf = (folders: unknown): string[] => (Array.isArray(folders) ? folders.flatMap((folder: unknown) => (isObject(folder) && typeof folder['uri'] === 'string' ? folder['uri'] : [])) : [])
