import { describe, expect, it } from 'vitest'
import { applyEdits } from '../src/edit.ts'
import { compatibleFixes } from '../src/fix.ts'
import { makeFixes, type Judgement } from '../src/fixer.ts'
import { diagnosticsOf, lintText, type Lintable } from './linting.ts'

/** What is left of a text when all fixes of a kind are made. */
async function fixed(lintable: Lintable, mode: 'safe' | 'all' = 'all'): Promise<string> {
  const judge = async (texts: ReadonlyMap<string, string>): Promise<Judgement> => {
    const text = texts.get('a') ?? lintable.source
    return { files: [{ path: 'a', text, ...(await lintText({ ...lintable, source: text })) }] }
  }
  return (await makeFixes(await judge(new Map()), mode, judge)).files[0]!.text
}

const service = (lines: string): string => `services:\n  web:\n    image: x\n${lines}`

/** Lines of a service before and after. */
const services: readonly (readonly [what: string, before: string, after: string])[] = [
  ['a key with its comment', '    init: true # why\n    user: a\n', '    user: a\n'],
  ['comments on lines of their own stay', '    # one\n    init: true\n    # two\n    user: a\n', '    # one\n    # two\n    user: a\n'],
  ['a key with all that is below', '    ulimits:\n      nofile:\n        soft: 1\n        # in it\n        hard: 2\n    user: a\n', '    user: a\n'],
  ['at the end without a line end', '    user: a\n    init: true', '    user: a\n'],
  ['an item of a list', '    cap_add:\n      - NET_ADMIN # a\n      # b\n      - SYS_TIME\n', ''],
  ['some items', '    security_opt:\n      - seccomp=x\n      - credentialspec=file://a.json\n', '    security_opt:\n      - credentialspec=file://a.json\n'],
  ['an item that is not indented', '    security_opt:\n    - credentialspec=file://a.json\n    - label=x\n    user: a\n', '    security_opt:\n    - credentialspec=file://a.json\n    user: a\n'],
  ['items in brackets', '    security_opt: [a, "credentialspec=file://a.json", b=c]\n', '    security_opt: ["credentialspec=file://a.json"]\n'],
  ['brackets over lines', '    security_opt: [\n      a,\n      "credentialspec=file://a.json",\n    ]\n', '    security_opt: [\n      "credentialspec=file://a.json",\n    ]\n'],
  ['the last of what is in brackets', '    security_opt: [a]\n    user: a\n', '    user: a\n'],
  ['entries in braces', '    build: {context: ., shm_size: 1g, network: host}\n', '    build: {context: .}\n'],
  ['the first key of an item', '    ports:\n      - host_ip: 127.0.0.1\n        target: 80\n        published: "80"\n', '    ports:\n      - target: 80\n        published: "80"\n'],
  ['a key in the middle of an item', '    ports:\n      - target: 80\n        host_ip: 127.0.0.1\n        published: "80"\n', '    ports:\n      - target: 80\n        published: "80"\n'],
  ['a part of a short form', '    ports:\n      - "127.0.0.1:80:80/tcp" # a\n      - 127.0.0.1::81\n      - \'[::1]:82:82\'\n', '    ports:\n      - "80:80/tcp" # a\n      - 81\n      - \'82:82\'\n'],
  ['the mode of a volume', '    volumes:\n      - data:C:\\data:z\n      - "data:C:/b:ro,Z"\n      - data:C:\\c:rshared\n', '    volumes:\n      - data:C:\\data\n      - "data:C:/b:ro"\n      - data:C:\\c\n'],
  ['paths get their drive', '    volumes: [ data:/app, "data:/b:ro", {type: volume, source: data, target: /c} ]\n', '    volumes: [ data:C:/app, "data:C:/b:ro", {type: volume, source: data, target: C:/c} ]\n'],
  ['a value in quotes', '    network_mode: "bridge"\n', '    network_mode: "nat"\n'],
  ['a map that is emptied goes', '    deploy:\n      resources:\n        limits:\n          pids: 5\n    user: a\n', '    user: a\n'],
  ['keys of an older format', '    net: bridge\n', '    net: nat\n'],
  ['what is reset by an override', '    sysctls: !override\n      a.b: 1\n    user: a\n', '    user: a\n']
]

