import type { Shell } from '../command.ts'
import type { Piece, Text } from '../text.ts'
import type { EmbeddedScript } from './embedded-script.ts'
import { linesOf, type Line } from './text-line.ts'

/** What a block shows: the script of a shell, what one sees in a console, or nothing that is told. */
export type BlockKind = Shell | 'console' | 'untold'

/** A line that somebody typed, and where what was typed begins. */
interface Typed {
  readonly shell: Shell
  readonly from: number
}

/** `PS C:\>`, `PS>`, `[host]: PS C:\>` */
const powershellPrompt = /^[ \t]*(?:\[[^\]]*\]:[ \t]*)?PS(?:[ \t][^>]*)?>+[ \t]*/
/** `C:\>`, `C:\Users\me>` */
const cmdPrompt = /^[ \t]*[A-Za-z]:\\[^>|<"]*>[ \t]*/
/** `$ `, `me@host:~$ `, `[me@host dir]# `, `bash-5.1$ ` */
const bashPrompt = /^[ \t]*(?:\$|(?:\([\w.-]+\)[ \t]*)?(?:\[[\w.-]+@[^\]]*\]|[\w.-]+@[\w.-]+:[^$#\s]*|(?:ba)?sh-[\d.]+)[ \t]?[$#])[ \t]+/
const rootPrompt = /^[ \t]*#[ \t]+(?=[a-z./])/
const barePrompt = /^[ \t]*>[ \t]*(?=(?:docker|docker-compose)(?:\.exe)?[ \t])/
const dockerLine = /^[ \t]*(?=(?:sudo[ \t]+)?(?:docker|docker-compose)(?:\.exe)?[ \t])/

const continuationPrompt = /^[ \t]*(?:>{1,2}|More\?)[ \t]?/
const continued: Readonly<Record<Shell, RegExp>> = { bash: /(?:\\|\||&&)$/, powershell: /[`|{(,]$/, cmd: /\^$/ }

/** The scripts of a block: all of it, or what somebody typed in a session. */
export function blockScripts(text: Text, kind: BlockKind): EmbeddedScript[] {
  const lines = linesOf(text.value)
  const typed = typedLines(lines, kind)
  if (typed) return sessionScripts(text, lines, typed)
  return kind === 'untold' ? [] : [{ shell: kind === 'console' ? shellOf(lines) : kind, text }]
}

type Prompt = (line: Line) => Typed | undefined

/** How the lines that were typed are told; `undefined` if the block is no session. */
function typedLines(lines: readonly Line[], kind: BlockKind): Prompt | undefined {
  const isOpen = kind === 'console' || kind === 'untold'
  const after = (line: Line, pattern: RegExp, shell: Shell): Typed | undefined => {
    const prompt = pattern.exec(line.text)
    return prompt ? { shell, from: line.start + prompt[0].length } : undefined
  }
  const own = isOpen ? shellOf(lines) : kind
  const candidates: Prompt[] = [
    line => after(line, powershellPrompt, 'powershell') ?? after(line, cmdPrompt, 'cmd') ?? after(line, bashPrompt, isOpen ? 'bash' : kind),
    ...(own === 'bash' && !isOpen ? [] : [(line: Line) => after(line, barePrompt, own)]),
    // Beside a command without prompt, `# ` begins a comment.
    ...(isOpen && !lines.some(({ text }) => dockerLine.test(text)) ? [(line: Line) => after(line, rootPrompt, 'bash')] : []),
    ...(kind === 'untold' ? [(line: Line) => after(line, dockerLine, own)] : [])
  ]
  return candidates.find(prompt => lines.some(line => prompt(line) !== undefined))
}

/** The shell that a command without prompt is for, by how it goes on in the next line. */
function shellOf(lines: readonly Line[]): Shell {
  const broken = lines.map(({ text }) => text.trimEnd()).find(text => text.includes('docker') && /[\\^`]$/.test(text))
  return broken?.endsWith('`') ? 'powershell' : broken?.endsWith('^') ? 'cmd' : 'bash'
}

/** What was typed, by the shell that read it; the rest is what the commands said. */
function sessionScripts(text: Text, lines: readonly Line[], prompt: Prompt): EmbeddedScript[] {
  const pieces = new Map<Shell, Piece[]>()
  let shell: Shell | undefined
  let isContinued = false
  let terminator: string | undefined
  for (const line of lines) {
    const typed = terminator === undefined ? prompt(line) : undefined
    const goesOn = shell !== undefined && (isContinued || terminator !== undefined || /^[ \t]*>{1,2}[ \t]/.test(line.text))
    if (!typed && !goesOn) {
      shell = undefined
      continue
    }
    shell = typed?.shell ?? shell!
    const from = typed?.from ?? line.start + (continuationPrompt.exec(line.text)?.[0].length ?? 0)
    const written = pieces.get(shell) ?? []
    written.push([text.value.slice(from, line.next), from, line.next])
    pieces.set(shell, written)
    const said = text.value.slice(from, line.end).trimEnd()
    isContinued = continued[shell].test(said)
    if (terminator === undefined) terminator = shell === 'bash' ? /<<-?[ \t]*["']?(\w+)/.exec(said)?.[1] : undefined
    else if (said.trim() === terminator) terminator = undefined
  }
  return [...pieces].map(([shell, written]) => ({ shell, text: text.decode(written, [0, text.value.length]) }))
}
