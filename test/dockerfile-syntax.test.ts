import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDockerfileName, looksLikeDockerfile } from '../src/languages/dockerfile-name.ts'
import { readDockerfile, type CommandInstruction, type Instruction } from '../src/languages/dockerfile-syntax.ts'
import { readStages } from '../src/languages/dockerfile-stage.ts'
import { Text, type Range } from '../src/text.ts'

const read = (source: string) => readDockerfile(Text.file(source))
const values = (texts: readonly { value: string }[] | undefined) => texts?.map(t => t.value)

/** An instruction in short: its name, its flags, and what it was read as. */
function short(i: Instruction): unknown[] {
  const flags = i.flags.map(f => (f.value ? `--${f.name.value}=${f.value.value}` : `--${f.name.value}`))
  switch (i.name) {
    case 'FROM': return [i.name, ...flags, ...values([i.image, i.alias].filter(t => t !== undefined))!]
    case 'COPY':
    case 'ADD': return [i.name, ...flags, ...values(i.sources)!, '>', i.destination?.value]
    case 'ARG':
    case 'ENV':
    case 'LABEL': return [i.name, ...flags, ...i.pairs.map(p => (p.value ? [p.name.value, p.value.value] : [p.name.value]))]
    case 'ONBUILD': return [i.name, ...flags, i.trigger && short(i.trigger)]
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
    case 'SHELL': return [i.name, ...flags, ...(i.check ? [i.check.value] : []), ...(i.exec ? [values(i.exec)] : []), ...(i.script ? [i.script.value] : [])]
    default: return [i.name, ...flags, ...values(i.values)!]
  }
}

/** The source without its marks, and what they mark. */
function marked(source: string): { source: string; ranges: Range[] } {
  const ranges: Range[] = []
  let clean = ''
  let start = 0
  for (const part of source.split(/(?=[⟦⟧])/)) {
    if (part.startsWith('⟦')) start = clean.length
    else if (part.startsWith('⟧')) ranges.push([start, clean.length])
    clean += part.replace(/^[⟦⟧]/, '')
  }
  return { source: clean, ranges }
}

