import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { positionEncodingFor, ServerDocument, type PositionEncoding } from '../src/server-document.ts'
import { readSettings } from '../src/server-settings.ts'
import { besideUri, keyOf, pathOf } from '../src/server-uri.ts'
import { connect, slice, type RawClient } from './server-client.ts'

const uri = 'file:///project/compose.yaml'
const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'
const clean = 'services:\n  web:\n    image: x\n'
const pulls = { textDocument: { diagnostic: {} } }
const asks = { workspace: { configuration: true } }

const codes = (diagnostics: readonly { code?: unknown }[]): unknown[] => diagnostics.map(({ code }) => code)

/** Replaces the first occurrence of a text, as an incremental change. */
function replacement(text: string, old: string, newText: string): { range: unknown; text: string } {
  const at = text.indexOf(old)
  const before = text.slice(0, at).split('\n')
  const inside = text.slice(0, at + old.length).split('\n')
  return { range: { start: { line: before.length - 1, character: before.at(-1)!.length }, end: { line: inside.length - 1, character: inside.at(-1)!.length } }, text: newText }
}

describe('pushed diagnostics', () => {
  it('tell what is found, where, and what Docker will say', async () => {
    const client = connect()
    await client.initialize()
    client.open(uri, hostMode)
    const [diagnostic, ...others] = await client.diagnostics(uri)
    expect(others).toEqual([])
    expect(slice(hostMode, diagnostic!.range)).toBe('network_mode: host')
    expect(diagnostic).toMatchObject({ severity: 1, code: 'no-host-network', source: 'porthole', data: { rule: 'no-host-network', range: [hostMode.indexOf('network_mode'), hostMode.indexOf('network_mode') + 18] } })
    expect(diagnostic!.data.feature).toMatch(/^[\w-]+$/)
    expect(diagnostic!.message).toMatch(/\nDocker will say: .*network host not found[^]*\nInstead: /)
    expect(diagnostic).not.toHaveProperty('codeDescription')
  })

  it('follow incremental and full changes, several in one message', async () => {
    const client = connect()
    await client.initialize()
    client.open(uri, clean)
    expect(await client.diagnostics(uri)).toEqual([])
    client.change(uri, 2, { range: { start: { line: 3, character: 0 }, end: { line: 3, character: 0 } }, text: '    network_mode: hos\n' }, { range: { start: { line: 3, character: 21 }, end: { line: 3, character: 21 } }, text: 't' })
    expect(codes(await client.diagnostics(uri, 2))).toEqual(['no-host-network'])
    client.change(uri, 3, { text: clean })
    expect(await client.diagnostics(uri, 3)).toEqual([])
    client.change(uri, 4, { text: '' }, { text: hostMode }, replacement(hostMode, 'host', 'nat'))
    expect(await client.diagnostics(uri, 4)).toEqual([])
  })

  it('wait until typing pauses, and then speak of the newest version only', async () => {
    const client = connect()
    await client.initialize()
    client.open(uri, clean)
    await client.diagnostics(uri)
    for (let version = 2; version <= 30; version++) client.change(uri, version, { text: version % 2 === 0 ? hostMode : clean })
    client.change(uri, 31, { text: hostMode })
    expect(codes(await client.diagnostics(uri, 31))).toEqual(['no-host-network'])
    expect(client.published.map(({ version }) => version)).toEqual([1, 31])
  })

  it('are taken back when the document is closed, and do not come any more', async () => {
    const client = connect()
    await client.initialize()
    client.open(uri, hostMode)
    await client.diagnostics(uri)
    client.change(uri, 2, { text: hostMode })
    client.close(uri)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(client.published.at(-1)).toEqual({ uri, diagnostics: [] })
    expect(client.published).toHaveLength(2)
  })

  it('come again when the document is opened again', async () => {
    const client = connect()
    await client.initialize()
    client.open(uri, hostMode)
    await client.diagnostics(uri)
    client.close(uri)
    client.open(uri, hostMode, 'yaml', 7)
    expect(await client.diagnostics(uri, 7)).toHaveLength(1)
  })

  it('name the places that use what is written once', async () => {
    const text = 'x-common: &common\n  network_mode: host\nservices:\n  web:\n    <<: *common\n    image: x\n'
    const client = connect()
    await client.initialize({ textDocument: { publishDiagnostics: { relatedInformation: true } } })
    client.open(uri, text)
    const [diagnostic] = await client.diagnostics(uri)
    expect(diagnostic!.relatedInformation!.map(({ location, message }) => [message, location.uri, slice(text, location.range)])).toEqual([['used here', uri, expect.stringContaining('common')]])
    const plain = connect()
    await plain.initialize()
    plain.open(uri, text)
    expect((await plain.diagnostics(uri))[0]).not.toHaveProperty('relatedInformation')
  })

  it('fade what Windows ignores in silence, but not where protection is lost', async () => {
    const text = 'services:\n  web:\n    image: x\n    networks:\n      - a\nnetworks:\n  a:\n    driver: nat\n    internal: true\n    ipam:\n      config:\n        - subnet: 10.9.0.0/16\n          aux_addresses:\n            router: 10.9.0.254\n'
    const client = connect()
    await client.initialize({ textDocument: { publishDiagnostics: { tagSupport: { valueSet: [1, 2] } } } })
    client.open(uri, text)
    const diagnostics = await client.diagnostics(uri)
    expect(diagnostics.find(({ range }) => slice(text, range) === 'aux_addresses')).toMatchObject({ severity: 2, tags: [1] })
    expect(diagnostics.find(({ range }) => slice(text, range) === 'internal: true')).toMatchObject({ severity: 1 })
    expect(diagnostics.find(({ range }) => slice(text, range) === 'internal: true')).not.toHaveProperty('tags')
  })

  it('tell of each target what differs', async () => {
    const client = connect()
    await client.initialize({}, { initializationOptions: { targets: ['ws2019', 'ws2025'] } })
    client.open('file:///project/Dockerfile', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN dir\n', 'dockerfile')
    const [diagnostic] = await client.diagnostics('file:///project/Dockerfile')
    expect(diagnostic).toMatchObject({ code: 'unsupported-base-image', message: expect.stringMatching(/ws2019: .*; ws2025: /) })
  })
})

describe('diagnostics that are asked for', () => {
  it('are full, then unchanged, then full', async () => {
    const client = connect()
    const { capabilities } = await client.initialize(pulls)
    expect(capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: true, workspaceDiagnostics: true })
    client.open(uri, hostMode)
    const first = await client.request('textDocument/diagnostic', { textDocument: { uri } })
    expect(first).toMatchObject({ kind: 'full', items: [{ code: 'no-host-network' }], resultId: expect.any(String) })
    expect(await client.request('textDocument/diagnostic', { textDocument: { uri }, previousResultId: first.resultId })).toEqual({ kind: 'unchanged', resultId: first.resultId })
    client.change(uri, 2, { text: `${hostMode}# a comment\n` })
    expect(await client.request('textDocument/diagnostic', { textDocument: { uri }, previousResultId: first.resultId })).toMatchObject({ kind: 'unchanged' })
    client.change(uri, 3, { text: clean })
    expect(await client.request('textDocument/diagnostic', { textDocument: { uri }, previousResultId: first.resultId })).toMatchObject({ kind: 'full', items: [] })
    expect(await client.request('textDocument/diagnostic', { textDocument: { uri }, previousResultId: 'of another server' })).toMatchObject({ kind: 'full' })
    // To send them too would show everything twice.
    expect(client.published).toEqual([])
  })

  it('are not offered to clients that cannot ask', async () => {
    expect((await connect().initialize()).capabilities).not.toHaveProperty('diagnosticProvider')
  })

  it('are none of documents that were never opened', async () => {
    const client = connect({ [uri]: hostMode })
    await client.initialize(pulls)
    expect(await client.request('textDocument/diagnostic', { textDocument: { uri } })).toEqual({ kind: 'full', items: [] })
    expect(await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 3, character: 6 } })).toBeNull()
    expect(await client.request('textDocument/codeAction', { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } }, context: { diagnostics: [] } })).toEqual([])
  })

  it('are asked for anew when settings have changed', async () => {
    const client = connect()
    await client.initialize({ ...pulls, workspace: { diagnostics: { refreshSupport: true } } })
    client.notify('workspace/didChangeConfiguration', { settings: { porthole: { platform: 'auto' } } })
    await client.next(({ method }) => method === 'workspace/diagnostic/refresh')
    client.open(uri, hostMode)
    expect(await client.request('textDocument/diagnostic', { textDocument: { uri } })).toMatchObject({ items: [] })
  })
})

