import { expect, it } from 'vitest'
import { Progress } from '../src/progress.ts'
import { RunStatistics } from '../src/run-statistics.ts'

/** A terminal that keeps what is written to it, and a clock that a test turns. */
function terminal(columns?: number): { written: string[]; now: number; progress: Progress } {
  const state = { written: [] as string[], now: 0 }
  return Object.assign(state, { progress: new Progress({ ...(columns === undefined ? {} : { columns }), write: text => state.written.push(text) }, () => state.now) })
}

it('short work shows nothing', () => {
  const { progress, written } = terminal()
  progress.found(2)
  progress.starts('a.yaml')
  progress.end()
  expect(written).toEqual([])
})

it('long work shows a line now and then, and takes it away', () => {
  const shown = terminal()
  shown.progress.found(3)
  for (const [now, path] of [[0, 'a'], [600, 'b'], [650, 'c'], [800, 'd']] as const) {
    shown.now = now
    shown.progress.starts(path)
  }
  expect(shown.written).toEqual(['\r\x1b[K2/3 b', '\r\x1b[K4/4 d'])
  shown.progress.end()
  expect(shown.written.at(-1)).toBe('\r\x1b[K')
  shown.progress.end()
  expect(shown.written).toHaveLength(3)
})

it.each([
  ['a path that is too long keeps its end', 'deploy/windows/compose.yaml', '1/1 s/compose.yaml'],
  ['characters that a terminal obeys are none', 'a\x1b[2J\nb\x9b', '1/1 a?[2J?b?'],
  ['half a character is none', '😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀', '1/1 😀😀😀😀😀😀😀😀😀😀😀😀😀😀']
])('%s', (_, path, line) => {
  const shown = terminal(19)
  shown.progress.found(1)
  shown.now = 1000
  shown.progress.starts(path)
  expect(shown.written).toEqual([`\r\x1b[K${line}`])
})

it('statistics add up what was read and where the time went', () => {
  let now = 40
  const statistics = new RunStatistics(() => now)
  const read = (path: string, language: string | undefined, milliseconds: number): void => {
    statistics.starts()
    now += milliseconds
    statistics.ends(path, language, 1500)
  }
  now = 50
  statistics.found()
  statistics.ignores()
  read('a.yaml', 'compose', 20)
  read('b.yaml', 'compose', 10)
  read('c.ps1', 'powershell', 60)
  read('d.yaml', undefined, 1)
  statistics.linted()
  now += 5
  expect(statistics.text().split('\n')).toEqual([
    'porthole: powershell: 1 file, 2 thousand characters, 60 ms',
    'porthole: compose: 2 files, 3 thousand characters, 30 ms',
    'porthole: nothing that speaks of Docker: 1 file, 2 thousand characters, 1 ms',
    'porthole: 1 file left out by the configuration',
    'porthole: start 40 ms, search 10 ms, lint 91 ms, report 5 ms',
    'porthole: slowest: c.ps1, 60 ms',
    ''
  ])
})