describe('instructions', () => {
  it.each<[string, unknown[][]]>([
    ['FROM alpine', [['FROM', 'alpine']]],
    ['from alpine as Build', [['FROM', 'alpine', 'Build']]],
    ['FrOm --platform=windows/amd64 a AS b', [['FROM', '--platform=windows/amd64', 'a', 'b']]],
    ['\t FROM \t alpine  ', [['FROM', 'alpine']]],
    ['\ufeffFROM alpine', [['FROM', 'alpine']]],
    ['RUN a b', [['RUN', 'a b']]],
    ['RUN', [['RUN']]],
    ['RUN ["a", "b c"]', [['RUN', ['a', 'b c']]]],
    ['RUN [ -f x ] && y', [['RUN', '[ -f x ] && y']]],
    ["CMD ['a', 'b']", [['CMD', "['a', 'b']"]]],
    ['CMD ["a", "b"', [['CMD', '["a", "b"']]],
    ['CMD ["a",]', [['CMD', '["a",]']]],
    ['CMD []', [['CMD', []]]],
    ['CMD [ ]', [['CMD', []]]],
    ['CMD ["a"] x', [['CMD', '["a"] x']]],
    ['CMD ["a\\tb", "\\u0041", "\\"\\\\\\/"]', [['CMD', ['a\tb', 'A', '"\\/']]]],
    ['CMD ["c:\\app"]', [['CMD', '["c:\\app"]']]],
    ['ENTRYPOINT ["C:\\\\a.exe"]', [['ENTRYPOINT', ['C:\\a.exe']]]],
    ['SHELL ["cmd", "/S", "/C"]', [['SHELL', ['cmd', '/S', '/C']]]],
    ['RUN --network=none --mount=type=cache,target=/x  go build', [['RUN', '--network=none', '--mount=type=cache,target=/x', 'go build']]],
    ['RUN --mount="type=bind,src=a b" x', [['RUN', '--mount=type=bind,src=a b', 'x']]],
    ['RUN -- --x', [['RUN', '--x']]],
    ['RUN --a\\ b c', [['RUN', '--a b', 'c']]],
    ['COPY a b c/', [['COPY', 'a', 'b', '>', 'c/']]],
    ['COPY ["a b", "c"]', [['COPY', 'a b', '>', 'c']]],
    ['COPY --from=build --link a b', [['COPY', '--from=build', '--link', 'a', '>', 'b']]],
    ['ADD "a b" c', [['ADD', '"a', 'b"', '>', 'c']]],
    ['COPY a C:\\\\Windows\\\\System32\\\\\nENV A=b', [['COPY', 'a', '>', 'C:\\\\Windows\\\\System32\\\\'], ['ENV', ['A', 'b']]]],
    ['ENV a b c=d', [['ENV', ['a', 'b c=d']]]],
    ['ENV a   "b c" ', [['ENV', ['a', '"b c"']]]],
    ['ENV a=b c="d e" f=\'g h\' i=j\\ k l=', [['ENV', ['a', 'b'], ['c', '"d e"'], ['f', "'g h'"], ['i', 'j\\ k'], ['l', '']]]],
    ['ENV a=b=c', [['ENV', ['a', 'b=c']]]],
    ['LABEL "a b"="c" d=e', [['LABEL', ['"a b"', '"c"'], ['d', 'e']]]],
    ['ARG a b=c d="e f"', [['ARG', ['a'], ['b', 'c'], ['d', '"e f"']]]],
    ['EXPOSE 80 443/tcp', [['EXPOSE', '80', '443/tcp']]],
    ['VOLUME /a /b', [['VOLUME', '/a', '/b']]],
    ['VOLUME ["C:\\\\data", "d"]', [['VOLUME', 'C:\\data', 'd']]],
    ['WORKDIR C:/Program Files', [['WORKDIR', 'C:/Program Files']]],
    ['USER ContainerAdministrator', [['USER', 'ContainerAdministrator']]],
    ['STOPSIGNAL SIGKILL', [['STOPSIGNAL', 'SIGKILL']]],
    ['MAINTAINER A B <c@d.e>', [['MAINTAINER', 'A B <c@d.e>']]],
    ['HEALTHCHECK NONE', [['HEALTHCHECK', 'NONE']]],
    ['HEALTHCHECK --interval=5s cmd curl -f localhost', [['HEALTHCHECK', '--interval=5s', 'cmd', 'curl -f localhost']]],
    ['HEALTHCHECK CMD ["a", "b"]', [['HEALTHCHECK', 'CMD', ['a', 'b']]]],
    ['ONBUILD RUN --x a b', [['ONBUILD', ['RUN', '--x', 'a b']]]],
    ['ONBUILD copy . /a', [['ONBUILD', ['COPY', '.', '>', '/a']]]],
    ['ONBUILD CMD ["a"]', [['ONBUILD', ['CMD', ['a']]]]],
    ['FROM {{ .Image }}:{{ .Tag }} AS a', [['FROM', '{{ .Image }}:{{ .Tag }}', 'a']]],
    ['FROM x:$(TAG)', [['FROM', 'x:$(TAG)']]]
  ])('%j', (source, expected) => {
    const { instructions, problems } = read(source)
    expect(instructions.map(short)).toEqual(expected)
    expect(problems).toEqual([])
  })
})

describe('lines', () => {
  it.each<[string, string]>([
    ['RUN a \\\n b', 'a  b'],
    ['RUN a \\\n# comment\n b', 'a  b'],
    ['RUN a \\\n   # indented comment \\\n b', 'a  b'],
    ['RUN a \\\n\n   \n b', 'a  b'],
    ['RUN a \\  \t\n b', 'a  b'],
    ['RUN a\\\nb', 'ab'],
    ['RUN a \\\r\n b\r\n', 'a  b'],
    ['RUN a \\', 'a'],
    ['RUN a \\\n', 'a'],
    ['RUN a \\\\\nRUN b', 'a \\\\'],
    ['RUN \\\n a', 'a'],
    ['\\\nRUN a', 'a'],
    ['RUN a # no comment', 'a # no comment'],
    ['# escape=`\nRUN a `\n b', 'a  b'],
    ['# escape=`\nRUN a ``\nRUN b', 'a ``'],
    ['# escape=`\nRUN dir C:\\\nRUN b', 'dir C:\\'],
    ['#escape = `\nRUN a `\n b', 'a  b'],
    ['  #  ESCAPE  =  `  \nRUN a `\n b', 'a  b'],
    ['# syntax=docker/dockerfile:1\n# check=skip=all\n# escape=`\nRUN a `\n b', 'a  b'],
    ['# just a comment\n# escape=`\nRUN a \\\n b', 'a  b'],
    ['\n# escape=`\nRUN a \\\n b', 'a  b'],
    ['# unknown=x\n# escape=`\nRUN a \\\n b', 'a  b'],
    ['RUN a \\\n  {{ if x }}\n b \\\n{{ end }}\n && c', 'a  b  && c']
  ])('%j', (source, script) => {
    expect((read(source).instructions[0] as CommandInstruction).script?.value).toBe(script)
  })

  it('a line that is only an escape character inside a continuation is one', () => {
    expect(read('RUN a \\\n\\\n b\nRUN c').instructions.map(short)).toEqual([['RUN', 'a  b'], ['RUN', 'c']])
  })

  it('gives comments, but not directives', () => {
    const { comments, directives } = read('# escape=`\n# one\nRUN a `\n  # two\n b\n#\tthree\r\nRUN <<EOF\n# of the script\nEOF\n')
    expect(values(comments)).toEqual(['# one', '# two', '#\tthree'])
    expect(directives.map(d => [d.name, d.value.value])).toEqual([['escape', '`']])
  })
})