describe('diagnostics of the workspace', () => {
  const files = (): Record<string, string> => ({ 'file:///a/compose.yaml': hostMode, 'file:///a/ok/compose.yaml': clean, 'file:///b/run.sh': 'docker run --network host x\n', 'file:///b/other.yaml': 'a: 1\n', 'file:///c/compose.yaml': hostMode })
  const folders = [{ uri: 'file:///a', name: 'a' }, { uri: 'file:///b', name: 'b' }]
  const ask = (client: RawClient, previousResultIds: unknown[] = []): Promise<any> => client.request('workspace/diagnostic', { previousResultIds }) // eslint-disable-line @typescript-eslint/no-explicit-any

  it('are of all folders, with what is open as the editor has it', async () => {
    const client = connect(files())
    await client.initialize(pulls, { workspaceFolders: folders })
    const { items } = await ask(client)
    expect(items).toMatchObject([{ uri: 'file:///a/compose.yaml', version: null, kind: 'full', items: [{ code: 'no-host-network' }] }, { uri: 'file:///b/run.sh', items: [{ code: 'no-host-network' }] }])
    client.open('file:///a/compose.yaml', clean, 'yaml', 5)
    const known = items.map(({ uri, resultId }: { uri: string; resultId: string }) => ({ uri, value: resultId }))
    expect((await ask(client, known)).items).toMatchObject([{ uri: 'file:///a/compose.yaml', version: 5, kind: 'full', items: [] }, { uri: 'file:///b/run.sh', kind: 'unchanged' }])
  })

  it.each([{}, { workspaceFolders: true }])('follow folders that are added and removed, and files that change and go, for a client that can do %j', async workspace => {
    const client = connect(files())
    await client.initialize({ ...pulls, workspace }, { workspaceFolders: folders })
    client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [{ uri: 'file:///c', name: 'c' }], removed: [{ uri: 'file:///b', name: 'b' }] } })
    expect((await ask(client)).items.map((item: { uri: string }) => item.uri)).toEqual(['file:///a/compose.yaml', 'file:///c/compose.yaml'])
    client.disk.files['file:///a/compose.yaml'] = clean
    delete client.disk.files['file:///c/compose.yaml']
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///c/compose.yaml', type: 3 }] })
    expect((await ask(client, [{ uri: 'file:///c/compose.yaml', value: 'x' }, { uri: 'file:///a/compose.yaml', value: 'x' }])).items).toEqual([{ uri: 'file:///a/compose.yaml', version: null, kind: 'full', resultId: expect.any(String), items: [] }, { uri: 'file:///c/compose.yaml', version: null, kind: 'full', items: [] }])
  })

  it('come in parts if the client wants them so, and end when it does not want them any more', async () => {
    const client = connect(files())
    await client.initialize(pulls, { workspaceFolders: folders })
    expect(await client.request('workspace/diagnostic', { previousResultIds: [], partialResultToken: 'part' })).toEqual({ items: [] })
    expect(client.received.filter(({ method }) => method === '$/progress').map(({ params }) => params.value.items[0].uri)).toEqual(['file:///a/compose.yaml', 'file:///b/run.sh'])
  })
})

