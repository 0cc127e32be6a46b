import { commands, optionHelp, type OptionHelp } from './help.ts'
import { knowledge } from './knowledge.ts'
import { namesOf } from './known-name.ts'
import { options, type OptionName } from './option.ts'
import { suggestion } from './suggestion.ts'

/** A script that completes command lines of porthole in a shell. */
export function completionScript([shell, ...others]: readonly string[], UsageError: new (message: string) => Error): string {
  const names = Object.keys(scripts)
  if (shell === undefined || others.length > 0) throw new UsageError(`name one shell: porthole completions ${names.join('|')}`)
  const script = scripts[shell]
  if (script === undefined) throw new UsageError(`no completions for \`${shell}\`${suggestion(shell, names) || `; there are some for ${names.join(', ')}`}`)
  return script()
}

const scripts: Readonly<Record<string, () => string>> = { bash, zsh, fish, powershell }

interface Option extends OptionHelp {
  readonly name: OptionName
  readonly short: string | undefined
  readonly isRepeatable: boolean
}

const all = (Object.keys(options) as OptionName[]).map((name): Option => {
  const { short, multiple } = options[name] as { short?: string; multiple?: boolean }
  return { ...optionHelp[name], name, short, isRepeatable: multiple ?? false }
})

/** `--target`, `-t`. */
const spellings = ({ name, short }: Option): string[] => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]

/** What the operands of commands can be, where it is not files. */
function operands(): Readonly<Record<string, readonly string[]>> {
  const { rules, features } = namesOf(knowledge.rules, knowledge.matrix.rows)
  return { explain: [...rules, ...features], matrix: features, completions: Object.keys(scripts), targets: [], lsp: [] }
}

/** A word as all these shells take it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

function bash(): string {
  const words = (values: readonly string[]): string => `$'${values.join('\\n')}'`
  const valueCases = all.filter(({ takes, isOptional }) => takes !== undefined && !isOptional).map(option => {
    const reply = option.values === undefined ? '' : option.isList ? `_porthole_list ${words(option.values)}` : `_porthole_words ${words(option.values)}`
    return `    ${spellings(option).join('|')}) ${reply}${reply && '; '}return ;;`
  })
  const operandCases = Object.entries(operands()).map(([command, values]) => `    ${command}) ${values.length > 0 ? `_porthole_words ${words(values)}; ` : ''}return ;;`)
  return `# Completes porthole in bash: source <(porthole completions bash)
_porthole_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

_porthole_list() {
  local before=
  [[ $cur == *,* ]] && before=\${cur%,*},
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "\${cur##*,}"))
}

_porthole() {
  local IFS=$'\\n' cur=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  # Bash takes --format=json for three words.
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $option == '=' && $COMP_CWORD -gt 1 ]]; then
    option=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $option in
${valueCases.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    _porthole_words ${words(all.flatMap(spellings))}
    return
  fi
  if [[ $COMP_CWORD -eq 1 ]]; then
    _porthole_words ${words(commands.map(({ name }) => name))}
    COMPREPLY+=($(compgen -f -- "$cur"))
    compopt -o filenames 2>/dev/null
    return
  fi
  case \${COMP_WORDS[1]} in
${operandCases.join('\n')}
  esac
}

complete -o default -F _porthole porthole
`
}

function zsh(): string {
  const text = (says: string): string => says.replace(/[[\]:\\]/g, '\\$&')
  const action = ({ takes, values, isList }: Option): string =>
    takes === undefined ? '' : `:${text(takes)}:${values === undefined ? '_files' : isList ? `_sequence compadd - ${values.join(' ')}` : `(${values.join(' ')})`}`
  const specifications = all.map(option => {
    const { name, short, takes, isOptional, isRepeatable, says } = option
    const long = `--${name}${takes === undefined ? '' : isOptional ? '=-' : '='}`
    const description = quoted(`[${text(says)}]${isOptional ? ':' : ''}${action(option)}`)
    if (isRepeatable) return short === undefined ? `'*'${long}${description}` : `'*'{-${short}+,${long}}${description}`
    return short === undefined ? `${long}${description}` : `'(-${short} --${name})'{-${short}${takes === undefined ? '' : '+'},${long}}${description}`
  })
  const described = commands.map(({ name, says }) => quoted(`${name}:${says}`)).join(' ')
  const cases = Object.entries(operands()).map(([command, values]) => `        ${command}) compadd -- ${values.join(' ')} ;;`)
  return `#compdef porthole
# Completes porthole in zsh: source <(porthole completions zsh)
_porthole() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -S \\
${specifications.map(specification => `    ${specification} \\\n`).join('')}    '1: :->first' '*: :->rest' && return
  case $state in
    first)
      local -a commands=(${described})
      _describe command commands
      _files ;;
    rest)
      case $line[1] in
${cases.join('\n')}
        *) _files ;;
      esac ;;
  esac
}

if [[ $funcstack[1] == _porthole ]]; then
  _porthole "$@"
else
  compdef _porthole porthole
fi
`
}

function fish(): string {
  const option = ({ name, short, takes, isOptional, values, isList, says }: Option): string => {
    const list = isList ? `(__fish_append , ${values!.join(' ')})` : values?.join(' ')
    const value = takes === undefined || isOptional ? '' : list === undefined ? ' -r -F' : ` -x -a ${quoted(list)}`
    return `complete -c porthole -l ${name}${short === undefined ? '' : ` -s ${short}`}${value} -d ${quoted(says)}`
  }
  return `# Completes porthole in fish: porthole completions fish | source
${all.map(option).join('\n')}
${commands.map(({ name, says }) => `complete -c porthole -n __fish_use_subcommand -a ${name} -d ${quoted(says)}`).join('\n')}
${Object.entries(operands()).map(([command, values]) => `complete -c porthole -n '__fish_seen_subcommand_from ${command}' -f${values.length > 0 ? ` -a ${quoted(values.join(' '))}` : ''}`).join('\n')}
`
}

function powershell(): string {
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
  const list = (values: readonly string[]): string => `@(${values.map(text).join(', ')})`
  const valued = all.filter(({ values, isOptional }) => values !== undefined && !isOptional)
  return `# Completes porthole in PowerShell: porthole completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName porthole -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $options = @{
${all.map(option => `    ${text(`--${option.name}`)} = ${text(option.says)}`).join('\n')}
  }
  $commands = @{
${commands.map(({ name, says }) => `    ${text(name)} = ${text(says)}`).join('\n')}
  }
  $values = @{
${valued.flatMap(option => spellings(option).map(spelling => [spelling, option.values!] as const)).map(([spelling, values]) => `    ${text(spelling)} = ${list(values)}`).join('\n')}
${Object.entries(operands()).filter(([, values]) => values.length > 0).map(([command, values]) => `    ${text(command)} = ${list(values)}`).join('\n')}
  }
  $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '') { $words = @($words | Select-Object -SkipLast 1) }
  $found = if ($values.ContainsKey($words[-1])) { $values[$words[-1]] }
    elseif ($wordToComplete.StartsWith('-')) { $options.Keys }
    elseif ($words.Count -eq 1) { $commands.Keys }
  $found | Where-Object { $_ -like "$wordToComplete*" } | Sort-Object | ForEach-Object {
    $says = if ($options.ContainsKey($_)) { $options[$_] } elseif ($commands.ContainsKey($_)) { $commands[$_] } else { $_ }
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $says)
  }
}
`
}