describe('here-documents', () => {
  it.each<[string, string, string[]]>([
    ['RUN <<EOF\na\nb\nEOF\nRUN c', 'a\nb\n', ['a\nb\n']],
    ['RUN <<-EOF\n\ta\n\t\tb\n\tEOF\nRUN c', 'a\nb\n', ['a\nb\n']],
    ["RUN <<'EOF'\n$a\nEOF\nRUN c", '$a\n', ['$a\n']],
    ['RUN << EOF\na\nEOF\nRUN c', 'a\n', ['a\n']],
    ['RUN 3<<EOF\na\nEOF\nRUN c', 'a\n', ['a\n']],
    ['RUN <<EOF\nEOF\nRUN c', '', ['']],
    ['RUN <<EOF\n# a \\\nRUN b\nEOF\nRUN c', '# a \\\nRUN b\n', ['# a \\\nRUN b\n']],
    ['RUN cat <<A <<B\n1\nA\n2\nB\nRUN c', 'cat <<A <<B\n1\nA\n2\nB', ['1\n', '2\n']],
    ['RUN bash \\\n <<EOF\na\nEOF\nRUN c', 'bash  <<EOF\na\nEOF', ['a\n']],
    ['RUN cat<<EOF\nRUN c', 'cat<<EOF', []],
    ['RUN cat <<<EOF\nRUN c', 'cat <<<EOF', []],
    ['RUN echo "<<EOF"\nRUN c', 'echo "<<EOF"', []],
    ['RUN echo $((1<<2))\nRUN c', 'echo $((1<<2))', []],
    ["RUN echo it's <<EOF\nRUN c", "echo it's <<EOF", []],
    ['RUN <<EOF\r\na\r\nEOF\r\nRUN c', 'a\r\n', ['a\r\n']]
  ])('%j', (source, script, bodies) => {
    const { instructions, problems } = read(source)
    const run = instructions[0] as CommandInstruction
    expect(run.script?.value).toBe(script)
    expect(values(run.heredocs.map(h => h.body))).toEqual(bodies)
    expect(instructions.slice(1).map(short)).toEqual([['RUN', 'c']])
    expect(problems).toEqual([])
  })

  it('of COPY and ADD, and of ONBUILD', () => {
    const { instructions } = read('COPY <<a <<"b" /d/\n1\na\n2\nb\nONBUILD RUN <<EOF\nx\nEOF\nCMD <<EOF')
    const [copy, onbuild, cmd] = instructions
    expect(copy?.name === 'COPY' && copy.heredocs.map(h => [h.name, h.expand, h.body.value])).toEqual([['a', true, '1\n'], ['b', false, '2\n']])
    expect(short(copy!)).toEqual(['COPY', '<<a', '<<"b"', '>', '/d/'])
    expect(short(onbuild!)).toEqual(['ONBUILD', ['RUN', 'x\n']])
    expect(short(cmd!)).toEqual(['CMD', '<<EOF'])
  })

  it('name their interpreter', () => {
    const run = read('RUN <<EOF\n#!/usr/bin/env pwsh\nGet-Date\nEOF').instructions[0] as CommandInstruction
    expect(run.shebang?.value).toBe('#!/usr/bin/env pwsh')
  })

  it('without an end are not read', () => {
    const { instructions, problems } = read('RUN <<EOF\nRUN b')
    expect(instructions.map(short)).toEqual([['RUN', '<<EOF'], ['RUN', 'b']])
    expect(problems).toHaveLength(1)
  })
})

