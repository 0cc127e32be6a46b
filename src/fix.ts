import type { Fix } from './diagnostic.ts'
import type { Edit } from './edit.ts'
import type { Intent, Setting, SettingEditor } from './intent.ts'
import { rowFix, type RowFix, type Verdict } from './matrix.ts'

/** What mends a setting, if the matrix knows one way and the file leaves one. */
export function fixOf(setting: Setting, intent: Intent, verdicts: readonly Verdict[], fill: (text: string) => string): Fix | undefined {
  const { editor, row } = setting
  // Where protection is lost, taking the line away would only hide it.
  if (!row.fix || !editor || verdicts.some(({ support }) => support?.unsafe)) return undefined
  const fix = rowFix(row, setting, intent.context, verdicts.map(({ target }) => target))
  const edit = fix && editOf(fix, setting, editor, fill)
  if (!edit || followsSuppression(editor.source, edit)) return undefined
  return { title: titleOf(setting, editor.source, edit), safe: changesNothing(fix, intent, verdicts), edits: [edit] }
}

function editOf({ replace }: RowFix, setting: Setting, editor: SettingEditor, fill: (text: string) => string): Edit | undefined {
  if (replace === undefined) return editor.remove(setting)
  const value = fill(replace)
  return value.includes('…') ? undefined : editor.replace(setting, value)
}

/** Whether Windows surely ignores what is removed, in a file that is evidently not for Linux too. */
function changesNothing({ remove, unsafe }: RowFix, { platform }: Intent, verdicts: readonly Verdict[]): boolean {
  return remove === true && !unsafe && platform.os === 'windows' && verdicts.every(({ effect, support }) => effect === 'ignored' && support?.evidence.some(kind => kind !== 'inferred'))
}

/** What stands in longer lines is mended by hand: each fix would have them read as a whole. */
const longestLine = 10_000

/** Whether a comment above a line that goes would come to speak of the next. */
function followsSuppression(source: string, { range: [start] }: Edit): boolean {
  const from = Math.max(0, start - longestLine)
  const before = source.slice(from, start)
  const lineStart = before.lastIndexOf('\n') + 1
  const above = lineStart < 2 ? 0 : before.lastIndexOf('\n', lineStart - 2) + 1
  return (above === 0 && from > 0) || before.slice(above, lineStart).includes('porthole-')
}

function titleOf({ range }: Setting, source: string, { range: [start, end], text }: Edit): string {
  if (start === end) return `Add ${quoted(text)}`
  return text === '' ? `Remove ${quoted(source.slice(...range))}` : `Write ${quoted(text)} in place of ${quoted(source.slice(start, end))}`
}

const longestQuote = 50

/** The characters in question on one line, the end of many left out. */
function quoted(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return `\`${line.length > longestQuote ? `${line.slice(0, longestQuote - 1)}…` : line}\``
}

/**
 * Fixes that can be made at once: of those that touch, or that only blanks and
 * comments part, the first. Together these could empty what they stand in.
 */
export function compatibleFixes(fixes: readonly Fix[], source: string): Fix[] {
  const chosen: Fix[] = []
  let end = -1
  for (const fix of [...fixes].sort((a, b) => startOf(a) - startOf(b))) {
    if (end >= 0 && (startOf(fix) <= end || isBare(source.slice(end, startOf(fix))))) continue
    chosen.push(fix)
    end = Math.max(...fix.edits.map(({ range }) => range[1]))
  }
  return chosen
}

const startOf = ({ edits }: Fix): number => Math.min(...edits.map(({ range }) => range[0]))

/** Whether there is nothing between two places but blank lines and comments. */
const isBare = (text: string): boolean => text.split('\n').every(line => /^\s*(?:(?:#|\/\/).*)?$/.test(line))

/** The fix of a text that is reported twice: only what both agree on. */
export function commonFix(one: Fix | undefined, other: Fix | undefined): Fix | undefined {
  if (!one || !other || JSON.stringify(one.edits) !== JSON.stringify(other.edits)) return undefined
  return one.safe ? other : one
}