describe('settings', () => {
  const azure = 'services:\n  web:\n    image: x\n    networks: [lan]\nnetworks:\n  lan:\n    driver: transparent\n'

  it('are asked of the editor for each file', async () => {
    const client = connect()
    client.answers['workspace/configuration'] = ({ items }) => items.map(({ scopeUri, section }: { scopeUri: string; section: string }) => (section === 'porthole' && scopeUri.startsWith('file:///b/') ? { targets: ['ws2022,host=azure'] } : null))
    await client.initialize(asks)
    client.open('file:///a/compose.yaml', azure)
    client.open('file:///b/compose.yaml', azure)
    expect((await client.diagnostics('file:///a/compose.yaml')).map(({ severity }) => severity)).toEqual([3])
    expect((await client.diagnostics('file:///b/compose.yaml')).map(({ severity }) => severity)).toEqual([1])
  })

  it('hold from the moment when they change', async () => {
    const client = connect()
    let platform = 'windows'
    client.answers['workspace/configuration'] = () => [{ platform }]
    await client.initialize(asks)
    client.open(uri, hostMode)
    expect(await client.diagnostics(uri)).toHaveLength(1)
    platform = 'auto'
    const seen = client.received.length
    client.notify('workspace/didChangeConfiguration', { settings: null })
    expect(await client.diagnostics(uri, 1, seen)).toEqual([])
  })

  it('may be sent by clients that cannot be asked', async () => {
    const client = connect()
    await client.initialize({}, { initializationOptions: { porthole: { platform: 'auto' } } })
    client.open(uri, hostMode)
    expect(await client.diagnostics(uri)).toEqual([])
    const seen = client.received.length
    client.notify('workspace/didChangeConfiguration', { settings: { porthole: { platform: 'windows' } } })
    expect(await client.diagnostics(uri, 1, seen)).toHaveLength(1)
  })

  it('are the defaults while the editor does not answer', async () => {
    const client = connect()
    await client.initialize(asks)
    client.open(uri, hostMode)
    expect(await client.diagnostics(uri)).toHaveLength(1)
    // Nobody waits for it again.
    client.open('file:///b/compose.yaml', hostMode)
    const start = Date.now()
    await client.diagnostics('file:///b/compose.yaml')
    expect(Date.now() - start).toBeLessThan(1500)
    expect(client.received.filter(({ method }) => method === 'workspace/configuration')).toHaveLength(1)
    // The answer comes late.
    const { id } = await client.next(({ method }) => method === 'workspace/configuration')
    const seen = client.received.length
    client.answers['workspace/configuration'] = () => [{ platform: 'auto' }]
    client.send({ jsonrpc: '2.0', id, result: [{ platform: 'auto' }] })
    expect(await client.diagnostics(uri, 1, seen)).toEqual([])
  })

  it('that are wrong are told, once, and count as not stated', async () => {
    const client = connect()
    client.answers['workspace/configuration'] = () => [{ targets: ['ws2202'], platform: 'auto' }]
    await client.initialize(asks)
    client.open(uri, hostMode)
    client.open('file:///project/docker-compose.yml', hostMode)
    expect(await client.diagnostics(uri)).toEqual([])
    await client.diagnostics('file:///project/docker-compose.yml')
    expect(client.received.filter(({ method }) => method === 'window/showMessage').map(({ params }) => params)).toEqual([{ type: 2, message: expect.stringContaining('did you mean `ws2022`?') }])
  })

  it.each([
    [undefined, undefined], [null, undefined], [{}, undefined], [{ targets: 'ws2022' }, undefined], [{ targets: [] }, undefined], [{ trace: 'x' }, undefined],
    [5, 'must be an object'], [{ targets: 5 }, 'must be a list'], [{ targets: [5] }, 'must be a list'], [{ targets: ['xx'] }, 'unknown target'], [{ platform: 'linux' }, 'must be `windows` or `auto`'], [[], undefined]
  ])('%j: %s', (value, fault) => {
    const reading = readSettings(value)
    if (fault === undefined) expect(reading.fault).toBeUndefined()
    else expect(reading.fault).toContain(fault)
  })

  it('are watched, and so are the files that bear on others', async () => {
    const client = connect()
    await client.initialize({ workspace: { didChangeConfiguration: { dynamicRegistration: true }, didChangeWatchedFiles: { dynamicRegistration: true } } })
    await client.next(({ method, params }) => method === 'client/registerCapability' && params.registrations[0].method === 'workspace/didChangeConfiguration')
    const { params } = await client.next(({ method, params }) => method === 'client/registerCapability' && params.registrations[0].method === 'workspace/didChangeWatchedFiles')
    expect(params.registrations[0].registerOptions.watchers).toContainEqual({ globPattern: '**/.env' })
  })
})

