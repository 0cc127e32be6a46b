import type { Diagnostic } from '../diagnostic.ts'
import { fateOf, fatesOf } from '../explanation.ts'
import { findingsIn, placeOf, relatedPlace, type Finding } from '../finding.ts'
import { counted, printable, summaryOf, type FormatOptions, type Formatter, type LintedFile, type Report } from '../formatter.ts'
import type { Effect } from '../matrix.ts'
import type { Lines } from '../position.ts'

/** For people: each finding with its line, what Windows does, what Docker will say, and what to do instead. */
export default {
  id: 'pretty',
  format(report, options) {
    const paint = painter(options.color)
    const files = report.files.map(file => fileText(file, options, paint)).join('')
    return files + closing(report, paint)
  }
} satisfies Formatter

type Style = 'error' | 'warning' | 'info' | 'bold' | 'dim' | 'good'
type Paint = (style: Style, text: string) => string

const codes: Readonly<Record<Style, readonly [on: number, off: number]>> = { error: [31, 39], warning: [33, 39], info: [36, 39], bold: [1, 22], dim: [2, 22], good: [32, 39] }

const painter = (color: boolean): Paint => (style, text) => (color ? `\x1b[${codes[style][0]}m${text}\x1b[${codes[style][1]}m` : text)

const fileText = (file: LintedFile, options: FormatOptions, paint: Paint): string => findingsIn(file, options.show).map(finding => findingText(finding, options, paint)).join('')

function findingText(finding: Finding, { width }: FormatOptions, paint: Paint): string {
  const { file, lines, diagnostic } = finding
  const { severity, rule, message, instead, related, fix } = diagnostic
  const details = [
    ...verdictLines(diagnostic, paint),
    ...(instead === undefined ? [] : [`${paint('bold', 'Instead:')} ${printable(instead)}`]),
    ...(fix ? [`${paint('bold', 'Fixable:')} ${fix.title} (${fix.safe ? '--fix' : '--fix --unsafe-fixes'})`] : []),
    ...(diagnostic.advice ? [`${paint('bold', 'Beware:')} ${diagnostic.advice.join(', ')} ${diagnostic.advice.length === 1 ? 'asks' : 'ask'} for what Windows does not take here.`] : []),
    ...related.slice(0, 5).map(other => `${other.message}: ${printable(relatedPlace(other, file, lines))}`),
    ...(diagnostic.sources[0] ? [paint('dim', `Source: ${diagnostic.sources[0].where}`)] : [])
  ]
  const head = `${paint('bold', printable(placeOf(finding)))} ${paint(severity, severity)} ${printable(message)} ${paint('dim', featureName(rule, diagnostic.feature))}`
  return [head, ...frame(lines, diagnostic, width, paint), ...details.map(detail => `    ${detail}`), '', ''].join('\n')
}

const featureName = (rule: string, feature: string): string => (rule === feature ? `[${rule}]` : `[${rule}: ${feature}]`)

/** The line that is spoken of, underlined; a long line is cut around the place. */
function frame(lines: Lines, { range, severity }: Diagnostic, width: number, paint: Paint): string[] {
  const start = lines.position(range[0])
  const end = lines.position(range[1])
  const gutter = ` ${start.line} | `
  const line = lines.line(start.line)
  const from = start.column - 1
  const to = Math.max(from + 1, Math.min(end.line === start.line ? end.column - 1 : line.length, line.length))
  const room = Math.max(40, width - gutter.length - 2)
  const cut = line.length > room && to > room ? Math.max(0, Math.min(from - 10, line.length - room)) : 0
  const shown = printable(line.slice(cut, cut + room))
  const until = Math.max(from + 1, Math.min(to, cut + room))
  // A tab stays a tab below, so that the underline stands where the text stands.
  const indent = line.slice(cut, from).replace(/[^\t]/g, ' ')
  return [`${paint('dim', gutter)}${shown}`, `${paint('dim', `${' '.repeat(gutter.length - 2)}| `)}${indent}${paint(severity, '^'.repeat(until - from))}`]
}

const marks: Readonly<Record<Effect, string>> = { rejected: '✗', broken: '✗', ignored: '✗', differs: '~', supported: '✓', unknown: '?' }

/** What happens on each target, targets with the same fate together: `✗ ws2019 ✗ ws2022: refused at create`. */
function verdictLines({ verdicts }: Diagnostic, paint: Paint): string[] {
  return fatesOf(verdicts).flatMap(group => {
    const first = group[0]
    const style: Style = first.effect === 'supported' ? 'good' : first.effect === 'differs' || first.effect === 'unknown' ? 'info' : 'error'
    const targets = group.map(({ target, effect }) => `${paint(style, marks[effect])} ${target}`).join(' ')
    return [
      `${targets}: ${fateOf(first)}`,
      ...(first.error === undefined ? [] : [`${paint('bold', 'Docker will say:')} ${first.error.split('\n').map(printable).join('\n                     ')}`]),
      ...(first.note === undefined || first.effect !== 'differs' ? [] : [`${first.note}.`])
    ]
  })
}

function closing(report: Report, paint: Paint): string {
  const { errors, warnings, infos } = summaryOf(report)
  const files = report.files.filter(({ language }) => language !== undefined).length
  const unread = report.errors.filter(({ path }) => path !== undefined).length
  const rest = unread === 0 ? '' : `; ${unread} could not be read`
  if (errors + warnings + infos === 0) {
    if (files > 0) return `${paint(unread === 0 ? 'good' : 'warning', unread === 0 ? '✓' : '?')} Nothing found in ${counted(files, 'file')}${rest}.\n`
    return report.files.length === 0 ? '' : `${paint('warning', '?')} Nothing in ${counted(report.files.length, 'file')} speaks of Docker${rest}.\n`
  }
  const parts = [counted(errors, 'error'), counted(warnings, 'warning'), ...(infos > 0 ? [`${infos} info`] : [])]
  return `${paint(errors > 0 ? 'error' : 'warning', '✗')} ${parts.join(', ')} in ${counted(files, 'file')}${rest}; judged for ${report.targets.map(({ label }) => label).join(' ')}.\n`
}
