import { MarkupKind, type ClientCapabilities, type Hover } from 'vscode-languageserver'
import type { Diagnostic, TargetVerdict } from './diagnostic.ts'
import { fateOf, fatesOf } from './explanation.ts'
import { knowledge } from './knowledge.ts'
import type { Setting } from './intent.ts'
import { judgementOf, type Judgement, type LintOptions, type LintResult } from './linter.ts'
import type { Row, Source } from './matrix.ts'
import type { ServerDocument } from './server-document.ts'
import type { Inspection } from './server-inspection.ts'
import type { Range } from './text.ts'

/** The kind of text that a client prefers to show. */
export function markupKindFor(capabilities: ClientCapabilities): MarkupKind {
  const stated: unknown = capabilities.textDocument?.hover?.contentFormat
  const formats: readonly unknown[] = Array.isArray(stated) ? stated : []
  return formats.find(format => format === MarkupKind.Markdown || format === MarkupKind.PlainText) === MarkupKind.Markdown ? MarkupKind.Markdown : MarkupKind.PlainText
}

/** What the matrix says of what stands at an offset; `undefined` if it says nothing of it. */
export function hoverAt(offset: number, { diagnostics, found, options }: Inspection, document: ServerDocument, kind: MarkupKind): Hover | undefined {
  const holds = ({ range: [start, end] }: { readonly range: Range }): boolean => start <= offset && offset <= end
  const wrong = diagnostics.filter(holds)
  const others = judgementsAt(holds, wrong, found, options)
  const here = [...wrong, ...others]
  if (here.length === 0) return undefined
  const write = kind === MarkupKind.Markdown ? markdownOf : plainTextOf
  const unreported = ({ severity }: Judgement): string => (severity === undefined ? '' : '\n\nNot reported here.')
  const parts = new Set([...wrong.map(write), ...others.map(judgement => write(judgement) + unreported(judgement))])
  const range = here.map(({ range }) => range).reduce((a, b) => (b[1] - b[0] < a[1] - a[0] ? b : a))
  return { contents: { kind, value: [...parts].join(kind === MarkupKind.Markdown ? '\n\n---\n\n' : '\n\n') }, range: document.rangeOf(range) }
}

/** What is known of the settings at a place beyond what is found wrong there. */
function judgementsAt(holds: (setting: Setting) => boolean, told: readonly Diagnostic[], { intents, elsewhere }: LintResult, { targets }: LintOptions): Judgement[] {
  const { matrix, rules } = knowledge
  const judgements = intents.flatMap(intent => intent.settings.filter(holds).flatMap(setting => {
    if (told.some(({ rule, feature }) => rule === setting.row.rule && feature === setting.row.feature)) return []
    const rule = rules.find(({ id }) => id === setting.row.rule)
    return rule?.except?.(intent, setting, setting.row, [...intents, ...elsewhere]) ? [] : [judgementOf(setting, intent, matrix, targets)]
  }))
  // What depends on something that is not known is worth telling only where nothing else is.
  const known = judgements.filter(({ verdicts }) => verdicts.some(({ effect }) => effect !== 'unknown'))
  return known.length > 0 || told.length > 0 ? known : judgements
}

const rowOf = ({ feature, rule, message }: Judgement): Row | undefined => {
  const rows = knowledge.matrix.rowsOf(feature).filter(row => row.rule === rule)
  return rows.find(row => `${row.message}.` === message) ?? rows[0]
}

const targetsOf = (group: readonly TargetVerdict[]): string => group.map(({ target }) => target).join(', ')

/** What there is to say of a judgement, in any kind of text. */
interface Account {
  readonly row: Row | undefined
  /** What is wrong, and what to do instead: nothing where nothing is wrong. */
  readonly message: string | undefined
  readonly instead: string | undefined
  readonly notes: string | undefined
}

function accountOf(judgement: Judgement): Account {
  const row = rowOf(judgement)
  const isFault = judgement.severity !== undefined
  // The message of a row is about those targets on which something is wrong, or says of all that nothing is.
  const isAboutAll = row?.support.every(({ effect }) => effect === 'supported') ?? true
  return { row, message: isFault || isAboutAll ? judgement.message : undefined, instead: isFault ? judgement.instead : undefined, notes: row?.notes }
}

function markdownOf(judgement: Judgement): string {
  const { rule, feature, verdicts, advice, sources } = judgement
  const { row, message, instead, notes } = accountOf(judgement)
  const sections = [
    row === undefined ? `**${rule}**` : `**${row.title}** · \`${feature}\` · ${rule}`,
    message ?? '',
    fatesOf(verdicts).map(group => `- **${targetsOf(group)}**: ${fateOf(group[0])}${group[0].error === undefined ? '' : `. Docker will say: ${code(group[0].error)}`}${group[0].note === undefined ? '' : `. ${group[0].note}`}${group[0].evidence.length === 0 ? '' : ` *(${group[0].evidence.join(', ')})*`}`).join('\n'),
    instead === undefined ? '' : `Instead: ${instead}`,
    notes ?? '',
    adviceOf(advice),
    sources.length === 0 ? '' : `Sources:\n${sources.map(source => `- ${markdownSource(source)}`).join('\n')}`
  ]
  return sections.filter(text => text !== '').join('\n\n')
}

const markdownSource = ({ where, says }: Source): string => `${/^https?:\/\/[^\s<>]+$/.test(where) ? `<${where}>` : code(where)}${says === undefined ? '' : `: ${says}`}`

/** A code span of any characters: between more backticks than it holds. */
function code(text: string): string {
  const line = text.split('\n').map(part => part.trim()).join(' ')
  const fence = '`'.repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)))
  return fence.length > 1 ? `${fence} ${line} ${fence}` : `\`${line}\``
}

function plainTextOf(judgement: Judgement): string {
  const { rule, feature, verdicts, advice, sources } = judgement
  const { row, message, instead, notes } = accountOf(judgement)
  return [
    row === undefined ? rule : `${row.title} (${feature}, ${rule})`,
    ...(message === undefined ? [] : [message]),
    ...fatesOf(verdicts).flatMap(group => [
      `${targetsOf(group)}: ${fateOf(group[0])}${group[0].evidence.length === 0 ? '' : ` (${group[0].evidence.join(', ')})`}`,
      ...(group[0].error === undefined ? [] : [`  Docker will say: ${group[0].error}`]),
      ...(group[0].note === undefined ? [] : [`  ${group[0].note}`])
    ]),
    ...(instead === undefined ? [] : [`Instead: ${instead}`]),
    ...(notes === undefined ? [] : [notes]),
    ...[adviceOf(advice)].filter(text => text !== ''),
    ...sources.map(({ where, says }) => `Source: ${where}${says === undefined ? '' : ` (${says})`}`)
  ].join('\n')
}

const adviceOf = (advice: readonly string[] | undefined): string =>
  advice === undefined || advice.length === 0 ? '' : `Beware: ${advice.join(', ')} ${advice.length === 1 ? 'asks' : 'ask'} for what Windows does not take here.`