describe('the configuration of a project', () => {
  const config = 'file:///project/porthole.config.yaml'

  it('holds where the editor says nothing', async () => {
    const client = connect({ [config]: 'targets: [ws2022]\nplatform: auto\n', 'file:///project/b/porthole.config.yaml': 'platform: auto\n' })
    client.answers['workspace/configuration'] = ({ items: [{ scopeUri }] }) => [scopeUri === uri ? { targets: [], platform: null } : { platform: 'windows' }]
    await client.initialize(asks)
    client.open(uri, hostMode)
    client.open('file:///project/b/compose.yaml', hostMode)
    expect(await client.diagnostics(uri)).toEqual([])
    expect(await client.diagnostics('file:///project/b/compose.yaml')).toHaveLength(1)
  })

  it('sets severities, and what is ignored', async () => {
    const client = connect({ [config]: 'rules:\n  no-host-network: info\nignore: [old]\n', 'file:///project/old/porthole.config.yaml': 'ignore: [compose.yaml]\n' })
    await client.initialize()
    client.open(uri, hostMode)
    client.open('file:///project/old/compose.yaml', hostMode)
    expect(await client.diagnostics(uri)).toMatchObject([{ severity: 3 }])
    expect(await client.diagnostics('file:///project/old/compose.yaml')).toEqual([])
  })

  it('that cannot be used is told once, and does not hinder', async () => {
    const client = connect({ [config]: 'tarets: [ws2022]\n' })
    await client.initialize()
    client.open(uri, hostMode)
    client.open('file:///project/docker-compose.yml', hostMode)
    expect(await client.diagnostics(uri)).toHaveLength(1)
    await client.diagnostics('file:///project/docker-compose.yml')
    expect(client.received.filter(({ method }) => method === 'window/showMessage')).toMatchObject([{ params: { type: 2, message: expect.stringContaining('tarets') } }])
    client.disk.files[config] = 'platform: auto\n'
    const seen = client.received.length
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: config, type: 2 }] })
    expect(await client.diagnostics(uri, 1, seen)).toEqual([])
  })
})

