import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { optionHelp } from '../../src/help.ts'
import { options } from '../../src/option.ts'
import { diagnosticsOf } from '../linting.ts'
import { has, program, root, Workspace } from './workspace.ts'

let workspace: Workspace

/** The lines of the page on integrations that set the completions up. */
const setup = readFileSync(`${root}/examples/integrations/README.md`, 'utf8').split('\n').filter(line => line.includes('porthole completions ')).map(line => line.split(/ +# /)[0]!)

beforeAll(() => {
  workspace = new Workspace()
  workspace.write('bin/porthole', `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, 0o755)
  workspace.write('here/my files/compose.yaml', 'services: {}\n')
  workspace.write('here/pipeline.yml', '')
})
afterAll(() => workspace.remove())

const setupFor = (shell: string): string => setup.find(line => line.includes(`completions ${shell}`))!

const run = async (shell: string, script: string): Promise<string[]> => {
  const { stdout, stderr } = await workspace.run(shell, [...(shell === 'fish' ? [] : shell === 'zsh' ? ['-f'] : ['--norc']), '-c', script], { in: 'here', env: { PATH: `${workspace.path('bin')}:${process.env.PATH}` } })
  expect(stderr).toBe('')
  return stdout.split('\n').filter(line => line !== '').map(line => line.split('\t')[0]!.trim())
}

/** What is typed, the last word being completed, and some of what must be offered, or all of it. */
const cases: readonly [typed: readonly string[], offered: readonly string[], all?: boolean][] = [
  [['--form'], ['--format'], true],
  [['--format', 'sa'], ['sarif'], true],
  [['-f', 'git'], ['github', 'gitlab'], true],
  [['--platform', ''], ['auto', 'windows'], true],
  [['--target', 'ws2019,ws202'], ['ws2019,ws2022', 'ws2019,ws2025'], true],
  [['--baseline', 'p'], ['prune'], true],
  [['ex'], ['explain'], true],
  [['pi'], ['pipeline.yml'], true],
  [['explain', 'no-host'], ['no-host-network'], true],
  [['explain', ''], ['internal-network', 'no-host-network']],
  [['completions', ''], ['bash', 'fish', 'powershell', 'zsh'], true],
  [['.', '--no-c'], ['--no-color', '--no-config'], true]
]

const check = (found: readonly string[], offered: readonly string[], all = false): void => {
  if (all) expect([...found].sort()).toEqual([...offered].sort())
  else expect(found).toEqual(expect.arrayContaining([...offered]))
}

describe.skipIf(!has('bash', 'completions in bash'))('bash', () => {
  const complete = (words: readonly string[]): Promise<string[]> =>
    run('bash', `${setupFor('bash')}; COMP_WORDS=(porthole ${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _porthole 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`)

  it.each(cases)('completes %j', async (typed, offered, all) => check(await complete(typed), offered, all))

  it('completes the value behind =, which bash takes for a word', async () => {
    check(await complete(['--format', '=', 'sa']), ['sarif'], true)
    check(await complete(['--format', '=']), [...optionHelp.format.values!], true)
  })

  it('leaves the names of files to the shell', async () => {
    check(await complete(['--config', 'pipe']), [], true)
    check(await complete(['.', 'my']), [], true)
    check(await run('bash', `${setupFor('bash')}; complete -p porthole`), ['complete -o default -F _porthole porthole'], true)
    check(await complete(['my']), ['my files'], true)
  })
})

describe.skipIf(!has('fish', 'completions in fish'))('fish', () => {
  it.each(cases)('completes %j', async (typed, offered, all) => {
    const found = await run('fish', `porthole completions fish | source; complete --do-complete='porthole ${typed.join(' ')}'`)
    check(found, offered, all)
  })

  it('finds the script where the page puts it', async () => {
    check(await run('fish', `mkdir -p ~/.config/fish/completions; ${setupFor('fish')}; complete --do-complete='porthole --form'`), ['--format'], true)
  })
})

describe.skipIf(!has('zsh', 'completions in zsh'))('zsh', () => {
  // A terminal of zsh's own: what is typed is followed by a tab, and what the completer adds is recorded.
  const complete = (typed: string): Promise<string[]> => run('zsh', `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PROMPT=; autoload -Uz compinit; compinit -u -d /dev/null; ${setupFor('zsh')}; compadd() { builtin compadd -O found "$@" 2>/dev/null; print -rl -- $found > >(cat >> ${workspace.path('found')}); builtin compadd "$@"; }; echo rea""dy'
zpty -r shell line '*ready*'
zpty -w -n shell 'porthole ${typed}'$'\\t'
sleep 1
zpty -d shell
sort -u ${workspace.path('found')}; rm -f ${workspace.path('found')}`)

  it.each([
    ['--fo', ['--force', '--force-exclude', '--format']],
    ['--format sa', ['sarif']],
    ['ex', ['explain']],
    ['explain no-host', ['no-host-network']]
  ])('completes %s', async (typed, offered) => check(await complete(typed), offered))
})

it('PowerShell gets a script that can be read, with every option', async () => {
  const { stdout } = await workspace.porthole(['completions', 'powershell'])
  const found = await diagnosticsOf({ source: `${stdout}\ndocker run --network host x\n`, path: 'completion.ps1' })
  expect(found.map(({ rule }) => rule)).toEqual(['no-host-network'])
  for (const name of Object.keys(options)) expect(stdout).toContain(`'--${name}' = `)
})

it.each([[[], 'name one shell'], [['bahs'], 'did you mean `bash`'], [['bash', 'zsh'], 'name one shell']])('completions %j is refused', async (operands, message) => {
  expect(await workspace.porthole(['completions', ...operands])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) })
})