/** Texts with findings that no fix may touch. */
const untouched: readonly (readonly [why: string, source: string])[] = [
  ['an anchor has other users', 'x-a: &a\n  init: true\nservices:\n  web: {image: x, <<: *a}\n  db: {image: x, <<: *a}\n'],
  ['an anchor has one other user', 'services:\n  web: &web\n    image: x\n    init: true\n  db: *web\n'],
  ['an anchor has a user of which nothing is said', 'services:\n  web: &web\n    image: x\n    init: true\n  db:\n    <<: *web\n    platform: linux/amd64\n'],
  ['an anchor below it is used elsewhere', 'services:\n  web:\n    image: x\n    ulimits:\n      nofile: &n 5\n    cpu_count: *n\n'],
  ['an anchor in it is used elsewhere', 'services:\n  web:\n    image: x\n    sysctls: &s\n      a.b: 1\n    labels: *s\n'],
  ['an alias is the value', 'x-a: &a true\nservices: {web: {image: x, init: *a}}\n'],
  ['a merged value would show', 'x-a: &a {user: b}\nservices:\n  web:\n    <<: *a\n    image: x\n    init: true\n'],
  ['an earlier value would show', service('    userns_mode: ""\n    userns_mode: host\n')],
  ['a variable is the value', service('    ports: ["${IP:-127.0.0.1}:80:80"]\n')],
  ['an escape is in the value', service('    ports: ["127.0.0.\\x31:80:80"]\n')],
  ['a volume is in a directory of Linux', service('    volumes: [data:/var/lib/x, "data:/", data:/etc/x]\n')],
  ['a choice is left', service('    network_mode: host\n    pid: host\n    extra_hosts: [a:1.2.3.4]\n')],
  ['a build would be left without anything', 'services:\n  web:\n    build:\n      network: host\n'],
  ['a service would be left without anything', 'services:\n  web:\n    init: true\n'],
  ['a comment that suppresses would move', service('    # porthole-disable-next-line unsupported-volume\n    init: true\n    user: a\n')]
]

