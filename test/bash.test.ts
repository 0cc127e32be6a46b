import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command, Word } from '../src/command.ts'
import { readBash } from '../src/languages/bash.ts'
import { programName, unwrap } from '../src/languages/wrapper.ts'
import { Text, type Range } from '../src/text.ts'

/** All commands of a script and of the bash scripts nested in it, wrappers taken off. */
function commandsIn(text: Text, holes: readonly Range[] = [], depth = 0): Command[] {
  const { commands, nested } = readBash(text)
  const opened = commands.map(unwrap)
  const own = opened.flatMap(inner => inner.commands).map(command => ({ ...command, words: command.words.map(word => touched(word, holes)) }))
  const scripts = depth < 5 ? [...nested, ...opened.flatMap(inner => inner.nested)].filter(({ shell }) => shell === 'bash') : []
  return [...own, ...scripts.flatMap(script => commandsIn(script.text, [...holes, ...script.holes], depth + 1))]
}

function touched(word: Word, holes: readonly Range[]): Word {
  const [start, end] = word.text.whole
  return holes.some(hole => hole[0] < end && hole[1] > start) ? { ...word, known: false } : word
}

const isDocker = ({ words }: Command): boolean => programName(words[0]) === 'docker'
const dockerIn = (source: string): Command[] => commandsIn(Text.file(source)).filter(isDocker)

/** A word with its unknown parts in ⟨ ⟩. */
function shown({ text: { value }, known, holes }: Word): string {
  let at = 0
  let line = ''
  for (const [start, end] of known ? [] : (holes ?? [[0, value.length] as const])) {
    line += `${value.slice(at, start)}⟨${value.slice(start, end)}⟩`
    at = end
  }
  line += value.slice(at)
  return line === '' || /\s/.test(value) ? `"${line}"` : line
}
const lines = (commands: readonly Command[]): string[] => commands.map(({ words }) => words.map(shown).join(' '))

/** `⟦ ⟧` mark where a word is to be found. */
function unmark(marked: string): { source: string; expected: Range } {
  const start = marked.indexOf('⟦')
  return { source: marked.replace(/[⟦⟧]/g, ''), expected: [start, marked.indexOf('⟧') - 1] }
}

describe('words are what the shell makes of them', () => {
  it.each([
    ['docker run a', ['docker run a']],
    ['docker a "b c" \'d e\' f\\ g', ['docker a "b c" "d e" "f g"']],
    ['docker "" \'\'', ['docker "" ""']],
    ['docker "a\\"b\\$c\\d" a\\b', ['docker a"b$c\\d ab']],
    ['docker a \\\n  --ip\\\nv6', ['docker a --ipv6']],
    ['docker a \\ \n  n', ['docker a " "']],
    ["docker $'it\\'s' $'\\x2d-ipv6' $'\\055'", ["docker it's --ipv6 -"]],
    ['docker $"a b"', ['docker "a b"']],
    ['docker a#b # c', ['docker a#b']],
    ['docker a=b --c=d {} {{.Name}} x{y}', ['docker a=b --c=d {} {{.Name}} x{y}']],
    ['\\docker a; "docker" b; docker.exe c', ['docker a', 'docker b', 'docker.exe c']],
    ['A=b C=d docker run', ['docker run']],
    ['docker a >out 2>&1 b &>c <d', ['docker a b']],
    ['docker a\r\ndocker b \\\r\n  c\r\n', ['docker a', 'docker b c']]
  ])('%j', (source, expected) => expect(lines(dockerIn(source))).toEqual(expected))
})

