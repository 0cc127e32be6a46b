import { describe, expect, it } from 'vitest'
import { connect, slice } from './server-client.ts'

/** What is shown at `│`, and the text that it is shown of. */
async function shown(marked: string, path = 'compose.yaml'): Promise<{ value: string; of: string } | undefined> {
  const client = connect()
  await client.initialize({ textDocument: { hover: { contentFormat: ['markdown'] } } })
  const uri = `file:///project/${path}`
  const text = marked.replace('│', '')
  client.open(uri, text, '')
  const before = marked.slice(0, marked.indexOf('│')).split('\n')
  const hover = await client.request('textDocument/hover', { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1)!.length } })
  return hover ? { value: hover.contents.value, of: slice(text, hover.range) } : undefined
}

describe('hover tells of what works too', () => {
  it.each([
    ['compose.yaml', 'services:\n  web:\n    image: x\nnetworks:\n  lan:\n    driv│er: transparent\n', 'driver: transparent', '- **ws2019, ws2022, ws2025**: works. Puts containers on the network of the host'],
    ['a.sh', 'docker network create -d l2br│idge lan\n', '-d l2bridge', '**: works. Needs the subnet'],
    ['a.ps1', 'docker network create --dri│ver nat lan\n', '--driver nat', '**: works. The default of compose files'],
    ['a.cmd', 'docker run --net│work none x\n', '--network none', 'Network modes that exist'],
    ['a.sh', 'docker network create -d nat -o com.docker.network.windows│shim.dnsservers=10.0.0.1 lan\n', '-o com.docker.network.windowsshim.dnsservers=10.0.0.1', 'DNS servers of a network'],
    ['Dockerfile', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nSTOP│SIGNAL 9\n', 'STOPSIGNAL 9', 'Stop signal of an image'],
    ['compose.yaml', 'services:\n  web:\n    image: x\n    host│name: web\n', 'hostname: web', 'Host name']
  ])('%s %j', async (path, marked, of, said) => {
    const hover = await shown(marked, path)
    expect(hover?.of).toBe(of)
    expect(hover?.value).toContain(said)
    expect(hover?.value).toContain('Sources:')
  })

  it('tells the finding first', async () => {
    const hover = await shown('services:\n  web:\n    image: x\n    network_│mode: host\n')
    expect(hover?.value).toMatch(/^\*\*Host mode networking\*\*/)
  })

  it('tells of what is not reported, because it is for Linux or suppressed', async () => {
    for (const text of ['services:\n  web:\n    image: x\n    platform: linux/amd64\n    network_│mode: host\n', 'services:\n  web:\n    image: x\n    network_│mode: host # porthole-disable-line\n']) {
      const hover = await shown(text)
      expect(hover?.value, text).toContain('Host mode networking')
      expect(hover?.value, text).toContain('Not reported here')
    }
  })

  it.each(['services:\n  web:\n    im│age: x\n', 'serv│ices:\n  web:\n    image: x\n'])('says nothing of %j', async text => {
    expect(await shown(text)).toBeUndefined()
  })

  it('says nothing where a rule has a reason not to report', async () => {
    expect((await shown('docker network create -d nat host\ndocker run --net│work host x\n', 'a.sh'))?.value ?? '').not.toContain('Host mode')
  })
})
