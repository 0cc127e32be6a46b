import { describe, expect, it } from 'vitest'
import type { CodeLens } from 'vscode-languageserver/node'
import { connect, slice } from './server-client.ts'

/** The lenses of a text, each with what it stands over. */
async function lenses(text: string, path = 'compose.yaml', more: object = {}): Promise<string[]> {
  const client = connect()
  await client.initialize({}, more)
  const uri = `file:///project/${path}`
  client.open(uri, text, '')
  const found: CodeLens[] = await client.request('textDocument/codeLens', { textDocument: { uri } })
  return found.map(({ range, command }) => `${slice(text, range)}: ${command!.title}`)
}

describe('a lens', () => {
  it.each([
    ['compose.yaml', 'services:\n  web:\n    image: x\n    network_mode: host\n    privileged: true\n  db:\n    image: y\nnetworks:\n  lan:\n    driver: bridge\n', ['web: Windows: 2 errors']],
    ['compose.yaml', 'networks:\n  lan:\n    driver: bridge\nservices:\n  web:\n    image: x\n    network_mode: host\n', ['web: Windows: 1 error']],
    ['compose.yaml', 'x-a: &a\n  network_mode: host\nservices:\n  web:\n    <<: *a\n    image: x\n  db:\n    image: x\n', ['web: Windows: 1 error']],
    ['Dockerfile', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022 AS build\nRUN docker run --network host x\nFROM build\n', ['mcr.microsoft.com/windows/nanoserver:ltsc2022: Windows: 1 error']],
    ['a.sh', 'docker run --network host x\n', []],
    ['compose.yaml', 'services:\n  web:\n    image: x\n', []]
  ])('stands over what something is found in: %s %j', async (path, text, expected) => {
    expect(await lenses(text, path)).toEqual(expected)
  })

  it('is off by a setting', async () => {
    expect(await lenses('services:\n  web:\n    image: x\n    network_mode: host\n', 'compose.yaml', { initializationOptions: { codeLens: false } })).toEqual([])
  })
})