describe('what is computed at run time is not known', () => {
  it.each([
    ['docker --net=$X "a$(b)c" `d` $((1+2))', ['docker --net=⟨$X⟩ a⟨$(b)⟩c ⟨`d`⟩ ⟨$((1+2))⟩']],
    ['docker *.txt a? [b] n{1,2} ~ ~/x "~" b=~/c --a=~', ['docker ⟨*⟩.txt a⟨?⟩ ⟨[b]⟩ n⟨{1,2}⟩ ⟨~⟩ ⟨~⟩/x ~ b=⟨~⟩/c --a=~']],
    ['docker <(a) "$@" $1 $# $?', ['docker ⟨<(a)⟩ ⟨$@⟩ ⟨$1⟩ ⟨$#⟩ ⟨$?⟩']],
    ['docker ${{ a }} -e A=${{ b }}c "${{ d }}" \'${{ e }}\'', ['docker "⟨${{ a }}⟩" -e "A=⟨${{ b }}⟩c" "⟨${{ d }}⟩" "⟨${{ e }}⟩"']]
  ])('%j', (source, expected) => expect(lines(dockerIn(source))).toEqual(expected))
})

describe('constants are followed', () => {
  it.each([
    ['assigned once', 'N=host; docker --network $N "$N" "x${N}y"', ['docker --network host host xhosty']],
    ['readonly, export, declare', 'readonly A=a; export B=b; declare -r C=c; docker $A $B $C', ['docker a b c']],
    ['with blanks in it', 'F="--ipv6 --internal"; docker $F "$F"', ['docker --ipv6 --internal "--ipv6 --internal"']],
    ['of constants', 'A=a; B=$A-b; docker $B', ['docker a-b']],
    ['the same in every branch', 'if x; then N=host; else N=host; fi; docker $N', ['docker host']],
    ['the same in every case', 'case $x in a) N=host;; *) N=host;; esac; docker $N', ['docker host']],
    ['used by a function that is called later', 'f() { docker $N; }; N=host; f', ['docker host']],
    ['local to a function', 'f() { local d=x; docker $d; }; g() { local d=y; docker $d; }', ['docker x', 'docker y']],
    ['in a subshell', 'N=a; (N=b; docker $N); docker $N', ['docker ⟨$N⟩', 'docker a']],
    ['a default', 'docker ${N:-host} ${M-nat} ${O:="a b"} "${P:-"c d"}" "${Q:-\'e\'}" ${1:-x}', ['docker host nat "a b" "c d" \'e\' x']],
    ['a default that is split', 'docker ${N:-a b}', ['docker a b']],
    ['a default assigned to itself', 'N="${N:-host}"; docker $N', ['docker host']],
    ['a default assigned', ': ${N:=host}; docker $N', ['docker host']],
    ['an alternative', 'N=x; docker ${N:+--ipv6}', ['docker --ipv6']],
    ['empty', 'N=; docker $N "$N" ${N:-a} ${N-b}', ['docker "" a']],
    ['an array', 'a=(run --network host "b c" "$X"); docker "${a[@]}" ${a[1]} "${a[*]}"', ['docker run --network host "b c" ⟨$X⟩ --network ⟨${a[*]}⟩']],
    ['an array without quotes', "a=(--ipv6 'b c'); docker ${a[*]} \"${a[*]}\"", ['docker --ipv6 b c "--ipv6 b c"']],
    ['an array with company', 'a=(b c); docker x"${a[@]}"y', ['docker xb cy']],
    ['an array that grows', 'a=(b); a+=(c d); docker "${a[@]}"', ['docker b c d']],
    ['an array that may grow', 'a=(b); if x; then a+=(c); fi; docker "${a[@]}"', ['docker b ⟨a+=(c)⟩']],
    ['an array under set -u', 'a=(b); docker ${a[@]+"${a[@]}"}', ['docker b']],
    ['a string that grows', 'F=--ipv6; F+=" --internal"; docker $F', ['docker --ipv6 --internal']],
    ['a program', 'D="docker --context w"; $D ps; C=docker; "$C" ps', ['docker --context w ps', 'docker ps']],
    ['a whole command', 'C="docker network create \'a b\'"; $C', ["docker network create 'a b'"]]
  ])('%s', (_, source, expected) => expect(lines(dockerIn(source))).toEqual(expected))

  it.each([
    ['never assigned', 'docker $N', ['docker ⟨$N⟩']],
    ['assigned twice', 'N=a; N=b; docker $N', ['docker ⟨$N⟩']],
    ['assigned in one branch', 'if x; then N=a; fi; docker $N', ['docker ⟨$N⟩']],
    ['assigned after &&', 'x && N=a; docker $N; y && M=b && docker $M', ['docker ⟨$N⟩', 'docker b']],
    ['different in two branches', 'if x; then N=a; else N=b; fi; docker $N', ['docker ⟨$N⟩']],
    ['assigned too late', 'docker $N; N=a', ['docker ⟨$N⟩']],
    ['of a loop', 'for N in a; do docker $N; done', ['docker ⟨$N⟩']],
    ['read', 'read N; docker $N', ['docker ⟨$N⟩']],
    ['read after all', 'N=a; read -r N; docker $N', ['docker ⟨$N⟩']],
    ['counted', 'i=0; i=$((i+1)); docker n$i; ((i++))', ['docker n⟨$i⟩']],
    ['printed into', 'N=a; printf -v N b; docker $N', ['docker ⟨$N⟩']],
    ['changed by a function', 'A=nat; f() { A=l2bridge; }; f; docker $A', ['docker ⟨$A⟩']],
    ['an integer', 'declare -i N=1+1; docker $N', ['docker ⟨$N⟩']],
    ['a pattern', 'N="*"; docker $N "$N"', ['docker ⟨$N⟩ *']],
    ['split by somebody else', 'N=a:b; IFS=:; docker $N "$N"', ['docker ⟨$N⟩ a:b']],
    ['an argument of a function', 'f() { docker ${1:-a}; }', ['docker ⟨${1:-a}⟩']],
    ['a default for what the system sets', 'docker ${HOME:-a}', ['docker ⟨${HOME:-a}⟩']],
    ['set for one command', 'N=a x; docker $N', ['docker ⟨$N⟩']],
    ['a circle', 'A=$B; B=$A; docker $A', ['docker ⟨$A⟩']]
  ])('not known: %s', (_, source, expected) => expect(lines(dockerIn(source))).toEqual(expected))
})

