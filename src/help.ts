import { severities } from './diagnostic.ts'
import { baselineActions, formatNames, options, platformModes, type OptionName } from './option.ts'
import { windowsVersions } from './target.ts'

/** A command, as the first word after `porthole`. */
export interface CommandHelp {
  readonly name: string
  readonly operands: string
  readonly says: string
}

/** What an option is for. */
export interface OptionHelp {
  /** What it takes, as it is shown; none: it takes nothing. */
  readonly takes?: string
  /** `--changed` and `--changed=main` are both right. */
  readonly isOptional?: boolean
  /** All values it takes, or the beginnings of them. */
  readonly values?: readonly string[]
  /** It takes several values, with commas between them. */
  readonly isList?: boolean
  /** It takes the path of a file. */
  readonly isPath?: boolean
  readonly says: string
}

export const commands: readonly CommandHelp[] = [
  { name: 'explain', operands: '<rule|feature>', says: 'what is known of a rule or a feature, with its sources' },
  { name: 'matrix', operands: '[feature…]', says: 'the support matrix, for the targets asked for' },
  { name: 'why', operands: '<text|-> [paths…]', says: 'from what Docker said to the setting that made it say so' },
  { name: 'diff', operands: '--from <target> --to <target> [paths…]', says: 'what a move changes for these files (--to host=azure: only that; --format json); the exit status is 1 if anything gets worse' },
  { name: 'migrate', operands: '[files…]', says: 'write compose.windows.yaml beside compose.yaml, an overlay with what Windows needs otherwise (-o <file|->, --force; --checklist: what is left, as Markdown)' },
  { name: 'interop', operands: '[tool] [paths…]', says: 'what switches off the rules of other linters that ask for what Windows refuses: dclint, compose-lint, kics, semgrep, docker-bench, hadolint' },
  { name: 'merge', operands: '<reports…>', says: 'one report, and one exit status, of those that all shards of a run have written with --format json; or the folder with them (--format, --output-file, --fail-on, --exit-zero, --quiet, --baseline)' },
  { name: 'targets', operands: '[paths…]', says: 'the targets in force, and where each comes from; those that files name' },
  { name: 'inspect', operands: '<files…>', says: 'what files ask of Docker, as JSON; of compose files the merged project' },
  { name: 'lsp', operands: '', says: 'a language server on standard input and output' },
  { name: 'completions', operands: '<bash|zsh|fish|powershell>', says: 'a script that completes command lines of porthole in this shell' }
]

const targetNames = [...windowsVersions.map(({ id }) => id), 'host=azure', 'host=other', 'isolation=process', 'isolation=hyperv']

