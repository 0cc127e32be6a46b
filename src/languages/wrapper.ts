import type { Command, Guard, NestedScript, Shell, Word } from '../command.ts'
import type { Range } from '../text.ts'
import { commandLine } from './command-line.ts'

/** What a command runs in the end: commands, and scripts that it hands to a shell. */
export interface Unwrapped {
  readonly commands: readonly Command[]
  readonly nested: readonly NestedScript[]
}

const nothing: Unwrapped = { commands: [], nested: [] }

/** How many wrappers may wrap one another. */
const deepest = 20

/**
 * What a command runs, its wrappers taken off: `sudo env A=b docker ps` runs
 * `docker ps`, `sh -c '…'` runs a script. A command that wraps nothing runs
 * itself.
 */
export function unwrap(command: Command): Unwrapped {
  return unwrapped(command, 0)
}

function unwrapped(command: Command, depth: number): Unwrapped {
  const name = programName(command.words[0])
  const open = name === undefined || depth >= deepest ? undefined : wrappers[name]
  const inner = open?.(command)
  if (inner === undefined) return { commands: [command], nested: [] }
  const commands: Command[] = []
  const nested = [...inner.nested]
  for (const each of inner.commands) {
    const further = unwrapped(each, depth + 1)
    commands.push(...further.commands)
    nested.push(...further.nested)
  }
  return { commands, nested }
}

/** The shell that reads what is fed to a command as a script, and where it does so. */
export function shellOnInput(command: Command): { readonly shell: Shell; readonly guards: readonly Guard[] } | undefined {
  for (const { words, guards } of innermost(command)) {
    const name = programName(words[0])
    const operands = words.slice(1)
    if (name === undefined) continue
    if (shells.has(name) && readsInput(operands)) return { shell: 'bash', guards }
    if (powershells.has(name) && powershellReadsInput(operands)) return { shell: 'powershell', guards }
    if (name === 'cmd' && !operands.some(word => /^\/+[ckCK]/.test(word.text.value))) return { shell: 'cmd', guards }
    if (name === 'ssh') {
      const remote = operandsAfter(operands, ssh).slice(1)
      if (remote.length === 0) return { shell: 'bash', guards: [] }
      const line = remote.map(word => word.text.value).join(' ').trim()
      if (remote.every(word => word.known) && /^(?:sudo\s+)?(?:\/(?:usr\/)?bin\/)?(?:ba|da|a|k|z)?sh(?:\s+-(?!s(?:\s|$)|\S*c)\S*)*(?:\s+-s(?:\s.*)?)?$/.test(line)) return { shell: 'bash', guards: [] }
    }
  }
  return undefined
}

/** The base name of a program, without `.exe`, in lower case. */
export function programName(word: Word | undefined): string | undefined {
  if (!word?.known) return undefined
  return word.text.value.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '').toLowerCase()
}

/** Options that take a value in the next word; all others stand alone. */
interface Options {
  /** Letters. */
  readonly short: string
  readonly long?: readonly string[]
}

type Open = (command: Command) => Unwrapped | undefined

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'mksh', 'zsh', 'rbash'])
const powershells = new Set(['powershell', 'pwsh', 'powershell_ise', 'pwsh-preview'])
const ssh: Options = { short: 'BbcDEeFIiJLlmOopQRSWw' }

const wrappers: Readonly<Record<string, Open | undefined>> = Object.assign(Object.create(null) as object, {
  sudo: afterOptions({ short: 'CDghpRrTtUu', long: ['--user', '--group', '--host', '--prompt', '--chdir', '--chroot', '--close-from', '--role', '--type', '--other-user', '--command-timeout'] }, { assignments: true }),
  doas: afterOptions({ short: 'Cu' }),
  gosu: afterOptions({ short: '' }, { operands: 1 }),
  'su-exec': afterOptions({ short: '' }, { operands: 1 }),
  env: openEnv,
  command: openCommand,
  builtin: afterOptions({ short: '' }),
  exec: afterOptions({ short: 'a' }),
  time: afterOptions({ short: 'fo', long: ['--format', '--output'] }),
  nohup: afterOptions({ short: '' }),
  setsid: afterOptions({ short: '' }),
  nice: afterOptions({ short: 'n', long: ['--adjustment'] }),
  ionice: afterOptions({ short: 'cnpPu', long: ['--class', '--classdata'] }),
  stdbuf: afterOptions({ short: 'ioe', long: ['--input', '--output', '--error'] }),
  timeout: afterOptions({ short: 'ks', long: ['--kill-after', '--signal'] }, { operands: 1 }),
  gtimeout: afterOptions({ short: 'ks', long: ['--kill-after', '--signal'] }, { operands: 1 }),
  unbuffer: afterOptions({ short: '' }),
  winpty: afterOptions({ short: '' }),
  // What the tests of Bats call a command with.
  run: openRun,
  xargs: openXargs,
  find: openFind,
  wsl: openWsl,
  ssh: openSsh,
  su: openSu,
  cmd: openCmd,
  ...Object.fromEntries([...shells].map(name => [name, openShell])),
  ...Object.fromEntries([...powershells].map(name => [name, openPowershell]))
} satisfies Record<string, Open>)

