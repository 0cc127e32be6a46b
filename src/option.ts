/** The options of the command line, as Node's `parseArgs` takes them; what they mean is in `help.ts`. */
export const options = {
  target: { type: 'string', multiple: true, short: 't' },
  platform: { type: 'string' },
  'compose-file': { type: 'string', multiple: true },
  config: { type: 'string', short: 'c' },
  'no-config': { type: 'boolean' },
  init: { type: 'boolean' },
  rule: { type: 'string', multiple: true },
  'print-config': { type: 'string' },
  baseline: { type: 'string' },
  'baseline-file': { type: 'string' },
  staged: { type: 'boolean' },
  changed: { type: 'string' },
  'force-exclude': { type: 'boolean' },
  shard: { type: 'string' },
  'explain-platform': { type: 'boolean' },
  format: { type: 'string', short: 'f', multiple: true },
  'output-file': { type: 'string', short: 'o' },
  'fail-on': { type: 'string' },
  'exit-zero': { type: 'boolean' },
  fix: { type: 'boolean' },
  'unsafe-fixes': { type: 'boolean' },
  diff: { type: 'boolean' },
  from: { type: 'string' },
  to: { type: 'string' },
  force: { type: 'boolean' },
  checklist: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  verbose: { type: 'boolean', short: 'v' },
  watch: { type: 'boolean', short: 'w' },
  poll: { type: 'boolean' },
  'allow-outside': { type: 'boolean' },
  cache: { type: 'boolean' },
  'cache-location': { type: 'string' },
  concurrency: { type: 'string' },
  stats: { type: 'boolean' },
  'stdin-filename': { type: 'string' },
  color: { type: 'boolean' },
  'no-color': { type: 'boolean' },
  version: { type: 'boolean', short: 'V' },
  help: { type: 'boolean', short: 'h' }
} as const

export type OptionName = keyof typeof options

/** Values of `--format`. */
export const formatNames = ['pretty', 'compact', 'json', 'jsonl', 'sarif', 'github', 'gitlab', 'junit', 'checkstyle', 'rdjson', 'rdjsonl', 'azure', 'teamcity', 'markdown'] as const

/** Values of `--baseline`. */
export const baselineActions = ['write', 'prune', 'check'] as const

/** Values of `--platform`. */
export const platformModes = ['windows', 'auto'] as const
