import { describe, expect, it } from 'vitest'
import { knowledge } from '../src/knowledge.ts'
import { causesOf, whyText } from '../src/why.ts'
import { lintText } from './linting.ts'

const featuresOf = (output: string): string[] => causesOf(output, knowledge.matrix).map(({ row }) => row.feature)

/** Answers of the engine, as it gave them. */
describe('what an engine says', () => {
  it.each([
    ['this request is not supported by the \'windows\' ipam driver', ['ipv6-network', 'ip-range']],
    ['could not find plugin custom in v1 plugin registry: plugin not found', ['network-driver-unknown', 'ipam-driver']],
    ['strconv.ParseUint: parsing "x": invalid syntax', ['driver-opts-windowsshim-value']],
    ['rpc error: code = InvalidArgument desc = error during lookup of plugin transparent', ['ipam-driver']],
    ['operation is not permitted on predefined none network', ['network-predefined-name']],
    ['docker: network-scoped aliases are only supported for user-defined networks', ['network-alias']],
    ['unable to derive the IP value for host-gateway', ['extra-hosts']],
    ['failed to create endpoint cc on network nat: invalid protocol sctp', ['port-protocol']],
    ['invalid CapAdd: unknown capability: "CAP_NET_ADMIN"', ['ign-cap-add']],
    ['invalid option: privileged mode is not supported for Windows containers', ['privileged']],
    ['network host not found', ['host-network']],
    ['network bridge not found', ['network-mode-bridge']],
    ['network NAT not found', ['network-mode-driver-name']],
    ['invalid option: Windows does not support BlkioWeight', ['res-blkioweight']],
    ['invalid option: CPU real-time period is not supported for Windows containers', ['cpu-rt-period']],
    ['invalid option: CPU real-time runtime is not supported for Windows containers', ['cpu-rt-runtime']],
    ['invalid option: read-only mode is not supported for Windows containers', ['read-only']],
    ['invalid security option: no equals sign in supplied value no-new-privileges', ['security-opt']],
    ['invalid device assignment path: \'/dev/net/tun\', must be \'class/ID\' or \'IDType://ID\'', ['devices']],
    ['invalid volume specification: \'C:\\x:C:\\y\': invalid mount config for type "bind": bind source path does not exist: c:\\x', ['bind-source', 'volume-linux-path', 'docker-sock']],
    ['invalid mount config for type "tmpfs": mount type unknown', ['mount-tmpfs']],
    ['invalid isolation (bogus): Windows supports \'default\', \'process\', or \'hyperv\'', ['isolation-value']],
    ['task create: invalid option: Windows does not support Ulimits', ['res-ulimits']],
    ['invalid JSON: netip.ParsePrefix("10.9.0.5"): no \'/\'', ['subnet-value']]
  ])('%s', (message, features) => {
    expect(featuresOf(message)).toEqual(expect.arrayContaining(features))
    expect(causesOf(message, knowledge.matrix).every(({ isExact }) => isExact)).toBe(true)
  })

  it.each([
    'configuration network "mynet" does not exist',
    'failed to load credential spec for container fd50763d53c8: open C:\\ProgramData\\x.json: Path not found.',
    'No such container: missing', ''
  ])('is not explained by what it is not: %s', message => expect(featuresOf(message)).toEqual([]))

  it('is recognised in other words, and that is said', () => {
    const causes = causesOf('Error response from daemon: the read-only mode for containers is not supported on Windows', knowledge.matrix)
    expect(causes.map(({ row, isExact }) => [row.feature, isExact])).toEqual([['read-only', false]])
    expect(whyText(causes, [])).toContain('read-only (unsupported-security-option), the nearest there is\n')
  })

  it('may be several things, in colours and on lines that were written anew', () => {
    const output = '\u001B[31m Network x  Error\u001B[0m\rError response from daemon: network host not found\r\nError response from daemon: Windows does not support host IP addresses in NAT settings\n'
    expect(featuresOf(output)).toEqual(['host-network', 'port-host-ip'])
  })

  it('is no slow matter, however long', { timeout: 30_000 }, () => {
    const start = performance.now()
    featuresOf('network a could not find plugin b in v1 '.repeat(20_000))
    featuresOf('invalid option\n'.repeat(200_000))
    expect(performance.now() - start).toBeLessThan(20_000)
  })
})

it('points to the lines that are answered so, not to others of their kind', async () => {
  const text = 'services: {web: {image: x, networks: [a, b]}}\nnetworks:\n  a: {driver: macvlan}\n  b: {driver: bridge}\n'
  const file = { path: 'compose.yaml', text, suppressed: [], ...(await lintText({ source: text })) }
  const places = (output: string): string[] => whyText(causesOf(output, knowledge.matrix), [file], output).match(/compose\.yaml:.*/g) ?? []
  expect(places('could not find plugin bridge in v1 plugin registry: plugin not found')).toEqual(['compose.yaml:4:7 driver: bridge'])
  // Of another driver nothing is asked here; what is like it is shown.
  expect(places('could not find plugin weave in v1 plugin registry: plugin not found')).toHaveLength(2)
})