describe('places', () => {
  it.each([
    ['a word', 'docker run ⟦--network⟧ host', '--network'],
    ['a quoted word', 'docker run ⟦"a b"⟧', 'a b'],
    ['a continued word', 'docker ⟦--ip\\\nv6⟧ n', '--ipv6'],
    ['the value of a constant, where it is used', 'N=host; docker --network ⟦"$N"⟧', 'host'],
    ['an element of an array, where it is written', 'a=(run ⟦--ipv6⟧); docker "${a[@]}"', '--ipv6'],
    ['a default, where it is written', 'docker ${N:-x ⟦host⟧ y}', 'host'],
    ['after carriage returns', 'docker a\r\ndocker \\\r\n ⟦b⟧', 'b'],
    ['in a nested script', 'bash -c "docker a ⟦\\"b\\"⟧"', 'b'],
    ['in a joined script', 'eval docker a "⟦b⟧ c"', 'b'],
    ['in a script of several words', "ssh h docker 'a ⟦b⟧'", 'b'],
    ['in a here-document', 'bash <<-EOF\n\tdocker a \\\n\t⟦b⟧\n\tEOF\n', 'b'],
    ['in escaped backticks', 'x=`a \\`docker ⟦b⟧\\``', 'b']
  ])('%s', (_, marked, value) => {
    const { source, expected } = unmark(marked)
    const word = dockerIn(source).flatMap(({ words }) => words).find(({ text }) => text.value === value)
    expect(word && source.slice(...word.text.whole)).toBe(source.slice(...expected))
    expect(word?.text.whole).toEqual(expected)
  })
})

