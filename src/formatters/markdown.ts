import { severities, type Diagnostic, type Severity, type TargetVerdict } from '../diagnostic.ts'
import { effectWords, fateOf, fatesOf } from '../explanation.ts'
import { findingsIn, worstFirst, type Finding } from '../finding.ts'
import { counted, summaryOf, type Formatter, type Report } from '../formatter.ts'
import type { Effect } from '../matrix.ts'

/**
 * A summary for pull requests and `$GITHUB_STEP_SUMMARY`: which file does what
 * on which target, then the findings of each file, the worst first.
 */
export default {
  id: 'markdown',
  format(report, { show }) {
    const files = report.files.map(file => worstFirst(findingsIn(file, show))).filter(findings => findings.length > 0).sort(byWorst)
    const blocks = [`## ${titleOf(report)}`, ...unread(report), ...overview(files, report), ...leftOut(report)]
    return `${[...blocks, ...sections(files, longestText - blocks.join('').length)].join('\n\n')}\n`
  }
} satisfies Formatter

/** A comment of GitHub holds 65536 characters. */
const longestText = 60_000

function titleOf(report: Report): string {
  const { errors, warnings, infos, files } = summaryOf(report)
  if (report.errors.length > 0 && files === 0) return 'porthole could not lint anything'
  if (errors + warnings + infos === 0) return `porthole found nothing in ${counted(files, 'file')}`
  return `porthole found ${counted(errors, 'error')}, ${counted(warnings, 'warning')}${infos > 0 ? ` and ${infos} info` : ''} in ${counted(files, 'file')}`
}

const unread = ({ errors }: Report): string[] =>
  errors.length === 0 ? [] : [['Not linted:', ''].concat(errors.map(({ path, message }) => `- ${path === undefined ? '' : `${code(path)}: `}${prose(message)}`)).join('\n')]

const leftOut = (report: Report): string[] => {
  const { leftOut: count } = summaryOf(report)
  return count === 0 ? [] : [`${counted(count, 'finding')} left out in what is not for Windows.`]
}

const rank = ([first]: readonly Finding[]): number => (first ? severities.indexOf(first.diagnostic.severity) : -1)

const byWorst = (a: readonly Finding[], b: readonly Finding[]): number =>
  rank(b) - rank(a) || b.length - a.length

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const mostFiles = 100

/** Files by targets: how many findings of which effect. */
function overview(files: readonly (readonly Finding[])[], { targets }: Report): string[] {
  if (files.length === 0) return []
  const labels = targets.map(({ label }) => label)
  const lines = files.slice(0, mostFiles).map(findings => row([code(findings[0]!.file.path), ...labels.map(label => effectsOn(label, findings))]))
  return [[row(['File', ...labels.map(prose)]), row(['---', ...labels.map(() => '---')]), ...lines].join('\n')]
}

type Outcome = Effect | 'unsafe' | 'fault'

const outcomeWords: Readonly<Partial<Record<Outcome, string>>> = { unsafe: 'unprotected', fault: 'at fault everywhere' }
const outcomes: readonly Outcome[] = ['fault', 'rejected', 'broken', 'unsafe', 'ignored', 'differs', 'unknown']

function effectsOn(label: string, findings: readonly Finding[]): string {
  const found = findings.map(({ diagnostic }) => outcomeOn(label, diagnostic))
  const counts = outcomes.flatMap(outcome => {
    const count = found.filter(other => other === outcome).length
    return count === 0 ? [] : [`${count} ${outcomeWords[outcome] ?? effectWords[outcome as Effect]}`]
  })
  return counts.length === 0 ? '✓' : counts.join('<br>')
}

function outcomeOn(label: string, { verdicts }: Diagnostic): Outcome | undefined {
  // A fault of the file itself has nothing to do with targets.
  if (verdicts.length === 0) return 'fault'
  const verdict = verdicts.find(({ target }) => target === label)
  return verdict?.unsafe ? 'unsafe' : verdict?.effect
}

/** The findings of each file, as long as there is room. */
function sections(files: readonly (readonly Finding[])[], room: number): string[] {
  const blocks: string[] = []
  let left = room
  let dropped = 0
  for (const findings of files) {
    const lines = [`### ${code(findings[0]!.file.path)}`, '', row(['', 'Line', 'Finding', 'Targets']), row(['---', '---', '---', '---'])]
    left -= lines.join('\n').length
    const kept = findings.map(findingRow).filter(line => (left -= line.length + 1) > 0)
    dropped += findings.length - kept.length
    if (kept.length > 0) blocks.push([...lines, ...kept].join('\n'))
  }
  return dropped === 0 ? blocks : [...blocks, `… and ${counted(dropped, 'more finding')}.`]
}

const severityWords: Readonly<Record<Severity, string>> = { error: '**error**', warning: 'warning', info: 'info' }

function findingRow({ diagnostic, start }: Finding): string {
  const { severity, message, instead, rule, verdicts } = diagnostic
  const errors = [...new Set(verdicts.flatMap(({ error }) => (error === undefined ? [] : [error])))]
  const text = [
    `${prose(message)} ${code(rule)}`,
    ...errors.map(error => `Docker will say: ${code(error)}`),
    ...(instead === undefined ? [] : [`Instead: ${prose(instead)}`])
  ]
  return row([severityWords[severity], `${start.line}:${start.column}`, text.join('<br>'), fates(diagnostic)])
}

const fates = ({ verdicts }: Diagnostic): string =>
  verdicts.length === 0 ? 'all' : mergedFates(verdicts).map(([fate, targets]) => `${prose(targets.join(' '))}: ${fate}`).join('<br>')

/** Targets by their fate, whatever else is said of them. */
function mergedFates(verdicts: readonly TargetVerdict[]): [fate: string, targets: string[]][] {
  const merged = new Map<string, string[]>()
  for (const group of fatesOf(verdicts)) merged.set(fateOf(group[0]), [...(merged.get(fateOf(group[0])) ?? []), ...group.map(({ target }) => target)])
  return [...merged]
}

/** Text for people: what stands between backticks is code, all else is what it is and no markup. */
const prose = (text: string): string => text.split(/`([^`]+)`/).map((part, at) => (at % 2 === 1 ? code(part) : plain(part))).join('')

const code = (text: string): string => `<code>${entities(text)}</code>`

/** Without mentions and references: they would reach people and issues. */
const plain = (text: string): string => entities(text).replace(/&#(?:35|64);/g, '$&&#8203;')

/** Blanks and control characters become blanks; whatever means something to Markdown or HTML, an entity. */
const entities = (text: string): string => text
  .replace(/[\s\p{Cc}]+/gu, ' ')
  .replace(/[&<>`|*~#@$\\[\]]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=\/\/)|www(?=\.)/g, character => `&#${character.charCodeAt(0)};${character.slice(1)}`)