/** A wrapper that runs what follows its options, and `operands` of its own. */
function afterOptions(options: Options, { operands = 0, assignments = false } = {}): Open {
  return command => {
    let words: readonly Word[] = operandsAfter(command.words.slice(1), options).slice(operands)
    if (assignments) words = afterAssignments(words)
    return words.length > 0 ? commands([inside(command, words)]) : nothing
  }
}

/** `command -v docker` only asks. */
function openCommand(command: Command): Unwrapped {
  const words = operandsAfter(command.words.slice(1), { short: '' })
  const options = command.words.slice(1, command.words.length - words.length)
  return words.length === 0 || options.some(word => /^-\w*[vV]/.test(word.text.value)) ? nothing : commands([inside(command, words)])
}

function openEnv(command: Command): Unwrapped {
  const operands = command.words.slice(1)
  const split = operands.findIndex(word => /^(?:-\w*S|--split-string)/.test(word.text.value))
  if (split >= 0 && operands.slice(0, split).every(word => word.text.value.startsWith('-'))) {
    const own = /^(?:-\w*S|--split-string=)(?=.)/.exec(operands[split]!.text.value)?.[0].length
    const words = own === undefined ? operands.slice(split + 1) : [tail(operands[split]!, own), ...operands.slice(split + 1)]
    return words.length > 0 ? scripts([script('bash', command, words)]) : nothing
  }
  const words = afterAssignments(operandsAfter(operands, { short: 'uC', long: ['--unset', '--chdir'] }))
  return words.length > 0 ? commands([inside(command, words)]) : nothing
}

/** `run -1 docker …`, `run ! docker …` */
function openRun(command: Command): Unwrapped {
  let words = command.words.slice(1)
  while (words[0]?.known && /^(?:!|-\d+|--keep-empty-lines|--separate-stderr|--)$/.test(words[0].text.value)) words = words.slice(1)
  return words.length > 0 ? commands([inside(command, words)]) : nothing
}

/** What `xargs` adds is read at run time: a word that is not known stands for it. */
function openXargs(command: Command): Unwrapped {
  const [program, ...operands] = command.words
  const words = operandsAfter(operands, { short: 'IadEsnLP', long: ['--arg-file', '--delimiter', '--max-chars', '--max-args', '--max-procs', '--process-slot-var'] })
  if (words.length === 0) return nothing
  const marker = replaced(operands.slice(0, operands.length - words.length))
  if (marker === undefined) {
    const added: Word = { text: program!.text, known: false, holes: [[0, program!.text.value.length]] }
    return commands([inside(command, [...words, added])])
  }
  return commands([inside(command, words.map(word => withHoles(word, marker)))])
}

/** What stands for the input in the words: `-I{}`, `-I {}`, `-i`, `--replace=R`. */
function replaced(options: readonly Word[]): string | undefined {
  for (const [index, { text }] of options.entries()) {
    const [, own, attached] = /^(?:-[0rtpx]*([Ii])|--replace(?==|$)=?)(.*)$/s.exec(text.value) ?? []
    if (attached === undefined) continue
    if (attached) return attached
    return own === 'I' ? (options[index + 1]?.text.value ?? '{}') : '{}'
  }
  return undefined
}

function withHoles(word: Word, marker: string): Word {
  const { value } = word.text
  const holes: Range[] = []
  for (let at = value.indexOf(marker); at >= 0; at = value.indexOf(marker, at + marker.length)) holes.push([at, at + marker.length])
  if (holes.length === 0) return word
  return { text: word.text, known: false, holes: word.known ? holes : [...(word.holes ?? [[0, value.length] as const]), ...holes].sort((a, b) => a[0] - b[0]) }
}