describe('commands are found wherever they stand', () => {
  it.each([
    ['lists and pipelines', 'docker a && docker b || docker c | docker d & docker e', ['docker a', 'docker b', 'docker c', 'docker d', 'docker e']],
    ['compound commands', 'if docker a; then docker b; elif docker c; then docker d; else docker e; fi', ['docker a', 'docker b', 'docker c', 'docker d', 'docker e']],
    ['loops', 'for x in $(docker a); do docker b; done; while docker c; do docker d; done; until docker e; do (docker f); done', ['docker a', 'docker b', 'docker c', 'docker d', 'docker e', 'docker f']],
    ['case', 'case $(docker a) in x) docker b;; *) docker c; esac', ['docker a', 'docker b', 'docker c']],
    ['substitutions', 'x=$(docker a) y "$(docker b)" `docker c` <(docker d) ${z:-$(docker e)} $(( $(docker f) ))', ['docker a', 'docker b', 'docker c', 'docker d', 'docker e', 'docker f']],
    ['tests', '[ -z "$(docker a)" ] && [[ $(docker b) == x ]]', ['docker a', 'docker b']],
    ['here-documents', 'cat <<EOF\ndocker a $(docker b)\nEOF\ndocker c', ['docker b', 'docker c']],
    ['functions', 'f() { docker a; }; function g { docker b; }', ['docker a', 'docker b']],
    ['words of echo', 'echo "docker a"; : docker b', []],
    ['after exit', 'docker a; exit 0; docker b', ['docker a']],
    ['after return', 'f() { docker a; return; docker b; }; docker c', ['docker a', 'docker c']]
  ])('%s', (_, source, expected) => expect(lines(dockerIn(source))).toEqual(expected))
})

describe('functions that pass their arguments on', () => {
  it.each([
    ['d() { docker "$@"; }; d run a', ['docker ⟨$@⟩', 'docker run a']],
    ['D=docker; d() { "$D" "$@"; }; d run a', ['docker ⟨$@⟩', 'docker run a']],
    ['run() { echo "+ $*"; "$@"; }; run docker a', ['docker a']],
    ['d() { sudo docker --context w "$@" z; }; d a', ['docker --context w ⟨$@⟩ z', 'docker --context w a z']],
    ['d() { docker "$@"; }; n() { d network "$@"; }; n create x', ['docker ⟨$@⟩', 'docker network ⟨$@⟩', 'docker network create x']],
    ['d() { local n=$1; shift; docker "$@"; }; d x ps', ['docker ⟨$@⟩', 'docker ps']],
    ['docker() { command docker "$@"; }; docker a', ['docker ⟨$@⟩', 'docker a']],
    ['docker() { docker "$@"; }; docker a', ['docker ⟨$@⟩', 'docker a']]
  ])('%s', (source, expected) => expect(lines(dockerIn(source))).toEqual(expected))
})

describe('nested scripts', () => {
  const nestedIn = (source: string) => readBash(Text.file(source)).nested.map(({ shell, text, holes }) => [shell, text.value, ...holes.map(([start, end]) => source.slice(start, end))])
  it.each([
    ['eval "docker a"', [['bash', 'docker a']]],
    ['eval docker "a $X" b', [['bash', 'docker a $X b', '$X']]],
    ["trap 'docker rm x' EXIT; trap - INT; trap", [['bash', 'docker rm x']]],
    ["bash <<'EOF'\ndocker $X\nEOF\n", [['bash', 'docker $X\n']]],
    ['bash <<EOF\ndocker $X \\$Y\nEOF\n', [['bash', 'docker $X $Y\n', '$X']]],
    ['X=a; bash <<EOF\ndocker $X\nEOF\n', [['bash', 'docker a\n']]],
    ['sudo sh -s <<-EOF\n\tdocker a\n\tEOF\n', [['bash', 'docker a\n']]],
    ['ssh -p 1 h <<EOF\na\nEOF\nssh h sudo bash -s <<EOF\nb\nEOF\n', [['bash', 'a\n'], ['bash', 'b\n']]],
    ['powershell -Command - <<EOF\na\nEOF\ncmd.exe <<EOF\nb\nEOF\n', [['powershell', 'a\n'], ['cmd', 'b\n']]],
    ['bash -s x <<< "docker a"', [['bash', 'docker a']]],
    ['cat <<EOF\na\nEOF\ntee x <<EOF\na\nEOF\nbash x <<EOF\na\nEOF\nbash -c x <<EOF\na\nEOF\n', []],
    ['docker exec -i c bash <<EOF\na\nEOF\n', []]
  ])('%j', (source, expected) => expect(nestedIn(source)).toEqual(expected))
})

