import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import rules from '../rules/index.ts'
import { diagnosticsOf } from './linting.ts'
import { mark, unmark } from './marked.ts'

/** Paths that stand for the languages of examples. */
const paths: Readonly<Record<string, string>> = { compose: 'compose.yaml', stack: 'stack.yaml', bash: 'a.sh', powershell: 'a.ps1', cmd: 'a.cmd', dockerfile: 'Dockerfile', 'daemon-json': 'daemon.json' }

/** The examples in the page of a rule are its tests. */
describe.each(rules)('the page of $id', rule => {
  const page = `rules/${rule.id}.md`
  const examples = existsSync(page) ? [...readFileSync(page, 'utf8').matchAll(/^```([\w-]+) (error|ok) ?(.*)\n([^]*?)^```$/gm)] : []

  it('has an example of what is reported, and says where it is known from', () => {
    const text = readFileSync(page, 'utf8')
    expect(examples.some(([, , kind]) => kind === 'error')).toBe(true)
    expect(text).toMatch(/^## Sources$/m)
    expect(text.startsWith(`# ${rule.id}\n`)).toBe(true)
  })

  it.each(examples.map(([, language, kind, targets, marked]) => ({ language: language!, kind: kind!, targets: targets!, marked: marked! })))('$language $kind $targets: $marked', async ({ language, kind, targets, marked }) => {
    const { source, ranges } = unmark(marked)
    expect(ranges.length > 0).toBe(kind === 'error')
    const found = await diagnosticsOf({ source, path: paths[language]!, targets: targets === '' ? [] : [targets] })
    const ours = found.filter(diagnostic => diagnostic.rule === rule.id).map(({ range }) => range)
    expect(mark(source, unique(ours))).toBe(marked)
  })
})

const unique = (ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] => [...new Map(ranges.map(range => [range.join(), range])).values()]
