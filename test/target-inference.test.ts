import { describe, expect, it } from 'vitest'
import { asksForInference, inferTargets, withInferred } from '../src/target-inference.ts'
import { lintText } from './linting.ts'
import { mark, unmark } from './marked.ts'

const machine = (name: string, azure = false): string | undefined => inferTargets([{ place: '', release: { of: 'machine', name, azure, range: [0, 0] } }])[0]?.option

describe('a machine', () => {
  it.each([
    ['windows-2019', 'ws2019'], ['windows-2022', 'ws2022'], ['windows-2025', 'ws2025'], ['windows-2025-vs2026', 'ws2025'], ['vs2017-win2016', 'ws2016'],
    ['self-hosted windows-server-2022', 'ws2022'], ['windows-server-ltsc2019', 'ws2019'], ['win2019', 'ws2019'], ['windows-server-2022-gui:current', 'ws2022'],
    ['Visual Studio 2019', 'ws2019'], ['Previous Visual Studio 2017', 'ws2016'], ['saas-windows-medium-amd64', 'ws2022'],
    ['windows-latest', undefined], ['windows', undefined], ['Visual Studio 2022', undefined], ['windows-11-arm', undefined], ['win10-2019', undefined], ['vs2019', undefined],
    ['windows-2019 windows-2022', undefined], ['ubuntu-2022', undefined], ['windows-20220101', undefined]
  ])('%s is %s', (name, expected) => expect(machine(name)).toBe(expected))

  it('of Azure is told as one', () => expect(machine('windows-2022', true)).toBe('ws2022,host=azure'))
})

describe('what files name', () => {
  it.each([
    ['.github/workflows/a.yml', 'jobs:\n  a:\n    runs-on: ⟦windows-2022⟧\n    steps: [{run: docker build .}]\n', ['ws2022,host=azure']],
    ['.github/workflows/a.yml', 'jobs:\n  a:\n    runs-on: ⟦${{ matrix.os }}⟧\n    strategy: {matrix: {os: [windows-2019, ubuntu-22.04]}}\n    steps: [{run: docker build .}]\n', ['ws2019,host=azure']],
    ['.github/workflows/a.yml', 'jobs:\n  a:\n    runs-on: [⟦self-hosted, windows-2022⟧]\n    steps: [{run: docker build .}]\n', ['ws2022']],
    ['.github/workflows/a.yml', 'jobs:\n  a:\n    runs-on: windows-latest\n    steps: [{run: docker build .}]\n', []],
    ['azure-pipelines.yml', 'pool: {vmImage: ⟦windows-2019⟧}\nsteps: [{script: docker build .}]\n', ['ws2019,host=azure']],
    ['appveyor.yml', 'image: ⟦Visual Studio 2019⟧\nbuild_script: [docker build .]\n', ['ws2019']],
    ['.gitlab-ci.yml', 'a: {tags: [⟦windows-2022⟧], script: docker build .}\n', ['ws2022']],
    ['Dockerfile', 'ARG TAG=ltsc2019\nFROM ⟦mcr.microsoft.com/windows/nanoserver:${TAG}⟧ AS a\nFROM a\nFROM ⟦golang:1.22-windowsservercore-ltsc2022⟧\n', ['ws2019', 'ws2022']],
    ['Dockerfile', 'FROM --platform=windows(10.0.20348)/amd64 ⟦x⟧\nFROM alpine\n', ['ws2022']],
    ['Dockerfile', 'ARG TAG\nFROM mcr.microsoft.com/windows/nanoserver:${TAG}\n', []],
    ['compose.yaml', 'services:\n  a:\n    ⟦image: mcr.microsoft.com/windows/servercore:ltsc2025⟧\n  b: {image: nginx}\n', ['ws2025']],
    ['compose.yaml', 'services:\n  a:\n    image: mcr.microsoft.com/windows/servercore:ltsc2025\n    ⟦platform: windows(10.0.17763.1)/amd64⟧\n', ['ws2019']],
    ['compose.yaml', 'services: {a: {image: "x:${TAG}"}}\n', []]
  ])('%s: %s', async (path, marked, expected) => {
    const { source } = unmark(marked)
    const { subjects } = await lintText({ source, path })
    const targets = inferTargets(subjects.flatMap(({ platform }) => platform.releases ?? []).map(release => ({ place: release.range, release })))
    expect(targets.map(({ option }) => option)).toEqual(expected)
    expect(mark(source, [...new Map(targets.flatMap(({ places }) => places.map(({ place }) => [String(place), place] as const))).values()])).toBe(marked)
  })
})

describe('auto', () => {
  it.each([
    [['auto'], ['ws2022,host=azure', 'ws2019'], ['ws2022,host=azure', 'ws2019']],
    [['auto,engine@28'], ['ws2022'], ['ws2022,engine@28']],
    [['auto,host=other'], ['ws2022,host=azure'], ['ws2022,host=other']],
    [['ws2025', 'auto'], ['ws2022'], ['ws2025', 'ws2022']],
    [['auto', 'engine@28'], [], ['engine@28']],
    [['ws2022'], ['ws2019'], ['ws2022']]
  ])('%s with %s is %s', (options, inferred, expected) => expect(withInferred(options, inferred)).toEqual(expected))

  it.each([[['auto'], true], [['engine@28, auto'], true], [['ws2022'], false], [undefined, false]])('%s asks for it: %s', (options, expected) => expect(asksForInference(options)).toBe(expected))
})
