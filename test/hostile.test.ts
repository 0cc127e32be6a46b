import { rmSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { buildCounting } from './fuzz/counting.mjs'
import { diagnosticsOf } from './linting.ts'

type Counted = typeof import('./fuzz/counted.ts')

vi.setConfig({ testTimeout: 120_000 })

/** Input that is meant to cost much. The bounds are on work that is counted, never on time. */
let program: string
let counted: Counted

beforeAll(async () => {
  program = await buildCounting('counted.ts')
  counted = (await import(pathToFileURL(program).href)) as Counted
  counted.countBuiltins()
}, 60_000)
afterAll(() => rmSync(program, { force: true }))

const repeat = (part: string, times: number): string => part.repeat(times)
const count = (times: number, line: (index: number) => string, separator = ''): string => Array.from({ length: Math.ceil(times) }, (_, index) => line(index)).join(separator)

/** The steps that a reader takes for a text. */
const stepsFor = (id: string, source: string): Promise<number> => counted.stepsOf(() => counted.readers.find(reader => reader.id === id)!.read(source))

/** By reader: what grows, and texts of about `n` characters in which it does. */
const growing: readonly (readonly [reader: string, what: string, source: (n: number) => string])[] = [
  ['compose', 'services', n => 'services:\n' + count(n / 40, i => `  s${i}:\n    image: x\n    network_mode: host\n`)],
  ['compose', 'ports', n => 'services:\n  a:\n    image: x\n    ports:\n' + repeat('      - "127.0.0.1:80:80"\n', n / 25)],
  ['compose', 'long ports', n => 'services:\n  a:\n    image: x\n    ports:\n' + repeat('      - target: 80\n        published: "8080"\n        host_ip: 127.0.0.1\n', n / 70)],
  ['compose', 'networks', n => 'networks:\n' + count(n / 40, i => `  s${i}:\n    driver: bridge\n`) + 'services:\n  a:\n    image: x\n'],
  ['compose', 'svc+net', n => 'networks:\n' + count(n / 80, i => `  s${i}:\n    driver: bridge\n`) + 'services:\n' + count(n / 80, i => `  s${i}:\n    image: x\n    networks: [s${i}]\n`)],
  ['compose', 'svc in networks', n => 'services:\n  a:\n    image: x\n    networks:\n' + count(n / 40, i => `      s${i}:\n        ipv4_address: 1.2.3.4\n`)],
  ['compose', 'one line flow', n => 'services: {a: {image: x, ports: [' + repeat('"127.0.0.1:80:80", ', n / 19) + ']}}'],
  ['compose', 'plain line', n => 'services:\n  a:\n    image: ' + repeat('x', n)],
  ['compose', 'command', n => 'services:\n  a:\n    image: x\n    command: ' + repeat('echo x ', n / 7)],
  ['compose', 'dq', n => 'services:\n  a:\n    image: x\n    command: "' + repeat('\\x41', n / 4) + '"'],
  ['compose', 'vars', n => 'services:\n  a:\n    image: x\n    environment:\n      A: "' + repeat('${X:-a}', n / 7) + '"'],
  ['compose', 'nested vars', n => 'services:\n  a:\n    image: "' + repeat('${X:-', n / 5) + '"'],
  ['compose', 'open $', n => 'services:\n  a:\n    image: "' + repeat('${', n / 2) + '"'],
  ['compose', 'comments', n => 'services:\n  a:\n    image: x\n    network_mode: host\n' + repeat('# porthole-disable-next-line no-ipv6\n', n / 36)],
  ['compose', 'blank lines', n => 'services:\n  a:\n    image: x\n' + repeat('\n', n)],
  ['compose', 'spaces', n => 'services:\n  a:\n    image: x\n' + repeat(' ', n)],
  ['compose', 'tabs', n => 'services:\n  a:\n    image: x\n' + repeat('\t', n)],
  ['compose', 'docs', n => repeat('---\nservices: {a: {image: x}}\n', n / 29)],
  ['compose', 'errors', n => 'services:\n' + repeat('  : : [ }\n', n / 10)],
  ['compose', 'a fault amidst', n => { const services = (from: number): string => count(n / 80, i => `  s${from + i}:\n    image: x # porthole-\n`); return `services:\n${services(0)}  a:\n    image\n${services(1e6)}` }],
  ['compose', 'a fault above', n => 'services:\n  a:\n    image: "x\n' + count(n / 40, i => `  s${i}:\n    image: x\n`)],
  ['compose', 'a fault in a long service', n => 'services:\n  a:\n    image\n' + count(n / 14, i => `    k${i}: *x${i}\n`) + '  b:\n'],
  ['compose', 'a fault below anchors', n => count(n / 40, i => `x-${i}: &x${i} a\n`) + 'services:\n  a:\n    image\n' + count(n / 40, i => `    k${i}: *x${i}\n`) + '  b:\n'],
  ['compose', 'repeated keys', n => 'services:\n' + repeat('  a: {image: x}\n', n / 16)],
  ['compose', 'unknown keys', n => 'services:\n  a:\n    image: x\n' + count(n / 14, i => `    k${i}: 1\n`)],
  ['compose', 'dep', n => 'services:\n  a:\n    image: x\n    depends_on:\n' + repeat('      - zz\n', n / 11)],
  ['bash', 'lines', n => repeat('docker network create --ipv6 --driver bridge net\n', n / 49)],
  ['bash', 'one line ;', n => repeat('docker run --network host x; ', n / 29)],
  ['bash', 'one command', n => 'docker run ' + repeat('-p 127.0.0.1:80:80 ', n / 19) + 'x'],
  ['bash', 'parts of a mount', n => 'docker run --mount "' + repeat('bind-propagation=rshared,', n / 25) + 'type=bind,source=C:/a,target=C:/b" x'],
  ['bash', 'parts of a mount without names', n => 'docker run --mount "' + repeat('data,', n / 5) + '" x'],
  ['bash', 'one word', n => 'docker run ' + repeat('x', n)],
  ['bash', 'long quoted', n => 'docker run "' + repeat('x ', n / 2) + '"'],
  ['bash', 'vars', n => 'X=a\ndocker run "' + repeat('$X ', n / 3) + '"'],
  ['bash', 'doubling', n => 'X=a\n' + repeat('X=$X$X\n', n / 7) + 'docker run $X'],
  ['bash', 'append', n => 'X=a\n' + repeat('X="$X a"\n', n / 9) + 'docker run $X'],
  ['bash', 'assignments', n => count(n / 14, i => `V${i}=host\n`) + 'docker run --network $V1 x'],
  ['bash', 'nest $(', n => repeat('$(', n / 2) + 'docker run --network host x'],
  ['bash', 'nest (', n => repeat('( ', n / 2) + 'docker run --network host x'],
  ['bash', 'nest {', n => repeat('{ ', n / 2) + 'docker run --network host x'],
  ['bash', 'nest if', n => repeat('if true; then ', n / 14) + 'docker run --network host x'],
  ['bash', 'heredocs', n => repeat('cat <<E\ndocker run\nE\n', n / 21) + 'docker run --network host x'],
  ['bash', 'open heredocs', n => repeat('cat <<E ', n / 8) + '\ndocker run --network host x'],
  ['bash', 'pipes', n => repeat('docker run x | ', n / 15)],
  ['bash', 'functions', n => count(n / 40, i => `f${i}() { docker run --network host x; }\n`)],
  ['bash', 'case', n => 'case $x in\n' + repeat('a) docker run --network host x;;\n', n / 33) + 'esac'],
  ['bash', 'bash -c nest', n => repeat('bash -c "', n / 9) + 'docker run --network host x'],
  ['bash', 'sudo', n => repeat('sudo ', n / 5) + 'docker run --network host x'],
  ['bash', 'backslashes', n => 'docker run ' + repeat('\\', n)],
  ['bash', 'backslash nl', n => 'docker run ' + repeat('\\\n', n / 2) + ' --network host x'],
  ['bash', 'quotes', n => 'docker run ' + repeat('"\'', n / 2)],
  ['bash', 'braces', n => 'docker run ' + repeat('{a,b}', n / 5)],
  ['bash', 'backticks', n => 'docker run ' + repeat('`', n)],
  ['bash', 'comments', n => 'docker run --network host x\n' + repeat('# porthole-disable-line no-ipv6\n', n / 32)],
  ['bash', 'suppr', n => repeat('docker run --network host x # porthole-disable-line no-host-network\n', n / 68)],
  ['bash', 'loops', n => 'for i in ' + repeat('a ', n / 2) + '; do docker run --network host $i; done'],
  ['bash', 'nested for', n => repeat('for i in a; do ', n / 15) + 'docker run --network host $i;' + repeat('done;', n / 15)],
  ['bash', 'arrays', n => 'a=(' + repeat('x ', n / 2) + ')\ndocker run ${a[@]}'],
  ['bash', 'arr append', n => 'a=()\n' + repeat('a+=(-p 127.0.0.1:80:80)\n', n / 24) + 'docker run "${a[@]}" x'],
  ['powershell', 'lines', n => repeat('docker network create --ipv6 --driver bridge net\n', n / 49)],
  ['powershell', 'one line', n => repeat('docker run --network host x; ', n / 29)],
  ['powershell', 'one cmd', n => 'docker run ' + repeat('-p 127.0.0.1:80:80 ', n / 19) + 'x'],
  ['powershell', 'word', n => 'docker run ' + repeat('x', n)],
  ['powershell', 'dq', n => 'docker run "' + repeat('$x ', n / 3) + '"'],
  ['powershell', 'nest (', n => repeat('(', n) + 'docker run --network host x'],
  ['powershell', 'nest $(', n => repeat('$(', n / 2) + 'docker run --network host x'],
  ['powershell', 'nest {', n => repeat('{', n) + 'docker run --network host x'],
  ['powershell', 'nest @{', n => '$x=' + repeat('@{a=', n / 4)],
  ['powershell', 'nest [', n => '$x' + repeat('[', n)],
  ['powershell', 'nest "$(', n => repeat('"$(', n / 3) + 'docker run'],
  ['powershell', 'if', n => repeat('if ($true) { ', n / 13) + 'docker run --network host x'],
  ['powershell', '!', n => repeat('! ', n / 2) + '$x\ndocker run'],
  ['powershell', '+', n => '$x = 1' + repeat(' +  "a"', n / 5) + '\ndocker run $x'],
  ['powershell', 'append', n => '$x = @()\n' + repeat('$x += "--network"\n', n / 18) + 'docker run @x'],
  ['powershell', 'append str', n => '$x = "a"\n' + repeat('$x = "$x$x"\n', n / 12) + 'docker run $x'],
  ['powershell', 'backticks', n => 'docker run ' + repeat('`\n', n / 2) + ' --network host'],
  ['powershell', 'here', n => repeat('@"\n', n / 3) + 'docker'],
  ['powershell', 'here2', n => repeat('$x=@"\na\n"@\n', n / 11) + 'docker run'],
  ['powershell', '-f', n => '$x="{0}"' + repeat(' -f "{0}"', n / 9) + '\ndocker run $x'],
  ['powershell', '.', n => '$x' + repeat('.a', n / 2) + '\ndocker run $x'],
  ['powershell', 'comment open', n => 'docker run --network host\n' + repeat('<# ', n / 3)],
  ['powershell', '|', n => repeat('docker run x | ', n / 15)],
  ['powershell', 'fn', n => count(n / 45, i => `function f${i} { docker run --network host x }\n`)],
  ['cmd', 'lines', n => repeat('docker network create --ipv6 --driver bridge net\r\n', n / 50)],
  ['cmd', 'one line &', n => repeat('docker run --network host x & ', n / 29)],
  ['cmd', 'one cmd', n => 'docker run ' + repeat('-p 127.0.0.1:80:80 ', n / 19) + 'x'],
  ['cmd', 'word', n => 'docker run ' + repeat('x', n)],
  ['cmd', 'carets', n => 'docker run ' + repeat('^', n)],
  ['cmd', 'caret nl', n => 'docker run ' + repeat('^\n', n / 2) + ' --network host x'],
  ['cmd', '%', n => 'set X=a\ndocker run ' + repeat('%X%', n / 3)],
  ['cmd', '%%', n => 'docker run ' + repeat('%', n)],
  ['cmd', '%a', n => 'docker run ' + repeat('%a ', n / 3)],
  ['cmd', 'nest (', n => repeat('(', n) + 'docker run --network host x'],
  ['cmd', 'nest if', n => repeat('if 1==1 (', n / 9) + 'docker run --network host x'],
  ['cmd', 'if', n => repeat('if 1==1 ', n / 8) + 'docker run --network host x'],
  ['cmd', 'for', n => repeat('for %%a in (a) do ', n / 18) + 'docker run --network host x'],
  ['cmd', 'sets', n => 'set X=a\n' + repeat('set X=%X%%X%\n', n / 13) + 'docker run %X%'],
  ['cmd', 'append', n => 'set X=a\n' + repeat('set X=%X% a\n', n / 12) + 'docker run %X%'],
  ['cmd', 'delayed', n => 'setlocal enabledelayedexpansion\nset X=a\ndocker run ' + repeat('!X!', n / 3)],
  ['cmd', '!', n => 'setlocal enabledelayedexpansion\ndocker run ' + repeat('!', n)],
  ['cmd', 'quotes', n => 'docker run ' + repeat('"', n)],
  ['cmd', 'labels', n => count(n / 30, i => `:l${i}\ngoto l${i}\ndocker run x\n`)],
  ['cmd', 'call', n => repeat('call ', n / 5) + 'docker run --network host x'],
  ['cmd', 'cmd /c', n => repeat('cmd /c ', n / 7) + 'docker run --network host x'],
  ['cmd', 'subst', n => 'set X=' + repeat('a',8000) + '\n' + repeat('docker run %X:a=bb%\n', n / 20)],
  ['dockerfile', 'lines', n => 'FROM x\n' + repeat('EXPOSE 80\n', n / 10)],
  ['dockerfile', 'run', n => 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\n' + repeat('RUN docker run --network host x\n', n / 31)],
  ['dockerfile', 'stages', n => count(n / 30, i => `FROM x AS s${i}\nCOPY --from=s${i} a b\n`)],
  ['dockerfile', 'stages with variables', n => count(n / 45, i => `FROM s${i - 1} AS s${i}\nENV V${i}=$V0\nARG W=$NONE\n`)],
  ['dockerfile', 'stages with arguments', n => repeat('ARG A=1\n', n / 35) + repeat('FROM ${A}\nARG A\nRUN C:\\x\n', n / 35)],
  ['dockerfile', 'stages chain', n => 'FROM x AS s0\n' + count(n / 20, i => `FROM s${i} AS s${i+1}\n`)],
  ['dockerfile', 'cont', n => 'FROM x\nRUN a ' + repeat('\\\n b', n / 4)],
  ['dockerfile', 'one line', n => 'FROM x\nRUN ' + repeat('docker run --network host x && ', n / 31)],
  ['dockerfile', 'env', n => 'FROM x\nENV A=a\n' + repeat('ENV A=$A$A\n', n / 11)],
  ['dockerfile', 'env2', n => 'FROM x\nENV ' + repeat('A=b ', n / 4)],
  ['dockerfile', 'vars', n => 'FROM x\nENV A=' + repeat('${A:-', n / 5)],
  ['dockerfile', 'vars2', n => 'FROM x\nENV A=' + repeat('${A} ', n / 5)],
  ['dockerfile', 'heredoc', n => 'FROM x\n' + repeat('RUN <<E\ndocker run\nE\n', n / 21)],
  ['dockerfile', 'heredoc open', n => 'FROM x\n' + repeat('RUN <<E\n', n / 8)],
  ['dockerfile', 'heredocs', n => 'FROM x\nRUN ' + repeat('<<E ', n / 4)],
  ['dockerfile', 'args', n => count(n / 14, i => `ARG A${i}=x\n`) + 'FROM x\n'],
  ['dockerfile', 'comments', n => 'FROM x\n' + repeat('# porthole-disable-next-line\n', n / 29)],
  ['dockerfile', 'json', n => 'FROM x\nCMD [' + repeat('"a",', n / 4) + '"a"]'],
  ['dockerfile', 'flags', n => 'FROM x\nRUN ' + repeat('--mount=type=cache,target=/x ', n / 29) + 'a'],
  ['dockerfile', 'SHELL', n => 'FROM x\n' + repeat('SHELL ["powershell"]\nRUN docker run --network host x\n', n / 52)],
  ['markdown', 'blocks', n => repeat('```sh\ndocker run --network host x\n```\n', n / 38)],
  ['markdown', 'inline', n => 'docker ' + repeat('`', n)],
  ['markdown', 'open', n => 'docker\n' + repeat('```sh\n', n / 6)],
  ['markdown', 'nest >', n => repeat('> ', n / 2) + '```sh\ndocker run\n'],
  ['markdown', 'lists', n => repeat('- ', n / 2) + '```sh\ndocker run\n'],
  ['markdown', 'session', n => '```console\n' + repeat('$ docker run --network host x\n', n / 30) + '```'],
  ['markdown', 'comments', n => 'docker ' + repeat('<!-- ', n / 5)],
  ['markdown', '~', n => 'docker\n' + repeat('~', n)],
  ['markdown', 'sh long', n => '```sh\n' + repeat('docker run --network host x; ', n / 29) + '\n```'],
  ['makefile', 'rules', n => repeat('a:\n\tdocker run --network host x\n', n / 32)],
  ['makefile', 'vars', n => 'X=a\n' + repeat('X:=$(X)$(X)\n', n / 12) + 'a:\n\tdocker run $(X)'],
  ['makefile', 'vars rec', n => count(n / 30, i => `V${i}=$(V${i+1})$(V${i+1})\n`) + 'a:\n\tdocker run $(V0)'],
  ['makefile', 'nest', n => 'a:\n\tdocker run ' + repeat('$(', n / 2)],
  ['makefile', 'cont', n => 'a:\n\tdocker run ' + repeat('\\\n\t', n / 3)],
  ['makefile', 'define', n => repeat('define X\ndocker\n', n / 16)],
  ['makefile', 'ifeq', n => repeat('ifeq (a,b)\n', n / 11) + 'a:\n\tdocker run --network host x'],
  ['makefile', 'append', n => repeat('X += --network host\n', n / 20) + 'a:\n\tdocker run $(X) x'],
  ['package-json', 'scripts', n => '{"scripts":{' + count(n / 45, i => `"s${i}":"docker run --network host x"`, ',') + '}}'],
  ['package-json', 'long', n => '{"scripts":{"a":"' + repeat('docker run --network host x; ', n / 29) + '"}}'],
  ['package-json', 'nest', n => '{"scripts":{"a":"docker run"},"x":' + repeat('[', n) + repeat(']', n) + '}'],
  ['daemon-json', 'steps', n => '{"dns":[' + repeat('"1.2.3.4",', n / 10) + '"1"]}'],
  ['daemon-json', 'nest', n => '{"x":' + repeat('[', n) + repeat(']', n) + '}'],
  ['daemon-json', 'nest {', n => repeat('{"a":', n / 5)],
  ['daemon-json', 'keys', n => '{' + count(n / 14, i => `"k${i}":1`, ',') + '}'],
  ['jenkinsfile', 'steps', n => 'pipeline { ' + repeat("sh 'docker run --network host x'\n",n / 34)],
  ['jenkinsfile', 'nest', n => repeat('stage("a") { ', n / 13)+"sh 'docker run --network host x'"],
  ['jenkinsfile', 'gstring', n => 'sh "docker ' + repeat('${', n / 2)],
  ['jenkinsfile', 'triple', n => 'sh """docker ' + repeat('\n', n)],
  ['jenkinsfile', 'long', n => "sh 'docker run "+ repeat('x', n)+"'"],
  ['javascript', 'calls', n => 'const {execSync}=require("child_process")\n' + repeat('execSync("docker run --network host x")\n', n / 40)],
  ['javascript', 'nest (', n => 'const {execSync}=require("child_process")\nexecSync("docker run");' + repeat('(', n)],
  ['javascript', 'nest [', n => 'const {execSync}=require("child_process")\nexecSync("docker run");' + repeat('[', n) + repeat(']', n)],
  ['javascript', '+', n => 'const {execSync}=require("child_process")\nexecSync("docker run"' + repeat(' + "a"', n / 4) + ')'],
  ['javascript', '`', n => 'const {execSync}=require("child_process")\nexecSync(`docker run' + repeat('${1}', n / 4) + '`)'],
  ['javascript', 'chain', n => 'const {execSync}=require("child_process")\nexecSync("docker run");x' + repeat('.a()', n / 4)],
  ['javascript', 'fn', n => 'const {execSync}=require("child_process")\nexecSync("docker run");' + repeat('()=>', n / 4) + '1'],
  ['javascript', 'if else', n => 'const {execSync}=require("child_process")\nexecSync("docker run");' + repeat('if(a){}else ', n / 12) + '{}'],
  ['javascript', 'long str', n => 'const {execSync}=require("child_process")\nexecSync("docker run ' + repeat('-p 127.0.0.1:80:80 ', n / 19) + '")'],
  ['javascript', 'consts', n => 'const {execSync}=require("child_process")\n' + count(n / 20, i => `const v${i+1}=v${i}+v${i};`, '\n') + 'execSync("docker run "+v9)'],
  ['workflow', 'steps', n => 'on: push\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n' + repeat('      - run: docker run --network host x\n', n / 39)],
  ['workflow', 'jobs', n => 'on: push\njobs:\n' + count(n / 85, i => `  j${i}:\n    runs-on: windows-latest\n    steps:\n      - run: docker run --network host x\n`)],
  ['workflow', 'long run', n => 'on: push\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - run: |\n' + repeat('          docker run --network host x\n', n / 38)],
  ['workflow', 'expr', n => 'on: push\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - run: docker run ' + repeat('${{ a }} ', n / 9)],
  ['workflow', 'expr nest', n => 'on: push\njobs:\n  a:\n    runs-on: ${{ ' + repeat('(', n) + ' }}\n    steps:\n      - run: docker run'],
  ['workflow', 'matrix', n => 'on: push\njobs:\n  a:\n    runs-on: ${{ matrix.os }}\n    strategy:\n      matrix:\n        os: [' + repeat('windows-latest, ', n / 16) + ']\n    steps:\n      - run: docker run --network host x'],
  ['workflow-gitlab', 'jobs', n => count(n / 60, i => `j${i}:\n  tags: [windows]\n  script:\n    - docker run --network host x\n`)],
  ['workflow-gitlab', 'extends', n => count(n / 45, i => `j${i}:\n  extends: j${i+1}\n  script: docker run\n`)],
  ['workflow-azure', 'az', n => 'pool: {vmImage: windows-latest}\nsteps:\n' + repeat('- script: docker run --network host x\n', n / 38)],
  ['ansible', 'ans', n => '- hosts: all\n  tasks:\n' + repeat('    - shell: docker run --network host x\n', n / 41)],
  ['devcontainer', 'dc', n => '{"image":"x","runArgs":[' + repeat('"--network=host",', n / 17) + '"x"]}']
]

describe('twice the input is about twice the work', () => {
  it.each(growing)('%s: %s', async (reader, _what, source) => {
    await stepsFor(reader, source(100))
    const [some, twice] = [await stepsFor(reader, source(8_000)), await stepsFor(reader, source(16_000))]
    // Up to a megabyte and on, at that rate: some thousands of steps for a character.
    expect(twice / Math.max(some, 300_000)).toBeLessThan(2.5)
    expect(twice).toBeLessThan(400_000 + 16_000 * 3_000)
  })
})

describe('fifty thousand levels', () => {
  const nested: readonly (readonly [reader: string, open: string])[] = [
    ['compose', '['], ['compose', '{a: '], ['compose', '- '], ['compose', 'a: '], ['compose', '${A:-'], ['workflow', '['], ['ansible', '- '],
    ['bash', '('], ['bash', '$('], ['bash', '{ '], ['bash', '"$('], ['bash', '${a:-'], ['bash', '$(('], ['bash', '[[ ('], ['bash', 'if '], ['bash', 'while '], ['bash', 'f() { '], ['bash', '<('], ['bash', '! '], ['bash', 'a && '], ['bash', 'bash -c "'],
    ['powershell', '('], ['powershell', '$('], ['powershell', '@('], ['powershell', '{'], ['powershell', '@{a='], ['powershell', '"$('], ['powershell', '['], ['powershell', '-not '], ['powershell', '-'], ['powershell', 'if (1) {'], ['powershell', '$a = '], ['powershell', '[int]'], ['powershell', '& '],
    ['cmd', '('], ['cmd', 'if 1==1 '], ['cmd', 'for %%a in (b) do '], ['cmd', 'call '], ['cmd', 'cmd /c '], ['cmd', '@'],
    ['dockerfile', 'FROM ${A:-'], ['dockerfile', 'ONBUILD '], ['dockerfile', 'RUN ['], ['markdown', '> '], ['markdown', '- '], ['makefile', '$('], ['makefile', 'ifdef A\n'], ['jenkinsfile', '{'], ['jenkinsfile', '"${'], ['jenkinsfile', '('],
    ['javascript', '('], ['javascript', '['], ['javascript', '{'], ['javascript', '`${'], ['javascript', '!'], ['javascript', 'a.b('], ['javascript', '()=>'], ['package-json', '['], ['daemon-json', '{"a":'], ['devcontainer', '['], ['yaml', '? '], ['yaml', '!!a '], ['config', '[']
  ]
  const openings: Readonly<Record<string, string>> = { compose: 'services: {web: {image: x, command: "', bash: 'docker run x\n', powershell: 'docker run x\n', cmd: 'docker run x\n', dockerfile: 'FROM docker\n', makefile: 'a: docker\n', jenkinsfile: 'docker pipeline {', javascript: 'require("child_process").execSync("docker run x");' }
  it.each(nested)('%s: %s', async (reader, open) => {
    for (const before of ['', openings[reader] ?? '']) {
      const source = before + open.repeat(50_000)
      expect(await stepsFor(reader, source)).toBeLessThan(400_000 + source.length * 3_000)
    }
  })
})

describe('nothing is lost in silence', () => {
  it('of sixty thousand ports', async () => {
    const ports = count(60_000, index => `      - target: 80\n        host_ip: 127.0.0.1\n        published: "${index}"\n        protocol: tcp\n        name: the-port-of-number-${index}\n`)
    const found = await diagnosticsOf({ source: `services:\n  web:\n    image: x\n    ports:\n${ports}` })
    expect(found.filter(({ rule }) => rule === 'unsupported-published-port')).toHaveLength(60_000)
  })

  it('of what aliases repeat: it is told where reading stops', async () => {
    const bomb = count(12, index => `x-a${index + 1}: &a${index + 1} {${count(10, item => `k${item}: *a${index}`, ', ')}}\n`)
    const source = `x-a0: &a0 {k: v}\n${bomb}services:\n  web:\n    image: x\n    environment: *a1\n    labels: {a: *a12}\n    ${'ulimits'}: *a12\n    driver_opts: *a12\n`
    expect(await stepsFor('compose', source)).toBeLessThan(60_000_000)
    const wide = count(400, index => `  s${index}:\n    image: x\n    environment: *big\n`)
    const big = `x-big: &big\n${count(3000, index => `  k${index}: v\n`)}services:\n${wide}`
    const found = await diagnosticsOf({ source: big })
    expect(found.filter(({ message }) => message.startsWith('Aliases repeat parts of this file')).map(({ range }) => big.slice(...range))).toEqual(['*big'])
  })

  it('of a file that nests too deep, whatever its name', async () => {
    const source = `services:\n  web:\n    image: x\n    x-a: ${'['.repeat(300)}\n`
    for (const path of ['compose.yaml', 'stack.yml']) expect((await diagnosticsOf({ source, path })).map(({ message }) => message)).toEqual(['This is not YAML: nested deeper than 200 levels.'])
  })

  it.each([
    ['unknown keys', (at: number) => `    k${at}: 1\n`],
    ['repeated keys', () => '    image: x\n'],
    ['keys that are no text', (at: number) => `    ${at}: x\n`]
  ])('of very many faults of structure: %s', async (_what, line) => {
    const found = async (times: number): Promise<string[]> => (await diagnosticsOf({ source: `services:\n  web:\n    image: x\n${count(times, line)}` })).filter(({ rule }) => rule === 'compose-structure').map(({ message }) => message)
    const isRest = (message: string): boolean => message === 'The structure of this file has more faults than the 500 that are listed; this is one of them.'
    expect((await found(500)).filter(isRest)).toEqual([])
    expect(await found(500)).toHaveLength(500)
    expect((await found(600)).filter(isRest)).toHaveLength(1)
    expect(await found(600)).toHaveLength(501)
  })

  it('of a stream of very many documents', async () => {
    const found = await diagnosticsOf({ source: repeat('---\nservices: {web: {image: x, network_mode: host}}\n', 120) })
    expect(found.filter(({ rule }) => rule === 'no-host-network')).toHaveLength(100)
    expect(found.map(({ message }) => message)).toContain('This is not YAML: only the first 100 documents are read.')
  })
})

describe('bombs: what is written once and meant very often', () => {
  const aliases = (leaf: string): string => `x0: &a0 ${leaf}\n${count(20, at => `x${at + 1}: &a${at + 1} [${repeat(`*a${at}, `, 10)}]\n`)}`
  const tasks = `- &t0 {shell: docker run --network host x}\n${count(20, at => `- &t${at + 1} {block: [${repeat(`*t${at}, `, 10)}]}\n`)}- {hosts: all, tasks: [*t19]}\n`
  const bombs: readonly (readonly [what: string, reader: string, source: string])[] = [
    ['a script that refers to itself', 'workflow-gitlab', `a:\n  script:\n    - docker run --network host x\n${repeat('    - !reference [a, script]\n', 60)}`],
    ['scripts that refer to others', 'workflow-gitlab', `s0: {script: [docker run x]}\n${count(10, at => `s${at + 1}: {script: [${repeat(`!reference [s${at}, script], `, 12)}]}\n`)}`],
    ['a job that extends itself', 'workflow-gitlab', `a: {extends: [${repeat('a, ', 12)}]}\nb: {script: docker run x}\n`],
    ['aliases of lines', 'workflow-gitlab', `${aliases('[docker run x]')}a: {script: *a9}\n`],
    ['aliases of steps', 'workflow', `${aliases('[{run: docker run x}]')}on: push\njobs: {a: {runs-on: windows-2022, steps: *a9}}\n`],
    ['aliases of machines', 'workflow', `${aliases('[windows-2022]')}on: push\njobs: {a: {runs-on: *a9, steps: [{run: docker run x}]}}\n`],
    ['aliases of steps', 'workflow-azure', `${aliases('[{script: docker run x}]')}steps: *a9\n`],
    ['aliases of tasks', 'ansible', tasks],
    ['aliases where there are none', 'devcontainer', `${aliases('[docker]')}initializeCommand: *a19\nrunArgs: *a19\n`],
    ['aliases where there are none', 'daemon-json', `${aliases('[docker]')}dns: *a19\n`]
  ]
  it.each(bombs)('%s in %s', async (_what, reader, source) => {
    expect(await stepsFor(reader, source)).toBeLessThan(10_000_000)
  })

  it.each([
    ['.gitlab-ci.yml', `${aliases('[docker run x]')}a: {script: *a9}\n`, 'This is not YAML: aliases repeat parts of it so often that it is not read.'],
    ['.gitlab-ci.yml', `s0: {script: [docker run x]}\n${count(10, at => `s${at + 1}: {script: [${repeat(`!reference [s${at}, script], `, 12)}]}\n`)}`, 'References repeat parts of this file so often that it is not read further than here.']
  ])('%s: it is told where reading stops', async (path, source, message) => {
    expect((await diagnosticsOf({ source, path })).map(each => each.message)).toContain(message)
  })
})

describe('a megabyte on one line', () => {
  const lines: readonly (readonly [reader: string, before: string, part: string, after: string])[] = [
    ['compose', 'services: {a: {image: x, ports: [', '"127.0.0.1:80:80", ', ']}}'],
    ['workflow', 'on: push\njobs: {a: {runs-on: windows-2022, steps: [', '{run: docker run x}, ', ']}}'],
    ['workflow-azure', 'steps: [', '{script: docker run x}, ', ']'],
    ['workflow-gitlab', 'a: {script: [', 'docker run x, ', ']}'],
    ['ansible', '- {hosts: all, tasks: [', '{shell: docker run x}, ', ']}'],
    ['daemon-json', '{"dns": [', '"1.2.3.4", ', '"1"]}'],
    ['devcontainer', '{"image": "x", "runArgs": [', '"--init", ', '"x"]}'],
    ['package-json', '{"scripts": {"a": "', 'docker run --network host x; ', '"}}'],
    ['bash', '', 'docker run --network host x; ', ''],
    ['powershell', '', 'docker run --network host x; ', ''],
    ['cmd', '', 'docker run --network host x & ', 'exit'],
    ['dockerfile', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN ', 'docker run --network host x && ', 'dir'],
    ['makefile', 'a:\n\t', 'docker run --network host x; ', 'ls'],
    ['markdown', '```sh\n', 'docker run --network host x; ', '\n```'],
    ['jenkinsfile', 'pipeline { sh \'', 'docker run --network host x; ', "' }"],
    ['javascript', "require('child_process').execSync('", 'docker run --network host x; ', "')"]
  ]
  it.each(lines)('of %s', async (reader, before, part, after) => {
    const source = before + repeat(part, 1_000_000 / part.length) + after
    expect(await stepsFor(reader, source)).toBeLessThan(400_000 + source.length * 1_500)
  })
})

describe('a hundred thousand suppressions', () => {
  it('of lines are applied', async () => {
    const source = repeat('# host ipv6 porthole-disable-line no-host\n', 100_000)
    expect(await stepsFor('suppression', source)).toBeLessThan(400_000 + source.length * 100)
  })

  it('of the file are applied', async () => {
    const source = `${repeat('# porthole-disable-file no-ipv6\n', 100_000)}# host\n`
    expect(await stepsFor('suppression', source)).toBeLessThan(400_000 + source.length * 100)
  })

  it.each([
    ['of lines', (n: number) => repeat('docker run --network host x # porthole-disable-line no-host-network\n', n)],
    ['of next lines', (n: number) => repeat('# porthole-disable-next-line no-host-network\ndocker run --network host x\n', n)],
    ['of the file', (n: number) => repeat('# porthole-disable-file no-ipv6\ndocker run --network host x\n', n)],
    ['that are never closed', (n: number) => repeat('# porthole-disable no-ipv6\ndocker run --network host x\n', n)],
    ['that are closed', (n: number) => repeat('# porthole-disable no-host-network\ndocker run --network host x\n# porthole-enable\n', n)]
  ])('%s', async (_name, source) => {
    // A hundred thousand are a hundred times as much, with all that reads them.
    const [some, twice] = [await stepsFor('bash', source(1000)), await stepsFor('bash', source(2000))]
    expect(twice / some).toBeLessThan(2.3)
  })
})