const commands: readonly (readonly [what: string, path: string, before: string, after: string])[] = [
  ['a switch', 'a.sh', 'docker run --privileged -it x\n', 'docker run -it x\n'],
  ['a flag with its value', 'a.sh', 'docker run --shm-size 1g --sysctl=a=1 x\n', 'docker run x\n'],
  ['a value in quotes', 'a.sh', "docker run --sysctl 'a=b c' --rm x\n", 'docker run --rm x\n'],
  ['lines that go on', 'a.sh', 'docker run \\\n  --rm \\\n  --init \\\n  --shm-size 1g \\\n  x # y\n', 'docker run \\\n  --rm \\\n  x # y\n'],
  ['lines that go on, with CRLF', 'a.sh', 'docker run \\\r\n  --init \\\r\n  x\r\n', 'docker run \\\r\n  x\r\n'],
  ['lines of PowerShell', 'a.ps1', 'docker run `\n  --init `\n  -v data:/app `\n  x\n', 'docker run `\n  -v data:C:/app `\n  x\n'],
  ['lines of cmd', 'a.cmd', 'docker run ^\r\n  --init ^\r\n  x\r\n', 'docker run ^\r\n  x\r\n'],
  ['a missing driver', 'a.sh', 'sudo docker network create lan && echo\n', 'sudo docker network create --driver nat lan && echo\n'],
  ['another driver', 'a.ps1', "docker network create -d 'bridge' lan\n", "docker network create -d 'nat' lan\n"],
  ['an argument', 'a.sh', 'docker network connect "bridge" web\n', 'docker network connect "nat" web\n'],
  ['a part of a value', 'a.sh', 'docker run -p 127.0.0.1:80:80 -v data:C:/x:z x\n', 'docker run -p 80:80 -v data:C:/x x\n'],
  ['one of several keys', 'a.sh', 'docker run --mount type=bind,source=C:/a,target=C:/b,bind-propagation=rslave x\n', 'docker run --mount type=bind,source=C:/a,target=C:/b x\n'],
  ['the first of several keys', 'a.sh', 'docker run --mount bind-propagation=rslave,type=bind,source=C:/a,target=C:/b x\n', 'docker run --mount type=bind,source=C:/a,target=C:/b x\n'],
  ['a script in a script', 'a.sh', `bash -c "docker run --init 'x'"\n`, `bash -c "docker run 'x'"\n`],
  ['a subnet', 'a.sh', 'docker network create -d nat --subnet 10.9.0.5/16 lan\n', 'docker network create -d nat --subnet 10.9.0.0/16 lan\n'],
  ['a script of a package', 'package.json', '{"scripts": {"up": "docker run --init \\"x\\" && docker network create a"}}\n', '{"scripts": {"up": "docker run \\"x\\" && docker network create --driver nat a"}}\n'],
  ['a step of a workflow', '.github/workflows/a.yml', 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n      - run: |\n          docker run `\n            --init `\n            x\n', 'on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n      - run: |\n          docker run `\n            x\n'],
  ['a block of Markdown', 'README.md', '# a\n\n```sh\ndocker run --init x\n```\n\n  ```yaml\n  services:\n    web:\n      image: x\n      init: true\n  ```\n', '# a\n\n```sh\ndocker run x\n```\n\n  ```yaml\n  services:\n    web:\n      image: x\n  ```\n'],
  ['a Dockerfile', 'Dockerfile', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY --chmod=755 --from=a a b\nRUN --network=none \\\n  dir\nVOLUME /data "/b"\nVOLUME ["/c"]\n', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY --from=a a b\nRUN \\\n  dir\nVOLUME C:/data "C:/b"\nVOLUME ["C:/c"]\n'],
  ['a script in a Dockerfile', 'Dockerfile', '# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN docker run `\n  --init `\n  x\n', '# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN docker run `\n  x\n'],
  ['the engine', 'daemon.json', '{\n  "debug": true,\n  "iptables": false,\n  "ipv6": true\n}\n', '{\n  "debug": true\n}\n'],
  ['all that the engine is told', 'daemon.json', '{ "ipv6": true, "init": true }', '{}'],
  ['options of networks', 'daemon.json', '{"default-network-opts": {"nat": {"com.docker.network.enable_ipv6": "true"}}, "debug": true}', '{"debug": true}']
]

const untouchedCommands: readonly (readonly [why: string, path: string, source: string])[] = [
  ['words are not parted by blanks', 'a.js', "spawn('docker', ['run', '--init', 'x'])\n"],
  ['words are not parted by blanks in YAML', 'Dockerfile', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN ["docker", "run", "--init", "x"]\n'],
  ['another flag would show', 'a.sh', 'docker run --userns "" --userns host x\n'],
  ['the value is computed', 'a.sh', 'docker run --sysctl $SETTING x\n'],
  ['a part is computed', 'a.sh', 'docker run -p $IP:80:80 --pid host x\n'],
  ['quotes hold the keys', 'a.sh', `docker run --mount '"bind-propagation=rslave",type=bind,source=C:/a,target=C:/b' x\n`]
]

describe('a setting is taken out or replaced with nothing else', () => {
  it.each(services)('%s', async (_, before, after) => {
    expect(await fixed({ source: service(before) })).toBe(service(after))
    expect(await fixed({ source: service(before).replaceAll('\n', '\r\n') })).toBe(service(after).replaceAll('\n', '\r\n'))
  })

  it.each(commands)('%s', async (_, path, before, after) => {
    expect(await fixed({ source: before, path })).toBe(after)
  })
})

describe('there is no fix where', () => {
  it.each([...untouched.map(([why, source]) => [why, 'compose.yaml', source] as const), ...untouchedCommands])('%s', async (_, path, source) => {
    expect((await diagnosticsOf({ source, path })).filter(({ fix }) => fix).map(({ fix }) => fix!.title)).toEqual([])
    expect(await diagnosticsOf({ source, path })).not.toEqual([])
  })
})

describe('a fix is safe', () => {
  const windows = '    isolation: process\n'
  it.each([
    ['what Windows ignores, in a file for Windows', `${windows}    init: true\n`, windows],
    ['not what Windows ignores, in a file that Linux may read', '    init: true\n', '    init: true\n'],
    ['not what Windows refuses', `${windows}    privileged: true\n`, `${windows}    privileged: true\n`],
    ['not what was to protect', `${windows}    tmpfs: [C:/x]\n    cap_drop: [ALL]\n    runtime: runsc\n`, `${windows}    tmpfs: [C:/x]\n    cap_drop: [ALL]\n    runtime: runsc\n`]
  ])('%s', async (_, before, after) => {
    expect(await fixed({ source: service(before) }, 'safe')).toBe(service(after))
  })

  it('not where one of the targets takes the setting to heart', async () => {
    const source = service(`${windows}    cap_add: [NET_ADMIN]\n`)
    const safety = async (...targets: string[]): Promise<(boolean | undefined)[]> => (await diagnosticsOf({ source, targets })).map(({ fix }) => fix?.safe)
    expect(await safety('ws2019,engine@20.10')).toEqual([true])
    expect(await safety('ws2019,engine@20.10', 'ws2022')).toEqual([false])
  })

  it('never where protection is lost', async () => {
    const found = await diagnosticsOf({ source: service(`${windows}    runtime: runsc\n`) })
    expect(found.map(({ fix }) => fix)).toEqual([undefined])
  })
})

describe('several fixes', () => {
  it('leave a map that they would empty together to one that is made alone', async () => {
    const source = service('    sysctls:\n      a.b: 1\n\n      # c\n      c.d: 2\n    user: a\n')
    const found = await diagnosticsOf({ source })
    expect(compatibleFixes(found.flatMap(({ fix }) => fix ?? []), source)).toHaveLength(1)
    expect(await fixed({ source })).toBe(service('    user: a\n'))
  })

  it('are taken back when they bring something new to find', async () => {
    // On Windows Server 2016 a second nat network does not work.
    const source = service('networks:\n  a: {driver: bridge}\n')
    expect(await fixed({ source, targets: ['ws2016'] })).toBe(source)
  })

  /** Texts of letters, of which each `a` is a finding whose fix writes `b`. */
  const letters = (found: (letter: string) => string | undefined) => async (texts: ReadonlyMap<string, string>): Promise<Judgement> => ({
    files: ['x', 'y'].map(path => ({ path, language: 'x', text: texts.get(path) ?? 'a-c-a-d-a-a-', diagnostics: [...(texts.get(path) ?? 'a-c-a-d-a-a-')].flatMap((letter, at) => (found(letter) === undefined ? [] : [{ rule: 'r', feature: found(letter), effect: 'ignored', range: [at, at + 1], fix: { title: letter, safe: letter !== 'd', edits: [{ range: [at, at + 1], text: letter === 'a' ? 'b' : 'z' }] } }])) as never }))
  })
  const textsOf = ({ files }: Judgement): string[] => files.map(({ text }) => text)

  it('are made where others are taken back', async () => {
    const judge = letters(letter => ({ a: 'a', c: 'c', z: 'new' })[letter])
    expect(textsOf(await makeFixes(await judge(new Map()), 'safe', judge))).toEqual(['b-c-b-d-b-b-', 'b-c-b-d-b-b-'])
  })

  it('are made in the files that may be changed, and of the kind that is asked for', async () => {
    const judge = letters(letter => ({ a: 'a', d: 'd' })[letter])
    expect(textsOf(await makeFixes(await judge(new Map()), 'safe', judge, path => path === 'x'))).toEqual(['b-c-b-d-b-b-', 'a-c-a-d-a-a-'])
    expect(textsOf(await makeFixes(await judge(new Map()), 'all', judge, path => path === 'y'))).toEqual(['a-c-a-d-a-a-', 'b-c-b-z-b-b-'])
  })

  it('come to an end', async () => {
    let judged = 0
    const endless = async (): Promise<Judgement> => ({ files: [{ path: 'x', text: 'a', language: 'x', diagnostics: Array.from({ length: 2000 - judged++ }, () => ({ rule: 'r', feature: 'f', effect: 'ignored', fix: { title: 't', safe: true, edits: [{ range: [0, 0], text: 'b' }] } })) as never }] })
    await makeFixes(await endless(), 'safe', endless)
    expect(judged).toBeLessThan(200)
  })

  it('of thousands of findings do not take long', async () => {
    const source = service(`    sysctls:\n${Array.from({ length: 20_000 }, (_, at) => `      a.b${at}: 1\n`).join('')}    user: a\n`)
    const [diagnostic] = await diagnosticsOf({ source })
    expect(applyEdits(source, diagnostic!.fix!.edits).length).toBeLessThan(source.length)
  }, 20_000)
})
