import type { Edit } from './edit.ts'

/** Lines of the same text around a change. */
const contextLines = 3

/** A text with more lines that differ is not looked at for the least that do. */
const mostEdits = 1000

/** Lines that differ: `[from, to)` of the one stand where `[from, to)` of the other do. */
interface Change {
  readonly before: readonly [from: number, to: number]
  readonly after: readonly [from: number, to: number]
}

/** How a text became another, as `patch` and `git apply` read it; empty if it did not change. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)]
  const hunks = grouped(changesBetween(old, now)).map(changes => hunkText(changes, old, now))
  return hunks.length > 0 ? `--- ${path}\n+++ ${path}\n${hunks.join('')}` : ''
}

/** Edits that make one text of another, line by line. */
export function editsBetween(before: string, after: string): Edit[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  const starts = [0]
  for (const line of old) starts.push(starts.at(-1)! + line.length)
  return changesBetween(old, now).map(change => ({ range: [starts[change.before[0]]!, starts[change.before[1]]!], text: now.slice(...change.after).join('') }))
}

/** Lines with their ends. */
const linesOf = (text: string): string[] => text.match(/[^\n]+\n?|\n/g) ?? []

/** The changes between what both texts begin and end with. */
function changesBetween(old: readonly string[], now: readonly string[]): Change[] {
  let start = 0
  while (start < old.length && old[start] === now[start]) start++
  let [oldEnd, newEnd] = [old.length, now.length]
  while (oldEnd > start && newEnd > start && old[oldEnd - 1] === now[newEnd - 1]) {
    oldEnd--
    newEnd--
  }
  if (start === oldEnd && start === newEnd) return []
  const steps = shortestPath(old.slice(start, oldEnd), now.slice(start, newEnd))
  return steps ? changesOf(steps, start) : [{ before: [start, oldEnd], after: [start, newEnd] }]
}

/** Lines that go and lines that come, by where they stand in both texts. */
type Step = readonly [before: number, after: number, kind: 'gone' | 'new']

/**
 * The fewest lines to take out and put in (Eugene W. Myers, An O(ND) Difference
 * Algorithm and Its Variations, 1986); `undefined` if they are very many.
 */
function shortestPath(old: readonly string[], now: readonly string[]): Step[] | undefined {
  const trace: Int32Array[] = []
  /** The farthest line of the old text that is reached on each diagonal. */
  let reached = new Int32Array(3)
  for (let edits = 0; edits <= mostEdits; edits++) {
    const next = new Int32Array(2 * edits + 3)
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = edits === 0 ? 0 : comesFromAbove(reached, edits, diagonal) ? reached[edits + diagonal + 1]! : reached[edits + diagonal - 1]! + 1
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++
      next[edits + 1 + diagonal] = x
      if (x >= old.length && x - diagonal >= now.length) return stepsBack(trace, edits, diagonal)
    }
    trace.push(next)
    reached = next
  }
  return undefined
}

/** Whether a diagonal is best reached by a line of the new text; `reached` is that of one edit less. */
const comesFromAbove = (reached: Int32Array, edits: number, diagonal: number): boolean =>
  diagonal === -edits || (diagonal !== edits && reached[edits + diagonal - 1]! < reached[edits + diagonal + 1]!)

function stepsBack(trace: readonly Int32Array[], last: number, end: number): Step[] {
  const steps: Step[] = []
  let diagonal = end
  for (let edits = last; edits > 0; edits--) {
    const reached = trace[edits - 1]!
    const isNew = comesFromAbove(reached, edits, diagonal)
    diagonal += isNew ? 1 : -1
    const x = reached[edits + diagonal]!
    steps.unshift([x, x - diagonal, isNew ? 'new' : 'gone'])
  }
  return steps
}

/** Steps that follow each other as one change. */
function changesOf(steps: readonly Step[], offset: number): Change[] {
  const changes: { before: [number, number]; after: [number, number] }[] = []
  for (const [x, y, kind] of steps) {
    const [before, after] = [x + offset, y + offset]
    let change = changes.at(-1)
    if (!change || change.before[1] !== before || change.after[1] !== after) changes.push((change = { before: [before, before], after: [after, after] }))
    if (kind === 'gone') change.before[1]++
    else change.after[1]++
  }
  return changes
}

/** Changes that are near each other make one hunk. */
function grouped(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = []
  for (const change of changes) {
    const last = groups.at(-1)
    if (last && change.before[0] - last.at(-1)!.before[1] <= 2 * contextLines) last.push(change)
    else groups.push([change])
  }
  return groups
}

function hunkText(changes: readonly Change[], old: readonly string[], now: readonly string[]): string {
  const [first, last] = [changes[0]!, changes.at(-1)!]
  const lead = Math.min(contextLines, first.before[0])
  const trail = Math.min(contextLines, old.length - last.before[1])
  const [start, end] = [first.before[0] - lead, last.before[1] + trail]
  const [newStart, newEnd] = [first.after[0] - lead, last.after[1] + trail]
  const lines: string[] = []
  let at = start
  for (const { before, after } of changes) {
    lines.push(...old.slice(at, before[0]).map(line => ` ${line}`), ...old.slice(...before).map(line => `-${line}`), ...now.slice(...after).map(line => `+${line}`))
    at = before[1]
  }
  lines.push(...old.slice(at, end).map(line => ` ${line}`))
  return `@@ -${extent(start, end)} +${extent(newStart, newEnd)} @@\n${lines.map(withEnd).join('')}`
}

/** `4,2`: two lines from the fourth on; of no lines, the one before. */
const extent = (start: number, end: number): string => `${start + (end > start ? 1 : 0)}${end - start === 1 ? '' : `,${end - start}`}`

const withEnd = (line: string): string => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)