describe('variables beside a file', () => {
  const text = 'services:\n  web:\n    image: x\n    network_mode: ${MODE}\n'

  it('are read from disk, and again when they change there', async () => {
    const client = connect({ 'file:///project/.env': 'MODE=host\n' })
    await client.initialize()
    client.open(uri, text)
    expect(codes(await client.diagnostics(uri))).toEqual(['no-host-network'])
    client.disk.files['file:///project/.env'] = 'MODE=nat\n'
    const seen = client.received.length
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///project/.env', type: 2 }] })
    expect(await client.diagnostics(uri, 1, seen)).toEqual([])
  })

  it('are those of the editor if they are open there', async () => {
    const client = connect({ 'file:///project/.env': 'MODE=host\n' })
    await client.initialize()
    client.open('file:///project/.env', 'MODE=nat\n', 'dotenv')
    client.open(uri, text)
    expect(await client.diagnostics(uri)).toEqual([])
    const seen = client.received.length
    client.change('file:///project/.env', 2, { text: 'MODE=host\n' })
    expect(codes(await client.diagnostics(uri, 1, seen))).toEqual(['no-host-network'])
  })
})

describe('the language of a document', () => {
  const run = 'docker run --network host x\n'
  const file = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nEXPOSE 53/sctp\nSTOPSIGNAL SIGTERM\nRUN ifconfig\n'
  it.each([
    ['untitled:Untitled-1', 'dockercompose', hostMode, true],
    ['untitled:Untitled-1', 'yaml', hostMode, true],
    ['untitled:Untitled-1', 'yaml', 'apiVersion: v1\nkind: Pod\n', false],
    ['untitled:Untitled-1', 'shellscript', run, true],
    ['untitled:Untitled-1', 'powershell', run, true],
    ['untitled:Untitled-1', 'bat', run, true],
    ['untitled:Untitled-1', 'dockerfile', file, true],
    ['untitled:Untitled-1', 'plaintext', run, false],
    ['untitled:Untitled-1', 'constructor', run, false],
    ['file:///project/deploy', 'shellscript', run, true],
    ['file:///project/deploy.fish', 'shellscript', run, false],
    ['file:///project/deploy', 'shellscript', `#!/usr/bin/env fish\n${run}`, false],
    ['file:///project/build.docker', 'dockerfile', file, true],
    ['file:///project/stack.yaml', 'dockercompose', hostMode, true],
    ['file:///project/deploy.ps1', 'plaintext', run, true],
    ['file:///c%3A/Users/a%20b/compose.yaml', 'yaml', hostMode, true],
    ['vscode-remote://wsl%2Bdebian/home/me/compose.yaml', 'dockercompose', hostMode, true]
  ])('%s as %s', async (name, languageId, text, isFound) => {
    const client = connect()
    await client.initialize()
    client.open(name, text, languageId)
    expect((await client.diagnostics(name)).length > 0).toBe(isFound)
    // Clients know their documents by the very URI that they have sent.
    expect(client.published[0]!.uri).toBe(name)
  })
})

