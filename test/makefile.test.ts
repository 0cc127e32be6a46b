import { describe, expect, it } from 'vitest'
import makefile from '../src/languages/makefile.ts'
import { Embedding } from './embedding.ts'

const makefiles = new Embedding(makefile, 'Makefile')

const nestings: (readonly [string, string])[] = [
  ['a recipe', 'a:\n\tdocker run ⟦--network host⟧ x\n'],
  ['a recipe on the line of its rule', 'a: b ; docker run ⟦--network host⟧ x\n'],
  ['marks', 'a:\n\t@docker run ⟦--network host⟧ x\n\t-@ docker run ⟦--network host⟧ y\n\t+docker run ⟦--network=host⟧ z'],
  ['lines that go on', 'a:\n\tdocker run \\\n\t\t-it \\\n\t\t⟦--network \\\n\thost⟧ x\n'],
  ['another prefix', '.RECIPEPREFIX = >\na:\n>docker run ⟦--network host⟧ x\n\tdocker run --network host y\n'],
  ['a loop of the shell', 'a:\n\tfor i in 1 2; do \\\n\t  docker run ⟦--network host⟧ x$$i; \\\n\tdone\n'],
  ['a variable of the shell', 'a:\n\tN=host; docker run ⟦--network $$N⟧ x\n'],
  ['a variable', 'NET := host\na:\n\tdocker run ⟦--network $(NET)⟧ x\n'],
  ['a variable of a variable', 'DOCKER ?= docker\nNET = $(KIND)\nKIND ?= host # a\na:\n\t$(DOCKER) run ⟦--network=${NET}⟧ x\n'],
  ['flags in a variable', 'OPTIONS = --rm --network host\na:\n\tdocker run ⟦$(OPTIONS)⟧ x\n'],
  ['beside what is computed', 'a:\n\tdocker run -e A=$(B) ⟦--network host⟧ $(IMAGE) $@\n'],
  ['a function', 'ID := $(shell docker run ⟦--network host⟧ x)\n'],
  ['a function in a recipe', 'a:\n\techo $(strip $(shell docker run ⟦--network host⟧ x))\n'],
  ['an assignment of what a shell says', 'ID != docker run ⟦--network host⟧ x\n'],
  ['a definition', 'define start\n@docker run ⟦--network host⟧ $(1)\nendef\na:\n\t$(call start,x)\n'],
  ['one shell', '.ONESHELL:\na:\n\tNET=host\n\tdocker run ⟦--network $$NET⟧ x\n'],
  ['PowerShell', 'SHELL := pwsh.exe\n.SHELLFLAGS := -Command\na:\n\tif ($$true) { docker run ⟦--network host⟧ x }\n'],
  ['cmd', 'ifeq ($(OS),Windows_NT)\nSHELL := cmd.exe\nelse\nSHELL := /bin/bash\nendif\na:\n\tdocker run -v %CD%:C:\\a ⟦--network host⟧ x\n'],
  ['a branch for Windows', 'a:\nifeq ($(OS),Windows_NT)\n\tdocker run ⟦--network host⟧ x\nelse\n\tdocker run --network host y\nendif\n'],
  ['a branch for others', 'a:\nifneq ($(OS), Windows_NT)\n\tdocker run --network host x\nelse\n\tdocker run ⟦--network host⟧ y\nendif\n'],
  ['a branch by uname', 'UNAME := $(shell uname -s)\na:\nifeq ($(UNAME),Linux)\n\tdocker run --network host x\nelse ifeq ($(UNAME),Darwin)\n\tdocker run --network host x\nelse\n\tdocker run ⟦--network host⟧ y\nendif\n'],
  ['a branch of something else', 'a:\nifdef DEBUG\n\tdocker run ⟦--network host⟧ x\nendif\n\n# docker\n\tdocker run ⟦--network host⟧ y\n']
]

describe('makefiles', () => {
  it.each(nestings)('%s', async (_, marked) => {
    expect(await makefiles.marked(marked)).toBe(marked)
    const crlf = marked.replaceAll('\n', '\r\n')
    expect(await makefiles.marked(crlf)).toBe(crlf)
  })

  it.each([
    ['comments', '# docker run --network host x\na: # docker run --network host x\n\t# docker run --network host x\n'],
    ['messages', 'a:\n\t@echo "docker run --network host x"\n\t$(info docker run --network host x)\n$(warning docker run --network host x)\n'],
    ['a text', 'define USAGE\ndocker run --network host x\nendef\nexport USAGE\na:\n\t@echo "$$USAGE"\n'],
    ['what a variable holds', 'A = docker run --network host x\n'],
    ['a variable that is set twice', 'NET = host\nNET = b\na:\n\tdocker run --network $(NET) x\n'],
    ['a variable that is set in a branch', 'ifdef A\nNET = host\nendif\na:\n\tdocker run --network $(NET) x\n'],
    ['a variable that is not set', 'a:\n\tdocker run --network $(NET) $(OPTIONS) x\n'],
    ['a variable that holds itself', 'NET = $(NET)host\na:\n\tdocker run --network $(NET) x\n'],
    ['another program', 'DOCKER = podman\na:\n\t$(DOCKER) run --network host x # docker\n'],
    ['another shell', 'SHELL = /usr/bin/python3\na:\n\tdocker run --network host x\n']
  ])('not %s', async (_, source) => {
    expect(await makefiles.found(source)).toEqual([])
  })

  it('knows a branch for Windows as evidence', async () => {
    const { diagnostics } = await makefiles.lint('a:\nifeq ($(OS),Windows_NT)\n\tdocker run --network host x\nendif\n', { platform: 'auto' })
    expect(diagnostics).toHaveLength(1)
  })

  it('takes its time on no makefile', async () => {
    for (const part of ['$(', '$(shell ', 'A=$(A)\n', 'ifeq (a,b)\n', 'a:\n\t\\\n', '$$', 'define a\n']) await makefiles.lint(`docker:\n\t${part.repeat(20_000)}`)
    const doubled = Array.from({ length: 60 }, (_, index) => `A${index} = $(A${index + 1})$(A${index + 1})\n`).join('')
    await makefiles.lint(`${doubled}A60 = x\na:\n\tdocker run $(A0)\n`)
  })
})
