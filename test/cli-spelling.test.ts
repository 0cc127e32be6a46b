import { describe, expect, it } from 'vitest'
import { knowledge } from '../src/knowledge.ts'
import type { CliSpelling, Row } from '../src/matrix.ts'
import { Text } from '../src/text.ts'
import { mark, unmark } from './marked.ts'
import { commandLine, shells } from './spelled-command.ts'

const rows = knowledge.matrix.rows.filter(({ spelled }) => spelled.cli)

describe.each(Object.entries(shells))('in %s', (id, { path, quote }) => {
  const language = knowledge.languages.find(candidate => candidate.id === id)!
  it.each(rows.flatMap((row, index) => row.spelled.cli!.flatMap(spelling => spelling.command.map(command => ({ row, spelling, command, title: `${row.feature} ${index}` })))))('$title is found as it is spelled for docker $command', async ({ row, spelling, command }: { row: Row; spelling: CliSpelling; command: string }) => {
    const { source: marked, isExact } = commandLine(spelling, command, quote)
    const { source } = unmark(`${marked}\n`)
    const reading = await language.read(Text.file(source), knowledge.matrix, path, { environment: new Map() })
    const found = reading!.intents.flatMap(intent => intent.settings).filter(setting => setting.row === row)
    expect(found.length, marked).toBeGreaterThan(0)
    if (isExact) expect(found.map(({ range }) => mark(source, [range]))).toContain(`${marked}\n`)
    else for (const { value, range } of found) expect([value, `--${spelling.flag}`]).toContain(value !== undefined && source.slice(...range).includes(value) ? value : source.slice(...range).slice(0, spelling.flag!.length + 2))
  })
})
