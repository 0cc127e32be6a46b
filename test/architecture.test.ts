import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')

const sourcesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? sourcesBelow(`${folder}/${entry.name}`) : entry.name.endsWith('.ts') ? [`${folder}/${entry.name}`] : []))

const sources = [...sourcesBelow('src'), ...sourcesBelow('rules')].filter(path => !path.startsWith('src/generated/'))

/** What a file imports for its code, types left out: files by path, packages by name. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  const specifiers = [...text.matchAll(/^(?:import|export)(?! type\b)[^'"]*?from '([^']+)'|import\('([^']+)'\)/gm)].map(match => match[1] ?? match[2]!)
  return specifiers.map(specifier => (specifier.startsWith('.') ? relative(root, resolve(root, path, '..', specifier)).replaceAll('\\', '/') : specifier))
}

/** Everything that only the command line may use. */
const program = /^src\/(bin|cli|settings|report-output|run|joint-lint|files|result-cache|worker-pool|lint-worker|folder-variables|fix-file|fix-run|config-file|baseline-file|inspect|project-files|project-target|system-subject|file-reading|migrate|server[-a-z]*|help|init|git|progress|run-statistics|action|explain|why|watch|comparison|matrix-table|merge|shard-report|formatters\/.*)\.ts$/

describe.each(sources.map(path => ({ path })))('$path', ({ path }) => {
  const imports = importsOf(path)
  const text = readFileSync(join(root, path), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '')

  it('uses Node only in the command line', () => {
    if (program.test(path)) return
    expect(imports.filter(name => name.startsWith('node:'))).toEqual([])
    expect(text).not.toMatch(/\bprocess\.|\bBuffer\b|\bconsole\./)
  })

  it('keeps languages from rules, targets and effects', () => {
    if (!path.startsWith('src/languages/')) return
    expect(imports.filter(name => /^rules\/|^src\/(rule|target|linter|diagnostic|formatter|position)\.ts$/.test(name))).toEqual([])
  })

  it('keeps the matrix and the rules from languages', () => {
    if (!/^(rules\/|src\/(matrix|rule|target|linter)\.ts$)/.test(path)) return
    expect(imports.filter(name => name.startsWith('src/languages/'))).toEqual([])
  })

  it('keeps formatters from everything but reports and positions', () => {
    if (!path.startsWith('src/formatters/')) return
    expect(imports.filter(name => !/^src\/(diagnostic|explanation|finding|fingerprint|formatter|position|matrix|xml|formatters\/.*)\.ts$/.test(name))).toEqual([])
    expect(text).not.toMatch(/process\.|stdout|exitCode/)
  })

  it('counts lines only at the edge', () => {
    if (program.test(path) || path === 'src/finding.ts') return
    expect(imports.filter(name => name === 'src/position.ts' && path !== 'src/index.ts')).toEqual([])
  })
})