describe('guards', () => {
  const guarded = (source: string): string[] =>
    readBash(Text.file(source)).commands.filter(isDocker).map(({ words, guards }) =>
      [words[1]!.text.value, ...guards.map(({ os, holds, range }) => `${holds ? '' : 'not '}${os}: ${source.slice(...range)}`)].join(' · '))
  it.each([
    ['if [ "$(uname)" = Linux ]; then docker a; else docker b; fi; docker c', ['a · linux: [ "$(uname)" = Linux ]', 'b · not linux: [ "$(uname)" = Linux ]', 'c']],
    ['if [[ "$OSTYPE" == "darwin"* ]]; then docker a; else docker b; fi', ['a · darwin: [[ "$OSTYPE" == "darwin"* ]]', 'b · not darwin: [[ "$OSTYPE" == "darwin"* ]]']],
    ['[ "$OS" = Windows_NT ] && docker a || docker b', ['a · windows: [ "$OS" = Windows_NT ]', 'b']],
    ['[ "$(uname -s)" = Linux ] || exit 1; docker a', ['a · linux: [ "$(uname -s)" = Linux ]']],
    ['if [[ $OSTYPE != linux* ]]; then exit; fi; docker a', ['a · linux: [[ $OSTYPE != linux* ]]']],
    ['die() { echo "$*"; exit 1; }; [ "$OS" = Windows_NT ] && die no; docker a', ['a · not windows: [ "$OS" = Windows_NT ]']],
    ['f() { [ "$OS" = Windows_NT ] && return; docker a; }; docker b', ['a · not windows: [ "$OS" = Windows_NT ]', 'b']],
    ['case "$(uname)" in Linux*) docker a;; MINGW*|MSYS*|CYGWIN*) docker b;; *) docker c;; esac', ['a · linux: Linux*', 'b · not linux: "$(uname)" · windows: MINGW*|MSYS*|CYGWIN*', 'c · not linux: "$(uname)" · not windows: "$(uname)"']],
    ['case $OSTYPE in linux*|darwin*) ;; *) exit;; esac; docker a', ['a · not windows: $OSTYPE']],
    ['s=$(uname -s); case $s in Linux) docker a;; esac', ['a · linux: Linux']],
    ["s=$(uname | tr '[:upper:]' '[:lower:]'); if [ $s = linux ]; then docker a; fi", ['a · linux: [ $s = linux ]']],
    ['case $(uname) in Linux*) m=l;; *) m=o;; esac; if [ "$m" = l ]; then docker a; fi', ['a · linux: [ "$m" = l ]']],
    ['if uname -a | grep -qi linux; then docker a; fi; ! uname | grep -q Linux && docker b', ['a · linux: uname -a | grep -qi linux', 'b · not linux: uname | grep -q Linux']],
    ['if [ "$(expr substr $(uname -s) 1 5)" == "Linux" ]; then docker a; fi', ['a · linux: [ "$(expr substr $(uname -s) 1 5)" == "Linux" ]']],
    ['is_linux() { [ "$(uname)" = Linux ]; }; if is_linux; then docker a; fi', ['a · linux: is_linux']],
    ['if [[ $OSTYPE =~ ^(msys|cygwin) ]]; then docker a; else docker b; fi', ['a · windows: [[ $OSTYPE =~ ^(msys|cygwin) ]]', 'b · not windows: [[ $OSTYPE =~ ^(msys|cygwin) ]]']],
    ['if [[ $OSTYPE == linux* && -n $X ]]; then docker a; else docker b; fi', ['a · linux: [[ $OSTYPE == linux* && -n $X ]]', 'b']],
    ['if [[ $OSTYPE == linux* || $OSTYPE == darwin* ]]; then docker a; fi', ['a · not windows: [[ $OSTYPE == linux* || $OSTYPE == darwin* ]]']],
    ['[ "$RUNNER_OS" == Windows ] && docker a', ['a · windows: [ "$RUNNER_OS" == Windows ]']]
  ])('%s', (source, expected) => expect(guarded(source)).toEqual(expected))

  it.each([
    ['says nothing of Windows', 'if [[ $OSTYPE == msys ]]; then :; else docker a; fi'],
    ['another variable', 'if [ "$X" = Linux ]; then docker a; fi'],
    ['a variable of the script', 'OS=x; if [ "$OS" = Windows_NT ]; then docker a; fi'],
    ['another question', 'if [ "$(uname -m)" = Linux ]; then docker a; fi'],
    ['a system that nobody knows', 'if [ "$(uname)" = Plan9 ]; then docker a; fi'],
    ['an exit of a subshell', '(exit 1); [ "$OS" = x ] || (exit); docker a'],
    ['an exit that may not happen', '[ "$OS" = Windows_NT ] && x && exit; docker a'],
    ['a fall through', 'case $(uname) in Linux) ;& *) docker a;; esac']
  ])('nothing is proved by %s', (_, source) => expect(guarded(source)).toEqual(['a']))
})

