import ts from 'typescript'
import { isScalar, parseAllDocuments, visit, type Scalar } from 'yaml'

/** Texts that say the same as a text, and are written in other quotes. */
export type Rewriting = (source: string) => string[]

/** Ways to write a word, in which nothing but letters and marks that no notation minds stands. */
type Quoting = (word: string) => string

const double: Quoting = word => `"${word}"`
const single: Quoting = word => `'${word}'`
const inPart: Quoting = word => `${word.slice(0, -1)}"${word.slice(-1)}"`

const isOdd = (text: string, mark: string): boolean => text.split(mark).length % 2 === 0

/** Whether a place may be within quotes that were opened before. */
const mayBeQuoted = (before: string): boolean => ['"', "'", '`'].some(mark => isOdd(before, mark))

/** `docker` and the words behind it that are plain, at the start of a line or of a command. */
const command = /((?:^[ \t]*(?:[-@]|(?:RUN|\$|PS C:\\>|C:\\>|sudo) )?|[;&|{(] +|\b(?:do|then|else) )docker(?:\.exe)?)((?: +[\w./:=-]+)+)(?=[ \t\r\n]|$)/gm
const subcommand = /^(?:run|create|network|container|service|compose|build|image|exec|volume|swarm|stack)$/

/** Flags of all commands that take a value. */
const valued = new Set(['network', 'net', 'ip', 'ip6', 'dns', 'link', 'mac-address', 'sysctl', 'name', 'subnet', 'gateway', 'cap-add', 'isolation', 'ip-range', 'shm-size', 'pid', 'ipc', 'userns', 'cgroupns', 'security-opt', 'device', 'ulimit', 'runtime', 'memory-swap'])

function inCommands(source: string, write: (words: readonly string[]) => readonly string[]): string {
  return source.replace(command, (all, before: string, rest: string, at: number) => {
    const words = rest.trim().split(/ +/)
    return !subcommand.test(words[0]!) || mayBeQuoted(source.slice(0, at)) ? all : `${before} ${write(words).join(' ')}`
  })
}

/** `--flag value` as one word. */
function joined(words: readonly string[]): string[] {
  const takes = (at: number): boolean => isValued(words[at]) && isFlag(words, at) && words[at + 1] !== undefined && !words[at + 1]!.startsWith('-')
  return words.flatMap((word, at) => (takes(at - 1) ? [] : takes(at) ? [`${word}=${words[at + 1]}`] : [word]))
}
/** Whether a word is no value of the flag before it, whatever that takes. */
const isFlag = (words: readonly string[], at: number): boolean => !/^-[^=]*$/.test(words[at - 1] ?? '')
const isValued = (word: string | undefined): boolean => word !== undefined && word.startsWith('--') && valued.has(word.slice(2))

/** And as two. */
const parted = (words: readonly string[]): string[] => words.flatMap((word, at) => (isFlag(words, at) && valued.has(/^--([\w-]+)=./.exec(word)?.[1] ?? '') ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word]))
const valueIn = (quoting: Quoting) => (words: readonly string[]): string[] => words.map(word => word.replace(/^(--[\w-]+=)(.+)$/, (_, flag: string, value: string) => flag + quoting(value)))

/** Words of shells; `may`: those that mean the same in quotes. */
const shell = (quotings: readonly Quoting[], may: (word: string) => boolean = () => true): Rewriting => source => [
  ...quotings.flatMap(quoting => [inCommands(source, words => words.map(word => (may(word) ? quoting(word) : word))), inCommands(source, valueIn(quoting))]),
  inCommands(source, joined),
  inCommands(source, parted)
]

/** PowerShell parts `-a.b` and `-a:b` in two where they are not quoted, and `--` is its own. */
const isPlainInPowershell = (word: string): boolean => !/^-(?:-?$|.*[.:])/.test(word)

/** Scalars of YAML that would not be the same text by YAML 1.1, or are none. */
const special = /^(?:|[-+.\d].*|y|yes|n|no|on|off|true|false|null|~|=|<<)$/i
const plainYaml = /^[\w/$][\w ./:@=$(){}-]*[\w/)}]$/

