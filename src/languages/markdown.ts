import type { Language, Reading } from '../language.ts'
import type { Matrix } from '../matrix.ts'
import type { EmbeddedScript } from './embedded-script.ts'
import type { FencedBlock } from './markdown-block.ts'
import type { BlockKind } from './markdown-session.ts'

/** A language of fenced blocks: the words that stand for it, and a path that its files have. */
export interface BlockLanguage {
  readonly names: readonly string[]
  readonly path: string
  readonly language: Language
}

/** What the words after a fence stand for. */
const kinds: ReadonlyMap<string, BlockKind> = new Map([
  ...['bash', 'sh', 'shell', 'zsh', 'ksh', 'shellscript'].map(name => [name, 'bash'] as const),
  ...['console', 'shell-session', 'shellsession', 'sh-session', 'terminal', 'bash-session'].map(name => [name, 'console'] as const),
  ...['powershell', 'pwsh', 'ps1', 'ps', 'posh', 'powershell-interactive', 'pwsh-interactive', 'azurepowershell', 'azurepowershell-interactive'].map(name => [name, 'powershell'] as const),
  ...['cmd', 'bat', 'batch', 'dos', 'batchfile', 'dosbatch', 'winbatch'].map(name => [name, 'cmd'] as const),
  ['', 'untold']
])

/**
 * Markdown documents: what their fenced blocks ask Docker for. A block is an
 * example, so that only what it asks for is reported, never how it is written.
 */
export function markdown(languages: readonly BlockLanguage[]): Language {
  const byName = new Map(languages.flatMap(block => block.names.map(name => [name, block] as const)))
  return {
    id: 'markdown',
    mayBe: path => /\.(md|markdown|mdx)$/i.test(path),
    recognises: (_path, source) => /^[ \t>*+.)\d-]*(?:```|~~~)/m.test(source) && /docker|testcontainers|services["']?[ \t]*:|^[ \t>]*FROM[ \t]/im.test(source),
    async read(file, matrix) {
      const { markdownParts } = await import('./markdown-block.ts')
      const { blocks, comments } = markdownParts(file)
      const readings: Reading[] = []
      for (const block of blocks) {
        const language = byName.get(block.language)
        if (language) readings.push(...(await fileReading(block, language, matrix)))
      }
      const scripts = await scriptsOf(blocks)
      if (scripts.length > 0) readings.push(await (await import('./embedded-script.ts')).readScripts(scripts, matrix))
      return {
        intents: readings.flatMap(({ intents }) => intents),
        problems: [],
        comments: [...comments, ...readings.flatMap(reading => reading.comments)],
        subjects: readings.flatMap(({ subjects }) => subjects)
      }
    }
  }
}

/** What a block asks for that holds a file. */
async function fileReading({ text }: FencedBlock, { language, path }: BlockLanguage, matrix: Matrix): Promise<Reading[]> {
  if (!language.recognises(path, text.value)) return []
  const reading = await language.read(text, matrix, path, { environment: new Map() })
  return reading ? [reading] : []
}

async function scriptsOf(blocks: readonly FencedBlock[]): Promise<EmbeddedScript[]> {
  const { blockScripts } = await import('./markdown-session.ts')
  return blocks.flatMap(({ language, text }) => {
    const kind = kinds.get(language)
    return kind === undefined || !/docker/i.test(text.value) ? [] : blockScripts(text, kind)
  })
}
