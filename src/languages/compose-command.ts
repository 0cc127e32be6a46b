import type { Command, Word } from '../command.ts'
import type { Intent, Platform } from '../intent.ts'
import type { Matrix } from '../matrix.ts'
import type { Text } from '../text.ts'
import { resolve, type YamlNode } from '../yaml-tree.ts'
import { mayNameProgram } from './program.ts'

/** A command of a service: what its container runs, or what tells whether it is healthy. */
export interface ServiceCommand {
  readonly key: 'command' | 'entrypoint' | 'test'
  readonly node: YamlNode | undefined
  readonly platform: Platform
}

/** How a text of the file is read after interpolation. */
export type TextOf = (node: YamlNode) => { text: Text; known: boolean } | undefined

/** Programs that services run and Windows lacks. The shells' readers are loaded only for files that name one. */
export async function programIntents(commands: readonly ServiceCommand[], textOf: TextOf, matrix: Matrix): Promise<Intent[]> {
  const intents: Intent[] = []
  for (const { key, node, platform } of commands) {
    if (platform.os === 'linux' || !textsOf(node, textOf).some(({ text }) => mayNameProgram(text.value, matrix))) continue
    const { programIntent } = await import('./shell-script.ts')
    intents.push(...programIntent(await commandsOf(key, node, textOf), platform, matrix))
  }
  return intents
}

function textsOf(node: YamlNode | undefined, textOf: TextOf): { text: Text; known: boolean }[] {
  const resolved = resolve(node)?.node
  const nodes = resolved?.kind === 'list' ? resolved.items : [resolved]
  return nodes.flatMap(item => (item ? textOf(item) ?? [] : []))
}

async function commandsOf(key: ServiceCommand['key'], node: YamlNode | undefined, textOf: TextOf): Promise<readonly Command[]> {
  const { readCommands, unwrapped } = await import('./script.ts')
  const texts = textsOf(node, textOf)
  const isList = resolve(node)?.node.kind === 'list'
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
