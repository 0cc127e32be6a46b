import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readStages, type DockerfileStages } from '../src/languages/dockerfile-stage.ts'
import { readDockerfile } from '../src/languages/dockerfile-syntax.ts'
import { expandWord, type Variable } from '../src/languages/dockerfile-variable.ts'
import { Text } from '../src/text.ts'

const stagesOf = (source: string): DockerfileStages => readStages(readDockerfile(Text.file(source)))
const systems = (source: string) => stagesOf(source).stages.map(s => s.os)
/** The shell of every RUN, CMD, HEALTHCHECK and ONBUILD. */
const shellsOf = (source: string) =>
  stagesOf(source).stages.flatMap(s => s.steps.filter(t => ['RUN', 'CMD', 'HEALTHCHECK', 'ONBUILD'].includes(t.instruction.name)).map(t => t.shell))

describe('a word', () => {
  const variables: Readonly<Record<string, Variable>> = {
    A: { value: 'a b', known: true, overridable: false },
    EMPTY: { value: '', known: true, overridable: false },
    UNSET: { known: true, overridable: false },
    HALF: { value: 'x$y', known: false, overridable: false }
  }
  const expand = (word: string, escape: '\\' | '`' = '\\') => expandWord(Text.file(word), escape, name => variables[name])

  it.each([
    ['x', 'x'], ['$A', 'a b'], ['${A}', 'a b'], ['x${A}y', 'xa by'], ['$A.y', 'a b.y'], ['"$A"', 'a b'], ["'$A'", '$A'], ['\\$A', '$A'], ['"\\$A"', '$A'], ['"\\x"', '\\x'],
    ['a\\ b', 'a b'], ['C:\\app', 'C:app'], ['"C:\\\\app"', 'C:\\app'], ["'C:\\app'", 'C:\\app'], ['$', '$'], ['a$', 'a$'], ['$/x', '$/x'], ['a\\', 'a'],
    ['${A:-d}', 'a b'], ['${EMPTY:-d}', 'd'], ['${EMPTY-d}', ''], ['${UNSET:-d}', 'd'], ['${UNSET-d}', 'd'], ['${UNSET:-}', ''],
    ['${UNSET:-"x y"}', 'x y'], ['${UNSET:-${A}}', 'a b'], ['${UNSET:-${UNSET:-e}}', 'e'], ['${UNSET:-a\\}b}', 'a}b'],
    ['${A:+s}', 's'], ['${EMPTY:+s}', ''], ['${EMPTY+s}', 's'], ['${UNSET:+s}', ''], ['${A:?no}', 'a b'], ['"it\'s"', "it's"], ['a"b"\'c\'', 'abc']
  ])('%s is %j', (word, value) => {
    expect(expand(word)).toMatchObject({ text: { value }, known: true })
  })

  it.each([
    ['`$A', '$A'], ['C:\\app', 'C:\\app'], ['C:\\$A', 'C:\\a b'], ['"`""', '"']
  ])('%s with a backtick is %j', (word, value) => {
    expect(expand(word, '`')).toMatchObject({ text: { value }, known: true })
  })

  it.each([
    ['$B', '$B'], ['x$B-y', '$B'], ['${B:-d}', '${B:-d}'], ['$UNSET', '$UNSET'], ['${A', '${A'], ['${A:x}', '${A:x}'], ['${}', '${}'], ['x"y', '"y'], ['${A%b}', '${A%b}'],
    ['$(TAG)', '$(TAG)'], ['a{{ b }}c', '{{ b }}'], ['${UNSET:?no}', '${UNSET:?no}'], ['a$HALF', 'x$y']
  ])('%s is not known', (word, hole) => {
    const { text, known, holes } = expand(word)
    expect(known).toBe(false)
    expect(holes!.map(([start, end]) => text.value.slice(start, end))).toEqual([hole])
  })

  it('stands where its parts are written', () => {
    const { text } = expand('x-${UNSET:-de"fa"ult}-$A')
    const source = 'x-${UNSET:-de"fa"ult}-$A'
    const at = (part: string) => source.slice(...text.range(text.value.indexOf(part), text.value.indexOf(part) + part.length))
    expect(text.value).toBe('x-default-a b')
    expect([at('x-'), at('fa'), at('a b')]).toEqual(['x-', 'fa', '$A'])
  })
})

