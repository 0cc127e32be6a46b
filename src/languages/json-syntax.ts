/** What is wrong with a text that should be JSON, and where. */
export interface JsonFault {
  readonly message: string
  readonly start: number
  readonly end: number
}

const token = /[ \t\r\n]+|([{}[\],:])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y

/** What may come next: a value, a key, what follows one of them; `first` in an empty collection. */
type Expected = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'next'

const names: Readonly<Record<Expected, string>> = {
  value: 'a value', firstValue: 'a value or `]`', key: 'a key in double quotes', firstKey: 'a key in double quotes or `}`', colon: '`:`', next: '`,` or the end of the list or object'
}

/** The first place where a text is not JSON (RFC 8259), if there is one. */
export function jsonFault(source: string): JsonFault | undefined {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  for (let at = 0; at < source.length; at = token.lastIndex) {
    token.lastIndex = at
    const [all, mark, string, other] = token.exec(source) ?? []
    if (all === undefined) return { message: strangeAt(source, at), ...placeAt(source, at) }
    if (mark === undefined && string === undefined && other === undefined) continue
    const next = after(expected, open, mark, string)
    if (!next) return { message: open.length === 0 && expected === 'next' ? 'nothing may follow the value' : `here must be ${names[expected]}`, start: at, end: at + all.length }
    expected = next
  }
  if (open.length === 0 && expected === 'next') return undefined
  const end = source.trimEnd().length
  return { message: open.length > 0 ? `\`${open.at(-1) === '{' ? '}' : ']'}\` is missing at the end` : 'there is no value', start: Math.max(0, end - 1), end }
}

/** What is expected after a token; `undefined` if the token may not stand here. */
function after(expected: Expected, open: ('{' | '[')[], mark: string | undefined, string: string | undefined): Expected | undefined {
  const isValue = expected === 'value' || expected === 'firstValue'
  switch (mark) {
    case '{':
    case '[':
      if (!isValue) return undefined
      open.push(mark)
      return mark === '{' ? 'firstKey' : 'firstValue'
    case '}':
    case ']':
      if (expected !== 'next' && expected !== (mark === '}' ? 'firstKey' : 'firstValue')) return undefined
      return open.pop() === (mark === '}' ? '{' : '[') ? 'next' : undefined
    case ',':
      return expected === 'next' && open.length > 0 ? (open.at(-1) === '{' ? 'key' : 'value') : undefined
    case ':':
      return expected === 'colon' ? 'value' : undefined
    default:
      if (expected === 'key' || expected === 'firstKey') return string === undefined ? undefined : 'colon'
      return isValue ? 'next' : undefined
  }
}

function strangeAt(source: string, at: number): string {
  if (source.startsWith('//', at) || source.startsWith('/*', at)) return 'JSON has no comments'
  if (source[at] === "'") return 'strings stand in double quotes'
  if (source[at] === '"') return 'this string does not end, or has a character that must be escaped, such as `\\` as `\\\\`'
  return 'this is no value of JSON'
}

/** A run of characters that go together. */
function placeAt(source: string, at: number): { start: number; end: number } {
  const run = source[at] === '"' ? /"(?:[^"\\\r\n]|\\.)*"?/y : /[^\s,:[\]{}]+|./sy
  run.lastIndex = at
  return { start: at, end: at + (run.exec(source)?.[0].split('\n')[0]?.length ?? 1) }
}