describe('positions', () => {
  const text = 'services:\n  web:\n    image: x\n  b: {image: "🦊é", network_mode: host, x-é: "🦊"}\n'
  const before = '  b: {image: "🦊é", '
  const columns: Record<PositionEncoding, number> = { 'utf-8': Buffer.byteLength(before), 'utf-16': before.length, 'utf-32': [...before].length }

  it.each(['utf-8', 'utf-16', 'utf-32'] as const)('are counted in %s', async encoding => {
    const client = connect()
    const { capabilities } = await client.initialize({ general: { positionEncodings: [encoding] } })
    expect(capabilities.positionEncoding).toBe(encoding)
    client.open(uri, text)
    const column = columns[encoding]
    expect((await client.diagnostics(uri))[0]!.range).toEqual({ start: { line: 3, character: column }, end: { line: 3, character: column + 18 } })
    const hover = await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 3, character: column + 3 } })
    expect(hover.range.start).toEqual({ line: 3, character: column })
    client.change(uri, 2, { range: { start: { line: 3, character: column }, end: { line: 3, character: column + 18 } }, text: 'network_mode: "nat"' }, { range: { start: { line: 3, character: column + 15 }, end: { line: 3, character: column + 18 } }, text: 'host' })
    expect((await client.diagnostics(uri, 2))[0]!.range).toEqual({ start: { line: 3, character: column }, end: { line: 3, character: column + 20 } })
  })

  it.each([[undefined, 'utf-16'], [['utf-32', 'utf-8'], 'utf-32'], [['utf-7'], 'utf-16'], [['utf-7', 'utf-8'], 'utf-8'], [5, 'utf-16'], [[null], 'utf-16']])('%j: %s', (offered, agreed) => {
    expect(positionEncodingFor(offered)).toBe(agreed)
  })

  it('lead to an offset and back', () => {
    const characters = fc.array(fc.constantFrom('a', 'é', '世', '🦊', '\n', '\r\n', '\r', ' ', '\uFEFF'), { maxLength: 40 }).map(list => list.join(''))
    fc.assert(fc.property(characters, fc.constantFrom<PositionEncoding>('utf-8', 'utf-16', 'utf-32'), (text, encoding) => {
      const document = new ServerDocument({ uri, languageId: '', version: 0, text }, encoding)
      for (let offset = 0; offset <= text.length; offset++) {
        if (/[\uDC00-\uDFFF]/.test(text[offset] ?? '') || (text[offset] === '\n' && text[offset - 1] === '\r')) continue
        expect(document.offsetAt(document.positionAt(offset))).toBe(offset)
      }
    }))
  })

  it('are where the text is, however it was changed', () => {
    const part = fc.array(fc.constantFrom('a', 'é', '🦊', '\n', '\r\n', '\r'), { maxLength: 8 }).map(list => list.join(''))
    const change = fc.record({ from: fc.nat(), to: fc.nat(), text: part })
    fc.assert(fc.property(part, fc.array(change, { maxLength: 6 }), fc.constantFrom<PositionEncoding>('utf-8', 'utf-16', 'utf-32'), (start, changes, encoding) => {
      const document = new ServerDocument({ uri, languageId: '', version: 0, text: start }, encoding)
      let expected = start
      for (const { from, to, text } of changes) {
        // A client speaks of whole characters, and of no place within a line's end.
        const isWhole = (at: number): boolean => !/[\uDC00-\uDFFF]/.test(expected[at] ?? '') && !(expected[at] === '\n' && expected[at - 1] === '\r')
        const [first, last] = [from % (expected.length + 1), to % (expected.length + 1)].sort((a, b) => a - b) as [number, number]
        if (!isWhole(first) || !isWhole(last)) continue
        document.change([{ range: document.rangeOf([first, last]), text }], 1)
        expected = expected.slice(0, first) + text + expected.slice(last)
        expect(document.text).toBe(expected)
        const fresh = new ServerDocument({ uri, languageId: '', version: 0, text: expected }, encoding)
        for (let at = 0; at <= expected.length; at++) expect(document.positionAt(at)).toEqual(fresh.positionAt(at))
      }
    }), { numRuns: 300 })
  })
})

