/** A word of a command line. One that is not known holds the raw source of what is computed at run time: `--network=$NET`. */
export interface DockerWord {
  readonly value: string
  readonly known: boolean
  /** Where in `value` the computed parts are; without them, they are looked for. */
  readonly holes?: readonly (readonly [start: number, end: number])[]
  /** Whether it is one word at run time whatever is in it: `"$NAME"`. */
  readonly single?: boolean
}

/** How much of the word's beginning is known. */
export function literalLength(word: DockerWord): number {
  if (word.known) return word.value.length
  return word.holes === undefined ? Math.max(0, word.value.search(/[$`%!]/)) : (word.holes[0]?.[0] ?? 0)
}

/**
 * Whether the word may vanish, or be several, or be a flag: nothing of it is known, or only what follows a `=`. A word
 * with other text that is known, such as `$REGISTRY/image`, is taken for one argument.
 */
export function isOpenWord(word: DockerWord): boolean {
  if (word.known || literalLength(word) > 0) return false
  const literal = word.holes === undefined ? literalText(word.value) : outside(word.value, word.holes)
  return literal === '' || literal.startsWith('=')
}

const brackets = [['${{', '}}'], ['${', '}'], ['$(', ')'], ['`', '`'], ['!', '!']] as const

/** Computed parts without brackets: `$NAME`, `$env:NAME`, `$name.property`, `$1`, `$@`, `%NAME%`, `%~dp0`, `@splat`. */
const name = /\$(?:\w+:(?=[A-Za-z_]))?\w+(?:\.[A-Za-z_]\w*)*|\$[@*#?!$-]|%~?[\w*:=]+%?|@\w+/y

/** What is left of a word's source without what its shell computes, whichever shell that is. */
function literalText(value: string): string {
  let literal = ''
  for (let at = 0; at < value.length; ) {
    const bracket = brackets.find(([open]) => value.startsWith(open, at))
    if (bracket !== undefined) {
      const [open, close] = bracket
      const end = close === ')' ? value.lastIndexOf(close) : value.indexOf(close, at + open.length)
      if (end < at) return literal
      at = end + close.length
      continue
    }
    name.lastIndex = at
    const end = at + (name.exec(value)?.[0].length ?? 0)
    if (end === at) literal += value[at++]!
    else at = end
  }
  return literal
}

function outside(value: string, holes: NonNullable<DockerWord['holes']>): string {
  if (holes.length === 0) return ''
  const starts = [...holes.map(([start]) => start), value.length]
  const ends = [0, ...holes.map(([, end]) => end)]
  return starts.map((start, at) => value.slice(ends[at], start)).join('')
}
