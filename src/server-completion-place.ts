/** What can be written at a place: everything from `start` to the cursor is replaced. */
export type CompletionPlace = { readonly start: number } & (
  | { readonly of: 'driver' | 'network' | 'target' | 'name' | 'directive' | 'platform' }
  | { readonly of: 'driver-option'; readonly driver: string | undefined; readonly separator: string }
)

/** How far back a command or a list may begin. */
const longestLook = 4000

/**
 * What the cursor is in, by the characters before it: what is being written
 * is seldom whole enough to be read as YAML or as a command.
 */
export function completionPlaceAt(text: string, offset: number, path: string, isCompose: boolean): CompletionPlace | undefined {
  const before = text.slice(Math.max(0, offset - longestLook), offset)
  const line = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1)
  const at = (length: number): { start: number } => ({ start: offset - length })
  return inSuppression(line, at) ?? (isConfiguration(path) ? inConfiguration(before, line, at) : undefined) ?? inCommand(before, at) ?? (isCompose ? inCompose(text, offset, line, at) : undefined)
}

type At = (length: number) => { start: number }

const isConfiguration = (path: string): boolean => /(^|\/)(porthole\.config\.(json|ya?ml)|package\.json)$/.test(path)

/** `# porthole-disable-line no-ipv6 [ws2019]` */
function inSuppression(line: string, at: At): CompletionPlace | undefined {
  const comment = /(?:^|[\s#/*;:!-])(porthole-[\w-]*(?![\w-]))([^]*)$/.exec(line)
  if (!comment) return undefined
  const [, directive = '', rest = ''] = comment
  if (rest === '') return { of: 'directive', ...at(directive.length) }
  if (!/^porthole-(disable(-next-line|-line|-file)?|enable)$/.test(directive) || /\s--(\s|$)/.test(rest)) return undefined
  const inBrackets = /\[[^[\]]*$/.exec(rest)
  const word = /(?<![^\s,[\]:])[^\s,[\]:]*$/.exec(rest)![0]
  if (word.startsWith('until=')) return undefined
  return { of: inBrackets ? 'target' : 'name', ...at(word.length) }
}

/** `targets: [ws2019, ws2022]`, in YAML and in JSON, and the ids of rules. */
function inConfiguration(before: string, line: string, at: At): CompletionPlace | undefined {
  const word = /(?<![\w@=.-])[\w@=.-]*$/.exec(line)![0]
  const key = keyOfList(before)
  if (key === 'targets') return { of: 'target', ...at(word.length) }
  if (/^[\s{,"']*platform["']?\s*:\s*["']?[\w-]*$/.test(line)) return { of: 'platform', ...at(word.length) }
  return /^\s*["']?[\w-]*$/.test(line) && parentOf(before) === 'rules' ? { of: 'name', ...at(word.length) } : undefined
}

/** The key whose list the end of a text is in: `a: [b, `, `a: b`, or items in the lines below. */
function keyOfList(before: string): string | undefined {
  const open = before.lastIndexOf('[')
  if (open > before.lastIndexOf(']')) return /(?<![\w-])([\w-]+)["']?\s*:\s*$/.exec(before.slice(Math.max(0, open - 80), open))?.[1]
  const lines = before.split(/\r\n|\r|\n/)
  const scalar = /^\s*["']?([\w-]+)["']?\s*:\s*["']?[\w@=,.-]*$/.exec(lines.at(-1)!)
  if (scalar) return scalar[1]
  if (!/^\s*-\s/.test(lines.at(-1)!)) return undefined
  const above = lines.slice(0, -1).findLast(each => !/^\s*(-\s.*|#.*)?$/.test(each))
  return /^\s*["']?([\w-]+)["']?\s*:\s*$/.exec(above ?? '')?.[1]
}

/** The key that the last line stands below, by its indentation. */
function parentOf(before: string): string | undefined {
  const lines = before.split(/\r\n|\r|\n/)
  const own = indentation(lines.at(-1)!)
  const above = lines.slice(0, -1).findLast(line => line.trim() !== '' && indentation(line) < own)
  return /^\s*["']?([\w-]+)["']?\s*:\s*(?:\{\s*)?$/.exec(above ?? '')?.[1]
}

/** `docker network create -d …` and `docker run --network …`, in any shell. */
function inCommand(before: string, at: At): CompletionPlace | undefined {
  // A line that goes on ends with a backslash in bash, a backtick in PowerShell, a caret in cmd.
  const command = before.slice(beginningOfCommand(before))
  const word = /(?<![^\s'"])[^\s'"]*$/.exec(command)![0]
  const create = /\bdocker(?:\.exe)?\s+network\s+create\s/.exec(command)
  if (create) {
    const flags = command.slice(create.index + create[0].length - 1)
    const driver = /\s(?:--driver(?:=|\s+)|-d(?:=|\s+)?)["']?(\w*)$/.exec(flags)
    if (driver) return { of: 'driver', ...at(driver[1]!.length) }
    const option = /\s(?:--opt(?:=|\s+)|-o(?:=|\s+)?)["']?([\w.]*)$/.exec(flags)
    return option ? { of: 'driver-option', driver: /\s(?:--driver(?:=|\s+)|-d(?:=|\s+)?)["']?(\w+)["']?\s/.exec(flags)?.[1], separator: '=', ...at(option[1]!.length) } : undefined
  }
  const network = /\bdocker(?:\.exe)?\s+(?:container\s+)?(?:run|create)(?=\s)[^]*?\s--net(?:work)?(?:=|\s+)["']?(\w*)$/.exec(command)
  return network && word.endsWith(network[1]!) ? { of: 'network', ...at(network[1]!.length) } : undefined
}

function beginningOfCommand(before: string): number {
  for (let at = before.length - 1; at >= 0; at--) {
    const character = before[at]!
    if (character === ';' || character === '&' || character === '|') return at + 1
    if (character === '\n' && !/[\\`^]\r?$/.test(before.slice(Math.max(0, at - 2), at))) return at + 1
  }
  return 0
}

/** Drivers, their options and network modes in compose files; what is written in braces is left alone. */
function inCompose(text: string, offset: number, line: string, at: At): CompletionPlace | undefined {
  const written = /^(\s*)(?:([\w-]+):\s+)?(["']?)([\w.]*)$/.exec(line)
  if (!written) return undefined
  const [, indent = '', key, quote, word = ''] = written
  const parents = keysAbove(text, offset - line.length, indent.length)
  if (key === undefined) {
    const [section, , options] = parents
    return section?.key === 'networks' && options?.key === 'driver_opts' && parents.length === 3 ? { of: 'driver-option', driver: driverOf(text, offset, options), separator: quote === '' ? ': ' : '', ...at(word.length) } : undefined
  }
  if (parents.length !== 2) return undefined
  const section = parents[0]!.key
  if (section === 'networks' && key === 'driver') return { of: 'driver', ...at(word.length) }
  return section === 'services' && key === 'network_mode' ? { of: 'network', ...at(word.length) } : undefined
}

interface Key { readonly key: string; readonly indent: number; readonly start: number }

/** The keys that a line stands below, the outermost first. */
function keysAbove(text: string, lineStart: number, indent: number): Key[] {
  const keys: Key[] = []
  let least = indent
  for (let end = lineStart - 1; end > 0 && least > 0; ) {
    const start = text.lastIndexOf('\n', end - 1) + 1
    const line = text.slice(start, end).trimEnd()
    const key = /^(\s*)["']?([\w.-]+)["']?:(\s|$)/.exec(line)
    if (line.trim() !== '' && !line.trimStart().startsWith('#') && indentation(line) < least) {
      if (!key) return []
      least = key[1]!.length
      keys.unshift({ key: key[2]!, indent: least, start })
    }
    end = start - 1
  }
  return keys
}

/** The driver that stands beside `driver_opts`; without one it is `nat`. */
function driverOf(text: string, offset: number, { indent, start }: Key): string | undefined {
  const above = linesBeside(text.slice(Math.max(0, start - longestLook), start).split('\n').reverse().slice(1), indent)
  const below = linesBeside(text.slice(offset, offset + longestLook).split('\n').slice(1), indent)
  const line = [...above, ...below].find(each => /^\s*driver:/.test(each))
  return line === undefined ? 'nat' : /^\s*driver:\s*["']?(\w+)["']?\s*(#.*)?$/.exec(line)?.[1]
}

/** The lines of the same map, up to the first that is less indented. */
function linesBeside(lines: readonly string[], indent: number): string[] {
  const end = lines.findIndex(line => line.trim() !== '' && indentation(line) < indent)
  return lines.slice(0, end < 0 ? lines.length : end).filter(line => indentation(line) === indent)
}

const indentation = (line: string): number => /^\s*/.exec(line)![0].length
