import pages from './generated/rule-pages.ts'
import { knowledge } from './knowledge.ts'
import type { Conditions, Row, RowFix, Support } from './matrix.ts'
import { suggestion } from './suggestion.ts'

/** What is known of a rule (its page) or of a feature (its rows of the matrix). */
export function explain([name, ...others]: readonly string[], UsageError: new (message: string) => Error): string {
  const { rules, matrix } = knowledge
  if (name === undefined || others.length > 0) throw new UsageError('name one rule or feature: porthole explain <rule|feature>')
  const rows = matrix.rowsOf(name)
  if (rows.length > 0) return rows.map(rowText).join('\n')
  const page = pages[name]
  if (page === undefined) throw new UsageError(`there is no rule or feature \`${name}\`${suggestion(name, [...rules.map(({ id }) => id), ...matrix.rows.map(({ feature }) => feature)])}`)
  const features = [...new Set(matrix.rows.filter(({ rule }) => rule === name).map(({ feature, title }) => `  ${feature}: ${title}`))]
  const asking = [...new Set(matrix.rows.filter(({ rule }) => rule === name).flatMap(({ advice = [] }) => advice.map(({ by }) => `  ${by}`)))]
  return `${page.replace(/[⟦⟧]/g, '').trimEnd()}\n${features.length > 0 ? `\nFeatures (porthole explain <feature>):\n${features.join('\n')}\n` : ''}${asking.length > 0 ? `\nOther linters and guides that ask for some of it (porthole interop):\n${asking.join('\n')}\n` : ''}`
}

function rowText(row: Row): string {
  const spelled = [
    ...(row.spelled.compose ?? []).map(({ path, value, absent }) => `  compose     ${path}${absent ? ' missing' : value === undefined ? '' : `: ${value}`}`),
    ...(row.spelled.cli ?? []).map(({ command, flag, key, part, value, absent }) => `  command     docker ${command.join(' | ')}${flag === undefined ? '' : ` --${flag}`}${absent ? ' missing' : `${key === undefined ? '' : ` ${key}`}${part === undefined ? '' : ` (${part})`}${value === undefined || value === 'true' || value === '<true>' ? '' : ` ${value}`}`}`),
    ...(row.spelled.dockerfile ?? []).map(({ instruction, flag, key, value }) => `  dockerfile  ${instruction.join(' | ')}${flag === undefined ? '' : ` --${flag}`}${key === undefined ? '' : ` ${key}`}${value === undefined ? '' : ` ${value}`}`),
    ...(row.spelled.daemon ?? []).map(({ path }) => `  daemon.json ${path}`)
  ]
  return [
    `${row.feature} (${row.rule})`,
    `${row.title}.`,
    '',
    `${row.message}.`,
    ...(row.instead === undefined ? [] : [`Instead: ${row.instead}.`]),
    ...(row.fix ?? []).map(fixText),
    ...(row.notes === undefined ? [] : [row.notes]),
    ...(spelled.length > 0 ? ['', 'Written as:', ...spelled] : []),
    ...(row.advice ? ['', 'Asked for by (porthole interop):', ...row.advice.map(({ by, value }) => `  ${by}${value === undefined ? '' : `, for ${value}`}`)] : []),
    '',
    'What Windows does, the first that applies:',
    ...row.support.flatMap(supportLines),
    '',
    'Sources:',
    ...row.sources.map(({ where, says }) => `  ${where}${says === undefined ? '' : `\n    ${says}`}`),
    ''
  ].join('\n')
}

/** What `--fix` makes of it. */
function fixText(fix: RowFix): string {
  const where = conditionsOf(fix)
  const change = fix.replace === undefined ? 'the setting is removed' : `its value becomes \`${fix.replace}\``
  return `Fix${where.length > 0 ? ` (${where.join(', ')})` : ''}: ${change}.`
}

const conditionKeys = ['value', 'driver', 'isolation', 'via', 'network', 'subnet', 'internal', 'host', 'engine', 'windows'] as const

const conditionsOf = (entry: Conditions): string[] => conditionKeys.flatMap(key => (entry[key] === undefined ? [] : [`${key} ${([] as string[]).concat(entry[key] as string | string[]).join('|')}`]))

function supportLines(support: Support): string[] {
  const conditions = conditionsOf(support)
  const effect = `${support.effect}${support.unsafe ? ' (protection is lost)' : ''}${support.stage === undefined ? '' : ` at ${support.stage}`}`
  return [
    `  ${conditions.length > 0 ? conditions.join(', ') : 'always'}: ${effect} [${support.evidence.join(', ')}]`,
    ...(support.error === undefined ? [] : [`    Docker says: ${support.error.replaceAll('\n', '\n                 ')}`]),
    ...(support.note === undefined ? [] : [`    ${support.note}`]),
    ...(support.where === undefined ? [] : [`    ${support.where}`])
  ]
}
