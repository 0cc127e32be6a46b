import type { Command, Word } from '../command.ts'
import type { Intent, Platform } from '../intent.ts'
import type { Matrix } from '../matrix.ts'
import type { Text } from '../text.ts'
import { targetOf, type YamlNode } from '../yaml-tree.ts'
import type { ComposeReader } from './compose-value.ts'
import { mayNameProgram } from './program.ts'

/** A command of a service: what its container runs, or what tells whether it is healthy. */
export interface ServiceCommand {
  readonly key: 'command' | 'entrypoint' | 'test'
  readonly node: YamlNode | undefined
  readonly platform: Platform
}

/** Programs that services run and Windows lacks. The shells' readers are loaded only for files that name one. */
export async function programIntents(commands: readonly ServiceCommand[], reader: ComposeReader, matrix: Matrix): Promise<Intent[]> {
  const intents: Intent[] = []
  for (const { key, node, platform } of commands) {
    if (!node || platform.os === 'linux' || !textsOf(node, reader).some(({ text }) => mayNameProgram(text.value, matrix))) continue
    const { programIntent } = await import('./shell-script.ts')
    intents.push(...programIntent(await commandsOf(key, node, reader), platform, matrix))
  }
  return intents
}

function textsOf(node: YamlNode | undefined, reader: ComposeReader): { text: Text; known: boolean }[] {
  const target = targetOf(node)
  const texts: { text: Text; known: boolean }[] = []
  for (const item of target?.kind === 'list' ? target.items : [target]) {
    const scalar = targetOf(item)
    if (scalar?.kind === 'scalar') texts.push(reader.text(scalar))
  }
  return texts
}

async function commandsOf(key: ServiceCommand['key'], node: YamlNode | undefined, reader: ComposeReader): Promise<readonly Command[]> {
  const { readCommands, unwrapped } = await import('./script.ts')
  const texts = textsOf(node, reader)
  const isList = targetOf(node)?.kind === 'list'
  // A healthcheck in one string is for the shell of the container, and on Windows that is cmd.
  if (key === 'test' && (!isList || texts[0]?.text.value === 'CMD-SHELL')) {
    const script = isList ? texts[1] : texts[0]
    return script ? (await readCommands('cmd', script.text)).commands : []
  }
  // Compose splits a string into words as a shell would, and runs them without one.
  if (!isList) return texts[0] ? (await readCommands('bash', texts[0].text)).commands.slice(0, 1) : []
  const words: Word[] = (key === 'test' ? texts.slice(1) : texts).map(({ text, known }) => ({ text, known, ...(known ? {} : { holes: [[0, text.value.length] as const] }) }))
  return words.length > 0 ? unwrapped({ words, range: [words[0]!.text.whole[0], words.at(-1)!.text.whole[1]], guards: [] }) : []
}
