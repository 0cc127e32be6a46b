import { knowledge } from './knowledge.ts'

/** Which languages a file may be in, by its path and its characters; nothing is parsed. */
export const languagesOf = (path: string, text: string, language?: string): readonly string[] =>
  language === undefined ? knowledge.languages.filter(({ mayBe, recognises }) => mayBe(path) && recognises(path, text)).map(({ id }) => id) : [language]

/**
 * Whether a file in one of these languages may bear on how others are judged:
 * it makes a network or a swarm, builds from a Dockerfile, or names compose
 * files. A look at its characters: what it denies is so, what it affirms may not be.
 */
export const mayBearOnOthers = (languages: readonly string[], text: string): boolean =>
  languages.some(language => (language === 'compose' ? bearsAsCompose(text) : language === 'javascript' || bearsAsScript(text)))

/** Escapes that may hide a letter, in YAML, JSON and shells. */
const hiddenLetter = /\\(?:[xuU][\da-fA-F{]|[0-7])|`u\{/

/** Keys cannot be made of variables. Networks without a name of their own are known by none that others could ask for. */
function bearsAsCompose(text: string): boolean {
  if (hiddenLetter.test(text) || /\\[\r\n]/.test(text)) return true
  return hasWord.test(text) || (/networks/.test(text) && /(?<![\w-])name(?![\w-])/.test(text))
}

const hasWord = /(?<![\w-])(?:build|include|extends)(?![\w-])/

/** A comment in the midst of a continued line may part a word. */
const continuedComment = /[\\`^][ \t]*[\r\n]\s*(?:#|\/\/|::|rem\b)/i

/** Words of commands may be quoted, escaped, put together and continued on the next line, but their letters are there in order. */
function bearsAsScript(text: string): boolean {
  if (hiddenLetter.test(text) || continuedComment.test(text)) return true
  const letters = text.replace(/[^a-z]+/gi, '').toLowerCase()
  return (letters.includes('network') && letters.includes('create')) || ['swarm', 'compose', 'stack'].some(word => letters.includes(word))
}
