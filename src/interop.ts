import table from '../rules/advice.json' with { type: 'json' }
import type { FeatureId } from './intent.ts'
import { suggestion } from './suggestion.ts'

/** A linter or a guide that people run beside porthole. */
export interface OtherTool {
  readonly id: string
  readonly name: string
  readonly home: string
  /** Where its rules are switched off; missing: it has no rules to be switched off. */
  readonly configuration?: string
  /** Why nothing of it is in the way. */
  readonly nothing?: string
}

/** A rule of another tool that asks for what Windows does not take. */
export interface OtherRule {
  readonly tool: string
  readonly rule: string
  /** What it is called, where its id says nothing. */
  readonly called?: string
  readonly asks: string
  readonly feature?: FeatureId
  readonly value?: string
  readonly where: string
}

export const otherTools: readonly OtherTool[] = table.tools
export const otherRules: readonly OtherRule[] = table.rules

/** What a project has for Windows, and what it has not. */
export interface InteropSubjects {
  /** Services that may be for Windows. */
  readonly windows: readonly string[]
  /** Services and stages that are for Linux. */
  readonly linux: readonly string[]
}

export interface InteropText {
  readonly stdout: string
  readonly stderr: string
}

/** How the rules of a tool are switched off: the content of its configuration, and a comment for one file alone. */
interface Switch {
  configuration(rules: readonly OtherRule[], subjects: InteropSubjects): string
  readonly comment?: (rules: readonly OtherRule[]) => string
  /** The configuration tells services apart by itself. */
  readonly isByService?: true
}

const idsOf = (rules: readonly OtherRule[]): string[] => rules.map(({ rule }) => rule)
const asComment = (rules: readonly OtherRule[]): string => rules.map(({ rule, called, asks }) => `# ${rule}${called === undefined ? '' : ` (${called})`}: ${asks}\n`).join('')

const switches: Readonly<Record<string, Switch>> = {
  // README.md, Configuration; docs/configuration-comments.md
  dclint: {
    configuration: rules => `${JSON.stringify({ rules: Object.fromEntries(idsOf(rules).map(id => [id, 0])) }, null, 2)}\n`,
    comment: rules => `# dclint disable ${idsOf(rules).join(' ')}`
  },
  // docs/configuration.md, Per-service exclusions
  'compose-lint': {
    configuration: (rules, { windows }) => `rules:${windows.length === 0 ? ' {}\n' : `\n${rules.map(({ rule, asks }) => `  ${rule}:\n    exclude_services:\n${windows.map(name => `      ${JSON.stringify(name)}: ${JSON.stringify(`Windows containers do not take ${asks}`)}\n`).join('')}`).join('')}`}`,
    isByService: true
  },
  // docs/configuration-file.md; docs/running-kics.md, Using commands on scanned files as comments
  kics: {
    configuration: rules => `${asComment(rules)}exclude-queries:\n${idsOf(rules).map(id => `  - ${id}\n`).join('')}`,
    comment: rules => `# kics-scan disable=${idsOf(rules).join(',')}`
  },
  // https://semgrep.dev/docs/cli-reference
  semgrep: { configuration: rules => idsOf(rules).map(id => `--exclude-rule=${id}\n`).join('') },
  // README.md, Docker Bench for Security options
  'docker-bench': { configuration: rules => `-e ${idsOf(rules).join(',')}\n` },
  // README.md, Configure and Global ignores
  hadolint: {
    configuration: rules => `${asComment(rules)}ignored:\n${idsOf(rules).map(id => `  - ${id}\n`).join('')}`,
    comment: rules => `# hadolint global ignore=${idsOf(rules).join(',')}`
  }
}

/** Tools of which something is to be switched off. */
export const switchedTools: readonly string[] = Object.keys(switches)

const rulesOf = (tool: string): readonly OtherRule[] => otherRules.filter(rule => rule.tool === tool)

/**
 * What switches off the rules of a tool that ask for what Windows does not take.
 *
 * @throws {RangeError} if there is no such tool
 */
export function interopConfiguration(id: string, subjects: InteropSubjects): InteropText {
  const tool = otherTools.find(other => other.id === id)
  if (tool?.nothing !== undefined) return { stdout: '', stderr: `porthole: nothing to switch off. ${tool.nothing}.\n` }
  const found = switches[id]
  if (!tool || !found) throw new RangeError(`porthole knows nothing of \`${id}\`${suggestion(id, switchedTools) || `; it knows ${switchedTools.join(', ')}`}`)
  const rules = rulesOf(id)
  return { stdout: found.configuration(rules, subjects), stderr: `porthole: this is for ${tool.configuration}\n${linuxNote(found, rules, subjects)}` }
}

function linuxNote({ comment, isByService }: Switch, rules: readonly OtherRule[], { linux }: InteropSubjects): string {
  if (isByService || linux.length === 0) return ''
  const named = linux.length > 3 ? `${linux.length} services and stages` : linux.map(name => `\`${name}\``).join(', ')
  return `porthole: it switches the rules off for ${named} too, which ${linux.length === 1 ? 'is' : 'are'} for Linux${comment ? `; in files for Windows alone: ${comment(rules)}` : ''}\n`
}

/** All tools, what of them is in the way, and how it is switched off. */
export function interopOverview(): string {
  return otherTools.map(tool => {
    const rules = rulesOf(tool.id)
    const comment = switches[tool.id]?.comment?.(rules)
    const lines = tool.nothing === undefined ? rules.map(({ rule, called, asks, feature }) => `  ${called ?? rule}: asks for ${asks}${feature === undefined ? '' : ` (${feature})`}`) : [`  ${tool.nothing}.`]
    return [
      `${tool.name}  ${tool.home}`, ...lines,
      ...(tool.configuration === undefined ? [] : [`  Switched off by \`porthole interop ${tool.id}\` (${tool.configuration})${comment === undefined ? '' : `, or in a file: ${comment}`}`]), ''
    ].join('\n')
  }).join('\n')
}
