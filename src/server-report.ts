import { DocumentDiagnosticReportKind, type Diagnostic as ShownDiagnostic, type FullDocumentDiagnosticReport, type UnchangedDocumentDiagnosticReport } from 'vscode-languageserver'
import { keyOf } from './server-uri.ts'

/** What clients that ask for diagnostics were told of each file, so that it need not be told again. */
export class DiagnosticReports {
  /** Results of another server that the client talked to before are none of ours. */
  readonly #session = Math.random().toString(36).slice(2)
  readonly #told = new Map<string, { readonly id: string; readonly items: string }>()
  #count = 0

  /** The report on a file, or that it is the same as the one that the client knows as `previous`. */
  report(uri: string, items: ShownDiagnostic[], previous: unknown): FullDocumentDiagnosticReport | UnchangedDocumentDiagnosticReport {
    const written = JSON.stringify(items)
    let told = this.#told.get(keyOf(uri))
    if (told?.items !== written) this.#told.set(keyOf(uri), (told = { id: `${this.#session}-${++this.#count}`, items: written }))
    return told.id === previous ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId: told.id } : { kind: DocumentDiagnosticReportKind.Full, resultId: told.id, items }
  }

  forget(uri: string): void {
    this.#told.delete(keyOf(uri))
  }
}