describe('problems', () => {
  it.each<[string, string]>([
    ['FROM a\n⟦RUM⟧ b\nRUN c', 'RUM is not an instruction of a Dockerfile. Did you mean RUN?'],
    ['FROM a\n⟦ENTRYPONT⟧ ["b"]', 'ENTRYPONT is not an instruction of a Dockerfile. Did you mean ENTRYPOINT?'],
    ['FROM a\n⟦apt-get⟧ update', 'apt-get is not an instruction of a Dockerfile.'],
    ['⟦FROM⟧', 'FROM needs an image, and AS with a name if the stage has one.'],
    ['⟦FROM a b⟧', 'FROM needs an image, and AS with a name if the stage has one.'],
    ['⟦FROM a # b c⟧', 'FROM needs an image, and AS with a name if the stage has one.'],
    ['⟦ENV a⟧', 'ENV needs a name and a value.'],
    ['ENV a=b ⟦c⟧', 'c has no value: write name=value.'],
    ['⟦COPY a⟧', 'COPY needs a source and a destination.'],
    ['⟦SHELL powershell⟧', 'SHELL needs a JSON array of strings.'],
    ['RUN ⟦["a", ["b"]]⟧', 'All elements of the array must be strings.'],
    ['ONBUILD ⟦ONBUILD⟧ RUN a', 'ONBUILD cannot be triggered by ONBUILD.'],
    ['ONBUILD ⟦FROM⟧ a', 'FROM cannot be triggered by ONBUILD.'],
    ['HEALTHCHECK ⟦CONNECT⟧ 80', 'CONNECT is not a kind of health check: try CMD.'],
    ['⟦HEALTHCHECK CMD⟧', 'HEALTHCHECK needs a command after CMD.'],
    ['⟦WORKDIR⟧', 'WORKDIR needs exactly one argument.'],
    ['RUN ⟦<<EOF⟧\na', 'The here-document is never ended: no line says just EOF.'],
    ['# escape=⟦x⟧\nFROM a', 'The escape character is either \\ or `, not x.'],
    ['# escape=`\n⟦# escape=\\⟧\nFROM a', 'Only one escape directive can be used.']
  ])('%j', (text, message) => {
    const { source, ranges } = marked(text)
    expect(read(source).problems[0]).toEqual({ message, range: ranges[0] })
  })

  it('does not lose what follows', () => {
    expect(read('FROM a\nwhatever \\\n more\nCOPY x\nRUN b').instructions.map(short)).toEqual([['FROM', 'a'], ['COPY', 'x', '>', undefined], ['RUN', 'b']])
  })

  it.each(['{{ if x }}\nFROM a\n{{ end }}', '{%- if x %}\nFROM a\n{% endif %}', '{{ if x }}FROM a\n{{ else }}FROM b\n{{ end }}', '%%FROM%%\nFROM a', '{{\n  def x: 1;\n}}\nFROM a', 'FROM a\n{{ if x:\n  RUN b\n}}'])(
    'a template has none: %j', source => {
      const { instructions, problems } = read(source)
      expect(problems).toEqual([])
      expect(instructions[0]).toMatchObject({ name: 'FROM' })
    }
  )
})

