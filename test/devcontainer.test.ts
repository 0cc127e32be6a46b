import { describe, expect, it } from 'vitest'
import devcontainer from '../src/languages/devcontainer.ts'
import { Embedding } from './embedding.ts'

const containers = new Embedding(devcontainer, '.devcontainer/devcontainer.json')

const nestings: (readonly [string, string])[] = [
  ['words', '{\n  // how\n  "image": "x",\n  "runArgs": ["-it", ⟦"--network", "host"⟧, "--name", "a"]\n}\n'],
  ['on lines, with comments', '{\n  "runArgs": [\n    "-it", // b\n    /* c */ ⟦"--network", "host"⟧, // d ]\n  ],\n}\n'],
  ['escapes', '{"runArgs": [⟦"--net\\u0077ork", "host"⟧]}'],
  ['beside a variable', '{"runArgs": ["--name=${localEnv:USER}", ⟦"--network", "host"⟧]}'],
  ['a command', '{"initializeCommand": "docker run ⟦--network host⟧ x"}'],
  ['commands', '{"initializeCommand": {"a": "docker run ⟦--network host⟧ x", "b": "docker run ⟦--net host⟧ y"}}'],
  ['options of a build', '{"build": {"dockerfile": "Dockerfile", "options": [⟦"--network", "bridge"⟧]}}'],
  ['an address', '{"runArgs": ["--network", "nat"], "appPort": ["⟦127.0.0.1⟧:80:80", 81]}'],
  ['proxies', '{"containerEnv": {⟦"HTTP_PROXY": "http://p:1"⟧, "A": "b"}, "remoteEnv": {⟦"https_proxy": "http://p:1"⟧}}']
]

describe('devcontainer.json', () => {
  it.each(nestings)('%s', async (_, marked) => {
    expect(await containers.marked(marked)).toBe(marked)
    const crlf = marked.replaceAll('\n', '\r\n')
    expect(await containers.marked(crlf)).toBe(crlf)
  })

  it.each([
    ['a comment', '{\n// "runArgs": ["--network=host"]\n}'],
    ['a command in the container', '{"postCreateCommand": "docker run --network host x", "runArgs": []}'],
    ['settings of an editor', '{"customizations": {"vscode": {"runArgs": ["--network=host"]}}}'],
    ['a variable', '{"runArgs": ["--network=${localEnv:NET}"]}'],
    ['nothing', '']
  ])('not %s', async (_, source) => {
    expect(await containers.found(source)).toEqual([])
  })

  it('words with a value in them', async () => {
    const found = await containers.found('{"runArgs": ["--name=${localEnv:USER}", "--network=host"]}')
    expect(found.map(text => text.replaceAll('"', ''))).toEqual(['--network=host'])
  })

  it('is for Linux, unless it says something else', async () => {
    const { diagnostics, leftOut } = await containers.lint('{"runArgs": ["--network=host"]}', { platform: 'auto' })
    expect(diagnostics).toEqual([])
    expect(leftOut).toMatchObject([{ reason: 'linux' }])
  })
})
