import type { Diagnostic, Fix } from './diagnostic.ts'
import { applyEdits, type Edit } from './edit.ts'
import { compatibleFixes } from './fix.ts'

/** A text and what is found in it. */
export interface JudgedText {
  readonly path: string
  readonly text: string
  readonly language: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Texts that were judged together. */
export interface Judgement {
  readonly files: readonly JudgedText[]
}

/** Which fixes are made. */
export type FixMode = 'safe' | 'all'

export const isWanted = ({ safe }: Fix, mode: FixMode): boolean => safe || mode === 'all'

/** How often the texts are judged anew at most. */
const mostJudgements = 100

/** A fix in its text. */
interface PlacedFix {
  readonly file: JudgedText
  readonly fix: Fix
}

/**
 * Makes fixes until there are none left to make, and returns how the texts are
 * judged then. A fix that mends nothing, or brings something new to find in any
 * of them, is taken back. `judge` is given the texts that have changed, by path.
 */
export async function makeFixes<T extends Judgement>(original: T, mode: FixMode, judge: (texts: ReadonlyMap<string, string>) => Promise<T>, mayFix: (path: string) => boolean = () => true): Promise<T> {
  let current = original
  let texts: ReadonlyMap<string, string> = new Map()
  const refused = new Set<string>()
  // Where some of many cannot be made, the half of them is tried, and so on.
  let most = Infinity
  for (let count = 0; count < mostJudgements; count++) {
    const wanted = current.files.filter(({ path }) => mayFix(path)).flatMap(file => fixesIn(file, mode, refused)).slice(0, most)
    if (wanted.length === 0) break
    const changed = new Map([...texts, ...changedTexts(wanted)])
    const next = await judge(changed)
    if (isBetter(next, current)) {
      current = next
      texts = changed
      most *= 2
    } else if (wanted.length > 1) most = Math.floor(wanted.length / 2)
    else {
      refused.add(keyOf(wanted[0]!))
      most = Infinity
    }
  }
  return current
}

function fixesIn(file: JudgedText, mode: FixMode, refused: ReadonlySet<string>): PlacedFix[] {
  const wanted = file.diagnostics.flatMap(({ fix }) => (fix && isWanted(fix, mode) && !refused.has(keyOf({ file, fix })) ? [fix] : []))
  return compatibleFixes(wanted, file.text).map(fix => ({ file, fix }))
}

function changedTexts(fixes: readonly PlacedFix[]): Map<string, string> {
  const edits = new Map<JudgedText, Edit[]>()
  for (const { file, fix } of fixes) {
    const own = edits.get(file)
    if (own) own.push(...fix.edits)
    else edits.set(file, [...fix.edits])
  }
  return new Map([...edits].map(([{ path, text }, own]) => [path, applyEdits(text, own)]))
}

/** A fix is known by what it does and what stands before it, wherever that has moved. */
const keyOf = ({ file: { path, text }, fix: { title, edits } }: PlacedFix): string =>
  JSON.stringify([path, title, edits.map(({ range: [start, end], text: written }) => [text.slice(Math.max(0, start - 200), start), text.slice(start, end), written])])

/** Whether there is less to find in all texts, and nothing that was not there before in any. */
function isBetter({ files: next }: Judgement, { files: before }: Judgement): boolean {
  const known = new Map<string, number>()
  let difference = 0
  const count = (path: string, { rule, feature, effect }: Diagnostic, by: 1 | -1): number => {
    const key = [path, rule, feature, effect].join(' ')
    known.set(key, (known.get(key) ?? 0) + by)
    difference += by
    return known.get(key)!
  }
  for (const { path, diagnostics } of before) for (const diagnostic of diagnostics) count(path, diagnostic, 1)
  const languages = new Map(before.map(({ path, language }) => [path, language]))
  const isSame = next.length === before.length && next.every(({ path, language }) => languages.has(path) && languages.get(path) === language)
  return isSame && next.every(({ path, diagnostics }) => diagnostics.every(diagnostic => count(path, diagnostic, -1) >= 0)) && difference > 0
}
