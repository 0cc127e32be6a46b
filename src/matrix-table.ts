import type { Context, Setting } from './intent.ts'
import { knowledge } from './knowledge.ts'
import type { Effect, Row } from './matrix.ts'
import { suggestion } from './suggestion.ts'
import type { Target } from './target.ts'

const cells: Readonly<Record<Effect, string>> = { rejected: 'refused', broken: 'broken', ignored: 'ignored', differs: 'differs', supported: 'works', unknown: 'depends' }

/** The support matrix as a table: features by targets, on the default nat network. */
export function matrixTable(targets: readonly Target[], features: readonly string[], UsageError: new (message: string) => Error): string {
  const names = knowledge.matrix.rows.flatMap(({ feature, rule }) => [feature, rule])
  const unknown = features.find(name => !names.includes(name))
  if (unknown !== undefined) throw new UsageError(`there is no rule or feature \`${unknown}\` in the matrix${suggestion(unknown, names)}`)
  const rows = knowledge.matrix.rows.filter(({ feature, rule }) => features.length === 0 || features.includes(feature) || features.includes(rule))
  const table = [['feature', ...targets.map(({ label }) => label)], ...rows.map(row => [row.feature, ...targets.map(target => cellOf(row, target))])]
  const widths = table[0]!.map((_, column) => Math.max(...table.map(line => line[column]!.length)))
  return `${table.map(line => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n')}\n\nOn a nat network, by docker compose; porthole explain <feature> has the other cases and the sources.\n`
}

const ordinary: Context = { driver: ['nat'], via: ['compose'], subnet: ['without'], internal: ['false'], network: ['user-defined'] }

function cellOf(row: Row, target: Target): string {
  const setting: Setting = { row, value: undefined, range: [0, 0] }
  const { effect, support } = knowledge.matrix.verdict(row, setting, row.entryPoint ? { ...ordinary, via: [row.entryPoint] } : ordinary, target)
  return support?.unsafe ? 'ignored!' : cells[effect]
}