describe('comments', () => {
  it.each([
    ['#!/bin/sh\ndocker a # b\n#c', ['#!/bin/sh', '# b', '#c']],
    ['docker a#b "#c" \'#d\' ${e#f} $# \\#g', []],
    ['x=$(docker a # b\n docker c)', ['# b']],
    ['cat <<EOF\n# a\nEOF\n# b', ['# b']],
    ['if x; then # a\n y # b\nfi; # c', ['# a', '# b', '# c']],
    ['a=(b # c\n d)', ['# c']]
  ])('%j', (source, expected) => expect(readBash(Text.file(source)).comments.map(({ value }) => value)).toEqual(expected))
})

describe('broken scripts are read on', () => {
  it.each([
    ['docker a )\ndocker b', ['docker a', 'docker b']],
    ['docker a\n; docker b\ndocker c', ['docker a', 'docker c']],
    ["echo it's\ndocker b", ['docker b']],
    ["docker a it's\ndocker b", ['docker a ⟨its⟩', 'docker b']],
    ['docker a (x)\ndocker b', ['docker a', 'docker b']],
    ['if x; then\n docker a\n', ['docker a']],
    ['fi\ndocker a', ['docker a']],
    ['foo && && docker a\ndocker b', ['docker b']],
    ['x=$(docker a\ndocker b', ['docker a', 'docker b']]
  ])('%j', (source, expected) => {
    expect(lines(dockerIn(source))).toEqual(expected)
    expect(readBash(Text.file(source)).problems).not.toEqual([])
  })
})

