import { PassThrough, type Readable, type Writable } from 'node:stream'
import { createConnection, StreamMessageReader, StreamMessageWriter, type Diagnostic } from 'vscode-languageserver/node'
import { Configuration, layersOf } from '../src/config.ts'
import { readConfig } from '../src/config-reader.ts'
import { knowledge } from '../src/knowledge.ts'
import { namesOf } from '../src/known-name.ts'
import { MessageFrames } from '../src/server-frame.ts'
import type { Disk } from '../src/server-inspection.ts'
import { Session } from '../src/server-session.ts'
import { pathOf } from '../src/server-uri.ts'

/** A JSON-RPC message as it was received. */
export interface Message {
  readonly id?: number | string | null
  readonly method?: string
  readonly params?: any // eslint-disable-line @typescript-eslint/no-explicit-any
  readonly result?: any // eslint-disable-line @typescript-eslint/no-explicit-any
  readonly error?: { readonly code: number; readonly message: string }
}

export interface Published { readonly uri: string; readonly version?: number; readonly diagnostics: Diagnostic[] }

/** How long anything may take; the machine may be busy. */
const patience = 20_000

/** A client that writes and reads raw messages. */
export class RawClient {
  readonly received: Message[] = []
  /** Answers to requests of the server, by method; what is missing is not answered. */
  readonly answers: Record<string, (params: any) => unknown> = { 'client/registerCapability': () => null, 'workspace/diagnostic/refresh': () => null } // eslint-disable-line @typescript-eslint/no-explicit-any
  readonly #input: Writable
  readonly #waiting = new Set<() => void>()
  #bytes = Buffer.alloc(0)
  #lastId = 0

  constructor(input: Writable, output: Readable) {
    this.#input = input
    input.on('error', () => {})
    output.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  /** Bytes as they are. */
  write(bytes: string | Buffer): void {
    this.#input.write(bytes)
  }

  send(message: unknown): void {
    const body = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message))
    this.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]))
  }

  notify(method: string, params?: unknown): void {
    this.send({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) })
  }

  async request(method: string, params?: unknown): Promise<any> { // eslint-disable-line @typescript-eslint/no-explicit-any
    const { result, error } = await this.ask(method, params)
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  async ask(method: string, params?: unknown): Promise<Message> {
    const id = ++this.#lastId
    this.send({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) })
    return await this.next(message => message.id === id && message.method === undefined)
  }

  /** The first message for which `wanted` holds, which has come or is to come. */
  async next(wanted: (message: Message) => boolean, from = 0): Promise<Message> {
    const end = Date.now() + patience
    for (;;) {
      const found = this.received.slice(from).find(wanted)
      if (found) return found
      if (Date.now() > end) throw new Error(`no such message among ${JSON.stringify(this.received).slice(0, 2000)}`)
      await new Promise<void>(resolve => {
        const timer = setTimeout(done, 200)
        const waiting = this.#waiting
        waiting.add(done)
        function done(): void {
          clearTimeout(timer)
          waiting.delete(done)
          resolve()
        }
      })
    }
  }

  async initialize(capabilities: object = {}, more: object = {}): Promise<any> { // eslint-disable-line @typescript-eslint/no-explicit-any
    const result = await this.request('initialize', { processId: null, rootUri: null, capabilities, ...more })
    this.notify('initialized', {})
    return result
  }

  open(uri: string, text: string, languageId = 'yaml', version = 1): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } })
  }

  change(uri: string, version: number, ...contentChanges: unknown[]): void {
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges })
  }

  close(uri: string): void {
    this.notify('textDocument/didClose', { textDocument: { uri } })
  }

  get published(): Published[] {
    return this.received.filter(({ method }) => method === 'textDocument/publishDiagnostics').map(({ params }) => params as Published)
  }

  /** What is published for a version of a document. */
  async diagnostics(uri: string, version = 1, from = 0): Promise<Diagnostic[]> {
    const { params } = await this.next(({ method, params }) => method === 'textDocument/publishDiagnostics' && params.uri === uri && params.version === version, from)
    return params.diagnostics
  }

  /** Whether the server still answers. */
  async isAlive(): Promise<boolean> {
    return (await this.ask('textDocument/hover', { textDocument: { uri: 'file:///nowhere' }, position: { line: 0, character: 0 } })).result === null
  }

  #read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    for (;;) {
      const end = this.#bytes.indexOf('\r\n\r\n')
      if (end < 0) break
      const length = Number(/Content-Length: (\d+)/.exec(this.#bytes.toString('utf8', 0, end))![1])
      if (this.#bytes.length < end + 4 + length) break
      this.#receive(JSON.parse(this.#bytes.toString('utf8', end + 4, end + 4 + length)) as Message)
      this.#bytes = this.#bytes.subarray(end + 4 + length)
    }
    for (const wake of [...this.#waiting]) wake()
  }

  #receive(message: Message): void {
    this.received.push(message)
    const { id, method, params } = message
    if (method === undefined || id === undefined || !Object.hasOwn(this.answers, method)) return
    this.send({ jsonrpc: '2.0', id, result: this.answers[method]!(params) })
  }
}

/** Files that exist only in a test, by their URIs. */
export class FakeDisk implements Disk {
  readonly files: Record<string, string>

  constructor(files: Record<string, string> = {}) {
    this.files = files
  }

  read(uri: string): string | undefined {
    return this.files[uri]
  }

  stamp(uri: string): string | undefined {
    return this.files[uri]
  }

  async find(folder: string, wanted: (path: string) => boolean): Promise<string[]> {
    return Object.keys(this.files).filter(uri => uri.startsWith(`${folder}/`) && wanted(uri))
  }

  async configuration(uri: string): Promise<Configuration> {
    const folder = uri.slice(0, uri.lastIndexOf('/'))
    const source = this.files[`${folder}/porthole.config.yaml`]
    if (source === undefined) return Configuration.none
    const { config, faults } = readConfig(source, 'yaml', namesOf(knowledge.rules, knowledge.matrix.rows))
    if (faults[0]) throw new Error(faults[0].message)
    return await Configuration.of(layersOf(config!, 'porthole.config.yaml', pathOf(folder)))
  }
}

/** A client with a server in this process. */
export function connect(files: Record<string, string> = {}): RawClient & { readonly disk: FakeDisk } {
  const toServer = new PassThrough()
  const toClient = new PassThrough()
  const disk = new FakeDisk(files)
  new Session(createConnection(new StreamMessageReader(toServer.pipe(new MessageFrames())), new StreamMessageWriter(toClient)), disk).listen()
  return Object.assign(new RawClient(toServer, toClient), { disk })
}

/** The text at a range, in UTF-16. */
export function slice(text: string, { start, end }: Diagnostic['range']): string {
  const lines = text.split(/\r\n|\r|\n/)
  if (start.line === end.line) return lines[start.line]!.slice(start.character, end.character)
  return [lines[start.line]!.slice(start.character), ...lines.slice(start.line + 1, end.line), lines[end.line]!.slice(0, end.character)].join('\n')
}

/** The text after edits, in UTF-16. */
export function edited(text: string, edits: readonly { readonly range: Diagnostic['range']; readonly newText: string }[]): string {
  const starts = [0]
  for (const { 0: end, index } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length)
  const offset = ({ line, character }: Diagnostic['range']['start']): number => starts[line]! + character
  return [...edits].reverse().reduce((rest, { range, newText }) => rest.slice(0, offset(range.start)) + newText + rest.slice(offset(range.end)), text)
}
