import type { Command, Output, Word } from '../command.ts'
import type { Evidence, Intent } from '../intent.ts'
import type { Matrix } from '../matrix.ts'
import type { Piece, Text } from '../text.ts'
import { commandLine } from './command-line.ts'
import { daemonIntent } from './daemon-json.ts'
import { holePiece } from './hole.ts'

/** What scripts write into the engine's configuration, as if it stood in that file. */
export async function writtenDaemonIntents(commands: readonly Command[], matrix: Matrix): Promise<Intent[]> {
  const intents: Intent[] = []
  for (const { path, content } of filesOf(commands)) {
    const intent = await daemonIntent(commandLine(content.map(withoutUnknown)).text, matrix)
    if (intent) intents.push({ ...intent, range: path.text.whole, platform: intent.platform.os === 'unknown' ? platformOf(path) : intent.platform })
  }
  return intents
}

/** What each file holds in the end: one write begins it, others may add to it. */
function filesOf(commands: readonly Command[]): Pick<Output, 'path' | 'content'>[] {
  const files: { path: Word; content: Word[] }[] = []
  const open = new Map<string, Word[]>()
  for (const { output } of commands) {
    if (!output) continue
    const { path, content, appends } = output
    const begun = appends ? open.get(path.text.value) : undefined
    if (begun) begun.push(...content)
    else {
      const file = { path, content: [...content] }
      files.push(file)
      open.set(path.text.value, file.content)
    }
  }
  return files
}

function withoutUnknown({ text, known, holes = [[0, text.value.length]] }: Word): Word {
  if (known) return { text, known }
  const pieces: Piece[] = []
  let at = 0
  for (const [start, end] of holes) {
    pieces.push([text.value.slice(at, start), at, start], holePiece(start, end))
    at = end
  }
  pieces.push([text.value.slice(at), at, text.value.length])
  return { text: text.decode(pieces, [0, text.value.length]), known: true }
}

/** Which system looks for its configuration there. */
function platformOf({ text }: Word): Intent['platform'] {
  const os = systemOf(text)
  const evidence: Evidence[] = os === 'unknown' ? [] : [{ os, says: `the path \`${text.value}\``, range: text.whole }]
  return { os, declared: false, evidence }
}

function systemOf({ value }: Text): Evidence['os'] | 'unknown' {
  if (/^[a-z]:[\\/]|programdata|allusersprofile/i.test(value)) return 'windows'
  return value.startsWith('/') ? 'linux' : 'unknown'
}
