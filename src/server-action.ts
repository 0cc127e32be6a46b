import { CodeActionKind, type CancellationToken, type CodeAction, type Range as PositionRange, type TextEdit } from 'vscode-languageserver'
import type { Diagnostic } from './diagnostic.ts'
import type { Edit } from './edit.ts'
import type { DiagnosticView } from './server-diagnostic.ts'
import type { ServerDocument } from './server-document.ts'
import type { JudgeText } from './server-fix-all.ts'
import type { Inspection } from './server-inspection.ts'
import { suppressionOf } from './server-suppression.ts'

export const fixAllKind = `${CodeActionKind.SourceFixAll}.porthole`
export const explainCommand = 'porthole.explain'

/** Each suppression is tried before it is offered: more at once are no use. */
const mostSuppressions = 8

export interface ActionRequest {
  readonly document: ServerDocument
  readonly inspection: Inspection
  readonly view: DiagnosticView
  readonly range: PositionRange
  /** Kinds that are asked for; `undefined`: all. */
  readonly only: readonly string[] | undefined
  /** Judges the document with another text. */
  readonly judge: JudgeText
  readonly token: CancellationToken
}

/** What can be done about the diagnostics in a range. They are our own: what clients send of them is incomplete. */
export async function codeActions(request: ActionRequest): Promise<CodeAction[]> {
  const { document, inspection: { diagnostics } } = request
  const start = document.offsetAt(request.range.start)
  const end = document.offsetAt(request.range.end)
  const here = diagnostics.filter(({ range }) => range[0] <= Math.max(start, end) && range[1] >= Math.min(start, end))
  const actions: CodeAction[] = []
  if (wants(request, CodeActionKind.QuickFix)) actions.push(...here.flatMap(diagnostic => fixAction(diagnostic, request)), ...(await suppressActions(here, request)), ...explainActions(here, request))
  if (wants(request, fixAllKind)) actions.push(...(await fixAllAction(request)))
  return actions
}

/** Whether a kind is asked for, by itself or as part of a wider one. */
const wants = ({ only }: ActionRequest, kind: string): boolean => only === undefined || only.some(asked => asked === '' || kind === asked || kind.startsWith(`${asked}.`))

function fixAction(diagnostic: Diagnostic, request: ActionRequest): CodeAction[] {
  const { fix } = diagnostic
  if (!fix) return []
  return [{ ...quickFix(fix.safe ? fix.title : `${fix.title} (unsafe: look at it)`, [diagnostic], request), ...(fix.safe ? { isPreferred: true } : {}), edit: editOf(request.document, textEdits(fix.edits, request.document)) }]
}

/** Everything that can be fixed safely, with what comes to light when that is done. */
async function fixAllAction({ document, inspection, only, judge, token }: ActionRequest): Promise<CodeAction[]> {
  const safe = inspection.diagnostics.filter(({ fix }) => fix?.safe)
  // Nobody needs to be offered all where there is one.
  if (safe.length < (only === undefined ? 2 : 1)) return []
  const { text, revision } = document
  const [{ fixedText }, { editsBetween }] = await Promise.all([import('./server-fix-all.ts'), import('./unified-diff.ts')])
  const edits = editsBetween(text, await fixedText(document, inspection, judge))
  // What was fixed is a text that is gone.
  if (edits.length === 0 || token.isCancellationRequested || document.revision !== revision) return []
  return [{ title: 'Fix everything that porthole can fix safely', kind: fixAllKind, edit: editOf(document, textEdits(edits, document)) }]
}

async function suppressActions(diagnostics: readonly Diagnostic[], request: ActionRequest): Promise<CodeAction[]> {
  const { document, inspection, token } = request
  const places = new Map<string, Diagnostic[]>()
  for (const diagnostic of diagnostics) {
    const place = `${diagnostic.rule} ${document.positionAt(diagnostic.range[0]).line}`
    places.set(place, [...(places.get(place) ?? []), diagnostic])
  }
  const { text, revision } = document
  const actions: CodeAction[] = []
  for (const group of [...places.values()].slice(0, mostSuppressions)) {
    const insertions = await suppressionOf(group[0]!, text, inspection)
    // What was found belongs to a text that is gone.
    if (token.isCancellationRequested || document.revision !== revision) return []
    if (insertions) actions.push({ ...quickFix(`Suppress \`${group[0]!.rule}\` here with a comment`, group, request), edit: editOf(document, insertions.map(({ at, text: newText }) => ({ range: document.rangeOf([at, at]), newText }))) })
  }
  return actions
}

function explainActions(diagnostics: readonly Diagnostic[], request: ActionRequest): CodeAction[] {
  const features = new Map<string, Diagnostic[]>()
  for (const diagnostic of diagnostics) features.set(diagnostic.rule, [...(features.get(diagnostic.rule) ?? []), diagnostic])
  return [...features].map(([rule, group]) => {
    const title = `Explain \`${rule}\``
    return { ...quickFix(title, group, request), command: { title, command: explainCommand, arguments: [rule] } }
  })
}

const quickFix = (title: string, diagnostics: readonly Diagnostic[], { view, document }: ActionRequest): CodeAction => ({ title, kind: CodeActionKind.QuickFix, diagnostics: diagnostics.map(diagnostic => view.show(diagnostic, document)) })

const textEdits = (edits: readonly Edit[], document: ServerDocument): TextEdit[] => edits.map(({ range, text }) => ({ range: document.rangeOf(range), newText: text }))

/** The simplest form of an edit, which every client understands. */
const editOf = ({ uri }: ServerDocument, edits: TextEdit[]): NonNullable<CodeAction['edit']> => ({ changes: { [uri]: edits } })