describe('what real shells did', () => {
  interface Recorded {
    readonly id: number
    readonly text: string
    readonly valid: boolean
    readonly calls: readonly (readonly string[])[]
  }
  const recorded = readFileSync(new URL('fixtures/shell/sh.jsonl', import.meta.url), 'utf8').trim().split('\n').map(line => JSON.parse(line) as Recorded)

  /** What else is reported: commands that may run, and did not run here. */
  const mayRun = new Map<number, string>([
    [61, 'false && …'],
    [72, 'if ! …: the stand-in succeeded'],
    [75, 'the condition is on a variable'],
    [76, 'the condition is on a variable'],
    [82, 'a loop over nothing'],
    [87, 'a case of a constant'],
    [88, 'a case of a constant'],
    [157, 'set -e'],
    [181, '… || …: the stand-in succeeded']
  ])
  /** Where the recording leaves something out. */
  const notRecorded = new Map<number, string>([[152, 'the directory is not in the recording']])

  it.each(recorded.map(line => [line.id, line.text, line] as const))('%i %j', (id, _, { text, valid, calls }) => {
    const read = dockerIn(text)
    expect(readBash(Text.file(text)).problems.length === 0).toBe(valid)
    if (notRecorded.has(id)) return
    const patterns = read.map(command => callPattern(command))
    const unread = calls.filter(call => !patterns.some(pattern => pattern.test(line(call.slice(1)))))
    const unmade = read.filter((_command, index) => !calls.some(call => patterns[index]!.test(line(call.slice(1)))))
    expect(unread).toEqual([])
    if (mayRun.has(id)) expect(unmade).not.toEqual([])
    else expect(lines(unmade)).toEqual([])
  })

  it('is known to the letter for most of them', () => {
    const known = recorded.filter(({ text }) => dockerIn(text).every(({ words }) => words.every(word => word.known)))
    expect(known.length).toBeGreaterThanOrEqual(95)
  })

  const line = (call: readonly string[]): string => call.map(argument => `${argument}\0`).join('')

  /** Unknown parts match anything: several words, or none. */
  function callPattern({ words }: Command): RegExp {
    const literal = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    const parts = words.slice(1).map(({ text: { value }, known, holes = [[0, value.length]] }) => {
      if (known) return `${literal(value)}\\0`
      let at = 0
      let part = ''
      for (const [start, end] of holes) {
        part += `${literal(value.slice(at, start))}[^]*`
        at = end
      }
      return `(?:${part}${literal(value.slice(at))}\\0)?`
    })
    return new RegExp(`^${parts.join('')}$`)
  }
})

