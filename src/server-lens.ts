import type { CodeLens } from 'vscode-languageserver'
import type { Diagnostic } from './diagnostic.ts'
import { usedHere, type LintResult } from './linter.ts'
import type { ServerDocument } from './server-document.ts'
import type { Inspection } from './server-inspection.ts'
import type { Range } from './text.ts'

/** Languages whose subjects have a place of their own: services, stages, jobs. */
const languages: readonly (string | undefined)[] = ['compose', 'dockerfile', 'workflow']

/** One line over each service, stage or job in which something is found: `Windows: 2 errors, 1 ignored`. */
export function codeLenses({ diagnostics, found }: Inspection, document: ServerDocument): CodeLens[] {
  if (!languages.includes(found.language)) return []
  const subjects = new Set(found.subjects.map(({ range }) => range[0]))
  const starts = [...new Set([...subjects, ...boundaries(found)])].sort((a, b) => a - b)
  const groups = new Map<number, Diagnostic[]>()
  for (const diagnostic of diagnostics) for (const start of new Set(placesOf(diagnostic).map(place => starts.findLast(at => at <= place)))) {
    if (start !== undefined && subjects.has(start)) groups.set(start, [...(groups.get(start) ?? []), diagnostic])
  }
  return found.subjects.flatMap(({ range }) => {
    const group = groups.get(range[0])
    return group ? [{ range: document.rangeOf(range), command: { title: `Windows: ${summary(group)}`, command: '' } }] : []
  })
}

/** Where networks and volumes of a compose file begin: they end the service above them. */
const boundaries = ({ language, intents }: LintResult): number[] =>
  language === 'compose' ? intents.filter(({ verb }) => /^(network|volume)\.(create|use)$/.test(verb)).map(({ range }) => range[0]) : []

/** Where a diagnostic applies: an anchor is written once and used in many services. */
const placesOf = ({ range, related }: Diagnostic): number[] => [range, ...related.flatMap(({ message, range: where }): Range[] => (message === usedHere ? [where] : []))].map(([start]) => start)

/** What is found, by how bad it is. */
function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (wanted: (diagnostic: Diagnostic) => boolean): number => diagnostics.filter(wanted).length
  const isIgnored = ({ severity, effect }: Diagnostic): boolean => severity === 'warning' && effect === 'ignored'
  return [
    counted(count(({ severity }) => severity === 'error'), 'error'),
    counted(count(({ severity, effect }) => severity === 'warning' && effect !== 'ignored'), 'warning'),
    ...[count(isIgnored)].flatMap(number => (number > 0 ? [`${number} ignored`] : [])),
    ...[count(({ severity }) => severity === 'info')].flatMap(number => (number > 0 ? [`${number} to know`] : []))
  ].filter(text => text !== '').join(', ')
}

const counted = (number: number, noun: string): string => (number === 0 ? '' : `${number} ${noun}${number === 1 ? '' : 's'}`)
