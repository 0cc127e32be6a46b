/**
 * How Go reads and quotes the values that the Docker CLI hands to it, errors word for word: strconv, time, net and
 * encoding/csv of Go 1.24, docker/go-units and google/shlex.
 */

/** What is before the first `separator` and what is after it; undefined if there is none. */
export function cut(value: string, separator: string): [before: string, after: string | undefined] {
  const at = value.indexOf(separator)
  return at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + separator.length)]
}

/** `value` without the spaces around it (`strings.Trim`). */
export function trimSpaces(value: string): string {
  let start = 0, end = value.length
  while (value[start] === ' ') start++
  while (end > start && value[end - 1] === ' ') end--
  return value.slice(start, end)
}

/** A string as `%q` prints it. */
export function goQuote(value: string): string {
  return `"${escaped(value, '"')}"`
}

/** The first byte of `value` as `%q` prints it, as a character. */
export function goQuoteByte(value: string): string {
  const [byte = 0] = utf8Lead(value.codePointAt(0) ?? 0)
  return `'${escaped(String.fromCodePoint(byte), "'")}'`
}

const escapes: Readonly<Record<string, string>> = { '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\' }

function escaped(value: string, quote: string): string {
  return value.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[\\"']/gu, (character) => {
    if (character === quote) return `\\${quote}`
    if (character === '"' || character === "'") return character
    const code = character.codePointAt(0)!
    if (escapes[character] !== undefined) return escapes[character]
    if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  })
}

/** The first byte of a code point in UTF-8, and how many bytes it has. */
function utf8Lead(code: number): [byte: number, length: number] {
  if (code < 0x80) return [code, 1]
  if (code < 0x800) return [0xc0 | (code >> 6), 2]
  return code < 0x10000 ? [0xe0 | (code >> 12), 3] : [0xf0 | (code >> 18), 4]
}

function utf8Length(value: string): number {
  let length = 0
  for (const character of value) length += utf8Lead(character.codePointAt(0)!)[1]
  return length
}

/** `strconv.ParseBool`: undefined if it is none. */
export function parseGoBool(value: string): boolean | undefined {
  if (/^(1|t|T|true|TRUE|True)$/.test(value)) return true
  return /^(0|f|F|false|FALSE|False)$/.test(value) ? false : undefined
}

interface IntegerType {
  readonly bits: 16 | 32 | 64
  readonly signed?: boolean
  /** Without one, the value's prefix says: `0x1f`, `0o17`, `017`, `0b11`, with `_` between digits. */
  readonly base?: 8 | 10
}

/** Why `strconv.ParseInt` or `strconv.ParseUint` refuses `value`. */
export function goInteger(value: string, { bits, signed = false, base }: IntegerType): string | undefined {
  const conversion = `strconv.${signed ? 'ParseInt' : 'ParseUint'}: parsing ${goQuote(value)}: `
  const sign = signed ? /^[+-]?/.exec(value)![0] : ''
  const digits = value.slice(sign.length)
  if (!(base === 8 ? /^[0-7]+$/ : base === 10 ? /^\d+$/ : prefixedInteger).test(digits)) return `${conversion}invalid syntax`
  const plain = digits.replaceAll('_', '')
  const number = base === 8 || (base === undefined && /^0[0-7]/.test(plain)) ? `0o${plain}` : plain.toLowerCase()
  const limit = 2n ** BigInt(signed ? bits - 1 : bits) - (sign === '-' ? 0n : 1n)
  const significant = number.replace(/^0[xob]?0*/, '').length
  return significant > 64 || BigInt(number) > limit ? `${conversion}value out of range` : undefined
}

const prefixedInteger = /^(0|[1-9](_?\d)*|0(_?[0-7])+|0[oO](_?[0-7])+|0[xX](_?[\da-fA-F])+|0[bB](_?[01])+)$/

