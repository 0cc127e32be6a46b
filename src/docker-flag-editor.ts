import type { Word } from './command.ts'
import type { DockerFlag } from './docker-flag.ts'
import { deletion, partDeletion, replacement, type Edit } from './edit.ts'
import type { Setting, SettingEditor } from './intent.ts'
import type { Range } from './text.ts'

/** What parts the words of a command where it is text: blanks, and lines that go on. */
const separator = /^(?:\s|[\\`^](?=[ \t]*\r?\n))+$/

/** Takes a flag out of a command line, or a part out of its value. */
export class FlagEditor implements SettingEditor {
  readonly source: string
  readonly #words: readonly Word[]
  readonly #flag: DockerFlag
  readonly #isOnly: boolean

  /** `words` are those of the whole command, its program first; `isOnly`: no other place gives the flag a value that this one hides. */
  constructor(words: readonly Word[], flag: DockerFlag, isOnly: boolean) {
    this.source = words[0]!.text.source
    this.#words = words
    this.#flag = flag
    this.#isOnly = isOnly
  }

  remove({ range }: Setting): Edit | undefined {
    const written = this.#valueRange()
    const isPart = written && contains(written, range) && (range[0] > written[0] || range[1] < written[1])
    if (!isPart) return this.#removal()
    const edit = partDeletion(this.source, range, written)
    return edit && this.source.slice(...written) === this.#flag.value ? edit : undefined
  }

  replace({ range, value }: Setting, text: string): Edit | undefined {
    const written = this.#valueRange()
    if (!written || value === undefined) return undefined
    return replacement(this.source, contains(written, range) ? range : written, value, text)
  }

  /** Where the value stands, without quotes. */
  #valueRange(): Range | undefined {
    const { valueWord, valueStart, valueEnd } = this.#flag
    if (valueWord === undefined || valueStart === undefined) return undefined
    const { text } = this.#words[valueWord + 1]!
    return text.range(valueStart, valueEnd ?? text.value.length)
  }

  /** The words of the flag, with what parts them from the word before. */
  #removal(): Edit | undefined {
    const { word, nameStart, nameEnd, valueWord = word, value } = this.#flag
    const before = this.#words[word]!
    const first = this.#words[word + 1]!
    const last = this.#words[valueWord + 1]!
    // One letter of several (`-itP`) is not a word.
    const isWhole = nameStart === 0 && (this.#flag.valueWord !== undefined || nameEnd === first.text.value.length)
    if (!isWhole || value === undefined || !this.#isOnly) return undefined
    const [start, end] = [before.text.whole[1], last.text.whole[1]]
    const isApart = separator.test(this.source.slice(start, Math.max(start, first.text.whole[0]))) && (valueWord === word || separator.test(this.source.slice(first.text.whole[1], Math.max(first.text.whole[1], last.text.whole[0]))))
    return isApart && this.source.startsWith(first.text.value.slice(0, nameEnd), first.text.range(0, nameEnd)[0]) ? deletion(start, end) : undefined
  }
}

const contains = (outer: Range, inner: Range): boolean => outer[0] <= inner[0] && inner[1] <= outer[1]

/** Writes a flag that is missing behind the words of the command. */
export class MissingFlagEditor implements SettingEditor {
  readonly source: string
  readonly #name: string
  readonly #last: Word
  readonly #next: Word | undefined

  constructor(name: string, last: Word, next: Word | undefined) {
    this.source = last.text.source
    this.#name = name
    this.#last = last
    this.#next = next
  }

  remove(): undefined {
    return undefined
  }

  replace(_setting: Setting, text: string): Edit | undefined {
    const at = this.#last.text.whole[1]
    const written = this.source.slice(this.#last.text.whole[0], at)
    if (!this.#next || written !== this.#last.text.value || !separator.test(this.source.slice(at, this.#next.text.whole[0]))) return undefined
    return { range: [at, at], text: ` --${this.#name} ${text}` }
  }
}

/** Gives a word of a command another value. */
export class WordEditor implements SettingEditor {
  readonly source: string
  readonly #word: Word

  constructor(word: Word) {
    this.source = word.text.source
    this.#word = word
  }

  remove(): undefined {
    return undefined
  }

  replace(_setting: Setting, text: string): Edit | undefined {
    return this.#word.known ? replacement(this.source, this.#word.text.whole, this.#word.text.value, text) : undefined
  }
}
