import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MessageFrames } from '../src/server-frame.ts'
import { ServerDocument } from '../src/server-document.ts'
import { connect } from './server-client.ts'
import { ServerProgram } from './server-process.ts'

const uri = 'file:///project/compose.yaml'
const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'
const program = new ServerProgram()

beforeAll(() => program.build(), 60_000)
afterAll(() => program.remove())

const frame = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

/** A message without a meaning, and the server must answer the next all the same. */
const nonsense: Record<string, string> = {
  'no JSON': frame('{nonsense'), null: frame('null'), 'a number': frame('5'), 'a batch': frame('[{"jsonrpc":"2.0","id":9,"method":"x"}]'), 'no method': frame('{"jsonrpc":"2.0"}'), 'an unknown request': frame('{"jsonrpc":"2.0","id":77,"method":"foo/bar"}'),
  'an unknown notification': frame('{"jsonrpc":"2.0","method":"foo/bar"}'), 'an answer to nothing': frame('{"jsonrpc":"2.0","id":3,"result":5}'), 'no UTF-8': 'Content-Length: 4\r\n\r\n\xff\xfe\xfd\xfc', 'an empty message': 'Content-Length: 0\r\n\r\n',
  'a header without colon': 'Foo\r\n\r\n', 'a header without length': 'Content-Type: x\r\n\r\n', 'a length that is none': 'Content-Length: x\r\n\r\n', 'a negative length': 'Content-Length: -5\r\n\r\n', 'a huge length': 'Content-Length: 99999999999\r\n\r\n',
  'a line': 'nonsense\n', 'lines': 'nonsense\r\nmore\r\n', 'another protocol': 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'much of nothing': 'x'.repeat(1_000_000),
  'the cancellation of nothing': frame('{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":123}}'), 'a method that is none': frame('{"jsonrpc":"2.0","id":5,"method":{}}')
}

/** What is no value for a parameter. */
const wrong = [undefined, null, 5, 'x', [], {}, { textDocument: null }, { textDocument: {} }, { textDocument: { uri: 5 } }, { textDocument: { uri } }, { textDocument: { uri }, position: 5 }, { textDocument: { uri }, range: {} }, { textDocument: { uri }, contentChanges: 5 }, { textDocument: { uri }, contentChanges: [null] }, { textDocument: { uri }, contentChanges: [{ range: { start: null }, text: 'x' }] }, { textDocument: { uri }, contentChanges: [{ text: 5 }] }, { command: 5 }, { command: 'porthole.explain', arguments: 5 }, { event: 5 }, { event: { added: 5, removed: [null] } }, { settings: 5 }, { previousResultIds: 5 }]

const methods = ['textDocument/didOpen', 'textDocument/didChange', 'textDocument/didClose', 'textDocument/hover', 'textDocument/codeAction', 'textDocument/diagnostic', 'workspace/diagnostic', 'workspace/executeCommand', 'workspace/didChangeConfiguration', 'workspace/didChangeWatchedFiles', 'workspace/didChangeWorkspaceFolders', 'initialized', 'initialize', '$/setTrace', 'textDocument/didSave']

describe('a client that sends nonsense', () => {
  it.each(Object.entries(nonsense))('%s', async (_name, bytes) => {
    const { client, child } = program.start()
    client.write(Buffer.from(bytes, 'latin1'))
    await client.initialize()
    client.write(Buffer.from(bytes, 'latin1'))
    client.open(uri, hostMode)
    expect(await client.diagnostics(uri)).toHaveLength(1)
    child.kill()
  })

  it.each(methods)('wrong parameters of %s', async method => {
    const client = connect()
    await client.initialize({ textDocument: { diagnostic: {} } })
    client.open(uri, hostMode)
    for (const params of wrong) {
      client.notify(method, params)
      client.send({ jsonrpc: '2.0', id: `wrong ${Math.random()}`, method, ...(params === undefined ? {} : { params }) })
    }
    expect(await client.isAlive()).toBe(true)
    client.open('file:///project/docker-compose.yaml', hostMode)
    expect(await client.request('textDocument/diagnostic', { textDocument: { uri: 'file:///project/docker-compose.yaml' } })).toMatchObject({ items: [{ code: 'no-host-network' }] })
  })

  it.each([{}, { capabilities: null }, { capabilities: 5 }, { capabilities: { general: 5, textDocument: { publishDiagnostics: { tagSupport: true } }, workspace: [] } }, { capabilities: {}, workspaceFolders: 5, rootUri: 7, initializationOptions: [5] }])('capabilities %j', async params => {
    const client = connect()
    await client.ask('initialize', params)
    client.open(uri, hostMode)
    expect(await client.diagnostics(uri)).toHaveLength(1)
  })

  it('requests before it says who it is, and documents it never opened', async () => {
    const client = connect()
    client.change(uri, 2, { text: hostMode })
    client.close(uri)
    expect(await client.isAlive()).toBe(true)
    expect(client.published).toEqual([])
  })

  it('places beyond the text', async () => {
    const client = connect()
    await client.initialize()
    client.open(uri, hostMode)
    const far = { line: 1e9, character: 1e9 }
    client.change(uri, 2, { range: { start: far, end: { line: 2e9, character: 0 } }, text: 'networks:\n  a:\n' }, { range: { start: { line: -5, character: -5 }, end: { line: -1, character: 0 } }, text: '# first\n' }, { range: { start: { line: 0.5, character: 0.5 }, end: { line: 0, character: 1.5 } }, text: '#' })
    const diagnostics = await client.diagnostics(uri, 2)
    expect(diagnostics.map(({ code, range }) => [code, range.start])).toContainEqual(['no-host-network', { line: 4, character: 4 }])
    expect(await client.request('textDocument/hover', { textDocument: { uri }, position: far })).toBeNull()
  })

  it('changes of any kind', () => {
    const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, 2, -1, 1e300, Infinity))
    const position = fc.record({ line: number, character: number })
    const change = fc.record({ range: fc.option(fc.record({ start: position, end: position }), { nil: undefined }), text: fc.string({ unit: fc.constantFrom('a', '\n', '\r', '🦊') }) })
    fc.assert(fc.property(fc.array(change, { maxLength: 5 }), fc.constantFrom('utf-8', 'utf-16', 'utf-32'), (changes, encoding) => {
      const document = new ServerDocument({ uri, languageId: '', version: 0, text: 'a\r\n🦊b\n' }, encoding)
      document.change(changes, 1)
      for (let at = 0; at <= document.text.length; at++) expect(document.positionAt(at).line).toBeGreaterThanOrEqual(0)
    }))
  })
})