const floatPattern = /^[+-]?((\d(_?\d)*(\.(\d(_?\d)*)?)?|\.\d(_?\d)*)(e[+-]?\d(_?\d)*)?|inf(inity)?|0x((_?[\da-f])+(\.([\da-f](_?[\da-f])*)?)?|\.[\da-f](_?[\da-f])*)p[+-]?\d(_?\d)*)$|^nan$/i

/** Why `strconv.ParseFloat` refuses `value`. */
export function goFloat(value: string, bits: 32 | 64): string | undefined {
  const conversion = `strconv.ParseFloat: parsing ${goQuote(value)}: `
  if (!floatPattern.test(value)) return `${conversion}invalid syntax`
  const number = Math.abs(Number(value.replaceAll('_', '')))
  const tooLarge = bits === 32 ? number >= 2 ** 128 - 2 ** 103 : number === Infinity
  return tooLarge && !/inf/i.test(value) ? `${conversion}value out of range` : undefined
}

/** Why docker/go-units, `RAMInBytes`, refuses a number of bytes with an optional unit: `10m`, `1.5 GiB`. */
export function refuseSize(value: string): string | undefined {
  const digits = /^([^]*[0-9. ])([^0-9. ]*)$/.exec(value)
  if (digits === null) return `invalid size: '${value}'`
  const number = digits[1]!.endsWith(' ') ? digits[1]!.slice(0, -1) : digits[1]!
  const unit = digits[2]!
  const refusal = goFloat(number, 64)
  if (refusal !== undefined) return refusal
  if (/^-.*[1-9]/.test(number)) return `invalid size: '${value}'`
  if (unit === '' || /^(b|[kmgtp](i?b)?)$/i.test(unit)) return undefined
  return `invalid suffix: '${unit.length > 3 ? unit : unit.toLowerCase()}'`
}

const nanoseconds = new Map([['ns', 1], ['us', 1e3], ['µs', 1e3], ['μs', 1e3], ['ms', 1e6], ['s', 1e9], ['m', 6e10], ['h', 3.6e12]])

/** Why `time.ParseDuration` refuses `value`. */
export function goDuration(value: string): string | undefined {
  const quoted = timeQuote(value)
  const invalid = `time: invalid duration ${quoted}`
  const written = value.replace(/^[+-]/, '')
  if (written === '0') return undefined
  if (written === '') return invalid
  let total = 0
  const part = /(\d*)(\.\d*)?([^\d.]*)/y
  while (part.lastIndex < written.length) {
    const [, whole = '', fraction = '', unit = ''] = part.exec(written)!
    if (whole === '' && fraction.length < 2) return invalid
    if (Number(whole) >= 2 ** 63) return invalid
    if (unit === '') return `time: missing unit in duration ${quoted}`
    const factor = nanoseconds.get(unit)
    if (factor === undefined) return `time: unknown unit ${timeQuote(unit)} in duration ${quoted}`
    total += Number(`${whole || '0'}${fraction === '.' ? '' : fraction}`) * factor
    if (total >= 2 ** 63) return invalid
  }
  return undefined
}

