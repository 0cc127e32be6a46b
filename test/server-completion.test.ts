import { describe, expect, it } from 'vitest'
import type { CompletionItem } from 'vscode-languageserver/node'
import { connect, edited } from './server-client.ts'

/** What is offered where `│` stands; the first must make `result` of the text if one is given. */
async function offered(marked: string, path = 'compose.yaml', files: Record<string, string> = {}): Promise<{ labels: string[]; items: CompletionItem[]; text: string }> {
  const client = connect(files)
  await client.initialize()
  const uri = `file:///project/${path}`
  const text = marked.replace('│', '')
  client.open(uri, text, '')
  const before = marked.slice(0, marked.indexOf('│')).split('\n')
  const items: CompletionItem[] = await client.request('textDocument/completion', { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1)!.length } })
  return { labels: items.map(({ label }) => label), items, text }
}

const drivers = ['nat', 'transparent', 'l2bridge', 'l2tunnel', 'overlay', 'internal', 'private', 'ics']
const service = 'services:\n  web:\n    image: x\n'
const shim = 'com.docker.network.windowsshim.'

describe('network drivers are offered', () => {
  it.each([
    ['compose.yaml', `${service}networks:\n  lan:\n    driver: │\n`],
    ['compose.yaml', `${service}networks:\n  lan:\n    driver: tr│\n`],
    ['compose.yaml', `${service}networks:\n  lan:\n    driver: "│"\n`],
    ['a.sh', 'docker network create -d │ lan\n'],
    ['a.sh', 'docker network create --driver=n│ lan\n'],
    ['a.sh', 'docker network create \\\n  --driver │\n'],
    ['a.ps1', 'docker network create `\r\n  --driver │\r\n'],
    ['a.cmd', 'docker network create ^\r\n  -d n│\r\n'],
    ['a.sh', 'set -e; docker network create -dn│ lan\n'],
    ['ci.yml', 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n      - run: docker network create -d │ lan\n']
  ])('%s %j', async (path, marked) => {
    expect((await offered(marked, path)).labels).toEqual(drivers)
  })

  it('with what the matrix notes on them', async () => {
    const { items } = await offered('docker network create -d │ lan\n', 'a.sh')
    expect(items.find(({ label }) => label === 'overlay')?.documentation).toBe('Only in a swarm')
  })

  it('that the targets have', async () => {
    const files = { 'file:///project/porthole.config.yaml': 'targets: ["ws2019,engine@18.09"]\n' }
    expect((await offered('docker network create -d │ lan\n', 'a.sh', files)).labels).toEqual(drivers.filter(driver => driver !== 'internal' && driver !== 'private'))
  })

  it.each([
    ['compose.yaml', `${service}    logging:\n      driver: │\n`],
    ['compose.yaml', `${service}volumes:\n  data:\n    driver: │\n`],
    ['compose.yaml', `${service}x-a:\n  networks:\n    lan:\n      driver: │\n`],
    ['a.sh', 'docker volume create -d │ data\n'],
    ['a.sh', 'docker network create lan; docker volume create -d │ data\n'],
    ['a.sh', 'docker network create lan\ndocker volume create -d │ data\n'],
    ['notes.yaml', 'networks:\n  lan:\n    driver: │\n']
  ])('but not in %s %j', async (path, marked) => {
    expect((await offered(marked, path)).labels).toEqual([])
  })
})

describe('options of network drivers are offered', () => {
  const ofAll = ['networkname', 'hnsid'].map(name => shim + name)
  it.each([
    ['nat', ['dnsservers', 'macpool', 'disable_gatewaydns'], ['vlanid', 'interface', 'enable_outboundnat', 'sourcemac']],
    ['l2bridge', ['dnsservers', 'vlanid', 'vsid', 'interface', 'enable_outboundnat', 'outboundnat_exceptions'], ['sourcemac', 'routingdomain']],
    ['overlay', ['interface'], ['dnsservers', 'vlanid', 'macpool']]
  ])('that %s reads', async (driver, some, none) => {
    for (const [path, marked] of [
      ['compose.yaml', `${service}networks:\n  lan:\n    driver: ${driver}\n    driver_opts:\n      │\n`],
      ['compose.yaml', `${service}networks:\n  lan:\n    driver_opts:\n      com.docker│\n    driver: ${driver} # it\n`],
      ['a.sh', `docker network create -d ${driver} -o │ lan\n`],
      ['a.ps1', `docker network create --driver=${driver} --opt com.docker.network.win│ lan\n`]
    ] as const) {
      const { labels } = await offered(marked, path)
      expect(labels, marked).toEqual(expect.arrayContaining([...ofAll, ...some.map(name => shim + name)]))
      expect(labels.filter(label => none.some(name => label === shim + name)), marked).toEqual([])
    }
  })

  it('of `nat`, where compose names no driver', async () => {
    expect((await offered(`${service}networks:\n  lan:\n    driver_opts:\n      │\n`)).labels).not.toContain(`${shim}vlanid`)
  })

  it('of any driver, where it is not known', async () => {
    expect((await offered('docker network create -d "$D" -o │ lan\n', 'a.sh')).labels).toContain(`${shim}vlanid`)
  })

  it('and replace what is written of them', async () => {
    const { items, text } = await offered('docker network create -d l2bridge -o com.docker.network.windowsshim.vl│ lan\n', 'a.sh')
    const item = items.find(({ label }) => label === `${shim}vlanid`)!
    expect(edited(text, [item.textEdit as { range: never; newText: string }])).toBe(`docker network create -d l2bridge -o ${shim}vlanid= lan\n`)
  })
})

it.each([
  ['compose.yaml', 'services:\n  web:\n    image: x\n    network_mode: │\n'],
  ['a.sh', 'docker run --rm --network │ x\n'],
  ['a.cmd', 'docker run --net=n│ x\n']
])('network modes are offered in %s %j', async (path, marked) => {
  expect((await offered(marked, path)).labels).toEqual(['default', 'none', 'nat'])
})

describe('in suppression comments', () => {
  it.each([
    ['compose.yaml', '# porthole-disable-next-line no-│\nservices:\n', 'no-ipv6'],
    ['compose.yaml', '# porthole-disable-next-line no-ipv6, │\nservices:\n', 'host-network'],
    ['a.cmd', 'rem porthole-disable-line │\n', 'script-syntax'],
    ['a.ts', '// porthole-disable-line no-ipv6 [ws2019, │]\n', 'ws2022'],
    ['a.sh', 'docker x # porthole-disable-line no-ipv6 [│\n', 'win11'],
    ['a.sh', '# porthole-│\n', 'porthole-disable-next-line']
  ])('%s %j offers %s', async (path, marked, expected) => {
    expect((await offered(marked, path)).labels).toContain(expected)
  })

  it.each(['# porthole-disable-line no-ipv6 -- because │', '# porthole-disable-line until=20│', '# porthole is a linter │'])('%j offers nothing', async line => {
    expect((await offered(line)).labels).toEqual([])
  })
})

it.each([
  ['porthole.config.yaml', 'targets: [│]\n', 'ws2019'],
  ['porthole.config.yaml', 'targets: [ws2019, ws│\n', 'ws2022'],
  ['porthole.config.yaml', 'targets:\n  - ws2019\n  - │\n', 'host=azure'],
  ['porthole.config.json', '{ "targets": ["│"] }', 'ws2025'],
  ['porthole.config.json', '{ "overrides": [{ "files": ["a"], "targets": ["│"] }] }', 'ws2025'],
  ['porthole.config.yaml', 'rules:\n  no-│\n', 'no-ipv6'],
  ['porthole.config.yaml', 'rules:\n  no-ipv6: off\n  │\n', 'host-network'],
  ['porthole.config.yaml', 'platform: │\n', 'auto'],
  ['package.json', '{ "porthole": { "targets": ["│"] } }', 'ws2025']
])('in %s %j, %s is offered', async (path, marked, expected) => {
  expect((await offered(marked, path)).labels).toContain(expected)
})

it.each([['porthole.config.yaml', 'ignore: [│]\n'], ['porthole.config.json', '{ "files": ["│"] }'], ['package.json', '{ "keywords": ["│"] }']])('in %s %j, nothing is', async (path, marked) => {
  expect((await offered(marked, path)).labels).toEqual([])
})

it('a long text with the beginning of a command everywhere is no trouble', async () => {
  const start = Date.now()
  for (const text of ['docker network create '.repeat(20_000), 'docker run '.repeat(20_000), 'porthole-'.repeat(20_000), '-\n'.repeat(20_000), ' '.repeat(200_000), 'a:\n'.repeat(20_000)]) await offered(`${text}│`, 'a.yaml')
  expect(Date.now() - start).toBeLessThan(20_000)
})