describe('message frames', () => {
  it('pass on messages however they are cut, and nothing else', async () => {
    const body = fc.string({ minLength: 1 }).map(text => JSON.stringify(text))
    const rubbish = fc.constantFrom('', '', 'x\n', 'A: b\r\n', 'Foo: bar\r\n\r\n')
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(rubbish, body), { maxLength: 5 }), fc.infiniteStream(fc.integer({ min: 1, max: 9 })), async (messages, sizes) => {
      const bytes = Buffer.from(messages.map(([before, text]) => before + frame(text)).join(''))
      const frames = new MessageFrames()
      const received: Buffer[] = []
      frames.on('data', (chunk: Buffer) => received.push(chunk))
      for (let at = 0; at < bytes.length; ) {
        const size = sizes.next().value
        frames.write(bytes.subarray(at, at + size))
        at += size
      }
      await new Promise<void>(resolve => frames.end(resolve))
      expect(Buffer.concat(received).toString()).toBe(messages.map(([, text]) => frame(text)).join(''))
    }))
  })
})

describe('the end', () => {
  it('comes with shutdown and exit, and is 0', async () => {
    const { client, ended } = program.start()
    await client.initialize()
    client.open(uri, hostMode)
    expect(await client.request('shutdown')).toBeNull()
    client.notify('exit')
    expect(await ended).toBe(0)
  })

  it('is not yet come after shutdown, and no request is answered any more', async () => {
    const client = connect()
    await client.initialize()
    client.open(uri, hostMode)
    await client.request('shutdown')
    for (const method of ['textDocument/hover', 'textDocument/diagnostic', 'textDocument/codeAction']) expect((await client.ask(method, { textDocument: { uri }, position: { line: 0, character: 0 } })).error).toMatchObject({ code: -32600 })
    client.change(uri, 2, { text: '' })
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(client.published.filter(({ version }) => version === 2)).toEqual([])
  })

  it('comes with exit alone, and is 1', async () => {
    const { client, ended } = program.start()
    await client.initialize()
    client.notify('exit')
    expect(await ended).toBe(1)
  })

  it('comes when the input ends, amidst work', async () => {
    const { client, child, ended } = program.start()
    await client.initialize()
    client.open(uri, hostMode)
    child.stdin!.end()
    expect(await ended).toBe(1)
  })

  it('comes when the client is killed', async () => {
    // A client whose pipes the server has, and which ends without a word.
    const script = `
      const { spawn } = require('node:child_process')
      const server = spawn(process.execPath, [${JSON.stringify(program.path)}], { stdio: ['pipe', 'pipe', 'inherit'] })
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities: {} } })
      server.stdin.write('Content-Length: ' + Buffer.byteLength(body) + '\\r\\n\\r\\n' + body)
      server.stdout.once('data', () => console.log(server.pid))`
    const client = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const pid = await new Promise<number>(resolve => client.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))))
    expect(isRunning(pid)).toBe(true)
    client.kill('SIGKILL')
    for (let wait = 0; wait < 100 && isRunning(pid); wait++) await new Promise(resolve => setTimeout(resolve, 100))
    expect(isRunning(pid)).toBe(false)
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the program', () => {
  it.each([
    ['run.js', "require('child_process').execSync('docker run --network host x')\n"],
    ['run.ts', "import { execSync } from 'node:child_process'\nexecSync('docker run --network host x' as string)\n"],
    ['run.sh', 'docker run --network host x\n'], ['run.ps1', 'docker run --network host x\n'], ['run.cmd', 'docker run --network host x\n'],
    ['README.md', '```sh\ndocker run --network host x\n```\n'], ['compose.yml', hostMode]
  ])('reads %s', async (name, text) => {
    const { client, child } = program.start()
    await client.initialize()
    client.open(`file:///project/${name}`, text, '')
    expect(await client.diagnostics(`file:///project/${name}`)).toMatchObject([{ code: 'no-host-network' }])
    child.kill()
  })
})

describe('files on disk', () => {
  it('are found in the folders of the workspace, with the variables beside them', async () => {
    const folder = join(program.folder, 'a b')
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    writeFileSync(join(folder, '.env'), 'MODE=host\n')
    writeFileSync(join(folder, 'compose.yaml'), hostMode.replace('host', '${MODE}'))
    writeFileSync(join(folder, 'node_modules/compose.yaml'), hostMode)
    writeFileSync(join(folder, 'docker-compose.yml'), Buffer.from([0xff, 0xfe, 0, 0]))
    const { client, child } = program.start()
    await client.initialize({ textDocument: { diagnostic: {} } }, { workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'a' }] })
    const { items } = await client.request('workspace/diagnostic', { previousResultIds: [] })
    expect(items).toMatchObject([{ uri: pathToFileURL(join(folder, 'compose.yaml')).href, items: [{ code: 'no-host-network' }] }])
    child.kill()
  })
})
