import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { diagnosticsOf } from './linting.ts'

/** What Microsoft's page lists as unsupported, as features of the matrix. */
const listed = ['ipv6-network', 'ipv6-address', 'encrypted-overlay', 'http-proxy', 'host-network', 'azure-transparent', 'dns-option', 'aux-address', 'internal-network', 'ip-range', 'ipam-driver', 'ipam-opt']

it('the example shows all that Microsoft lists', async () => {
  const found = await diagnosticsOf({ source: readFileSync('examples/shop/compose.yaml', 'utf8') })
  expect(found.map(({ feature }) => feature)).toEqual(expect.arrayContaining(listed))
})

it('the same for Windows is clean', async () => {
  expect(await diagnosticsOf({ source: readFileSync('examples/shop/compose.windows.yaml', 'utf8') })).toEqual([])
})

it('the README shows what is printed', async () => {
  const [, place, message] = /^(examples\/\S+:\d+:\d+) error (.*?) \[/m.exec(readFileSync('README.md', 'utf8')) ?? []
  const found = await diagnosticsOf({ source: readFileSync('examples/shop/compose.yaml', 'utf8') })
  expect(place).toMatch(/^examples\/shop\/compose\.yaml:/)
  expect(found.map(diagnostic => diagnostic.message)).toContain(message)
})
