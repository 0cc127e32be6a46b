import type { Range } from '../src/text.ts'

/** Takes out the marks ⟦ ⟧ that show what must be underlined. */
export function unmark(marked: string): { source: string; ranges: Range[] } {
  const ranges: [number, number][] = []
  const open: [number, number][] = []
  let source = ''
  for (const part of marked.split(/([⟦⟧])/)) {
    if (part === '⟦') {
      const range: [number, number] = [source.length, -1]
      ranges.push(range)
      open.push(range)
    } else if (part === '⟧') open.pop()![1] = source.length
    else source += part
  }
  return { source, ranges }
}

/** Puts marks around ranges, so that a failure shows where they are. */
export function mark(source: string, ranges: readonly Range[]): string {
  const at = new Map<number, string>()
  for (const [start, end] of ranges) {
    at.set(end, `⟧${at.get(end) ?? ''}`)
    at.set(start, `${at.get(start) ?? ''}⟦`)
  }
  return [...at.entries()].sort((a, b) => b[0] - a[0]).reduce((text, [offset, marks]) => text.slice(0, offset) + marks + text.slice(offset), source)
}
