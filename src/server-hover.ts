import { MarkupKind, type ClientCapabilities, type Hover } from 'vscode-languageserver'
import type { Diagnostic, TargetVerdict } from './diagnostic.ts'
import { fateOf, fatesOf } from './explanation.ts'
import { knowledge } from './knowledge.ts'
import type { Source } from './matrix.ts'
import type { ServerDocument } from './server-document.ts'

/** The kind of text that a client prefers to show. */
export function markupKindFor(capabilities: ClientCapabilities): MarkupKind {
  const stated: unknown = capabilities.textDocument?.hover?.contentFormat
  const formats: readonly unknown[] = Array.isArray(stated) ? stated : []
  return formats.find(format => format === MarkupKind.Markdown || format === MarkupKind.PlainText) === MarkupKind.Markdown ? MarkupKind.Markdown : MarkupKind.PlainText
}

/** What the matrix says of what stands at an offset; `undefined` if nothing is found there. */
export function hoverAt(offset: number, diagnostics: readonly Diagnostic[], document: ServerDocument, kind: MarkupKind): Hover | undefined {
  const here = diagnostics.filter(({ range: [start, end] }) => start <= offset && offset <= end)
  if (here.length === 0) return undefined
  const write = kind === MarkupKind.Markdown ? markdownOf : plainTextOf
  const parts = new Set(here.map(write))
  const [start, end] = here.map(({ range }) => range).reduce((a, b) => (b[1] - b[0] < a[1] - a[0] ? b : a))
  return { contents: { kind, value: [...parts].join(kind === MarkupKind.Markdown ? '\n\n---\n\n' : '\n\n') }, range: document.rangeOf([start, end]) }
}

const titleOf = ({ feature, rule }: Diagnostic): string | undefined => knowledge.matrix.rowsOf(feature).find(row => row.rule === rule)?.title

const targetsOf = (group: readonly TargetVerdict[]): string => group.map(({ target }) => target).join(', ')

function markdownOf(diagnostic: Diagnostic): string {
  const { rule, feature, message, instead, verdicts, advice, sources } = diagnostic
  const title = titleOf(diagnostic)
  const sections = [
    title === undefined ? `**${rule}**` : `**${title}** · \`${feature}\` · ${rule}`,
    message,
    fatesOf(verdicts).map(group => `- **${targetsOf(group)}**: ${fateOf(group[0])}${group[0].error === undefined ? '' : `. Docker will say: ${code(group[0].error)}`}${group[0].note === undefined ? '' : `. ${group[0].note}`} *(${group[0].evidence.join(', ')})*`).join('\n'),
    instead === undefined ? '' : `Instead: ${instead}`,
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

function plainTextOf(diagnostic: Diagnostic): string {
  const { rule, feature, message, instead, verdicts, advice, sources } = diagnostic
  const title = titleOf(diagnostic)
  return [
    title === undefined ? rule : `${title} (${feature}, ${rule})`,
    message,
    ...fatesOf(verdicts).flatMap(group => [
      `${targetsOf(group)}: ${fateOf(group[0])} (${group[0].evidence.join(', ')})`,
      ...(group[0].error === undefined ? [] : [`  Docker will say: ${group[0].error}`]),
      ...(group[0].note === undefined ? [] : [`  ${group[0].note}`])
    ]),
    ...(instead === undefined ? [] : [`Instead: ${instead}`]),
    ...[adviceOf(advice)].filter(text => text !== ''),
    ...sources.map(({ where, says }) => `Source: ${where}${says === undefined ? '' : ` (${says})`}`)
  ].join('\n')
}

const adviceOf = (advice: readonly string[] | undefined): string =>
  advice === undefined || advice.length === 0 ? '' : `Beware: ${advice.join(', ')} ${advice.length === 1 ? 'asks' : 'ask'} for what Windows does not take here.`