describe('URIs', () => {
  it.each([
    ['file:///project/a%20b/compose.yaml', '/project/a b/compose.yaml'], ['file:///c%3A/x.yaml', 'c:/x.yaml'], ['file:///C:/x.yaml', 'C:/x.yaml'], ['untitled:Untitled-1', 'Untitled-1'], ['vscode-remote://h/p/x.sh?q#f', '/p/x.sh'], ['file:///a/%zz', '/a/%zz'], ['nonsense', 'nonsense'], ['', '']
  ])('%s names %s', (from, path) => expect(pathOf(from)).toBe(path))

  it('are the same, however they are spelled', () => {
    expect(new Set(['file:///c%3A/a%20b', 'file:///C:/a b', 'FILE:///c:/a%20b'].map(keyOf)).size).toBe(1)
  })

  it.each([
    ['file:///a/b/compose.yaml', '.env', 'file:///a/b/.env'], ['file:///c%3A/a%20b/x.yaml', '.env', 'file:///c%3A/a%20b/.env'], ['untitled:Untitled-1', '.env', undefined], ['nonsense', '.env', undefined], ['file:///a/b.yaml', '../c d', 'file:///c%20d']
  ])('%s beside %s', (from, path, beside) => expect(besideUri(from, path)).toBe(beside))
})

describe('what surrounds the diagnostics', () => {
  const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'
  const uri = 'file:///project/compose.yaml'

  it('is a page on the web, for clients that show it', async () => {
    const client = connect()
    await client.initialize({ textDocument: { publishDiagnostics: { codeDescriptionSupport: true } } })
    client.open(uri, hostMode)
    expect((await client.diagnostics(uri))[0]?.codeDescription?.href).toMatch(/^https:\/\//)
    const other = connect()
    await other.initialize()
    other.open(uri, hostMode)
    expect((await other.diagnostics(uri))[0]).not.toHaveProperty('codeDescription')
  })

  it('is what a document is judged for', async () => {
    const client = connect({ 'file:///project/porthole.config.yaml': 'targets: [ws2022]\nplatform: auto\n' })
    await client.initialize()
    client.open(uri, hostMode)
    expect(await client.request('porthole/targets', { uri })).toEqual({ language: 'compose', targets: ['ws2022'], platform: 'auto' })
    for (const params of [{ uri: 'file:///nowhere' }, {}, { uri: 5 }]) expect(await client.request('porthole/targets', params)).toBeNull()
  })

  it('is asked for anew when files change that are not open', async () => {
    const client = connect()
    let refreshes = 0
    for (const method of ['workspace/codeLens/refresh', 'workspace/diagnostic/refresh']) client.answers[method] = () => {
      refreshes++
      return null
    }
    await client.initialize({ textDocument: { diagnostic: {} }, workspace: { codeLens: { refreshSupport: true }, diagnostics: { refreshSupport: true } } })
    client.open(uri, hostMode)
    // What is open the editor knows itself.
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] })
    await client.request('textDocument/diagnostic', { textDocument: { uri } })
    await new Promise(done => setTimeout(done, 300))
    expect(refreshes).toBe(0)
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///project/compose.override.yaml', type: 1 }] })
    await client.next(({ method }) => method === 'workspace/codeLens/refresh')
    await client.next(({ method }) => method === 'workspace/diagnostic/refresh')
  })
})

it('one file that cannot be judged leaves the others of a folder alone', async () => {
  const client = connect({ 'file:///project/a.yaml': 'services:\n  web:\n    image: x\n    network_mode: host\n', 'file:///project/b.yaml': 'services:\n  web:\n    image: x\n    network_mode: host\n' })
  const configuration = client.disk.read.bind(client.disk)
  client.disk.read = (uri: string) => {
    const text = configuration(uri)
    // A text that is none: whatever reads it will fail.
    return uri.endsWith('/a.yaml') ? (null as never) : text
  }
  await client.initialize({ textDocument: { diagnostic: {} } }, { workspaceFolders: [{ uri: 'file:///project', name: 'project' }] })
  const { items } = await client.request('workspace/diagnostic', { previousResultIds: [] })
  expect(items).toMatchObject([{ uri: 'file:///project/b.yaml' }])
})