describe('ranges', () => {
  it.each([
    ['⟦RUN⟧ --⟦network⟧=⟦none⟧ ⟦a b⟧', (i: Instruction) => [i.keyword.whole, i.flags[0]!.name.whole, i.flags[0]!.value!.whole, i.rest.whole]],
    ['⟦COPY --a=b c d⟧\nRUN x', (i: Instruction) => [i.range]],
    ['⟦RUN <<EOF\na\nEOF⟧\nRUN x', (i: Instruction) => [i.range]],
    ['⟦ONBUILD RUN <<EOF\na\nEOF⟧\nRUN x', (i: Instruction) => [i.range]],
    ['⟦RUN a \\\n b⟧  \nRUN x', (i: Instruction) => [i.range]],
    ['ENV ⟦a⟧=⟦"b c"⟧ ⟦d⟧=⟦e⟧', (i: Instruction) => (i.name === 'ENV' ? i.pairs.flatMap(p => [p.name.whole, p.value!.whole]) : [])],
    ['FROM \\\n  ⟦a⟧ AS \\\n ⟦b⟧', (i: Instruction) => (i.name === 'FROM' ? [i.image!.whole, i.alias!.whole] : [])],
    ['CMD [⟦"a\\tb"⟧, \\\n ⟦"c"⟧]', (i: Instruction) => ('exec' in i ? i.exec!.map(t => t.whole) : [])]
  ])('%j', (text, ranges) => {
    const { source, ranges: expected } = marked(text)
    expect(ranges(read(source).instructions[0]!)).toEqual(expected)
  })

  it('inside a script run through continuations and comments', () => {
    const source = 'RUN docker \\\n  # why\n  run --network \\\n  host x'
    const { script } = read(source).instructions[0] as CommandInstruction
    const at = (word: string) => source.slice(...script!.range(script!.value.indexOf(word), script!.value.indexOf(word) + word.length))
    expect(['docker', 'run', '--network', 'host'].map(at)).toEqual(['docker', 'run', '--network', 'host'])
  })

  it('inside a here-document', () => {
    const source = 'RUN cat <<-A\n\t\tone two\n\tA\n'
    const { script } = read(source).instructions[0] as CommandInstruction
    expect(source.slice(...script!.range(script!.value.indexOf('two'), script!.value.indexOf('two') + 3))).toBe('two')
  })

  it('compose: a Dockerfile may stand in another file', () => {
    const file = Text.file('x: FROM alpine')
    const from = readDockerfile(file.slice(3)).instructions[0]!
    expect(file.value.slice(...from.rest.whole)).toBe('alpine')
  })

  it('inside the strings of JSON', () => {
    const source = 'CMD ["a\\u0041bc"]'
    const word = (read(source).instructions[0] as CommandInstruction).exec![0]!
    expect(source.slice(...word.range(1, 2))).toBe('\\u0041')
    expect(source.slice(...word.range(2, 4))).toBe('bc')
  })
})

describe('names', () => {
  it.each(['Dockerfile', 'a/Dockerfile.windows', 'api.Dockerfile', 'win.dockerfile', 'dockerfile', 'dockerfile.template', 'Containerfile', 'Containerfile.dev', 'C:\\x\\DOCKERFILE', 'Dockerfile-windows', 'Dockerfile.py', 'Dockerfile_1'])('%s', path => {
    expect(isDockerfileName(path)).toBe(true)
  })
  it.each(['Dockerfile.dockerignore', 'api.Dockerfile.dockerignore', 'Dockerfile.md', 'dockerfile.ts', 'dockerfile-syntax.ts', 'Dockerfiles', 'Dockerfile/x', 'mydockerfile', 'docker-compose.yml', 'Dockerfile.json'])('not %s', path => {
    expect(isDockerfileName(path)).toBe(false)
  })
  it.each(['FROM a', '\ufeff# x\r\n\r\nARG A=b\r\nFROM ${A} AS c\r\nRUN d', 'from --platform=linux/amd64 x as y\ncopy . .', 'FROM {{ if x }}a{{ end }}\nRUN b'])('content %j', text => {
    expect(looksLikeDockerfile(text)).toBe(true)
  })
  it.each(['', '# only a comment', 'ARG a', 'RUN a', 'FROM here to there we go', 'From me\nTo you', 'from os import path', 'FROM (select 1)', 'SELECT 1\nFROM t'])('not content %j', text => {
    expect(looksLikeDockerfile(text)).toBe(false)
  })
})

const fragments = [
  'FROM ', 'alpine', ' AS b', 'RUN ', 'COPY ', 'ENV ', 'ARG ', 'ONBUILD ', 'HEALTHCHECK CMD ', 'SHELL ["cmd"]', '# escape=`', '# c', '\n', '\r\n', '\\\n', '`\n', ' ', '\t', '<<EOF', '<<-"E F"', 'EOF',
  '"', "'", '\\', '`', '$', '${', '}', ':-', '$X', '${X:-', '--', '--x=y', '=', '["a", "b"]', '[', ']', '{{', '}}', '{%', '%}', '%%', '\u00a0', 'é', '\ufeff', 'X=1', '[[1', '$(X)', '//', '<'
]
const document = fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map(parts => parts.join(''))
const runs = Number(process.env.PORTHOLE_FUZZ_RUNS ?? 1500)

