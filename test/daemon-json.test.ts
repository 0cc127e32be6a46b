import { describe, expect, it } from 'vitest'
import daemonJson from '../src/languages/daemon-json.ts'
import { jsonFault } from '../src/languages/json-syntax.ts'
import { Embedding } from './embedding.ts'
import { unmark } from './marked.ts'

const daemon = new Embedding(daemonJson, 'C:/ProgramData/docker/config/daemon.json')

const nestings: (readonly [string, string])[] = [
  ['a scalar', '{\n  "debug": true,\n  ⟦"ipv6": true⟧\n}\n'],
  ['tabs', '{\n\t"debug": true,\n\t⟦"ipv6":\ttrue⟧\n}\n'],
  ['one line', '{"debug":true,⟦"ipv6":true⟧}'],
  ['escapes', '{⟦"\\u0069pv6": true⟧, ⟦"bip": "172.20.0.1\\/16"⟧}'],
  ['a map', '{⟦"runtimes"⟧: {"runsc": {"path": "runsc"}}}'],
  ['a map in a map', '{"default-network-opts": {"nat": {⟦"com.docker.network.enable_ipv6": "true"⟧}}}']
]

describe('the configuration of the engine', () => {
  it.each(nestings)('%s', async (_, marked) => {
    expect(await daemon.marked(marked)).toBe(marked)
    const crlf = marked.replaceAll('\n', '\r\n')
    expect(await daemon.marked(crlf)).toBe(crlf)
  })

  it.each([
    ['{"mtu": 1500, "bridge": "none", "data-root": "D:\\\\docker"}'],
    ['{"labels": ["ipv6=true"], "log-opts": {"ipv6": "true"}}'],
    [''],
    ['[]'],
    ['{"hosts": ["npipe://"], "group": "docker", "exec-opts": ["isolation=process"]}']
  ])('not %s', async source => {
    expect(await daemon.found(source)).toEqual([])
  })

  it.each([
    ['{"hosts": [⟦"npipe://"⟧]}', 'windows'],
    ['{"exec-opts": [⟦"isolation=hyperv"⟧]}', 'windows'],
    ['{"data-root": ⟦"/mnt/docker"⟧}', 'linux'],
    ['{}', 'unknown']
  ])('%s is for %s', async (marked, os) => {
    const { source, ranges } = unmark(marked)
    const { subjects } = await daemon.lint(source)
    expect(subjects[0]?.platform).toMatchObject({ os, evidence: ranges.map(range => ({ range })) })
  })

  it.each([
    ['{⟦"ipv6": true⟧ ⟦"debug"⟧: true}'],
    ['{⟦"ipv6": true⟧, ⟦}⟧'],
    ['{⟦"ipv6": true⟧ ⟦//⟧ comment\n}'],
    ['{⟦"bip": "172.20.0.1/16"⟧⟦}⟧⟦}⟧'].map(marked => marked.replace('⟦}⟧⟦}⟧', '}⟦}⟧')),
    ["{⟦'ipv6'⟧: 1}"],
    ['{"data-root": ⟦"D:\\docker"⟧}'],
    ['{"debug": true⟦\n⟧'].map(() => '{"debug": tru⟦e⟧\n')
  ])('is no JSON: %s', async marked => {
    const { source, ranges } = unmark(marked)
    const { diagnostics } = await daemon.lint(source)
    expect(diagnostics.filter(({ rule }) => rule === 'json-syntax').map(({ range }) => source.slice(...range))).toEqual([source.slice(...ranges.at(-1)!)])
  })

  it('agrees with JSON.parse on what is JSON', async () => {
    const fc = await import('fast-check')
    fc.default.assert(fc.default.property(fc.default.json(), source => jsonFault(source) === undefined))
    const isJson = (source: string): boolean => { try { JSON.parse(source); return true } catch { return false } }
    const pieces = fc.default.array(fc.default.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', '-', '0', '.5', 'e1', 'true', 'null', ' ', '\n', '"', '\\', '//', 'x'), { maxLength: 8 })
    fc.default.assert(fc.default.property(pieces, parts => (jsonFault(parts.join('')) === undefined) === isJson(parts.join(''))), { numRuns: 5000 })
  })
})

describe('a configuration that a script writes', () => {
  it.each([
    ['a.ps1', `'{}' | Set-Content ⟦C:\\ProgramData\\docker\\config\\daemon.json⟧`, 'windows'],
    ['a.ps1', `'{}' | Set-Content ⟦"$env:ProgramData\\docker\\config\\daemon.json"⟧`, 'windows'],
    ['a.sh', `echo '{}' > ⟦/etc/docker/daemon.json⟧`, 'linux'],
    ['a.sh', `echo '{}' > ⟦docker/daemon.json⟧`, 'unknown'],
    ['a.sh', `echo '{"hosts": ["npipe://"]}' > ⟦docker/daemon.json⟧`, 'windows']
  ])('%s: %s is for %s', async (path, marked, os) => {
    const { source, ranges } = unmark(marked)
    const { subjects } = await daemon.lint(source, { path })
    expect(subjects.map(({ range, platform }) => [range, platform.os])).toEqual([[ranges[0], os]])
  })

  it('is what the last writes of a file leave', async () => {
    const marked = `echo '{ "ipv6": true' > docker/daemon.json\necho ', ⟦"bip": "'$BIP'"⟧ }' >> docker/daemon.json\necho '{' > x/daemon.json\necho '⟦"icc": false⟧ }' >> x/daemon.json`
    expect(await daemon.marked(marked.replace('"ipv6": true', '⟦"ipv6": true⟧'), 'a.sh')).toBe(marked.replace('"ipv6": true', '⟦"ipv6": true⟧'))
  })
})
