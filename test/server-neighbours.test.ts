import { describe, expect, it } from 'vitest'
import { connect, slice } from './server-client.ts'

const joinsLan = 'services:\n  web:\n    image: x\n    networks:\n      lan:\n        ipv4_address: 10.8.0.5\nnetworks:\n  lan:\n    external: true\n'

describe.each(['file:///project/', 'tmp:/project/', 'vscode-vfs://github/a%2Bb/project/'])('what is around a document in %s', folder => {
  const uri = `${folder}compose.yaml`
  const workspaceFolders = [{ uri: folder.slice(0, -1), name: 'project' }]

  it('is told with both ends: a network of a script on disk', async () => {
    const script = 'docker network create -d nat --subnet 10.9.0.0/16 lan\n'
    const client = connect({ [`${folder}setup.ps1`]: script })
    await client.initialize({ textDocument: { publishDiagnostics: { relatedInformation: true } } }, { workspaceFolders })
    client.open(uri, joinsLan)
    const [diagnostic, ...others] = await client.diagnostics(uri)
    expect(others).toEqual([])
    expect(slice(joinsLan, diagnostic!.range)).toBe('ipv4_address: 10.8.0.5')
    const [related] = diagnostic!.relatedInformation!
    expect(related!.location.uri).toBe(`${folder}setup.ps1`)
    expect(slice(script, related!.location.range)).toBe('network create')
  })

  it('is what the editor has, and changes while it is typed', async () => {
    const client = connect({ [`${folder}setup.ps1`]: 'docker network create -d nat --subnet 10.9.0.0/16 lan\n' })
    await client.initialize({}, { workspaceFolders })
    client.open(uri, joinsLan)
    expect(await client.diagnostics(uri)).toHaveLength(1)
    client.open(`${folder}setup.ps1`, 'docker network create -d nat --subnet 10.9.0.0/16 lan\n', 'powershell')
    await client.diagnostics(`${folder}setup.ps1`)
    const before = client.published.length
    client.change(`${folder}setup.ps1`, 2, { text: 'docker network create -d nat --subnet 10.8.0.0/16 lan\n' })
    expect(await client.diagnostics(uri, 1, before)).toEqual([])
  })

  it('is nothing of another file system', async () => {
    const client = connect({ 'other:/project/setup.ps1': 'docker network create -d nat --subnet 10.9.0.0/16 lan\n' })
    await client.initialize({}, { workspaceFolders: [...workspaceFolders, { uri: 'other:/project', name: 'other' }] })
    client.open(uri, joinsLan)
    expect(await client.diagnostics(uri)).toEqual([])
  })

  it('is the other files of a project', async () => {
    const client = connect({ [`${folder}compose.override.yaml`]: 'services:\n  web:\n    network_mode: !reset null\n' })
    await client.initialize()
    client.open(uri, 'services:\n  web:\n    image: x\n    network_mode: host\n')
    expect(await client.diagnostics(uri)).toEqual([])
  })

  it('is the Dockerfile of a service', async () => {
    const client = connect({ [`${folder}app/Dockerfile`]: 'FROM alpine\n' })
    await client.initialize({}, { initializationOptions: { platform: 'auto' } })
    const source = 'services:\n  web:\n    build: ./app\n    privileged: true\n'
    client.open(uri, source)
    expect(await client.diagnostics(uri)).toEqual([])
    client.open(`${folder}app/Dockerfile`, 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n', 'dockerfile')
    await client.diagnostics(`${folder}app/Dockerfile`)
    const before = client.published.length
    client.change(uri, 2, { text: source })
    expect((await client.diagnostics(uri, 2, before)).map(({ code }) => code)).toEqual(['unsupported-security-option'])
  })
})