function everyText(i: Instruction): Text[] {
  const own = [i.keyword, i.rest, ...i.flags.flatMap(f => [f.name, f.text, ...(f.value ? [f.value] : [])])]
  switch (i.name) {
    case 'FROM': return [...own, ...(i.image ? [i.image] : []), ...(i.alias ? [i.alias] : [])]
    case 'COPY':
    case 'ADD': return [...own, ...i.sources, ...(i.destination ? [i.destination] : []), ...i.heredocs.flatMap(h => [h.mark, h.body])]
    case 'ARG':
    case 'ENV':
    case 'LABEL': return [...own, ...i.pairs.flatMap(p => [p.name, p.text, ...(p.value ? [p.value] : [])])]
    case 'ONBUILD': return [...own, ...(i.trigger ? everyText(i.trigger) : [])]
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
    case 'SHELL': return [...own, ...(i.exec ?? []), ...(i.script ? [i.script] : []), ...i.heredocs.map(h => h.body)]
    default: return [...own, ...i.values]
  }
}

describe('any text', () => {
  it('is read, with every range inside it', () => {
    fc.assert(fc.property(document, source => {
      const syntax = read(source)
      const { stages, problems } = readStages(syntax)
      const ranges = [
        ...syntax.instructions.flatMap(i => [i.range, ...everyText(i).flatMap(t => [t.whole, t.range(0, t.value.length)])]),
        ...[...syntax.problems, ...problems].map(p => p.range), ...[...syntax.comments, ...syntax.templates].map(t => t.whole),
        ...stages.flatMap(s => [...s.evidence.map(e => e.range), s.image.text.whole])
      ]
      for (const [start, end] of ranges) expect(0 <= start && start <= end && end <= source.length).toBe(true)
    }), { numRuns: runs })
  })

  it('keywords and scripts stand where they say', () => {
    fc.assert(fc.property(document, source => {
      for (const i of read(source).instructions) {
        const { keyword } = i.name === 'ONBUILD' && i.trigger ? i.trigger : i
        if (!/[\\`]\s*$/m.test(source)) expect(source.slice(...keyword.whole)).toBe(keyword.value)
        if (!('script' in i) || !i.script) continue
        for (let at = 0; at < i.script.value.length; at++) expect(source.slice(...i.script.range(at, at + 1))).toContain(i.script.value[at])
      }
    }), { numRuns: runs })
  })

  it('a continuation between any two words changes no word', () => {
    const word = fc.stringMatching(/^[a-z0-9/.:=-]{1,8}$/).filter(w => !w.startsWith('-'))
    fc.assert(fc.property(fc.array(word, { minLength: 2, maxLength: 8 }), fc.constantFrom('\\\n', '\\ \n  # c\n\n', '\\\r\n'), (words, joint) => {
      const plain = read(`COPY ${words.join(' ')}`).instructions[0]!
      const joined = read(`COPY ${words.join(` ${joint} `)}`).instructions[0]!
      expect(short(joined)).toEqual(short(plain))
    }))
  })

  it('takes time in proportion', () => {
    const n = 20_000
    const hard = [
      '{{'.repeat(n), '{{}}'.repeat(n), 'RUN ' + '{{ '.repeat(n), 'RUN <<A\n'.repeat(n), 'RUN <<A\n\tA\n'.repeat(n), 'RUN ' + '<<A '.repeat(n), 'FROM ' + '${a:-'.repeat(n), 'FROM ' + '${a:-'.repeat(150) + 'x' + '}'.repeat(150),
      'RUN ' + '--x '.repeat(n), 'RUN a \\\n'.repeat(n), 'ENV ' + 'a=$a '.repeat(n), `FROM a\n${'ENV a=$a$a\n'.repeat(n / 4)}`, 'CMD ' + '['.repeat(n), 'CMD ["' + '\\u0041'.repeat(n), 'ONBUILD '.repeat(n),
      'FROM a AS b\n' + 'FROM b AS b\nENV x=$y\n'.repeat(n / 4), '\\\n'.repeat(n), 'RUN a \\\n{{ x }}\n\n'.repeat(n / 2), "RUN '" + '\\'.repeat(n), '#'.repeat(n), '# '.repeat(n), 'RUN ' + 'C:'.repeat(n), 'RUN ' + ' '.repeat(n) + 'x', 'FROM a\nRUN ' + 'a;.'.repeat(n)
    ]
    for (const source of hard) {
      const start = performance.now()
      for (const { steps } of readStages(read(source)).stages) {
        for (const { instruction, resolve } of steps.slice(-3)) for (const text of everyText(instruction).slice(0, 3)) resolve(text)
      }
      expect(performance.now() - start, source.slice(0, 20)).toBeLessThan(1500)
    }
  })
})
