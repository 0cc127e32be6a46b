import { makeFixes, type Judgement } from './fixer.ts'
import type { ServerDocument } from './server-document.ts'
import type { Inspection } from './server-inspection.ts'

/** Judges a text in place of that of a document. */
export type JudgeText = (text: string) => Promise<Inspection>

/** Editors ask again with each move of the cursor. */
const known = new WeakMap<Inspection, Promise<string>>()

/** The text of a document when all is fixed in it that can be fixed safely, as `--fix` does it. */
export function fixedText({ text }: ServerDocument, inspection: Inspection, judge: JudgeText): Promise<string> {
  let fixed = known.get(inspection)
  if (!fixed) known.set(inspection, (fixed = fix(text, inspection, judge)))
  return fixed
}

async function fix(text: string, inspection: Inspection, judge: JudgeText): Promise<string> {
  const judged = (own: string, { path, found: { language }, diagnostics }: Inspection): Judgement => ({ files: [{ path, text: own, language, diagnostics }] })
  const { files } = await makeFixes(judged(text, inspection), 'safe', async texts => {
    const next = texts.get(inspection.path) ?? text
    return judged(next, await judge(next))
  })
  return files[0]!.text
}
