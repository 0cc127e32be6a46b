import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { knowledge } from '../src/knowledge.ts'

interface Hook { readonly id: string; readonly entry: string; readonly language: string; readonly files: string; readonly require_serial?: boolean }

const hooks = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as Hook[]
const mayBe = (path: string): boolean => knowledge.languages.some(language => language.mayBe(path))

/** As Python's `re.search` reads it. */
const expression = (source: string): RegExp => new RegExp(source.replace(/^\(\?i\)/, ''), 'i')

const names = [
  'compose.yaml', 'deploy/docker-compose.prod.yml', '.gitlab-ci.yml', '.github/workflows/ci.yaml', 'Dockerfile', 'dockerfile', 'a/Dockerfile.windows', 'Dockerfile-dev', 'Dockerfile_dev', 'web.Dockerfile',
  'Containerfile', 'b/Containerfile.ci', 'x.containerfile', 'up.sh', 'up.bash', 'up.zsh', 'up.ksh', 'up.ps1', 'mod.psm1', 'up.cmd', 'UP.BAT', 'README.md', 'a.markdown', 'page.mdx', 'Makefile', 'makefile', 'GNUmakefile',
  'Makefile.win', 'rules.mk', 'x.mak', 'Jenkinsfile', 'ci/Jenkinsfile.deploy', 'Jenkinsfile-nightly', 'my.jenkinsfile', 'ci-jenkinsfile', 'vars/build.groovy', 'package.json', 'daemon.json', '.devcontainer/devcontainer.json', '.devcontainer.json',
  'a.js', 'a.mjs', 'a.cjs', 'a.ts', 'a.mts', 'a.cts', 'a.jsx', 'a.tsx', 'roles/x/tasks/main.yml'
]

describe.each(hooks)('the hook $id', ({ files, entry, language }) => {
  it.each(names.filter(mayBe))('gets %s', name => expect(name).toMatch(expression(files)))

  it.each(['notes.txt', 'tsconfig.json', 'Dockerfiles/a.txt', 'image.png', 'main.go', 'a.yamlx', 'src/cmd'])('does not get %s', name => {
    expect(mayBe(name)).toBe(false)
    expect(name).not.toMatch(expression(files))
  })

  it('starts porthole', () => expect([language, entry.split(' ')[0]]).toEqual(['node', 'porthole']))
})

it('every name in the table is one that porthole reads', () => expect(names.filter(name => !mayBe(name))).toEqual([]))

it('files that are named are given to one process', () => expect(hooks.map(({ id, require_serial = false }) => [id, require_serial])).toEqual([['porthole', true], ['porthole-fix', true], ['porthole-all', false]]))
