import { describe, expect, it } from 'vitest'
import { CancellationToken, type CodeAction } from 'vscode-languageserver/node'
import { knowledge } from '../src/knowledge.ts'
import { lint } from '../src/linter.ts'
import { codeActions } from '../src/server-action.ts'
import { DiagnosticView } from '../src/server-diagnostic.ts'
import { ServerDocument } from '../src/server-document.ts'
import type { Fix } from '../src/diagnostic.ts'
import { parseTargets } from '../src/target.ts'
import { connect, edited, slice, type RawClient } from './server-client.ts'

const defaultOptions = { targets: parseTargets([]), platform: 'windows' } as const
const uri = 'file:///project/compose.yaml'
const hostMode = 'services:\n  web:\n    image: x\n    network_mode: host\n'

/** Opens a text and asks for the actions where `at` stands in it. */
async function actionsAt(text: string, at: string, path = 'compose.yaml', context: object = {}): Promise<{ actions: CodeAction[]; client: RawClient; name: string }> {
  const client = connect()
  await client.initialize()
  const name = `file:///project/${path}`
  client.open(name, text, '')
  const before = text.slice(0, text.indexOf(at)).split(/\r\n|\r|\n/)
  const position = { line: before.length - 1, character: before.at(-1)!.length + 1 }
  const actions = await client.request('textDocument/codeAction', { textDocument: { uri: name }, range: { start: position, end: position }, context: { diagnostics: [], ...context } })
  return { actions, client, name }
}

const titled = (actions: readonly CodeAction[], start: string): CodeAction | undefined => actions.find(({ title }) => title.startsWith(start))

/** The text with the suppression that is offered at a place. */
async function suppressed(text: string, at: string, path?: string): Promise<string | undefined> {
  const { actions, name } = await actionsAt(text, at, path)
  const changes = titled(actions, 'Suppress')?.edit?.changes?.[name]
  return changes && edited(text, changes)
}

