import {
  CodeActionKind, CodeLensRefreshRequest, DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, DidChangeWorkspaceFoldersNotification, ErrorCodes, ExecuteCommandRequest, MarkupKind, MessageType, ResponseError, ShowMessageNotification, TextDocumentSyncKind,
  type ClientCapabilities, type CodeAction, type CodeLens, type CompletionItem, type Connection, type DocumentDiagnosticReport, type Hover, type InitializeParams, type InitializeResult, type WorkspaceDiagnosticReport
} from 'vscode-languageserver'
import { version } from './about.ts'
import type { PlatformMode } from './linter.ts'
import { codeActions, explainCommand, fixAllKind } from './server-action.ts'
import { ServerConfigurations } from './server-configuration.ts'
import { DiagnosticView } from './server-diagnostic.ts'
import { isObject, isPosition, isPositionRange, OpenDocuments, positionEncodingFor, type PositionEncoding, type ServerDocument } from './server-document.ts'
import { hoverAt, markupKindFor } from './server-hover.ts'
import { Inspector, type Disk } from './server-inspection.ts'
import { codeLenses } from './server-lens.ts'
import { DiagnosticReports } from './server-report.ts'
import { section, ServerSettings } from './server-settings.ts'
import { pathOf } from './server-uri.ts'
import { EditorFolders } from './server-folders.ts'

/** How long to wait after a change: the next may follow at once. */
const delay = 100

/** Asks what an open document, `{ uri }`, is judged for. */
export const targetsRequest = 'porthole/targets'

/** What a document is judged for. */
export interface DocumentTargets {
  /** The language it was read as; `null`: none that speaks of Docker. */
  readonly language: string | null
  readonly targets: readonly string[]
  readonly platform: PlatformMode
}

/** Files that are read from disk: what bears on others, and what nobody has opened. */
const watched = ['**/.env', '**/{porthole.config.json,porthole.config.yaml,porthole.config.yml,package.json}', '**/*.{yml,yaml}', '**/{Dockerfile,Containerfile}*', '**/*.{Dockerfile,dockerfile,sh,ps1,cmd,bat}']

/** One client and what it has open: takes its messages, and tells it what is found. */
export class Session {
  readonly #connection: Connection
  readonly #documents: OpenDocuments
  readonly #settings: ServerSettings
  readonly #inspector: Inspector
  readonly #folders: EditorFolders
  readonly #reports = new DiagnosticReports()
  readonly #timers = new Map<ServerDocument, ReturnType<typeof setTimeout>>()
  #refreshTimer: ReturnType<typeof setTimeout> | undefined
  #capabilities: ClientCapabilities = {}
  #encoding: PositionEncoding = 'utf-16'
  #isOver = false
  #view: DiagnosticView