describe('properties', () => {
  const runs = Number(process.env['PORTHOLE_FUZZ'] ?? 0) || 300

  it('does not care how a word is quoted', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab-=:/.# $\\"\'`*?{}[]~!&;|<>()é日'), minLength: 1, maxLength: 8 })
    const quoting = fc.constantFrom(
      (value: string) => `'${value.replaceAll("'", "'\\''")}'`,
      (value: string) => `"${value.replace(/[$`"\\]/g, '\\$&')}"`,
      (value: string) => value.replace(/[^\w]/gu, '\\$&'),
      (value: string) => `$'${value.replace(/['\\]/g, '\\$&')}'`,
      (value: string) => `''${[...value].map(character => `"${character.replace(/[$`"\\]/, '\\$&')}"`).join('\\\n')}`
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(word, quoting), { minLength: 1, maxLength: 4 }), words => {
        const source = `docker ${words.map(([value, quote]) => quote(value)).join(' ')}`
        const [command] = readBash(Text.file(source)).commands
        expect(command!.words.slice(1).map(({ text }) => text.value)).toEqual(words.map(([value]) => value))
        expect(command!.words.every(({ known }) => known)).toBe(true)
        for (const { text } of command!.words) expectInPlace(text, source)
      }),
      { numRuns: runs }
    )
  })

  /** Characters that stand for themselves are found where the text says. */
  function expectInPlace(text: Text, file: string): void {
    let verbatim = 0
    for (let at = 0; at < text.value.length; at++) {
      const [start, end] = text.range(at, at + 1)
      expect(start >= text.whole[0] && end <= text.whole[1]).toBe(true)
      if (end - start === 1) {
        verbatim++
        expect(file.slice(start, end)).toBe(text.value[at])
      }
    }
    if (file.slice(...text.whole) === text.value) expect(verbatim).toBe(text.value.length)
  }

  const seeds = [
    'if [ "$(uname)" = Linux ]; then docker run --network host a; else exit 1; fi',
    'args=(run --ipv6 "$X"); args+=(b); docker "${args[@]}" # c',
    'case "$(uname -s)" in Linux*) a=b;; MINGW*|MSYS*) docker ${a:-x y};; esac',
    'f() { local d=${1:-nat}; shift; docker "$@" $d; }; f a b',
    "bash <<-'EOF' | tee x\n\tdocker a\n\tEOF\nssh h docker 'b c' \"$D\"",
    'x=`a \\`docker b\\` "\\$c"`; eval "docker $x" \'y\'; trap \'docker z\' EXIT',
    "for i in a {b,c} $'\\x41'; do docker n$i ${{ matrix.os }} ${i%%-*} $((i+1)); done >/dev/null 2>&1 &",
    'while read -r a; do docker --opt=~/x "$a" \\\n  *.y; done <<< "z"\r\ndocker c\r\n'
  ]
  const alphabet = ['"', "'", '`', '\\', '$(', '${', ')', '}', '{', '(', '\n', ' ', ';', '&&', '||', '|', '<<EOF\n', '<<', '#', '~', '*', '$X', '((', '[[ ', ' ]]', 'if ', 'fi', 'do ', 'done', 'esac', ';;', '${{', '}}', '\r\n', 'é', '\0', '=', '$@', 'docker ']

  it('survives any text, in bounded time, with every place inside the file', () => {
    const mutant = fc.tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(200), fc.nat(3), fc.constantFrom(...alphabet)), { maxLength: 6 })).map(([seed, edits]) =>
      edits.reduce((text, [at, removed, added]) => text.slice(0, at % (text.length + 1)) + added + text.slice((at % (text.length + 1)) + removed), seed))
    fc.assert(
      fc.property(mutant, source => {
        const inside = ([start, end]: Range): boolean => start >= 0 && start <= end && end <= source.length
        const { problems, comments, nested } = readBash(Text.file(source))
        for (const { range } of problems) expect(inside(range)).toBe(true)
        for (const { whole } of comments) expect(inside(whole)).toBe(true)
        for (const { holes } of nested) expect(holes.every(inside)).toBe(true)
        for (const { words, range, guards } of commandsIn(Text.file(source))) {
          expect(inside(range)).toBe(true)
          expect(guards.every(guard => inside(guard.range))).toBe(true)
          for (const { text, known, holes = [] } of words) {
            expect(inside(text.whole)).toBe(true)
            expect(holes.every(([start, end]) => !known && start >= 0 && start <= end && end <= text.value.length)).toBe(true)
            for (let at = 0; at < text.value.length; at++) expect(inside(text.range(at, at + 1))).toBe(true)
          }
        }
      }),
      { numRuns: runs }
    )
  })

  it('is not slow on variables that are made of each other', () => {
    const start = performance.now()
    readBash(Text.file('if [ "$X" = a ]; then X="$X$Y"; Y="$Y$X"; fi\n'.repeat(10)))
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it.each([
    ['substitutions', '$('],
    ['quoted substitutions', '"$('],
    ['subshells', '('],
    ['groups', '{ '],
    ['conditions', 'if '],
    ['defaults', '${a:-'],
    ['arithmetic', '$(('],
    ['functions', 'f() '],
    ['cases', 'case x in a) '],
    ['lists', 'X=1 && echo $X && '],
    ['assignments', 'X=$X$X; echo $X\n'],
    ['masks', '${{ '],
    ['broken lines', 'docker a (x)\n'],
    ['quotes', "it's\n; "],
    ['here-documents', 'x <<a <<b\n'],
    ['conditions on the system', '[ "$(uname)" = Linux ] && ']
  ])('is not slow on very many %s', (_, unit) => {
    const start = performance.now()
    readBash(Text.file(unit.repeat(5000)))
    expect(performance.now() - start).toBeLessThan(3000)
  })
})

it('has no fault where a template is filled in first', async () => {
  const { diagnosticsOf } = await import('./linting.ts')
  const script = (condition: string): string => `up() {\n${condition}\n  docker run --network host x\n}\n`
  expect((await diagnosticsOf({ path: 'a.sh', source: script('{{- if and (not A) B}}') })).map(({ rule }) => rule)).toEqual(['no-host-network'])
  expect((await diagnosticsOf({ path: 'a.sh', source: script('( ) x') })).map(({ rule }) => rule)).toContain('script-syntax')
})