/** A string as package time quotes it: bytes that are not printable ASCII in hexadecimal. */
function timeQuote(value: string): string {
  const quoted = value.replace(/["\\]/g, '\\$&')
  return `"${quoted.replace(/[^ -\u007f]/gu, (character) => Array.from(utf8Bytes(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''))}"`
}

function* utf8Bytes(character: string): Generator<number> {
  const code = character.codePointAt(0)!
  const [lead, length] = utf8Lead(code)
  yield lead
  for (let rest = length - 2; rest >= 0; rest--) yield 0x80 | ((code >> (6 * rest)) & 0x3f)
}

/** Whether `net.ParseIP` takes it. */
export function isIpAddress(value: string): boolean {
  return value.includes(':') ? isIpv6(value) : isIpv4(value)
}

/** Whether `net.ParseCIDR` takes it. */
export function isIpNetwork(value: string): boolean {
  const [address, length = ''] = cut(value, '/')
  return isIpAddress(address) && /^\d{1,3}$/.test(length) && Number(length) <= (address.includes(':') ? 128 : 32)
}

function isIpv4(value: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(value) && value.split('.').every((part) => Number(part) <= 255 && !/^0\d/.test(part))
}

function isIpv6(value: string): boolean {
  const halves = value.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = value.endsWith('::') ? undefined : groups.at(-1)
  const embedded = last?.includes('.') ?? false
  if (embedded && !isIpv4(groups.pop()!)) return false
  const count = groups.length + (embedded ? 2 : 0)
  return groups.every((group) => /^[\da-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8)
}

/** The fields of the first record of `value`, or why encoding/csv cannot read it. */
export function csvFields(value: string): { fields: string[]; error?: string } {
  const lines = value.replace(/\r\n/g, '\n').replace(/\r$/, '').match(/[^\n]+\n?|\n/g) ?? []
  const first = lines.findIndex((line) => line !== '\n')
  return first < 0 ? { fields: [], error: 'EOF' } : new CsvRecord(lines, first).read()
}

/** One record of comma-separated values; a quoted field may go over several lines. */
class CsvRecord {
  readonly #lines: readonly string[]
  readonly #first: number
  readonly #fields: string[] = []
  #line: number
  #at = 0
  #error: string | undefined

  constructor(lines: readonly string[], first: number) {
    this.#lines = lines
    this.#first = first
    this.#line = first
  }

  read(): { fields: string[]; error?: string } {
    while (this.#text[this.#at] === '"' ? this.#readQuoted() : this.#readPlain());
    return { fields: this.#fields, ...(this.#error !== undefined && { error: this.#error }) }
  }

  get #text(): string {
    return this.#lines[this.#line]!
  }

  /** Reads one field and tells whether another one follows. */
  #readPlain(): boolean {
    const comma = this.#text.indexOf(',', this.#at)
    const field = comma < 0 ? this.#text.slice(this.#at).replace(/\n$/, '') : this.#text.slice(this.#at, comma)
    const quote = field.indexOf('"')
    if (quote >= 0) return this.#fail(this.#at + quote, 'bare " in non-quoted-field')
    this.#fields.push(field)
    this.#at = comma + 1
    return comma >= 0
  }

  #readQuoted(): boolean {
    const parts: string[] = []
    for (this.#at++; ; ) {
      const quote = this.#text.indexOf('"', this.#at)
      parts.push(this.#text.slice(this.#at, quote < 0 ? undefined : quote))
      if (quote < 0) {
        if (this.#line + 1 === this.#lines.length) return this.#fail(this.#text.length, 'extraneous or missing " in quoted-field')
        this.#line++
        this.#at = 0
        continue
      }
      const next = this.#text[quote + 1]
      this.#at = quote + 2
      if (next === '"') parts.push('"')
      else if (next === ',' || next === '\n' || next === undefined) {
        this.#fields.push(parts.join(''))
        return next === ','
      } else return this.#fail(quote, 'extraneous or missing " in quoted-field')
    }
  }

  #fail(at: number, what: string): false {
    const record = this.#line === this.#first ? '' : `record on line ${this.#first + 1}; `
    const column = utf8Length(this.#text.slice(0, at)) + 1
    this.#error = `${record}parse error on line ${this.#line + 1}, column ${column}: ${what}`
    return false
  }
}

/** Why google/shlex cannot split `value` into words. */
export function splitShellWords(value: string): string | undefined {
  let quote = '', escape = false, inWord = false, comment = false
  for (const character of value) {
    if (comment) comment = character !== '\n'
    else if (escape) escape = false
    else if (quote !== '') {
      if (character === quote) quote = ''
      else escape = character === '\\' && quote === '"'
    } else if (/[ \t\r\n]/.test(character)) inWord = false
    else if (character === '#' && !inWord) comment = true
    else {
      inWord = true
      if (character === '"' || character === "'") quote = character
      else escape = character === '\\'
    }
  }
  if (escape) return 'EOF found after escape character'
  return quote === '' ? undefined : 'EOF found when expecting closing quote'
}