  constructor(connection: Connection, disk: Disk) {
    this.#connection = connection
    this.#documents = new OpenDocuments(() => this.#encoding)
    this.#settings = new ServerSettings({
      ask: async uri => (await connection.sendRequest<unknown[] | null>('workspace/configuration', { items: [{ scopeUri: uri, section }] }))?.[0],
      complain: fault => this.#tell(MessageType.Warning, `porthole: ${fault}.`),
      changed: () => this.#lintAgain()
    })
    const configurations = new ServerConfigurations(uri => disk.configuration(uri), fault => this.#tell(MessageType.Warning, `porthole: ${fault}`))
    this.#inspector = new Inspector(this.#documents, this.#settings, configurations, disk)
    this.#folders = new EditorFolders(this.#documents, this.#inspector, disk, () => this.#encoding, error => this.#complain(faultOf(error)))
    this.#inspector.files = () => this.#folders.files()
    this.#view = this.#newView()
    this.#listenToLifecycle()
    this.#listenToDocuments()
    this.#listenToSurroundings()
    this.#answerRequests()
  }

  listen(): void {
    this.#connection.listen()
  }

  /** Files on disk have changed. */
  surroundingsChanged(): void {
    this.#folders.forget()
    this.#lintAgain()
  }

  #listenToLifecycle(): void {
    this.#connection.onInitialize(params => this.#initialize(params))
    this.#connection.onInitialized(() => this.#register())
    this.#connection.onShutdown(() => {
      this.#isOver = true
      for (const timer of this.#timers.values()) clearTimeout(timer)
      this.#timers.clear()
      clearTimeout(this.#refreshTimer)
    })
  }

  #initialize(params: InitializeParams): InitializeResult {
    this.#capabilities = params.capabilities ?? {}
    const { general, workspace } = this.#capabilities
    const offered: unknown = general?.positionEncodings
    this.#encoding = positionEncodingFor(offered)
    this.#view = this.#newView()
    this.#settings.start(params.initializationOptions, workspace?.configuration === true)
    this.#listenToFolders()
    this.#folders.add(params.workspaceFolders ?? (typeof params.rootUri === 'string' ? [{ uri: params.rootUri }] : []))
    return {
      serverInfo: { name: 'porthole', version },
      capabilities: {
        ...(offered === undefined ? {} : { positionEncoding: this.#encoding }),
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        codeLensProvider: {},
        completionProvider: { triggerCharacters: [' ', '=', '[', ',', '"', "'"] },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
        executeCommandProvider: { commands: [explainCommand] },
        ...(this.#isAsked ? { diagnosticProvider: { identifier: section, interFileDependencies: true, workspaceDiagnostics: true } } : {}),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } }
      }
    }
  }

  /** Whether the client asks for diagnostics; otherwise they are sent. Doing both would show everything twice. */
  get #isAsked(): boolean {
    return this.#capabilities.textDocument?.diagnostic !== undefined
  }

  #newView(): DiagnosticView {
    return new DiagnosticView(this.#capabilities, this.#encoding, uri => this.#inspector.textOf(uri))
  }

  async #register(): Promise<void> {
    const { workspace } = this.#capabilities
    await this.#guard(async () => {
      if (workspace?.didChangeConfiguration?.dynamicRegistration) await this.#connection.client.register(DidChangeConfigurationNotification.type, { section })
      if (workspace?.didChangeWatchedFiles?.dynamicRegistration) await this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: watched.map(globPattern => ({ globPattern })) })
    })
  }

  #listenToDocuments(): void {
    this.#connection.onDidOpenTextDocument(params => {
      const before = this.#documents.get(params?.textDocument?.uri)
      if (before) this.#stop(before)
      const document = this.#documents.open(params?.textDocument)
      if (!document) return this.#complain('a document was opened without URI or text')
      this.#push(document, 0)
      this.#noticeVariables(document)
    })
    this.#connection.onDidChangeTextDocument(params => {
      const document = this.#documents.get(params?.textDocument?.uri)
      // Clients may speak of what they have closed, or never opened.
      if (!document) return
      if (!document.change(params.contentChanges, params.textDocument.version)) return this.#complain('a change was none')
      this.#push(document, delay)
      this.#noticeVariables(document)
      if (this.#inspector.isConsulted(document)) this.#lintOthers(document)
    })
    this.#connection.onDidCloseTextDocument(params => {
      const document = this.#documents.close(params?.textDocument?.uri)
      if (!document) return
      this.#stop(document)
      this.#reports.forget(document.uri)
      if (!this.#isAsked) this.#send(document.uri, undefined, [])
      this.#noticeVariables(document)
    })
  }

  /** What stands in a \`.env\` file bears on the files beside it. */
  #noticeVariables({ uri }: ServerDocument): void {
    if (/(^|\/)\.env$/.test(pathOf(uri))) this.#lintAgain()
  }

  #listenToSurroundings(): void {
    this.#connection.onDidChangeConfiguration(params => {
      this.#settings.change(params?.settings)
      this.#lintAgain()
    })
    this.#connection.onDidChangeWatchedFiles(params => {
      const changes: unknown = params?.changes
      // Of what is open the editor knows best; configurations are read from disk even so.
      if (Array.isArray(changes) && changes.length > 0 && changes.every((change: unknown) => isObject(change) && this.#documents.get(change['uri']) && !/(porthole\.config\.\w+|package\.json)$/.test(String(change['uri'])))) return
      this.surroundingsChanged()
    })
  }

  /** The connection listens itself from the start on, if the client tells of folders; who listens last is told. */
  #listenToFolders(): void {
    this.#connection.onNotification(DidChangeWorkspaceFoldersNotification.type, params => {
      this.#folders.add(params?.event?.added)
      this.#folders.remove(params?.event?.removed)
      this.#lintAgain()
    })
  }

  #answerRequests(): void {
    this.#connection.onHover(params => this.#answer<Hover | null>(null, async () => {
      const document = this.#documents.get(params?.textDocument?.uri)
      if (!document || !isPosition(params.position)) return null
      return hoverAt(document.offsetAt(params.position), await this.#inspector.inspect(document), document, this.#markup) ?? null
    }))
    this.#connection.onCompletion((params, token) => this.#answer<CompletionItem[]>([], async () => {
      const document = this.#documents.get(params?.textDocument?.uri)
      if (!document || !isPosition(params.position)) return []
      const { found, options } = await this.#inspector.inspect(document)
      if (token.isCancellationRequested) return []
      const { completionsAt } = await import('./server-completion.ts')
      return completionsAt(document.offsetAt(params.position), document, found.language === 'compose', options.targets)
    }))
    this.#connection.onCodeLens(params => this.#answer<CodeLens[]>([], async () => {
      const document = this.#documents.get(params?.textDocument?.uri)
      if (!document || (await this.#settings.for(document.uri)).codeLens === false) return []
      return codeLenses(await this.#inspector.inspect(document), document)
    }))
    this.#connection.onCodeAction((params, token) => this.#answer<CodeAction[]>([], async () => {
      const document = this.#documents.get(params?.textDocument?.uri)
      if (!document || !isPositionRange(params.range)) return []
      const inspection = await this.#inspector.inspect(document)
      const only: unknown = params.context?.only
      return await codeActions({ document, inspection, view: this.#view, range: params.range, only: Array.isArray(only) ? only.filter(kind => typeof kind === 'string') : undefined, judge: text => this.#inspector.judge(document, text), token })
    }))
    this.#connection.onRequest(targetsRequest, (params: { readonly uri?: unknown } | undefined) => this.#answer<DocumentTargets | null>(null, async () => {
      const document = this.#documents.get(params?.uri)
      if (!document) return null
      const { found, options } = await this.#inspector.inspect(document)
      return { language: found.language ?? null, targets: options.targets.map(({ label }) => label), platform: options.platform }
    }))
    this.#connection.onRequest(ExecuteCommandRequest.type, params => this.#answer<string | null>(null, () => this.#execute(params?.command, params?.arguments)))
    this.#connection.languages.diagnostics.on((params, token) => this.#answer<DocumentDiagnosticReport>({ kind: 'full', items: [] }, async () => {
      const document = this.#documents.get(params?.textDocument?.uri)
      if (!document) return { kind: 'full', items: [] }
      const { diagnostics } = await this.#inspector.inspect(document)
      if (token.isCancellationRequested || !this.#documents.isOpen(document)) return { kind: 'full', items: [] }
      return this.#reports.report(document.uri, diagnostics.map(diagnostic => this.#view.show(diagnostic, document)), params.previousResultId)
    }))
    this.#connection.languages.diagnostics.onWorkspace(async (params, token, _progress, partial) => {
      const known: unknown = params?.previousResultIds
      const previous = new Map((Array.isArray(known) ? known : []).flatMap((entry: unknown): [string, string][] => (isObject(entry) && typeof entry['uri'] === 'string' && typeof entry['value'] === 'string' ? [[entry['uri'], entry['value']]] : [])))
      const items: WorkspaceDiagnosticReport['items'] = []
      for await (const report of this.#folders.reports(previous, this.#view, this.#reports, token)) {
        if (partial) partial.report({ items: [report] })
        else items.push(report)
      }
      return { items }
    })
  }

  get #markup(): MarkupKind {
    return markupKindFor(this.#capabilities)
  }

  async #execute(command: unknown, args: unknown): Promise<string | null> {
    const name: unknown = Array.isArray(args) ? args[0] : undefined
    if (command !== explainCommand || typeof name !== 'string') return null
    const { explain } = await import('./explain.ts')
    const text = explain([name], Error)
    this.#tell(MessageType.Info, text)
    return text
  }

  /** Lints everything that is open anew: what surrounds it has changed. */
  #lintAgain(): void {
    this.#inspector.forget()
    if (!this.#isAsked) for (const document of this.#documents.all) this.#push(document, delay)
    this.#refresh()
  }

  /** Lints what else is open anew: it rests on a document that has changed. */
  #lintOthers(changed: ServerDocument): void {
    this.#inspector.reconsider()
    if (!this.#isAsked) for (const document of this.#documents.all) if (document !== changed) this.#push(document, delay)
    this.#refresh()
  }

  /** Has the client ask for everything anew, when nothing has changed for a while. */
  #refresh(): void {
    clearTimeout(this.#refreshTimer)
    const { diagnostics, codeLens } = this.#capabilities.workspace ?? {}
    this.#refreshTimer = setTimeout(() => {
      if (this.#isAsked && diagnostics?.refreshSupport) void this.#guard(() => this.#connection.languages.diagnostics.refresh())
      if (codeLens?.refreshSupport) void this.#guard(() => this.#connection.sendRequest(CodeLensRefreshRequest.type))
    }, delay)
  }

  /** Sends what is found in a document, when it has not changed for a while. */
  #push(document: ServerDocument, wait: number): void {
    if (this.#isAsked) return
    this.#stop(document)
    this.#timers.set(document, setTimeout(() => {
      this.#timers.delete(document)
      void this.#guard(() => this.#lintAndSend(document))
    }, wait))
  }

  async #lintAndSend(document: ServerDocument): Promise<void> {
    const { revision } = document
    const { epoch } = this.#inspector
    const { diagnostics } = await this.#inspector.inspect(document)
    const isCurrent = document.revision === revision && this.#inspector.epoch === epoch && this.#documents.isOpen(document)
    // Whatever has changed since then is on its way.
    if (isCurrent) this.#send(document.uri, document.version, diagnostics.map(diagnostic => this.#view.show(diagnostic, document)))
  }

  #stop(document: ServerDocument): void {
    clearTimeout(this.#timers.get(document))
    this.#timers.delete(document)
  }

  #send(uri: string, version: number | undefined, diagnostics: ReturnType<DiagnosticView['show']>[]): void {
    void this.#guard(() => this.#connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) }))
  }

  #tell(type: MessageType, message: string): void {
    void this.#guard(() => this.#connection.sendNotification(ShowMessageNotification.type, { type, message }))
  }

  #complain(fault: string): void {
    this.#connection.console.error(`porthole: ${fault}`)
  }

  /** An answer; a failure is reported and answered with nothing, and the session goes on. */
  async #answer<T>(nothing: T, work: () => Promise<T>): Promise<T> {
    if (this.#isOver) throw new ResponseError(ErrorCodes.InvalidRequest, 'the server is shut down')
    try {
      return await work()
    } catch (error) {
      this.#complain(faultOf(error))
      return nothing
    }
  }

  async #guard(work: () => Promise<unknown>): Promise<void> {
    if (!this.#isOver) await this.#answer(undefined, async () => void (await work()))
  }
}

const faultOf = (error: unknown): string => (error instanceof Error ? error.stack ?? error.message : String(error))