/** `find … -exec docker … {} \;` */
function openFind(command: Command): Unwrapped | undefined {
  const found: Command[] = []
  const { words } = command
  for (let at = 1; at < words.length; at++) {
    if (!/^-(?:exec|ok)(?:dir)?$/.test(words[at]!.text.value)) continue
    let end = at + 1
    while (end < words.length && words[end]!.text.value !== ';' && words[end]!.text.value !== '+') end++
    if (end > at + 1) found.push(inside(command, words.slice(at + 1, end).map(word => withHoles(word, '{}'))))
    at = end
  }
  return found.length > 0 ? commands(found) : undefined
}

/** A command that is handed to `wsl` runs on Linux. */
function openWsl(command: Command): Unwrapped {
  const words = operandsAfter(command.words.slice(1), { short: 'due', long: ['--distribution', '--distribution-id', '--user', '--cd', '--shell-type'] }, '-e --exec'.split(' '))
  if (words.length === 0 || words[0]!.text.value.startsWith('-')) return nothing
  const guards: Guard[] = [{ os: 'linux', holds: true, range: command.words[0]!.text.whole }]
  return commands([{ ...inside(command, words), guards }])
}

/** What holds here need not hold where `ssh` goes. */
function openSsh(command: Command): Unwrapped {
  const words = operandsAfter(command.words.slice(1), ssh)
  return words.length > 1 ? scripts([{ ...script('bash', command, words.slice(1)), guards: [] }]) : nothing
}

function openSu(command: Command): Unwrapped {
  const { words } = command
  for (let at = 1; at < words.length; at++) {
    const [, own] = /^(?:-[abd-z]*c|--command(?:=|$))(.*)$/s.exec(words[at]!.text.value) ?? []
    if (own === undefined) continue
    if (own) return scripts([script('bash', command, [tail(words[at]!, words[at]!.text.value.length - own.length)])])
    return words[at + 1] ? scripts([script('bash', command, [words[at + 1]!])]) : nothing
  }
  return nothing
}

/** `sh -ec '…' name arguments` */
function openShell(command: Command): Unwrapped | undefined {
  const { words } = command
  let reads = false
  for (let at = 1; at < words.length; at++) {
    const { value } = words[at]!.text
    if (!/^[-+]/.test(value) || value === '-' || value === '--') {
      const operand = value === '-' || value === '--' ? words[at + 1] : words[at]
      return reads && operand ? scripts([script('bash', command, [operand])]) : undefined
    }
    if (value.startsWith('--')) {
      if (value === '--rcfile' || value === '--init-file') at++
    } else {
      if (/^-\w*c/.test(value)) reads = true
      if (/^[-+]\w*[oO]$/.test(value)) at++
    }
  }
  return undefined
}

function readsInput(operands: readonly Word[]): boolean {
  for (let at = 0; at < operands.length; at++) {
    const { value } = operands[at]!.text
    if (!operands[at]!.known) return false
    if (value === '-' || value === '/dev/stdin' || /^-\w*s$/.test(value)) return true
    if (!/^[-+]/.test(value) || /^-\w*c/.test(value)) return false
    if (/^[-+]\w*[oO]$/.test(value)) at++
  }
  return true
}

/** Parameters of PowerShell by their shortest unambiguous beginnings, and the aliases they have besides. */
const powershellParameters: readonly (readonly [name: string, shortest: number, takes: 'nothing' | 'value' | 'script' | 'file' | 'secret', aliases?: readonly string[]])[] = [
  ['command', 1, 'script'],
  ['commandwithargs', 8, 'script', ['cwa']],
  ['encodedcommand', 1, 'secret', ['ec']],
  ['encodedarguments', 8, 'value'],
  ['executionpolicy', 2, 'value', ['ep']],
  ['file', 1, 'file'],
  ['inputformat', 3, 'value', ['if', 'in']],
  ['interactive', 1, 'nothing'],
  ['outputformat', 1, 'value', ['of']],
  ['configurationname', 3, 'value'],
  ['configurationfile', 14, 'value'],
  ['custompipename', 2, 'value'],
  ['psconsolefile', 1, 'value'],
  ['settingsfile', 8, 'value', ['settings']],
  ['version', 1, 'value'],
  ['windowstyle', 1, 'value'],
  ['workingdirectory', 2, 'value', ['wd']]
]

function powershellParameter(value: string): 'nothing' | 'value' | 'script' | 'file' | 'secret' {
  const name = value.replace(/^(?:--?|[/–—―])/, '').toLowerCase()
  return powershellParameters.find(([full, shortest, , aliases]) => aliases?.includes(name) || (name.length >= shortest && full.startsWith(name)))?.[2] ?? 'nothing'
}

