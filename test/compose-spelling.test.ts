import { describe, expect, it } from 'vitest'
import { knowledge } from '../src/knowledge.ts'
import type { ComposeSpelling, Row } from '../src/matrix.ts'
import { parsePath } from '../src/spelling.ts'
import { Text } from '../src/text.ts'
import { mark, unmark } from './marked.ts'
import { sampleOf } from './spelling-sample.ts'

/** A compose document that spells a feature, marked where it does. */
function documentOf({ path, value, absent, example }: ComposeSpelling): string {
  const segments = parsePath(path)
  if (absent) return `services: {web: {image: i}}\n${segments[0]}:\n  ⟦lan⟧: {${segments[0] === 'services' ? 'image: i' : ''}}\n`.replace(/^services: .*\n(?=services)/, '')
  const leaf = example === undefined ? sampleOf(value) : example
  const head = segments[0] === 'services' ? '' : 'services: {web: {image: i}}\n'
  return head + linesOf(segments.map(segment => (segment === '*' ? 'lan' : segment.startsWith('<') ? sampleOf(segment)! : segment)), leaf).join('\n') + '\n'
}

/** Values in double quotes, so that backslashes and colons are what they are. */
const written = (leaf: unknown): string => (typeof leaf === 'string' && !/^(true|false|-?\d+(\.\d+)?)$/.test(leaf) ? JSON.stringify(leaf) : typeof leaf === 'object' ? JSON.stringify(leaf) : String(leaf))

function linesOf([segment, ...rest]: readonly string[], leaf: unknown, depth = 0): string[] {
  const indent = '  '.repeat(depth)
  const isItem = rest[0] === '[]'
  const name = /^[\w-]+$/.test(segment!) ? segment! : JSON.stringify(segment)
  if (rest.length === 0) return [leaf === undefined ? `${indent}⟦${name}⟧: {}` : typeof leaf === 'object' ? `${indent}⟦${name}⟧: ${written(leaf)}` : `${indent}⟦${name}: ${written(leaf)}⟧`]
  if (!isItem) return [`${indent}${name}:`, ...linesOf(rest, leaf, depth + 1)]
  if (rest.length === 1) return [`${indent}${name}:`, `${indent}  - ⟦${leaf === undefined ? 'x' : written(leaf)}⟧`]
  const [first, ...below] = linesOf(rest.slice(1), leaf, depth + 2)
  return [`${indent}${name}:`, `${indent}  - ${first!.trimStart()}`, ...below]
}

const compose = knowledge.languages.find(({ id }) => id === 'compose')!

describe.each(knowledge.matrix.rows.filter(({ spelled }) => spelled.compose))('$feature', (row: Row) => {
  it.each(row.spelled.compose!.map(spelling => ({ spelling, title: `${spelling.path}${spelling.absent ? ' missing' : `: ${spelling.value ?? '…'}`}` })))('is found at $title', async ({ spelling }) => {
    const marked = documentOf(spelling)
    const { source } = unmark(marked)
    const reading = await compose.read(Text.file(source), knowledge.matrix, row.entryPoint ? 'docker-compose.stack.yaml' : 'compose.yaml', { environment: new Map() })
    const found = reading!.intents.flatMap(intent => intent.settings).filter(setting => setting.row === row)
    expect([...new Set(found.map(({ range }) => mark(source, [range])))]).toContain(marked)
  })
})