describe('what a stage is built from', () => {
  it.each<[string, string, boolean]>([
    ['ARG T=1809\nFROM x:$T', 'x:1809', true],
    ['ARG A=x B=${A}:1\nFROM ${B}', 'x:1', true],
    ['ARG T\nFROM x:${T:-2}', 'x:2', true],
    ['FROM x:${T:-2}', 'x:2', true],
    ['ARG T\nFROM x:$T', 'x:$T', false],
    ['FROM x:$T', 'x:$T', false],
    ['ARG T=1\nARG T=2\nFROM x:$T', 'x:2', true],
    ['ARG T="1"\nFROM "x":"${T}"', 'x:1', true],
    ['FROM x-$TARGETOS', 'x-$TARGETOS', false],
    ['ARG TARGETOS=linux\nFROM x-$TARGETOS', 'x-$TARGETOS', false],
    ['ARG A=x:$B\nFROM $A', 'x:$B', false]
  ])('%j', (source, image, known) => {
    expect(stagesOf(source).stages[0]!.image).toMatchObject({ text: { value: image }, known })
  })

  it('may be an earlier stage, in any case', () => {
    const { stages } = stagesOf('FROM alpine AS Base\nFROM base AS b\nFROM c\nFROM x AS c')
    expect(stages.map(s => s.base?.name?.value)).toEqual([undefined, 'Base', undefined, undefined])
  })

  it('says whether a build argument could change it', () => {
    expect(stagesOf('ARG T=1\nFROM x:$T').stages[0]!.image.overridable).toBe(true)
    expect(stagesOf('FROM x:1').stages[0]!.image.overridable).toBe(false)
  })
})

describe('the variables of a stage', () => {
  const last = (source: string) => {
    const step = stagesOf(source).stages.at(-1)!.steps.at(-1)!
    return step.instruction.name === 'WORKDIR' ? step.resolve(step.instruction.values[0]!) : undefined
  }
  it.each<[string, string, boolean]>([
    ['FROM x\nENV A=b\nWORKDIR $A', 'b', true],
    ['FROM x\nENV A b c\nWORKDIR $A', 'b c', true],
    ['FROM x\nENV A=1\nENV A=2 B=$A\nWORKDIR $A$B', '21', true],
    ['FROM x\nARG A=1 B=$A\nWORKDIR $B', '1', true],
    ['ARG A=1\nFROM x\nWORKDIR $A', '$A', false],
    ['ARG A=1\nFROM x\nARG A\nWORKDIR $A', '1', true],
    ['ARG A=1\nFROM x\nARG A=2\nWORKDIR $A', '2', true],
    ['FROM x\nARG A\nWORKDIR ${A:-d}', 'd', true],
    ['FROM x\nARG A=1\nENV A=2\nWORKDIR $A', '2', true],
    ['FROM x\nENV A=2\nARG A=1\nWORKDIR $A', '$A', false],
    ['FROM x\nENV A=2\nARG A\nWORKDIR $A', '2', true],
    ['FROM x\nWORKDIR ${PATH:-d}', '${PATH:-d}', false],
    ['FROM x AS a\nENV A=1\nFROM a\nWORKDIR $A', '1', true],
    ['FROM x AS a\nENV A=1\nFROM y\nWORKDIR $A', '$A', false],
    ['FROM x\nENV A=1\nWORKDIR $A', '1', true]
  ])('%j', (source, value, known) => {
    expect(last(source)).toMatchObject({ text: { value }, known })
  })

  it('are those of the time', () => {
    const [, first, , second] = stagesOf('FROM x\nENV A=1\nUSER $A\nENV A=2\nUSER $A').stages[0]!.steps
    expect([first, second].map(s => s!.resolve(Text.file('$A')).text.value)).toEqual(['1', '2'])
  })

  it('do not grow without end', () => {
    const doubling = Array.from({ length: 60 }, (_, i) => `ENV A${i + 1}=$A${i}$A${i}`).join('\n')
    const step = stagesOf(`FROM x\nENV A0=abc\n${doubling}\nUSER $A60`).stages[0]!.steps.at(-1)!
    expect(step.resolve(Text.file('$A60')).known).toBe(false)
  })
})

