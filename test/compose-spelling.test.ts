import { describe, expect, it } from 'vitest'
import { knowledge } from '../src/knowledge.ts'
import type { Row } from '../src/matrix.ts'
import { Text } from '../src/text.ts'
import { mark, unmark } from './marked.ts'
import { documentOf } from './spelled-compose.ts'

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
