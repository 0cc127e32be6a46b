import { bare, hole, join, plain, type Char } from './cmd-character.ts'

/** What a variable holds: text, with holes where that is computed. */
export type Value = readonly { readonly text: string; readonly hole: boolean }[]

/** The value of a variable, in upper case; `undefined` where only the run knows it. */
export type Lookup = (name: string) => Value | undefined

/** cmd's own limit on the length of a line. */
const longestLine = 8191

/** How many characters of values a script may insert before its variables count as unknown: `set A=%A%%A%` doubles. */
export class Budget {
  #left: number

  constructor(script: string) {
    this.#left = 65_536 + 8 * script.length
  }

  spend(value: Value): boolean {
    this.#left -= lengthOf(value) + 1
    return this.#left > 0
  }
}

/** Phase 1: the lines of a script, one by one, with `%X%`, `%1` and `%%` expanded and CRs dropped. */
export class Lines {
  readonly #script: string
  readonly #lookup: Lookup
  readonly #budget: Budget
  /** In a batch file a percent sign is written `%%`; what is typed at the prompt says `%i` for a loop variable. */
  readonly #batch: boolean
  #at = 0

  constructor(script: string, lookup: Lookup, budget: Budget) {
    this.#script = script
    this.#lookup = lookup
    this.#budget = budget
    this.#batch = !/(?:^|[\s&|(@])for\s(?:[^%\n]{0,80}\s)?%\w\s+in\s*\(/im.test(script)
    if (script.startsWith('\uFEFF')) this.#at = 1
  }

  next(): Char[] | undefined {
    const start = this.#at
    if (start >= this.#script.length) return undefined
    const newline = this.#script.indexOf('\n', start)
    const end = newline === -1 ? this.#script.length : newline
    this.#at = end + 1
    return this.#expand(this.#script.slice(start, end), start)
  }

  #expand(line: string, base: number): Char[] {
    const chars: Char[] = []
    let expressions = true
    let at = 0
    while (at < line.length) {
      const value = line[at]!
      const start = base + at
      let length = 1
      if (value === '%') length = this.#percent(line, at, base, chars)
      else if (expressions && line.startsWith('${{', at)) {
        const close = line.indexOf('}}', at)
        expressions = close !== -1
        if (expressions) length = close + 2 - at
        chars.push((expressions ? hole : bare)(line.slice(at, at + length), start, start + length))
      } else if (value !== '\r') chars.push(bare(value, start, start + 1))
      at += length
    }
    return chars
  }