describe('the system of a stage', () => {
  it.each<[string, string, string[]]>([
    ['the image', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022', ['windows']],
    ['the image', 'FROM alpine', ['linux']],
    ['the image, by a default', 'ARG BASE=mcr.microsoft.com/windows/servercore:ltsc2019\nFROM $BASE', ['windows']],
    ['part of the image', 'FROM mcr.microsoft.com/windows/servercore:$(TAG)', ['windows']],
    ['part of the image', 'ARG TAG\nARG IMAGE=mcr.microsoft.com/windows/servercore:$TAG\nFROM $IMAGE', ['windows']],
    ['a template', 'FROM mcr.microsoft.com/windows/{{ env.variant }}:{{ env.release }}', ['windows']],
    ['the platform', 'FROM --platform=windows/amd64 golang', ['windows']],
    ['the platform', 'FROM --platform=linux/amd64 golang\nRUN go build -o C:\\x.exe', ['linux']],
    ['no platform', 'FROM --platform=$BUILDPLATFORM golang', ['unknown']],
    ['nothing', 'FROM golang', ['unknown']],
    ['nothing', 'FROM $IMAGE', ['unknown']],
    ['the base stage', 'FROM mcr.microsoft.com/windows/servercore AS a\nFROM a AS b\nFROM b', ['windows', 'windows', 'windows']],
    ['the stages on it', 'FROM example AS a\nFROM a\nSHELL ["powershell"]', ['windows', 'windows']],
    ['SHELL', 'FROM example\nSHELL ["powershell", "-Command"]', ['windows']],
    ['SHELL', 'FROM example\nSHELL ["C:\\\\Windows\\\\System32\\\\cmd.exe", "/S", "/C"]', ['windows']],
    ['SHELL', 'FROM example\nSHELL ["/bin/bash", "-c"]', ['linux']],
    ['pwsh, which runs on both', '# escape=`\nFROM example\nSHELL ["pwsh", "-Command"]\nRUN Remove-Item x', ['unknown']],
    ['the escape character', '# escape=`\nFROM example', ['windows']],
    ['the escape character is weak', '# escape=`\nFROM example\nRUN apt-get update', ['linux']],
    ['WORKDIR', 'FROM example\nWORKDIR C:\\app', ['windows']],
    ['COPY', 'FROM example\nCOPY a C:/app/', ['windows']],
    ['COPY, its source is not of the image', 'FROM example\nCOPY /usr/bin/a b', ['unknown']],
    ['ENV', 'FROM example\nENV JAVA_HOME=C:\\\\java', ['windows']],
    ['USER', 'FROM example\nUSER ContainerAdministrator', ['windows']],
    ['USER', 'FROM example\nUSER root', ['linux']],
    ['RUN', 'FROM example\nRUN setx /M PATH x', ['windows']],
    ['RUN', 'FROM example\nRUN cmd /c x', ['windows']],
    ['RUN', 'FROM example\nRUN Invoke-WebRequest x -OutFile y', ['windows']],
    ['RUN', 'FROM example\nRUN start /w x.msi', ['windows']],
    ['RUN', 'FROM example\nRUN a && apt-get update', ['linux']],
    ['RUN', 'FROM example\nRUN ./configure && make', ['linux']],
    ['a word is not a command', 'FROM example\nRUN echo apt-get setx', ['unknown']],
    ['an address is not a path', 'FROM example\nRUN fetch http://x/usr https://y/etc', ['unknown']],
    ['.exe alone is a hint', 'FROM example\nRUN go build -o x.exe', ['unknown']],
    ['ENTRYPOINT', 'FROM example\nENTRYPOINT ["app.exe"]', ['windows']],
    ['contradictions', 'FROM example\nRUN apt-get install wine && wine msiexec /i C:\\x.msi', ['unknown']],
    ['a Linux name on a local image', 'FROM ruby\nRUN C:\\ruby\\bin\\gem install x', ['unknown']],
    ['the other stages', 'FROM golang AS b\nFROM mcr.microsoft.com/windows/nanoserver', ['windows', 'windows']],
    ['the other stages', 'FROM golang AS b\nRUN go build\nFROM alpine', ['linux', 'linux']],
    ['the other stages, if they agree', 'FROM golang AS b\nFROM alpine\nFROM mcr.microsoft.com/windows/nanoserver', ['unknown', 'linux', 'windows']],
    ['not a stage with a platform', 'FROM --platform=$BUILDPLATFORM golang AS b\nFROM mcr.microsoft.com/windows/nanoserver', ['unknown', 'windows']],
    ['not in a file that chooses by system', 'FROM alpine AS tool-linux\nFROM scratch AS tool-windows\nFROM tool-${TARGETOS}', ['linux', 'unknown', 'unknown']],
    ['a build on Linux for Windows', 'FROM --platform=linux/amd64 golang AS b\nRUN GOOS=windows go build -o a.exe\nFROM mcr.microsoft.com/windows/servercore:ltsc2022 AS w\nCOPY --from=b a.exe a.exe\nFROM ubuntu AS l', ['linux', 'windows', 'linux']],
    ['Windows in a machine on Linux', 'FROM dockurr/windows\nENV VERSION=11', ['linux']],
    ['no word of Windows but in names', 'FROM alpine:3 AS windows\nRUN apk add curl\nFROM scratch\nCOPY --from=windows /opt/x.exe /bin/', ['linux', 'linux']]
  ])('by %s: %j', (_, source, expected) => {
    expect(systems(source)).toEqual(expected)
  })

  it('comes with evidence where it is written', () => {
    const source = '# escape=`\nFROM example/x:1-nanoserver-1809\nWORKDIR C:\\app\nUSER ContainerUser\n'
    const [stage] = stagesOf(source).stages
    expect(stage!.build).toBe(17763)
    expect(stage!.evidence.map(e => [source.slice(...e.range), e.says])).toEqual([
      ['example/x:1-nanoserver-1809', 'the tag 1-nanoserver-1809 says nanoserver'],
      ['C:\\', 'a path with a drive letter: C:\\'],
      ['ContainerUser', 'the user is ContainerUser'],
      ['# escape=`', 'the escape character is `']
    ])
  })

  it('has the build of its platform', () => {
    expect(stagesOf('FROM --platform=windows(10.0.20348.1)/amd64 x').stages[0]!.build).toBe(20348)
  })

  it('shows all of a program', () => {
    const source = 'FROM x\nRUN a && my-setup.msi /q'
    expect(source.slice(...stagesOf(source).stages[0]!.evidence[0]!.range)).toBe('my-setup.msi')
  })
})

describe('the shell', () => {
  const windows = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\n'
  it.each<[string, string[]]>([
    [`${windows}RUN a`, ['cmd']],
    ['FROM alpine\nRUN a', ['bash']],
    ['FROM $X\nRUN a', ['unknown']],
    ['FROM $X\nSHELL ["pwsh", "-c"]\nRUN a', ['powershell']],
    [`${windows}RUN a\nSHELL ["powershell"]\nRUN b\nSHELL ["cmd", "/S", "/C"]\nRUN c`, ['cmd', 'powershell', 'cmd']],
    [`${windows}SHELL ["C:\\\\Program Files\\\\PowerShell\\\\7\\\\pwsh.exe", "-c"]\nRUN a`, ['powershell']],
    ['FROM alpine\nSHELL ["/bin/ash", "-eo", "pipefail", "-c"]\nRUN a', ['bash']],
    ['FROM alpine\nSHELL ["/usr/bin/python", "-c"]\nRUN a', ['unknown']],
    ['FROM alpine AS a\nSHELL ["pwsh"]\nFROM a\nRUN b\nFROM alpine\nRUN c', ['powershell', 'bash']],
    ['FROM golang:1.22-windowsservercore\nRUN a', ['powershell']],
    ['FROM mcr.microsoft.com/dotnet/framework/sdk:4.8\nRUN a', ['powershell']],
    ['FROM example:ltsc2022\nRUN a\nRUN Invoke-WebRequest b', ['cmd', 'powershell']],
    [`${windows}HEALTHCHECK CMD a\nONBUILD RUN b\nSHELL ["powershell"]`, ['powershell', 'powershell']],
    ['FROM alpine\nRUN <<EOF\n#!/usr/bin/env -S pwsh -c\na\nEOF\nRUN <<EOF\n#!/usr/bin/python3\na\nEOF\nRUN <<EOF\na\nEOF', ['powershell', 'unknown', 'bash']],
    [`${windows}RUN <<EOF\n#!/bin/sh\na\nEOF`, ['cmd']]
  ])('%j', (source, shells) => {
    expect(shellsOf(source)).toEqual(shells)
  })
})

it('an instruction before the first stage has none', () => {
  const source = 'ARG A\nRUN b\nFROM c'
  const { problems, globals } = stagesOf(source)
  expect(problems.map(p => source.slice(...p.range))).toEqual(['RUN b'])
  expect(globals.map(s => s.instruction.name)).toEqual(['ARG'])
})

it('any word is expanded, with every range inside it', () => {
  const part = fc.constantFrom('$', '${', '}', 'A', 'B', ':-', ':+', '-', '?', '#', '%', '/', '"', "'", '\\', '`', '$(A)', '{{', '}}', ' ', 'é', '$A', '${A:-', 'x')
  fc.assert(fc.property(fc.array(part, { maxLength: 30 }).map(p => p.join('')), fc.constantFrom('\\' as const, '`' as const), (word, escape) => {
    const { text, known, holes = [] } = expandWord(Text.file(word), escape, name => (name === 'A' ? { value: 'long value', known: true, overridable: false } : undefined))
    expect(known).toBe(holes.length === 0)
    for (const [start, end] of holes) expect(0 <= start && start <= end && end <= text.value.length).toBe(true)
    for (let at = 0; at < text.value.length; at++) {
      const [start, end] = text.range(at, at + 1)
      expect(0 <= start && start < end && end <= word.length).toBe(true)
    }
  }), { numRuns: Number(process.env.PORTHOLE_FUZZ_RUNS ?? 2000) })
})
