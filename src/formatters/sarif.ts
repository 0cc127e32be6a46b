import { severities, type Diagnostic, type Related, type Severity } from '../diagnostic.ts'
import { messageOf } from '../explanation.ts'
import { findingsOf, linesFrom, worstFirst, type Finding } from '../finding.ts'
import { fingerprintsOf } from '../fingerprint.ts'
import { counted, rulePage, type Formatter, type Report, type RuleDescription, type RunError } from '../formatter.ts'
import type { Lines } from '../position.ts'
import type { Range } from '../text.ts'

/** SARIF 2.1.0, as code scanning of GitHub and Azure DevOps reads it. */
export default {
  id: 'sarif',
  describesRules: true,
  format(report, { show }) {
    const all = findingsOf(report, show)
    const findings = all.length > mostResults ? worstFirst(all).slice(0, mostResults) : all
    const rules = rulesOf(findings, report)
    const index = new Map(rules.map(({ id }, at) => [id, at]))
    const fingerprints = fingerprintsOf(report.files)
    const log = {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [{
        tool: { driver: { name: 'porthole', fullName: `porthole ${report.version}`, version: report.version, semanticVersion: report.version, rules } },
        automationDetails: { id: `porthole/${report.targets.map(({ label }) => label).join('+')}/` },
        originalUriBaseIds: { [root]: { description: { text: 'The folder in which porthole ran.' } } },
        columnKind: 'utf16CodeUnits',
        newlineSequences: ['\r\n', '\n', '\r'],
        invocations: [{ executionSuccessful: report.errors.length === 0, toolExecutionNotifications: [...report.errors.map(errorNotification), ...truncation(all.length)] }],
        results: findings.map(finding => resultOf(finding, index, fingerprints.get(finding.diagnostic)!))
      }]
    }
    return `${JSON.stringify(log, null, 2)}\n`
  }
} satisfies Formatter

/** GitHub refuses a run that has more. */
const mostResults = 25_000
/** Longest short and full description that GitHub takes. */
const longestDescription = 1024
/** A longer text says no more about where it is. */
const longestSnippet = 1000

const root = '%SRCROOT%'
const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }
const problemSeverities: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'recommendation' }

const isUnsafe = ({ verdicts }: Diagnostic): boolean => verdicts.some(({ unsafe }) => unsafe)

/**
 * The severity of a security problem belongs to the rule in SARIF, and not
 * every finding of a rule is one: where protection is lost, it is a rule of its own.
 */
const ruleIdOf = (diagnostic: Diagnostic): string => (isUnsafe(diagnostic) ? `${diagnostic.rule}/unsafe` : diagnostic.rule)

interface Descriptor { readonly id: string; readonly [property: string]: unknown }

function rulesOf(findings: readonly Finding[], { rules = [] }: Report): Descriptor[] {
  const known = new Map(rules.map(rule => [rule.id, rule]))
  const worst = new Map<string, Diagnostic>()
  for (const { diagnostic } of findings) {
    const id = ruleIdOf(diagnostic)
    const other = worst.get(id)
    if (!other || severities.indexOf(diagnostic.severity) > severities.indexOf(other.severity)) worst.set(id, diagnostic)
  }
  return [...worst].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, diagnostic]) => ruleOf(id, diagnostic, known.get(diagnostic.rule)))
}

function ruleOf(id: string, diagnostic: Diagnostic, { title, page }: Partial<RuleDescription> = {}): Descriptor {
  const { rule, severity } = diagnostic
  const unsafe = isUnsafe(diagnostic)
  const description = { text: cut(`${title ?? rule}${unsafe ? ': protection is lost' : ''}`, longestDescription) }
  const help = page ?? `\`porthole explain ${rule}\` prints what is known of this rule.`
  const helpUri = rulePage(rule)
  return {
    id,
    name: id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: description,
    fullDescription: description,
    help: { text: help, markdown: help },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: ['docker', 'windows', ...(unsafe ? ['security'] : [])],
      precision: 'high',
      'problem.severity': problemSeverities[severity],
      ...(unsafe ? { 'security-severity': '7.0' } : {})
    }
  }
}

const cut = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)

function resultOf({ diagnostic, file, lines }: Finding, ruleIndex: ReadonlyMap<string, number>, fingerprint: string): object {
  const { severity, feature, effect, verdicts, instead, advice, sources, related, fix } = diagnostic
  const ruleId = ruleIdOf(diagnostic)
  const links = related.map(({ message }, at) => `[${message.replace(/[[\]\\]/g, '\\$&')}](${at + 1})`)
  return {
    ruleId,
    ruleIndex: ruleIndex.get(ruleId),
    level: levels[severity],
    message: { text: [withoutLinks(messageOf(diagnostic)), ...(links.length > 0 ? [`See: ${links.join(', ')}.`] : [])].join(' ') },
    locations: [{ physicalLocation: { artifactLocation: artifactLocation(file.path), region: regionOf(diagnostic.range, lines, file.text) } }],
    ...(related.length > 0 ? { relatedLocations: related.map((other, at) => relatedLocation(other, at + 1, other.path ?? file.path, linesFrom(file, lines))) } : {}),
    // Readers apply fixes without asking how safe they are.
    ...(fix?.safe ? { fixes: [{ description: { text: fix.title }, artifactChanges: [{ artifactLocation: artifactLocation(file.path), replacements: fix.edits.map(edit => ({ deletedRegion: regionOf(edit.range, lines), insertedContent: { text: edit.text } })) }] }] } : {}),
    partialFingerprints: { 'porthole/v1': fingerprint },
    properties: { feature, effect, verdicts, instead, advice, sources }
  }
}

/** `[text](1)` is a link in messages; brackets that would make one by chance are escaped. */
const withoutLinks = (text: string): string => text.replace(/\[(?=[^[\]]*\]\()/g, '\\[')

function relatedLocation({ message, range }: Related, id: number, path: string, linesOf: (path: string) => Lines | undefined): object {
  const lines = linesOf(path)
  return { id, message: { text: message }, physicalLocation: { artifactLocation: artifactLocation(path), ...(lines === undefined ? {} : { region: regionOf(range, lines) }) } }
}

function regionOf([from, to]: Range, lines: Lines, text?: string): object {
  const [start, end] = [lines.position(from), lines.position(to)]
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
    ...(text === undefined || to - from > longestSnippet ? {} : { snippet: { text: text.slice(from, to) } })
  }
}

const errorNotification = ({ path, message }: RunError): object => ({
  level: 'error',
  message: { text: path === undefined ? message : `${path}: ${message}` },
  ...(path === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: artifactLocation(path) } }] })
})

const truncation = (results: number): object[] =>
  results <= mostResults ? [] : [{ level: 'warning', message: { text: `${counted(results, 'finding')}; only the ${mostResults} worst are listed.` } }]

/** Where a file is: relative to the folder of the run, or absolute as a path of another drive is. */
function artifactLocation(path: string): object {
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${path.slice(0, 2)}${encodedPath(path.slice(2))}` }
  if (path.startsWith('//')) return { uri: `file:${encodedPath(path)}` }
  if (path.startsWith('/')) return { uri: `file://${encodedPath(path)}` }
  return { uri: encodedPath(path.replace(/^(?:\.\/)+/, '')), uriBaseId: root }
}

/** Segments of a path, each percent-encoded; half of a pair of surrogates has no encoding. */
const encodedPath = (path: string): string => path.split('/').map(segment => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\uFFFD'))).join('/')
