import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../src/diagnostic.ts'
import { readDotenv } from '../src/env-file.ts'
import { bindParts, isMountTarget } from '../src/short-form.ts'
import { diagnosticsOf } from './linting.ts'
import { mark, unmark } from './marked.ts'

const service = (body: string): string => `services:\n  web:\n    image: x\n${body.replace(/^/gm, '    ')}\n`
const unique = (found: readonly Diagnostic[]): (readonly [number, number])[] => [...new Map(found.map(({ range }) => [range.join(), range])).values()]

interface Case { readonly path: string; readonly source: string; readonly targets?: readonly string[] }

const lint = ({ path, source, targets = ['ws2022'] }: Case): Promise<readonly Diagnostic[]> => diagnosticsOf({ path, source: unmark(source).source, targets })
const script = (source: string): Case => ({ path: 'a.sh', source: `${source}\n` })
const compose = (source: string): Case => ({ path: 'compose.yaml', source })
const stack = (source: string): Case => ({ path: 'stack.yaml', source })
const on2016 = (of: Case): Case => ({ ...of, targets: ['ws2016'] })

describe('what is found', () => {
  it.each([
    ['an IPv6 address on a network that nobody knows', script('docker network connect ⟦--ip6 fd00::5⟧ lan web'), 'rejected ipv6-address'],
    ['an IPv6 address on an external network', compose(`${service('networks:\n  lan:\n    ⟦ipv6_address: fd00::5⟧')}networks:\n  lan:\n    external: true\n`), 'rejected ipv6-address'],
    ['IPv6 with a driver that nobody knows', script('docker network create -d "$D" ⟦--ipv6⟧ lan'), 'ignored ipv6-network'],
    ['an alias without a network', script('docker run ⟦--network-alias db⟧ img'), 'rejected network-alias'],
    ['an alias on the default network', script('docker run --network default ⟦--network-alias db⟧ img'), 'rejected network-alias'],
    ['dnsrr beside a port of the routing mesh', script('docker service create ⟦--endpoint-mode dnsrr⟧ -p 8080:80 img'), 'rejected endpoint-mode'],
    ['dnsrr beside a port that names no mode', script('docker service create ⟦--endpoint-mode dnsrr⟧ -p published=8080,target=80 img'), 'rejected endpoint-mode'],
    ['dnsrr in a stack', stack(service('ports: ["8080:80"]\ndeploy:\n  ⟦endpoint_mode: dnsrr⟧')), 'rejected endpoint-mode'],
    ['a port that names no mode, where there is no mesh', on2016(script('docker service create ⟦-p 8080:80⟧ img')), 'ignored publish-mode-ingress'],
    ['a port of a stack that names no mode, where there is no mesh', on2016(stack(service('ports: [⟦"8080:80"⟧]'))), 'ignored publish-mode-ingress'],
    ['a gateway outside the subnet', script('docker network create -d nat --subnet 10.1.0.0/16 ⟦--gateway 10.2.0.1⟧ lan'), 'rejected gateway-outside-subnet'],
    ['a gateway without a subnet', script('docker network create -d nat ⟦--gateway 10.2.0.1⟧ lan'), 'rejected gateway-outside-subnet'],
    ['a gateway outside the subnet beside it', compose(`${service('networks: [lan]')}networks:\n  lan:\n    ipam:\n      config:\n        - subnet: 10.1.0.0/16\n          ⟦gateway: 10.2.0.1⟧\n`), 'rejected gateway-outside-subnet'],
    ['a share of the processors and a percentage', script('docker run --cpus 1 ⟦--cpu-percent 50⟧ img'), 'rejected cpu-conflicts'],
    ['a share of the processors and a weight', compose(service('cpus: 1\n⟦cpu_shares: 512⟧')), 'rejected cpu-conflicts'],
    ['a limit of a deployment and a weight', compose(service('deploy: {resources: {limits: {cpus: "1"}}}\n⟦cpu_shares: 512⟧')), 'rejected cpu-conflicts'],
    ['a number of processors and a weight', script('docker run --cpu-count 2 ⟦--cpu-shares 5⟧ img'), 'ignored cpu-conflicts'],
    ['a volume named like a device', script('docker run -v ⟦aux⟧:C:/x img'), 'rejected volume-name'],
    ['a target without a drive', script("docker run -v 'data:⟦\\x⟧' img"), 'rejected volume-target'],
    ['a target that is relative', compose(service('volumes: ["data:⟦x⟧"]')), 'rejected volume-target'],
    ['a target with a character that no path has', script("docker run --mount 'type=volume,target=⟦C:\\a?b⟧' img"), 'rejected volume-target'],
    ['a target on the system drive itself', script("docker run -v 'data:⟦C:⟧' img"), 'rejected bind-source'],
    ['a builder on the host network', script('docker buildx create ⟦--driver-opt network=host⟧'), 'rejected host-network'],
    ['a permission for the host network', script('docker buildx build ⟦--allow network.host⟧ .'), 'ignored host-network'],
    ['a permission for the host network in a build', compose('services:\n  web:\n    build:\n      context: .\n      entitlements: [⟦network.host⟧]\n'), 'ignored host-network'],
    ['a network for the mesh on one host', script('docker network create -d nat ⟦--ingress⟧ lan'), 'rejected ingress-network'],
    ['a service without a network', script('docker service create ⟦--network none⟧ img'), 'rejected network-none'],
    ['a container that is to have no network and has one', script('docker network connect ⟦none⟧ web'), 'rejected network-none'],
    ['the host network of a build step, once', { path: 'Dockerfile', source: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN ⟦--network=host⟧ ipconfig\n' }, 'rejected host-network'],
    ['an address of the host that a service cannot have, once', script('docker service create -p ⟦127.0.0.1⟧:80:80 img'), 'rejected port-host-ip'],
    ['SCTP on the nodes of a stack', stack(service('ports:\n  - {target: 5, published: 6, ⟦protocol: sctp⟧, mode: host}')), 'rejected port-protocol'],
    ['SCTP on the mesh, beside a port of the nodes', stack(service('ports:\n  - {target: 5, published: 6, mode: host}\n  - "7:7/⟦sctp⟧"')), 'differs port-protocol'],
    ['numbers for accounts in an image', { path: 'Dockerfile', source: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ⟦1000⟧\n' }, 'differs user-uid']
  ] satisfies [string, Case, string][])('%s', async (_, of, expected) => {
    const found = await lint(of)
    expect(mark(unmark(of.source).source, unique(found))).toBe(of.source)
    expect(found.map(({ effect, feature }) => `${effect} ${feature}`)).toEqual([expected])
  })

  it.each([
    ['privileged: true', 'ignored stack-dropped-option'], ['security_opt: [no-new-privileges]', 'ignored stack-dropped-option'], ['devices: [/dev/x]', 'ignored stack-dropped-option'],
    ['container_name: web', 'ignored stack-dropped-option'], ['links: [db]', 'ignored stack-dropped-option'], ['network_mode: nat', 'ignored network-mode-default-none-nat'],
    ['mem_limit: 1g', 'rejected stack-refused-option'], ['cpus: 1', 'rejected stack-refused-option'], ['runtime: runc', 'rejected stack-refused-option'],
    ['cap_add: [NET_ADMIN]', 'rejected ign-cap-add'], ['restart: always', ''], ['build: .', '']
  ])('in a stack: %s', async (setting, expected) => {
    const found = await lint(stack(`services:\n  web:\n    image: x\n    ${setting}\n  db: {image: x}\n`))
    expect(found.map(({ effect, feature }) => `${effect} ${feature}`).join()).toBe(expected)
  })

  it('speaks of stacks in stacks only', async () => {
    expect((await lint(compose(service('container_name: web2\nmem_limit: 1g\ndomainname: x\nstorage_opt: {size: 50G}')))).map(({ feature }) => feature)).toEqual([])
  })
})

describe('what is not found', () => {
  it.each([
    ['a gateway in the subnet', script('docker network create -d nat --subnet 10.1.0.0/16 --gateway 10.1.0.1 lan')],
    ['a gateway in one of several subnets', script('docker network create -d nat --subnet 10.1.0.0/16,10.2.0.0/16 --gateway 10.2.0.1 lan')],
    ['a gateway beside a subnet that nobody knows', script('docker network create -d nat --subnet "$S" --gateway 10.2.0.1 lan')],
    ['a gateway beside flags that nobody knows', script('docker network create -d nat $FLAGS --gateway 10.2.0.1 lan')],
    ['dnsrr beside ports of the nodes', script('docker service create --endpoint-mode dnsrr -p mode=host,target=80,published=80 img')],
    ['dnsrr without ports', script('docker service create --endpoint-mode dnsrr img')],
    ['dnsrr with compose', compose(service('ports: ["80:80"]\ndeploy: {endpoint_mode: dnsrr}'))],
    ['a share of the processors that is zero', script('docker run --cpus 0 --cpu-shares 5 img')],
    ['a share of the processors that nobody knows', script('docker run --cpus "$C" --cpu-shares 5 img')],
    ['a network that is only kept for others', script('docker network create --config-only -d l2bridge kept')],
    ['a network that is only kept, without a driver', script('docker network create --config-only --subnet 10.1.0.0/16 kept')],
    ['an alias on a network of its own', script('docker run --network lan --network-alias db img')],
    ['`none` once nothing else is left', script('docker network disconnect nat web && docker network connect none web')],
    ['no shared memory', compose(service('shm_size: 0'))],
    ['a target at the root of another drive', script("docker run -v 'data:d:' -v 'C:\\w:e:\\' -v 'name:F::ro' img")],
    ['a target with a long path', script("docker run -v 'C:\\w:\\\\?\\d:\\x' img")],
    ['a target that nobody knows', compose(service('volumes: ["data:${TARGET}"]'))],
    ['a name that only begins like a device', script('docker run -v auxiliary:C:/x img')],
    ['help', script('docker run --help')]
  ] satisfies [string, Case][])('%s', async (_, of) => {
    expect((await lint(of)).map(({ effect, feature }) => `${effect} ${feature}`)).toEqual([])
  })
})

describe('what Docker will say', () => {
  const errors = async (of: Case): Promise<(string | undefined)[]> => (await lint(of)).flatMap(({ verdicts }) => verdicts.map(({ error }) => error))

  it.each([
    [script('docker run --ip6 fd00::5 img'), 'invalid config for network nat: invalid endpoint settings:\nno configured subnet contains IP address fd00::5'],
    [script('docker network create -d nat lan; docker run --network name=lan,ip6=fd00::5 img'), 'invalid config for network lan: invalid endpoint settings:\nno configured subnet contains IP address fd00::5'],
    [script('docker service create --ulimit nofile=5 img'), 'task create: invalid option: Windows does not support Ulimits'],
    [script('docker service create --cap-add net_admin img'), 'task create: invalid CapAdd: unknown capability: "CAP_NET_ADMIN"'],
    [script('docker update --cpuset-cpus 0 web'), 'invalid option: Windows does not support CpusetCpus'],
    [script('docker update --cpu-period 5 web'), 'invalid option: Windows does not support CPUPeriod'],
    [script('docker checkpoint ls web'), 'docker checkpoint ls is only supported on a Docker daemon running on linux, but the Docker daemon is running on windows'],
    [script('docker run --mount type=volume,source=data,target=/x img'), 'invalid mount config for type "volume": invalid mount path: \'/x\''],
    [script('docker run --mount source=data,target=/x img'), 'invalid mount config for type "volume": invalid mount path: \'/x\''],
    [script("docker run -v 'data:C:/' img"), "destination path (c:\\) cannot be 'c:' or 'c:\\'"],
    [script('docker run -v AUX:C:/x img'), 'volume name "aux" cannot be a reserved word for Windows filenames'],
    [script("docker run --mount 'type=bind,source=C:/a,target=C:/b,bind-propagation=rslave' img"), 'invalid mount config for type "bind": invalid propagation mode: rslave'],
    [compose(service('volumes: ["/srv:C:/data"]')), "invalid volume specification: '/srv:C:/data:rw'"],
    [compose(service('volumes: [{type: bind, source: /srv, target: "C:/data", read_only: true}]')), "invalid volume specification: '/srv:C:/data:ro'"],
    [compose(service('volumes: ["data:/data"]')), "invalid volume specification: '…'"],
    [compose(`${service('networks: [lan]')}networks:\n  lan: {ipam: {config: [{subnet: 10.1.0.0/16, gateway: 10.2.0.1}]}}\n`), "invalid gateway 10.2.0.1: parent subnet 10.1.0.0/16 doesn't contain this address"],
    [{ path: 'Dockerfile', source: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\n' }, 'a Windows version 10.0.26100-based image is incompatible with a 10.0.20348 host'],
    [stack(service('cpus: 1')), 'Additional property cpus is not allowed']
  ] satisfies [Case, string][])('%j: %s', async (of, expected) => {
    expect(await errors(of)).toContain(expected)
  })

  it('says that it is refused or ignored, where that depends', async () => {
    const [finding] = await lint(script('docker network create -d "$D" --ipv6 lan'))
    expect(finding!.verdicts.map(({ note }) => note)).toEqual(['Refused or ignored, depending on the network'])
  })

  it('passes on what the client says without its name', async () => {
    expect((await lint(script('docker network create'))).map(({ message }) => message)).toContainEqual(expect.stringContaining("refuses this command: 'docker network create' requires 1 argument"))
  })
})

/** moby daemon/volume/mounts/windows_parser_test.go: mounts that the engine takes, and such as it does not. */
describe('mounts as the engine on Windows takes them apart', () => {
  const show = (value: string): string => bindParts(value).flatMap(({ name, start, end }) => (name === 'type' ? [] : [`${name}=${value.slice(start, end)}`])).join(' ')

  it.each([
    ['d:\\', 'target=d:\\'], ['d:', 'target=d:'], ['c:\\:d:\\', 'source=c:\\ target=d:\\'], ['c:\\windows\\:d:', 'source=c:\\windows\\ target=d:'],
    ['c:\\windows:d:\\s p a c e:RW', 'source=c:\\windows target=d:\\s p a c e mode=RW'], ['0123456789name:d:', 'source=0123456789name target=d:'], ['name:D::rW', 'source=name target=D: mode=rW'],
    ['c:/:d:/forward/slashes/are/good/too', 'source=c:/ target=d:/forward/slashes/are/good/too'], ['\\\\?\\c:\\windows\\:d:', 'source=\\\\?\\c:\\windows\\ target=d:'],
    ['c:\\windows\\:\\\\?\\d:\\', 'source=c:\\windows\\ target=\\\\?\\d:\\'], ['//./pipe/foo://./pipe/foo', 'source=//./pipe/foo target=//./pipe/foo'], ['v:/y', 'target=v:/y'], ['v:C:\\v', 'source=v target=C:\\v']
  ])('%s is %s', (value, expected) => {
    expect(show(value)).toBe(expected)
    expect(isMountTarget(/target=(.*?)( mode=.*)?$/.exec(expected)![1]!)).toBe(true)
  })

  it.each(['.', '..\\', '\\data', 'data', '/data', 'c:\\a:b', 'c:\\a*', 'c:x', ''])('%j is no place for a mount', value => expect(isMountTarget(value)).toBe(false))

  it('is read in time that grows with the length', () => {
    const start = performance.now()
    for (const value of [`c:\\${'a\\'.repeat(50_000)}:`, `${'a'.repeat(100_000)}*`, 'c:\\'.repeat(30_000), `d:${'\\a'.repeat(50_000)}|:`]) bindParts(value)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('variables of a .env file', () => {
  it.each([
    ['A=x\nB=${A}y\n', { A: 'x', B: 'xy' }],
    ['B=${HOME}/y\n', {}],
    ['B=${HOME:-/h}/y\n', { B: '/h/y' }],
    ['A=1\nA=$HOME\n', {}],
    ["A='$B'\nC=\"a\\nb\"\nexport D=4 # four\n", { A: '$B', C: 'a\nb', D: '4' }],
    ['\uFEFFA=1\r\nB=2\r\n', { A: '1', B: '2' }]
  ])('%j', (source, expected) => expect(Object.fromEntries(readDotenv(source))).toEqual(expected))
})