/** The same scalar in other quotes, if there is a way. */
function requoted(scalar: Scalar, raw: string, how: 'plain' | 'single' | 'double' | 'escaped'): string | undefined {
  const { type, value, tag } = scalar
  if (typeof value !== 'string' || tag !== undefined || special.test(value) || !/^[\x20-\x7e]*$/.test(value) || raw.includes('\n') || !(type === 'PLAIN' || type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE')) return undefined
  if (how === 'plain') return plainYaml.test(value) && !/: |:$/.test(value) && !value.includes('{') ? value : undefined
  if (how === 'single') return `'${value.replaceAll("'", "''")}'`
  const escaped = value.replace(/[\\"]/g, '\\$&')
  return how === 'double' ? `"${escaped}"` : `"${escaped.replace(/(?<!\\)[a-z]/, letter => `\\u00${letter.charCodeAt(0).toString(16)}`)}"`
}

/** Scalars in other quotes; what the library then reads is the same, so that only porthole can differ. */
const yaml: Rewriting = source => {
  const meant = yamlValue(source)
  if (meant === undefined) return []
  return (['plain', 'single', 'double', 'escaped'] as const).flatMap(how => {
    const parts: string[] = []
    let at = 0
    for (const document of parseAllDocuments(source, { uniqueKeys: false, logLevel: 'silent' }) as ReturnType<typeof parseAllDocuments> & []) visit(document, {
      Scalar: (_, scalar) => {
        const [start, end] = scalar.range ?? [0, 0]
        const written = isScalar(scalar) && start >= at ? requoted(scalar as Scalar, source.slice(start, end), how) : undefined
        if (written === undefined) return
        parts.push(source.slice(at, start), written)
        at = end
      }
    })
    const text = parts.join('') + source.slice(at)
    return yamlValue(text) === meant ? [text] : []
  })
}

function yamlValue(source: string): string | undefined {
  try {
    const documents = [...parseAllDocuments(source, { uniqueKeys: false, logLevel: 'silent', strict: false })]
    return documents.some(({ errors }) => errors.length > 0) ? undefined : JSON.stringify(documents.map(document => document.toJS({ mapAsMap: false, maxAliasCount: 50 }) as unknown))
  } catch {
    return undefined
  }
}

const jsonString = /"(?:[^"\\\n]|\\.)*"/g
/** What else there is in JSON; comments are in some of it. */
const besideStrings = /^(?:[\s{}[\],:\d.eE+-]|true|false|null|\/\/[^\n]*|\/\*[^]*?\*\/)*$/

/** Strings of JSON with a letter written as its number. */
const json: Rewriting = source => (besideStrings.test(source.replace(jsonString, '')) ? [source.replace(jsonString, string => string.replace(/(?<!\\)[a-z]/, letter => `\\u00${letter.charCodeAt(0).toString(16)}`))] : [])

/** Instructions whose words BuildKit rids of their quotes; the names of stages are not among them. */
const dockerfile: Rewriting = whole => {
  // What is behind a here-document may be within it.
  const end = whole.includes('<<') ? whole.lastIndexOf('\n', whole.indexOf('<<')) + 1 : whole.length
  const source = whole.slice(0, end)
  const instruction = /(?<![\\`][ \t]*\n)^((?:ONBUILD +)?(FROM|EXPOSE|VOLUME|USER|WORKDIR|STOPSIGNAL|COPY|ADD|ENV|LABEL|ARG)((?: +--[\w-]+(?:=[^\s"'`\\]*)?)*) +)(?!--)([^\s"'`\\#\[=][^\n"'`\\\[]*?)(?=[ \t]*\r?$)/gm
  const words = (quoting: Quoting): string => source.replace(instruction, (all, head: string, name: string, _flags: string, rest: string) => {
    const parts = rest.split(/[ \t]+/)
    if (!parts.every(part => /^[\w./:=-]+$/.test(part))) return all
    if (name === 'ENV' || name === 'LABEL' || name === 'ARG') return parts.every(part => /^[\w.-]+=./.test(part)) && (name !== 'ARG' || parts.length === 1) ? head + parts.map(part => part.replace(/=(.+)$/, (_, value: string) => `=${quoting(value)}`)).join(' ') : all
    if (name === 'FROM') return head + [quoting(parts[0]!), ...parts.slice(1)].join(' ')
    return name === 'EXPOSE' || name === 'VOLUME' || name === 'COPY' || name === 'ADD' || parts.length === 1 ? head + parts.map(quoting).join(' ') : all
  })
  const list = source.replace(instruction, (all, head: string, name: string, _flags: string, rest: string) => (/^(?:VOLUME|COPY|ADD)$/.test(name) && /^[\w./: \t-]+$/.test(rest) ? `${head}[${rest.split(/[ \t]+/).map(double).join(', ')}]` : all))
  return [words(double), words(single), words(inPart), list, ...shell([double])(source)].map(text => text + whole.slice(end))
}

/** Strings of JavaScript in other quotes, where they are expressions. */
const javascript: Rewriting = source => {
  const file = ts.createSourceFile('a.js', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  if ((file as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics.length > 0) return []
  const strings: ts.LiteralExpression[] = []
  const collect = (node: ts.Node): void => {
    if ((ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) && isValue(node) && /^[^"'`\\$\r\n]*$/.test(source.slice(node.getStart() + 1, node.end - 1))) strings.push(node)
    ts.forEachChild(node, collect)
  }
  collect(file)
  return ['"', "'", '`'].map(mark => {
    let text = source
    for (const string of strings.reverse()) text = text.slice(0, string.getStart()) + mark + source.slice(string.getStart() + 1, string.end - 1) + mark + text.slice(string.end)
    strings.reverse()
    return text
  })
}

const isValue = ({ parent }: ts.Node): boolean => ts.isCallExpression(parent) || ts.isNewExpression(parent) || ts.isArrayLiteralExpression(parent) || (ts.isPropertyAssignment(parent) && parent.name.kind !== ts.SyntaxKind.StringLiteral) || ts.isVariableDeclaration(parent) || ts.isBinaryExpression(parent)

/** Strings of Groovy in which nothing is computed. */
const jenkinsfile: Rewriting = source => /["']{4}/.test(source) || source.replace(/\\.|'''|"""/g, '').split('\n').some(mayBeQuoted) ? [] : ["'", '"', "'''", '"""'].map(mark => source.replace(/\b(sh|bat|powershell|pwsh) (?:'([\w ./:=-]+)'|"([\w ./:=-]+)")(?!['"])/g, (all, step: string, one: string | undefined, two: string | undefined, at: number) => (mayBeQuoted(source.slice(0, at)) || /["']/.test(source.slice(source.lastIndexOf('\n', at) + 1, at)) ? all : `${step} ${mark}${one ?? two}${mark}`)))

/** Values of an `.env` file. */
const envFile: Rewriting = source => (mayBeQuoted(source) ? [] : [double, single].map(quoting => source.replace(/^((?:export +)?[A-Za-z_]\w*=)([\w./:-]+)(?=\r?(?:\n|$(?![^])))/gm, (all, name: string, value: string, at: number) => (/["'`\\]/.test(source.slice(0, at)) ? all : name + quoting(value)))))

const together = (...rewritings: readonly Rewriting[]): Rewriting => source => rewritings.flatMap(rewriting => rewriting(source))

/** By reader. */
export const rewritings: Readonly<Record<string, Rewriting>> = {
  compose: yaml, workflow: together(yaml, shell([double])), ansible: together(yaml, shell([double])), 'daemon-json': json, devcontainer: json, 'package-json': json,
  bash: shell([double, single, inPart]), powershell: shell([double, single, inPart], isPlainInPowershell), cmd: shell([double, inPart]), makefile: source => (source.includes('`') ? [] : shell([double])(source)), markdown: shell([double]),
  dockerfile, javascript, jenkinsfile, 'env-file': envFile
}

/** A finding without what quotes and signs between flags and values add to it. */
export const unquoted = (finding: string): string => finding.replace(/\\u00([\da-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16))).replace(/["'`\\]/g, '').replace(/[=\s]+/g, ' ').trim()
