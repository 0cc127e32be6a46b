import type { Command as CommandNode, CommandNode as PipelineNode, HereDoc, HereString, Redirect } from 'unbash'
import type { Command, Output, Word } from '../command.ts'
import type { Piece } from '../text.ts'
import type { Words } from './bash-word.ts'
import { namesDaemonFile } from './daemon-path.ts'
import { programName, unwrap } from './wrapper.ts'

/** What a command writes into the engine's configuration: by a redirection, or as `tee`; `before` is what is piped into it. */
export function outputOf(command: Command, node: CommandNode, words: Words, before: readonly Word[] | undefined): Output | undefined {
  const inner = innermost(command)
  if (programName(inner[0]) === 'tee') return output(inner.slice(1).find(namesDaemonFile), fed(node, words) ?? before, inner.some(({ text }) => /^(?:-\w*a|--append$)/.test(text.value)))
  const target = node.redirects.findLast(writes)
  return target?.target && output(words.one(target.target), printed(inner, node, words, before), target.operator.endsWith('>>'))
}

/** What a command prints, as far as it is written in the script. */
export function printedBy(node: PipelineNode, command: Command, words: Words): readonly Word[] | undefined {
  return node.type === 'Command' ? printed(innermost(command), node, words, undefined) : undefined
}

function output(path: Word | undefined, content: readonly Word[] | undefined, appends: boolean): Output | undefined {
  return path && content && content.length > 0 && namesDaemonFile(path) ? { path, content, appends } : undefined
}

const innermost = (command: Command): readonly Word[] => unwrap(command).commands[0]?.words ?? []

function printed([program, ...operands]: readonly Word[], node: CommandNode, words: Words, before: readonly Word[] | undefined): readonly Word[] | undefined {
  switch (programName(program)) {
    case 'echo': {
      const options = operands.findIndex(({ text }) => !/^-[neE]+$/.test(text.value))
      const said = options < 0 ? [] : operands.slice(options)
      return operands.slice(0, options).some(({ text }) => text.value.includes('e')) ? said.map(unescaped) : said
    }
    case 'printf': {
      const [format, ...values] = operands[0]?.text.value === '--' ? operands.slice(1) : operands
      if (format && /^%[sb](?:\\n)?$/.test(format.text.value)) return values
      return format && !format.text.value.includes('%') ? [unescaped(format)] : undefined
    }
    case 'cat':
      return operands.every(({ text }) => text.value === '-') ? fed(node, words) ?? before : undefined
    default:
      return undefined
  }
}

/** The here-document or here-string of a command. */
function fed(node: CommandNode, words: Words): readonly Word[] | undefined {
  const input = node.redirects.findLast((redirect): redirect is HereDoc | HereString => redirect.type !== 'Redirect')
  const word = input?.type === 'HereDoc' ? words.document(input) : input?.target && words.one(input.target)
  return word && [word]
}

function writes(redirect: CommandNode['redirects'][number]): redirect is Redirect {
  if (redirect.type !== 'Redirect' || !/^(?:>|>>|>\||&>>?)$/.test(redirect.operator)) return false
  return redirect.descriptor === undefined || (redirect.descriptor.type === 'FileDescriptor' && redirect.descriptor.value === 1)
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' }

/** `\n`, `\t` and so on, as `echo -e` and `printf` print them. */
function unescaped(word: Word): Word {
  const { value } = word.text
  if (!word.known || !value.includes('\\')) return word
  const pieces: Piece[] = []
  let at = 0
  for (const { 0: match, 1: name, index } of value.matchAll(/\\(["\\ntr])/g)) {
    pieces.push([value.slice(at, index), at, index], [escapes[name!]!, index, index + match.length])
    at = index + match.length
  }
  return { text: word.text.decode([...pieces, [value.slice(at), at, value.length]], [0, value.length]), known: true }
}