export const optionHelp: Readonly<Record<OptionName, OptionHelp>> = {
  target: { takes: 'list', values: targetNames, isList: true, says: 'Windows versions to judge for, repeatable: ws2016 … ws2025, win11, with engine@28, host=azure|other, isolation=process|hyperv; auto: those that the files name (default: ws2019,ws2022,ws2025 with the newest engine)' },
  platform: { takes: 'mode', values: platformModes, says: 'windows: judge everything but what declares Linux (default); auto: judge only what is evidently for Windows' },
  'compose-file': { takes: 'file', isPath: true, says: 'lay compose files over each other, in order, as `docker compose -f` does; repeatable' },
  config: { takes: 'file', isPath: true, says: 'the configuration, instead of the nearest porthole.config.json or .yaml upwards' },
  'no-config': { says: 'no configuration at all' },
  init: { says: 'look at the files here and write a porthole.config.yaml that fits them' },
  rule: { takes: 'id:severity', says: 'error, warning, info or off for a rule or a feature, repeatable' },
  'print-config': { takes: 'file', isPath: true, says: 'what is configured for a file' },
  baseline: { takes: 'action', values: baselineActions, says: 'write: know all that is found now; check: report only what is new; prune: forget what is mended (in porthole-baseline.json, or --baseline-file)' },
  'baseline-file': { takes: 'file', isPath: true, says: 'where the baseline is' },
  staged: { says: 'only what is staged in git, as it is staged' },
  changed: { takes: 'ref', isOptional: true, says: 'only files that differ from the last commit; with a ref, from where this branch left it' },
  'force-exclude': { says: 'leave out what the configuration ignores even where it is named' },
  shard: { takes: 'i/n', says: 'lint only part i of n of the files, as their paths say; the others are read where they bear on these. porthole merge puts the reports together' },
  'explain-platform': { says: 'print why each service is thought to be for Windows or Linux' },
  format: { takes: 'name[=file]', values: formatNames, says: `${formatNames.join(', ').replace('pretty', 'pretty (default)')}; repeatable, each to a file if one is given` },
  'output-file': { takes: 'file', isPath: true, says: 'where the format goes that has no file of its own' },
  'fail-on': { takes: 'severity', values: severities, says: 'least severity that makes the exit status 1: error, warning, info (default: warning)' },
  'exit-zero': { says: 'exit with 0 whatever is found, to look before you adopt' },
  fix: { says: 'change files so that what Windows ignores anyway is gone, where nothing else changes' },
  'unsafe-fixes': { says: 'with --fix or --diff: also changes that make something else of the file' },
  diff: { says: 'show what --fix would change, and change nothing; exit with 1 if it is something' },
  from: { takes: 'target', values: targetNames, says: 'of diff: the target before' },
  to: { takes: 'target', values: targetNames, says: 'of diff: the target after' },
  force: { says: 'of migrate: write over a file that is there' },
  checklist: { says: 'of migrate: print what is left to do by hand, as Markdown' },
  quiet: { says: 'show errors only, and fail on errors only unless --fail-on says otherwise' },
  verbose: { says: 'tell too what could not be found out: networks that no file makes, Dockerfiles out of reach' },
  watch: { says: 'lint again whenever something changes, until interrupted; the exit status is that of the last round' },
  poll: { says: 'of --watch: look every second where the system tells of no changes' },
  'allow-outside': { says: 'read the files outside of the project that its files name: by default a compose file or a link that leads out of the repository (or the folder) is not followed' },
  cache: { says: 'keep what was found for the next run (in .porthole-cache, or --cache-location)' },
  'cache-location': { takes: 'file', isPath: true, says: 'where it is kept' },
  concurrency: { takes: 'auto|off|n', values: ['auto', 'off'], says: 'how many threads there may be where there are many files (default: auto, one less than processors where there are four or more)' },
  stats: { says: 'say what was read, what was left out and why, and where the time went' },
  'stdin-filename': { takes: 'path', isPath: true, says: 'the name that stands for standard input (default: compose.yaml)' },
  color: { says: 'colours, else by FORCE_COLOR, NO_COLOR, CLICOLOR_FORCE and the terminal' },
  'no-color': { says: 'no colours' },
  version: { says: 'print the version' },
  help: { says: 'print this' }
}

const width = 118
const indent = 30

/** Words in lines, of which the first stands beside `head`. */
function entry(head: string, says: string): string {
  const lines: string[] = []
  for (const word of says.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && indent + last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  const gap = ' '.repeat(indent)
  return [head.length < indent ? `${head.padEnd(indent)}${lines.shift()!}` : head, ...lines.map(line => gap + line)].join('\n')
}

function optionEntry(name: OptionName): string {
  const { takes, isOptional, says } = optionHelp[name]
  const { short } = options[name] as { short?: string }
  return entry(`  ${short === undefined ? '   ' : `-${short},`} --${name}${takes === undefined ? '' : isOptional ? `[=${takes}]` : ` <${takes}>`}`, says)
}

/** What `porthole --help` prints. */
export const help = `porthole: what Docker on Windows will do with your compose files, Dockerfiles and scripts

Usage:
${entry('  porthole [options] <paths…>', 'lint files, folders and patterns; `-` is standard input')}
${commands.map(({ name, operands, says }) => entry(`  porthole ${name} ${operands}`.trimEnd(), says)).join('\n')}

Options:
${(Object.keys(options) as OptionName[]).map(optionEntry).join('\n')}

Files:
  Folders are searched for files that speak of Docker, dot-folders too; what .gitignore names,
  node_modules and .git are not. A file that is named is always read. The configuration is the nearest
  porthole.config.json, porthole.config.yaml or \`porthole\` key of package.json upwards.

Environment:
  FORCE_COLOR, NO_COLOR, CLICOLOR_FORCE and TERM decide on colours. A \`.env\` beside a compose file is read, as
  Docker Compose does. Where CI is set, or standard error is no terminal, no progress is shown.

Exit status:
  0 nothing found, 1 findings, 2 the job could not be done

Examples:
  porthole .                                        everything in this folder
  porthole --staged                                 what is about to be committed
  porthole --changed=origin/main                    what a branch changes
  porthole --format sarif=report.sarif --exit-zero .
`
