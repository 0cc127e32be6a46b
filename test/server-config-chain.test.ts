import { describe, expect, it } from 'vitest'
import { configurationOf } from '../src/server-config-chain.ts'

const rules = { 'porthole.config.yaml': 'targets: [ws2022]\n' }

/** What is configured for a file of the workspace `tmp:/ws`, by what is in it. */
const targetsOf = async (files: Readonly<Record<string, string>>, path = 'a/compose.yaml'): Promise<readonly string[] | undefined> =>
  (await configurationOf(`tmp:/ws/${path}`, uri => files[uri.replace('tmp:/ws/', '')])).for(`/ws/${path}`).targets

describe('the configuration in a page', () => {
  it.each<[string, Record<string, string>, readonly string[] | undefined]>([
    ['none', {}, undefined],
    ['above', rules, ['ws2022']],
    ['nearest', { ...rules, 'a/porthole.config.json': '{"targets": ["ws2019"]}' }, ['ws2019']],
    ['in package.json', { 'package.json': '{"porthole": {"targets": ["ws2019"]}}' }, ['ws2019']],
    ['beside a package.json without', { ...rules, 'package.json': '{"name": "x"}' }, ['ws2022']],
    ['extending', { 'a/porthole.config.yaml': 'extends: [../b/base.yaml]\n', 'b/base.yaml': 'extends: [c.json]\n', 'b/c.json': '{"targets": ["ws2016"]}' }, ['ws2016']],
    ['extending and saying otherwise', { 'porthole.config.yaml': 'extends: [b.yaml]\ntargets: [ws2025]\n', 'b.yaml': 'targets: [ws2016]\n' }, ['ws2025']],
    ['with an override', { 'porthole.config.yaml': 'extends: [b/b.yaml]\n', 'b/b.yaml': 'targets: [ws2016]\noverrides:\n  - files: [a/**]\n    targets: [ws2019]\n' }, ['ws2019']]
  ])('is %s', async (_, files, targets) => {
    expect(await targetsOf(files)).toEqual(targets)
  })

  it.each<[Record<string, string>, string]>([
    [{ 'porthole.config.yaml': 'extends: [b.yaml]\n' }, '/ws/b.yaml: is not there, or not in the part of the workspace that is read'],
    [{ 'porthole.config.yaml': 'extends: [b.yaml]\n', 'b.yaml': 'extends: [porthole.config.yaml]\n' }, '/ws/b.yaml: `porthole.config.yaml` leads back to this configuration'],
    [{ 'porthole.config.yaml': 'extends: [b.yaml]\n', 'b.yaml': 'targets: [ws1999]\n' }, '/ws/b.yaml: ']
  ])('cannot be %j', async (files, message) => {
    await expect(targetsOf(files)).rejects.toThrow(message)
  })
})