describe('suppressing with a comment', () => {
  it('writes it above the line, as the line is indented', async () => {
    expect(await suppressed(hostMode, 'network_mode')).toBe('services:\n  web:\n    image: x\n    # porthole-disable-next-line no-host-network -- reason\n    network_mode: host\n')
  })

  it('silences what it is written for', async () => {
    const { actions, client, name } = await actionsAt(hostMode, 'network_mode')
    client.change(name, 2, { text: edited(hostMode, titled(actions, 'Suppress')!.edit!.changes![name]!) })
    expect(await client.diagnostics(name, 2)).toEqual([])
    client.change(name, 3, { text: `# porthole-disable-file no-ipv6\n${hostMode}` })
    expect((await client.diagnostics(name, 3)).map(({ code }) => code)).toEqual(['suppression', 'no-host-network'])
  })

  it.each<[path: string, text: string, at: string, comment: string]>([
    ['run.sh', 'set -e\n\tdocker run --network host x\n', 'host', '\t# porthole-disable-next-line no-host-network -- reason\n\tdocker'],
    ['run.ps1', 'docker run --network host x\n', 'host', '# porthole-disable-next-line no-host-network -- reason\ndocker'],
    ['run.cmd', '@echo off\r\n  docker run --network host x\r\n', 'host', '\r\n  rem porthole-disable-next-line no-host-network -- reason\r\n  docker'],
    ['compose.yaml', hostMode.replaceAll('\n', '\r\n'), 'network_mode', '\r\n    # porthole-disable-next-line no-host-network -- reason\r\n    network_mode'],
    ['compose.yaml', 'services: {web: {image: x, network_mode: host}}', 'network_mode', '# porthole-disable-next-line no-host-network -- reason\nservices'],
    ['Dockerfile', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN ifconfig\n', 'ifconfig', '\n# porthole-disable-next-line no-linux-network-command -- reason\nRUN']
  ])('in %s', async (path, text, at, comment) => {
    expect(await suppressed(text, at, path)).toContain(comment)
  })

  it.each<[path: string, text: string, expected: string]>([
    ['run.sh', 'docker run \\\n  --network host \\\n  x\necho\n', '# porthole-disable no-host-network -- reason\ndocker run \\\n  --network host \\\n  x\n# porthole-enable no-host-network\necho\n'],
    ['run.ps1', 'if ($x) {\n  docker run `\n    --network host `\n    x\n}\n', 'if ($x) {\n  # porthole-disable no-host-network -- reason\n  docker run `\n    --network host `\n    x\n  # porthole-enable no-host-network\n}\n'],
    ['run.sh', 'docker run \\\n  --network host x', '# porthole-disable no-host-network -- reason\ndocker run \\\n  --network host x\n# porthole-enable no-host-network']
  ])('around a command of several lines in %s', async (path, text, expected) => {
    expect(await suppressed(text, 'host', path)).toBe(expected)
  })

  it.each<[path: string, text: string]>([
    ['compose.yaml', 'services:\n  web:\n    image: x\n    network_mode: "ho\\\n      st"\n'],
    ['compose.yaml', 'services:\n  web:\n    image: x\n    network_mode:\n      host\n']
  ])('never changes what the file says: %s %j', async (path, text) => {
    const after = await suppressed(text, 'network_mode', path)
    if (after === undefined) return
    const { language } = await lint(path, after, knowledge, defaultOptions, { environment: new Map() })
    expect(language).toBe('compose')
    expect(after.replace(/^.*porthole-.*\n/gm, '')).toBe(text)
  })

  it('is not offered in JSON, which has no comments', async () => {
    const text = '{"scripts": {"start": "docker run --network host x"}}\n'
    const { actions } = await actionsAt(text, 'host', 'package.json')
    expect(titled(actions, 'Explain')).toBeDefined()
    expect(titled(actions, 'Suppress')).toBeUndefined()
  })

  it('is offered once for what one line holds of a rule', async () => {
    const { actions } = await actionsAt('docker run --network host --network=host x\n', 'docker', 'run.sh')
    expect(actions.filter(({ title }) => title.startsWith('Suppress')).length).toBeLessThanOrEqual(1)
  })
})

describe('code actions', () => {
  it('are made of our own findings, whatever the client sends of them', async () => {
    const { actions } = await actionsAt(hostMode, 'network_mode', 'compose.yaml', { diagnostics: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, message: 'another', code: 'x' }] })
    expect(actions.map(({ title }) => title)).toEqual(['Suppress `no-host-network` here with a comment', 'Explain `no-host-network`'])
    expect(actions.every(({ diagnostics }) => slice(hostMode, diagnostics![0]!.range) === 'network_mode: host')).toBe(true)
  })

  it('are none where nothing is found', async () => {
    expect((await actionsAt(hostMode, 'services')).actions).toEqual([])
  })

  it.each([[['quickfix'], 2], [['source'], 0], [['refactor'], 0], [[], 0], [[''], 2], [['quickfix.porthole'], 0]])('of the kinds %j are %i', async (only, count) => {
    expect((await actionsAt(hostMode, 'network_mode', 'compose.yaml', { only })).actions).toHaveLength(count)
  })

  it('explain a rule', async () => {
    const { actions, client } = await actionsAt(hostMode, 'network_mode')
    const { command } = titled(actions, 'Explain')!
    const text = await client.request('workspace/executeCommand', { command: command!.command, arguments: command!.arguments })
    expect(text).toContain('# no-host-network')
    await client.next(({ method, params }) => method === 'window/showMessage' && params.type === 3 && params.message === text)
    expect(await client.request('workspace/executeCommand', { command: 'porthole.explain', arguments: ['nonsense'] })).toBeNull()
    expect(await client.request('workspace/executeCommand', { command: 'rm -rf /' })).toBeNull()
  })
})