  /** Reads what a percent sign begins; returns its length. */
  #percent(line: string, at: number, base: number, chars: Char[]): number {
    const push = (value: string, length: number, computed: boolean): number => {
      chars.push((computed ? hole : bare)(value, base + at, base + at + length))
      return length
    }
    const next = line[at + 1] ?? ''
    if (!this.#batch && /^%(?:~[a-z]*)?[a-z](?![\w%:])/i.test(line.slice(at, at + 16))) return push('%', 1, false)
    if (next === '%' && this.#batch) return push('%', 2, false)
    const argument = this.#batch && /^%(?:\*|\d|~[a-z]*(?:\$\w+:)?\d)/i.exec(line.slice(at, at + 64))
    if (argument) return push(argument[0], argument[0].length, true)
    const close = line.indexOf('%', at + 1)
    // A percent sign without a partner is dropped from a batch file.
    if (close === -1) return this.#batch ? 1 : push('%', 1, false)
    if (close === at + 1) return push('%', 1, false)
    const length = close + 1 - at
    const value = modified(line.slice(at + 1, close), this.#lookup)
    if (!value || !this.#budget.spend(value)) return push(line.slice(at, at + length), length, true)
    insert(value, base + at, base + at + length, chars)
    return length
  }
}

/**
 * Phase 5, when delayed expansion is on: `!X!`, and carets once more where there is any `!`.
 * With `%` as the mark: what `call` does to the percent signs that are left.
 */
export function expandDelayed(chars: readonly Char[], lookup: Lookup, budget: Budget, mark: '!' | '%' = '!'): readonly Char[] {
  const isMark = (char: Char): boolean => char.value === mark && !char.hole
  const last = chars.findLastIndex(isMark)
  if (last === -1) return chars
  const expanded: Char[] = []
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!
    if (char.value === '^' && mark === '!' && chars[at + 1]) expanded.push({ ...chars[++at]!, start: char.start })
    else if (!isMark(char)) expanded.push(char)
    else if (at < last) {
      let close = at + 1
      while (!isMark(chars[close]!)) close++
      reference(chars.slice(at, close + 1), lookup, budget, expanded)
      at = close
    }
  }
  return expanded
}

/** `!X!`, or nothing between the marks. */
function reference(written: readonly Char[], lookup: Lookup, budget: Budget, expanded: Char[]): void {
  const { start, value: mark } = written[0]!
  const { end } = written.at(-1)!
  const name = written.slice(1, -1)
  if (name.length === 0) {
    if (mark === '%') expanded.push(plain(mark, start, end))
    return
  }
  const value = name.some(char => char.hole) ? undefined : modified(join(name), lookup)
  if (value && budget.spend(value)) insert(value, start, end, expanded)
  else expanded.push(hole(join(written), start, end))
}

/** `X`, `X:~1,3` or `X:old=new`. */
function modified(name: string, lookup: Lookup): Value | undefined {
  const colon = name.indexOf(':', 1)
  if (colon === -1) return lookup(name.toUpperCase())
  const value = lookup(name.slice(0, colon).toUpperCase())
  const [part] = value ?? []
  if (value?.length !== 1 || !part || part.hole) return undefined
  const { text } = part
  const result = substring(text, name.slice(colon + 1)) ?? replacement(text, name.slice(colon + 1))
  return result === undefined ? undefined : valueOf(result)
}

function substring(text: string, modifier: string): string | undefined {
  const match = /^~(-?\d+)?(?:,(-?\d+)?)?$/.exec(modifier)
  if (!match) return undefined
  const from = Number(match[1] ?? 0)
  const start = Math.min(text.length, from < 0 ? Math.max(0, text.length + from) : from)
  const length = Number(match[2] ?? text.length)
  return text.slice(start, length < 0 ? Math.max(start, text.length + length) : start + length)
}

function replacement(text: string, modifier: string): string | undefined {
  const match = /^(\*?)([^=~*][^=]*)=(.*)$/s.exec(modifier)
  const lower = text.toLowerCase()
  if (!match || lower.length !== text.length) return undefined
  const [, star, search, by] = match as unknown as [string, string, string, string]
  const wanted = search.toLowerCase()
  let found = lower.indexOf(wanted)
  if (found === -1) return text
  if (star) return by + text.slice(found + search.length)
  let result = ''
  let at = 0
  for (; found !== -1; found = lower.indexOf(wanted, at)) {
    result += text.slice(at, found) + by
    if (result.length > longestLine) return undefined
    at = found + search.length
  }
  return result + text.slice(at)
}

function insert(value: Value, start: number, end: number, chars: Char[]): void {
  for (const part of value) {
    if (part.hole) chars.push(hole(part.text, start, end))
    else for (let at = 0; at < part.text.length; at++) chars.push(bare(part.text[at]!, start, end))
  }
}

export function valueOf(text: string): Value {
  return text === '' ? [] : [{ text, hole: false }]
}

/** What a variable holds once these characters were assigned to it; `undefined` if none of it is known, or cmd would refuse so many. */
export function valueFrom(chars: readonly Char[]): Value | undefined {
  const parts: { text: string; hole: boolean }[] = []
  for (const { value, hole } of chars) {
    const last = parts.at(-1)
    if (last && !hole && !last.hole) last.text += value
    else parts.push({ text: value, hole })
  }
  const unknown = parts.length === 1 && parts[0]!.hole
  return unknown || lengthOf(parts) > longestLine ? undefined : parts
}

export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true
  if (!a || !b || a.length !== b.length) return false
  return a.every((part, index) => part.text === b[index]!.text && part.hole === b[index]!.hole)
}

function lengthOf(value: Value): number {
  return value.reduce((length, part) => length + part.text.length, 0)
}
