import { DiagnosticSeverity, DiagnosticTag, type ClientCapabilities, type Diagnostic as ShownDiagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver'
import type { Diagnostic, Severity } from './diagnostic.ts'
import { fateOf, fatesOf } from './explanation.ts'
import { rulePage } from './formatter.ts'
import { ServerDocument, type PositionEncoding } from './server-document.ts'
import { fileSystemOf, uriOf } from './server-uri.ts'

const severityNumbers: Readonly<Record<Severity, DiagnosticSeverity>> = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information }

/** How diagnostics are shown to a client, by what it can show. */
export class DiagnosticView {
  readonly #showsRelated: boolean
  readonly #showsUnnecessary: boolean
  readonly #showsPages: boolean
  readonly #encoding: PositionEncoding
  readonly #textOf: (uri: string) => string | undefined

  constructor(capabilities: ClientCapabilities, encoding: PositionEncoding, textOf: (uri: string) => string | undefined) {
    const { publishDiagnostics, diagnostic } = capabilities.textDocument ?? {}
    this.#showsRelated = publishDiagnostics?.relatedInformation === true || diagnostic?.relatedInformation === true
    this.#showsUnnecessary = [publishDiagnostics, diagnostic].some(capability => capability?.tagSupport?.valueSet?.includes(DiagnosticTag.Unnecessary))
    this.#showsPages = publishDiagnostics?.codeDescriptionSupport === true || diagnostic?.codeDescriptionSupport === true
    this.#encoding = encoding
    this.#textOf = textOf
  }

  /** A diagnostic of a document, which must be in the state that was linted. */
  show(diagnostic: Diagnostic, document: ServerDocument): ShownDiagnostic {
    const page = this.#showsPages ? pageOf(diagnostic) : undefined
    const related = this.#showsRelated ? this.#related(diagnostic, document) : []
    return {
      range: document.rangeOf(diagnostic.range),
      severity: severityNumbers[diagnostic.severity],
      code: diagnostic.rule,
      ...(page === undefined ? {} : { codeDescription: { href: page } }),
      source: 'porthole',
      message: shownMessage(diagnostic),
      ...(this.#showsUnnecessary && isUnnecessary(diagnostic) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
      ...(related.length > 0 ? { relatedInformation: related } : {}),
      data: { rule: diagnostic.rule, feature: diagnostic.feature, range: diagnostic.range }
    }
  }

  #related({ related }: Diagnostic, document: ServerDocument): DiagnosticRelatedInformation[] {
    return related.flatMap(({ message, path, range }) => {
      const place = path === undefined ? document : this.#documentAt(uriOf(path, fileSystemOf(document.uri)))
      return place ? [{ message, location: { uri: place.uri, range: place.rangeOf(range) } }] : []
    })
  }

  #documentAt(uri: string | undefined): ServerDocument | undefined {
    const text = uri === undefined ? undefined : this.#textOf(uri)
    return uri === undefined || text === undefined ? undefined : new ServerDocument({ uri, text, languageId: '', version: 0 }, this.#encoding)
  }
}

/** The page of the rule, or the first on the web that is cited. */
const pageOf = ({ rule, sources }: Diagnostic): string | undefined => rulePage(rule) ?? sources.find(({ where }) => /^https?:\/\/\S+$/.test(where))?.where

/** What no target does anything about, so that editors may fade it. */
const isUnnecessary = ({ verdicts }: Diagnostic): boolean => verdicts.length > 0 && verdicts.every(({ effect, unsafe }) => effect === 'ignored' && !unsafe)

/** The message in plain text: what, what Docker will say, what to do; and where, if not everywhere. */
export function shownMessage({ message, instead, verdicts }: Diagnostic): string {
  const fates = fatesOf(verdicts)
  const errors = new Set(verdicts.flatMap(({ error }) => error ?? []))
  return [
    message,
    ...(fates.length > 1 ? [`${fates.map(group => `${group.map(({ target }) => target).join(', ')}: ${fateOf(group[0])}`).join('; ')}.`] : []),
    ...[...errors].map(error => `Docker will say: ${error}`),
    ...(instead === undefined ? [] : [`Instead: ${instead}`])
  ].join('\n')
}
