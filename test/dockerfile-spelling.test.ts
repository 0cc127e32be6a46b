import { describe, expect, it } from 'vitest'
import { knowledge } from '../src/knowledge.ts'
import type { DockerfileSpelling, Row } from '../src/matrix.ts'
import { Text } from '../src/text.ts'
import { mark, unmark } from './marked.ts'

const language = knowledge.languages.find(({ id }) => id === 'dockerfile')!
const windowsStage = 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\n'

describe.each(knowledge.matrix.rows.filter(({ spelled }) => spelled.dockerfile))('$feature', (row: Row) => {
  it.each(row.spelled.dockerfile!.map(spelling => ({ spelling, title: spelling.example ?? JSON.stringify(spelling) })))('is found in $title', async ({ spelling }: { spelling: DockerfileSpelling }) => {
    expect(spelling.example, 'an example with marks').toBeDefined()
    // Without marks, the instruction as a whole is meant.
    const example = spelling.example!.includes('⟦') ? spelling.example! : `⟦${spelling.example!}⟧`
    const marked = /^(FROM|#)/.test(example) ? example : windowsStage + example
    for (const newline of ['\n', '\r\n']) {
      const { source } = unmark(marked.replaceAll('\n', newline))
      const reading = await language.read(Text.file(source), knowledge.matrix, 'Dockerfile', { environment: new Map() })
      const found = reading!.intents.flatMap(intent => intent.settings).filter(setting => setting.row === row)
      expect([...new Set(found.map(({ range }) => mark(source, [range])))]).toContain(marked.replaceAll('\n', newline))
    }
  })
})