describe('fixes', () => {
  const fixOf = (safe: boolean, title: string, ...edits: Fix['edits']): Fix => ({ title, safe, edits })

  async function actionsWith(fixes: readonly (Fix | undefined)[], only?: readonly string[]): Promise<CodeAction[]> {
    const text = 'services:\n  a:\n    image: x\n    network_mode: host\n  b:\n    image: x\n    network_mode: host\n'
    const document = new ServerDocument({ uri, languageId: 'yaml', version: 1, text }, 'utf-16')
    const surroundings = { environment: new Map<string, string>() }
    const result = await lint('compose.yaml', text, knowledge, defaultOptions, surroundings)
    const diagnostics = result.diagnostics.map((diagnostic, at) => ({ ...diagnostic, fix: fixes[at] }))
    const inspection = { found: result, diagnostics, path: 'compose.yaml', options: defaultOptions, surroundings }
    return await codeActions({ document, inspection, judge: async () => ({ ...inspection, diagnostics: [] }), view: new DiagnosticView({}, 'utf-16', () => undefined), range: document.rangeOf([0, text.length]), only, token: CancellationToken.None })
  }

  const [first, second] = [[46, 50], [87, 91]] as const

  it('are offered, the safe ones as the preferred, the others marked', async () => {
    const actions = await actionsWith([fixOf(true, 'Use `nat`', { range: first, text: 'nat' }), fixOf(false, 'Remove it', { range: second, text: '' })])
    expect(titled(actions, 'Use `nat`')).toMatchObject({ kind: 'quickfix', isPreferred: true, edit: { changes: { [uri]: [{ newText: 'nat' }] } } })
    expect(titled(actions, 'Remove it (unsafe')).not.toHaveProperty('isPreferred')
    expect(actions.some(({ kind }) => kind === 'source.fixAll.porthole')).toBe(false)
  })

  it('are made all at once, the safe ones that do not overlap', async () => {
    const both = [fixOf(true, 'one', { range: first, text: 'nat' }), fixOf(true, 'two', { range: second, text: 'nat' })]
    for (const only of [undefined, ['source.fixAll'], ['source'], ['source.fixAll.porthole']]) {
      const all = (await actionsWith(both, only)).filter(({ kind }) => kind === 'source.fixAll.porthole')
      expect(all).toMatchObject([{ edit: { changes: { [uri]: [{ newText: '    network_mode: nat\n' }, { newText: '    network_mode: nat\n' }] } } }])
    }
    const overlapping = [fixOf(true, 'one', { range: first, text: 'nat' }), fixOf(true, 'two', { range: first, text: 'none' })]
    expect(await actionsWith(overlapping, ['source.fixAll'])).toMatchObject([{ edit: { changes: { [uri]: [{ newText: '    network_mode: nat\n' }] } } }])
    expect(await actionsWith([fixOf(false, 'one', { range: first, text: 'nat' })], ['source.fixAll'])).toEqual([])
  })

  const ignored = ['oom_score_adj: 5', 'shm_size: 1g']
  const forWindows = (lines: readonly string[]): string => `services:\n  web:\n${['image: mcr.microsoft.com/windows/servercore:ltsc2022', ...lines].map(line => `    ${line}\n`).join('')}`

  it.each([
    ['that cannot be made at once', ignored, []],
    ['on both sides of what stays', [ignored[0]!, 'restart: always', ...ignored.slice(1)], ['restart: always']],
    ['not below a suppression comment', ['# porthole-disable-next-line no-ipv6 -- reason', ...ignored], ['# porthole-disable-next-line no-ipv6 -- reason', ignored[0]!]]
  ])('are made until there are none left: %s', async (_, lines, left) => {
    const text = forWindows(lines)
    const { actions, client } = await actionsAt(text, 'image', 'compose.yaml', { only: ['source.fixAll'] })
    const fixed = actions[0] ? edited(text, actions[0].edit!.changes![uri]!) : text
    expect(fixed).toBe(forWindows(left))
    client.change(uri, 2, { text: fixed })
    expect((await client.request('textDocument/codeAction', { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } }, context: { diagnostics: [], only: ['source.fixAll'] } }))).toEqual([])
  })
})

describe('hover', () => {
  const hoverAt = async (contentFormat: unknown, at = 'network_mode', text = hostMode): Promise<any> => { // eslint-disable-line @typescript-eslint/no-explicit-any
    const client = connect()
    await client.initialize({ textDocument: { hover: { contentFormat } } })
    client.open(uri, text)
    const before = text.slice(0, text.indexOf(at)).split('\n')
    return await client.request('textDocument/hover', { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1)!.length } })
  }

  it('shows what the matrix says, in Markdown', async () => {
    const { contents, range } = await hoverAt(['markdown', 'plaintext'])
    expect(slice(hostMode, range)).toBe('network_mode: host')
    expect(contents.kind).toBe('markdown')
    expect(contents.value).toMatch(/^\*\*.+\*\* · `[\w-]+` · no-host-network\n\n/)
    expect(contents.value).toMatch(/- \*\*ws2019, ws2022, ws2025\*\*: .*Docker will say: `.*network host not found.*` \*\(.*\)\*/)
    expect(contents.value).toMatch(/\n\nSources:\n- <?https?:|\n\nSources:\n- `/)
  })

  it.each([[['plaintext', 'markdown']], [undefined], [[]], [['html']], [5]])('shows it in plain text to clients that prefer %j', async contentFormat => {
    const { contents } = await hoverAt(contentFormat)
    expect(contents.kind).toBe('plaintext')
    expect(contents.value).toMatch(/ws2019, ws2022, ws2025: .*\n {2}Docker will say: .*network host not found/)
    expect(contents.value).not.toContain('**')
  })

  it('shows nothing where nothing is found', async () => {
    expect(await hoverAt(['markdown'], 'image')).toBeNull()
  })

  it('shows all that is found at one place', async () => {
    const text = 'services:\n  web:\n    image: x\nnetworks:\n  a:\n    driver: bridge\n    driver_opts:\n      encrypted: ""\n'
    expect((await hoverAt(['markdown'], 'driver: bridge', text)).contents.value).toContain('unsupported-network-driver')
  })
})