function openPowershell(command: Command): Unwrapped | undefined {
  const { words } = command
  for (let at = 1; at < words.length; at++) {
    const word = words[at]!
    const { value } = word.text
    if (!word.known || !/^[-/–—―]./.test(value)) {
      // PowerShell 7 takes the first operand for a file, the older ones for a command.
      return programName(words[0]) === 'powershell' && value !== '-' ? scripts([script('powershell', command, words.slice(at))]) : undefined
    }
    const takes = powershellParameter(value)
    if (takes === 'file') return undefined
    if (takes === 'secret') return nothing
    if (takes === 'script') return at + 1 < words.length && words[at + 1]!.text.value !== '-' ? scripts([script('powershell', command, words.slice(at + 1))]) : undefined
    if (takes === 'value') at++
  }
  return undefined
}

function powershellReadsInput(operands: readonly Word[]): boolean {
  for (let at = 0; at < operands.length; at++) {
    const { value } = operands[at]!.text
    if (!/^[-/–—―]./.test(value)) return value === '-'
    const takes = powershellParameter(value)
    if (takes === 'script' || takes === 'file') return operands[at + 1]?.text.value === '-'
    if (takes === 'secret') return false
    if (takes === 'value') at++
  }
  return true
}

/** `cmd /c …`, written `//c` where a Unix shell for Windows would take it for a path. */
function openCmd(command: Command): Unwrapped | undefined {
  const { words } = command
  for (let at = 1; at < words.length; at++) {
    const [, own] = /^\/+(?:[a-z](?::\w+)?\/+)*[ckr](.*)$/is.exec(words[at]!.text.value) ?? []
    if (own !== undefined) {
      const rest = own ? [tail(words[at]!, words[at]!.text.value.length - own.length), ...words.slice(at + 1)] : words.slice(at + 1)
      if (rest.length === 0) return nothing
      // Words that need their quotes would fall apart as a line.
      const whole = rest.length === 1 || !rest.some(word => /[\s"&|<>^]/.test(word.text.value))
      return whole ? scripts([script('cmd', command, rest)]) : commands([inside(command, rest)])
    }
    if (!words[at]!.text.value.startsWith('/')) return undefined
  }
  return undefined
}

/** The words after a program's options. */
function operandsAfter(words: readonly Word[], { short, long = [] }: Options, last: readonly string[] = []): readonly Word[] {
  let at = 0
  while (at < words.length) {
    const { value } = words[at]!.text
    if (value === '--' || last.includes(value)) return words.slice(at + 1)
    if (!value.startsWith('-')) break
    if (value.startsWith('--')) at += long.includes(value) ? 2 : 1
    else {
      const letter = [...value.slice(1)].findIndex(option => short.includes(option))
      // `-u x` takes the next word, `-ux` has its value with it.
      at += letter >= 0 && letter === value.length - 2 ? 2 : 1
    }
  }
  return words.slice(at)
}

function afterAssignments(words: readonly Word[]): readonly Word[] {
  const first = words.findIndex(word => !/^[A-Za-z_]\w*=/.test(word.text.value))
  return first < 0 ? [] : words.slice(first)
}

function tail(word: Word, from: number): Word {
  const text = word.text.slice(from)
  if (word.known) return { text, known: true }
  return { text, known: false, holes: (word.holes ?? [[0, word.text.value.length] as const]).map(([start, end]) => [Math.max(0, start - from), Math.max(0, end - from)]) }
}

function inside(command: Command, words: readonly Word[]): Command {
  return { ...command, words }
}

function script(shell: Shell, { guards }: Command, words: readonly Word[]): NestedScript {
  return { shell, ...commandLine(words), guards }
}

function commands(inner: readonly Command[]): Unwrapped {
  return { commands: inner, nested: [] }
}

function scripts(nested: readonly NestedScript[]): Unwrapped {
  return { commands: [], nested }
}

/** The commands that are left when shells and remote hosts are not opened. */
function innermost(command: Command, depth = 0): readonly Command[] {
  const name = programName(command.words[0])
  if (name === undefined || depth >= deepest || name === 'ssh' || shells.has(name) || powershells.has(name) || name === 'cmd') return [command]
  const inner = wrappers[name]?.(command)
  return inner ? inner.commands.flatMap(each => innermost(each, depth + 1)) : [command]
}
