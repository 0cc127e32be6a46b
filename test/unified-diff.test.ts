import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unifiedDiff } from '../src/unified-diff.ts'

/** Makes of a text what a diff says, strictly: what it keeps and takes out must be there. */
function patched(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const result: string[] = []
  let at = 0
  const lines = diff.match(/[^\n]*\n(?:\\ No newline at end of file\n)?/g)?.map(line => line.replace(/\n\\ No newline[^]*$/, '')) ?? []
  for (const line of lines.slice(2)) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n$/.exec(line)
    if (hunk) {
      const start = Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1)
      result.push(...old.slice(at, start))
      at = start
      expect(Number(hunk[3]) - (hunk[4] === '0' ? 0 : 1)).toBe(result.length)
    } else if (line[0] === '+') result.push(line.slice(1))
    else {
      expect(old[at]).toBe(line.slice(1))
      if (line[0] === ' ') result.push(old[at]!)
      at++
    }
  }
  return [...result, ...old.slice(at)].join('')
}

const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\r\n', '\n', 'e'), { maxLength: 40 }).map(lines => lines.join(''))

describe('a diff', () => {
  it.each([
    ['a\nb\nc\n', 'a\nX\nc\n', '@@ -1,3 +1,3 @@\n a\n-b\n+X\n c\n'],
    ['', 'a\n', '@@ -0,0 +1 @@\n+a\n'],
    ['a\n', '', '@@ -1 +0,0 @@\n-a\n'],
    ['a', 'b', '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n'],
    ['1\n2\n3\n4\n5\n6\n7\n8\n9\n', '2\n3\n4\n5\n6\n7\n8\n', '@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -6,4 +5,3 @@\n 6\n 7\n 8\n-9\n']
  ])('of %j and %j', (before, after, hunks) => {
    expect(unifiedDiff('x', before, after)).toBe(`--- x\n+++ x\n${hunks}`)
  })

  it('is empty where nothing has changed', () => expect(unifiedDiff('x', 'a\n', 'a\n')).toBe(''))

  it('makes the one of the other', () => {
    fc.assert(fc.property(text, text, (before, after) => patched(before, unifiedDiff('x', before, after)) === after), { numRuns: 2000 })
  })

  it('takes out and puts in no more than it must', () => {
    const lines = Array.from({ length: 300 }, (_, at) => `${at}\n`)
    const diff = unifiedDiff('x', lines.join(''), lines.filter((_, at) => at % 3 > 0).join(''))
    expect(diff.match(/^-\d/gm)).toHaveLength(100)
    expect(diff.match(/^\+\d/gm)).toBeNull()
  })

  it('of texts with nothing in common takes little time', () => {
    const many = (of: string): string => Array.from({ length: 50_000 }, (_, at) => `${of}${at}\n`).join('')
    const start = Date.now()
    expect(unifiedDiff('x', many('a'), many('b')).split('\n')).toHaveLength(100_004)
    expect(Date.now() - start).toBeLessThan(5000)
  })

  it('is read by patch', ({ skip }) => {
    if (spawnSync('patch', ['--version']).status !== 0) skip('there is no `patch` here')
    const folder = mkdtempSync(join(tmpdir(), 'porthole-'))
    try {
      fc.assert(fc.property(text, text, (before, after) => {
        // A file that patch leaves empty is deleted by it.
        if (before === after || after === '' || before === '') return
        writeFileSync(join(folder, 'x'), before)
        const { status, stderr } = spawnSync('patch', ['-p0', '--binary', '--no-backup-if-mismatch'], { cwd: folder, input: unifiedDiff('x', before, after), timeout: 10_000 })
        expect(`${status} ${stderr.toString()}`).toBe('0 ')
        expect(readFileSync(join(folder, 'x'), 'utf8')).toBe(after)
      }), { numRuns: 60 })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 60_000)
})
