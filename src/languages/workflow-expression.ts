/** What an expression may yield; `undefined`: something that only a run knows. */
export type Value = string | number | boolean | null | undefined

/** Values of what an expression refers to, by lower-case path: `matrix.os`, `variables.agent.os`. */
export type Scope = (path: string) => Value

/** How deep expressions are followed. */
const maximumDepth = 60

/** How many possible values are told apart. */
const maximumValues = 12

const unknown: readonly Value[] = [undefined]

/**
 * Every value that an expression of GitHub Actions or Azure Pipelines may
 * have, as far as `scope` tells: `github.fork && 'a' || 'b'` has two.
 */
export function evaluate(expression: string, scope: Scope): readonly Value[] {
  const reader = new ExpressionReader(tokensOf(expression), scope)
  return reader.read() ?? unknown
}

/** Every value of a text that may be one expression, `${{ … }}`, or hold some. */
export function evaluateText(text: string, scope: Scope): readonly Value[] {
  const [, expression] = /^\s*\$\{\{((?:(?!\}\})[^])*)\}\}\s*$/.exec(text) ?? []
  if (expression !== undefined) return evaluate(expression, scope)
  if (!text.includes('${{')) return [text]
  const parts = text.split(/\$\{\{([^]*?)(?:\}\}|$)/)
  if (parts.length > 9) return unknown
  return parts.map((part, index) => (index % 2 === 1 ? evaluate(part, scope) : [part])).reduce((left, right) => combined(left, right, (a, b) => (a === undefined || b === undefined ? unknown : [textOf(a) + textOf(b)])))
}

/** Whether a condition may hold. */
export function mayHold(condition: string, scope: Scope): boolean {
  const [, expression] = /^\s*\$\{\{((?:(?!\}\})[^])*)\}\}\s*$/.exec(condition) ?? []
  return evaluate(expression ?? condition, scope).some(value => value === undefined || isTrue(value))
}

type Token = { readonly kind: 'text' | 'number' | 'name' | 'mark'; readonly value: string }

const tokenPattern = /\s+|'((?:[^']|'')*)'|(\d+(?:\.\d+)*)|([A-Za-z_][\w-]*)|(==|!=|<=|>=|&&|\|\||[<>!()[\],.*])/y

/** `undefined`: no expression. */
function tokensOf(expression: string): Token[] | undefined {
  const tokens: Token[] = []
  for (tokenPattern.lastIndex = 0; tokenPattern.lastIndex < expression.length;) {
    const [, text, number, name, mark] = tokenPattern.exec(expression) ?? []
    if (text !== undefined) tokens.push({ kind: 'text', value: text.replaceAll("''", "'") })
    else if (number !== undefined) tokens.push({ kind: 'number', value: number })
    else if (name !== undefined) tokens.push({ kind: 'name', value: name })
    else if (mark !== undefined) tokens.push({ kind: 'mark', value: mark })
    else if (tokenPattern.lastIndex === 0) return undefined
  }
  return tokens
}

class ExpressionReader {
  readonly #tokens: readonly Token[]
  readonly #scope: Scope
  #at = 0
  #depth = 0
  #failed = false

  constructor(tokens: readonly Token[] | undefined, scope: Scope) {
    this.#tokens = tokens ?? []
    this.#failed = tokens === undefined
    this.#scope = scope
  }

  read(): readonly Value[] | undefined {
    const values = this.#or()
    return this.#failed || this.#at < this.#tokens.length ? undefined : values
  }

  #takes(mark: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'mark' || token.value !== mark) return false
    this.#at++
    return true
  }

  #fail(): readonly Value[] {
    this.#failed = true
    this.#at = this.#tokens.length
    return unknown
  }

  #or(): readonly Value[] {
    if (++this.#depth > maximumDepth) return this.#fail()
    let values = this.#and()
    while (this.#takes('||')) values = combined(values, this.#and(), either)
    this.#depth--
    return values
  }

  #and(): readonly Value[] {
    let values = this.#comparison()
    while (this.#takes('&&')) values = combined(values, this.#comparison(), both)
    return values
  }

  #comparison(): readonly Value[] {
    let values = this.#unary()
    for (;;) {
      if (this.#takes('==')) values = combined(values, this.#unary(), (a, b) => [areEqual(a, b)])
      else if (this.#takes('!=')) values = combined(values, this.#unary(), (a, b) => [negated(areEqual(a, b))])
      else if (['<=', '>=', '<', '>'].some(mark => this.#takes(mark))) {
        this.#unary()
        values = unknown
      } else return values
    }
  }

  #unary(): readonly Value[] {
    let negations = 0
    while (this.#takes('!')) negations++
    const values = this.#primary()
    if (negations === 0) return values
    return values.map(value => (value === undefined ? undefined : isTrue(value) === (negations % 2 === 0)))
  }

  #primary(): readonly Value[] {
    if (this.#takes('(')) {
      const values = this.#or()
      return this.#takes(')') ? values : this.#fail()
    }
    const token = this.#tokens[this.#at++]
    if (token?.kind === 'text') return [token.value]
    if (token?.kind === 'number') return [Number.isNaN(Number(token.value)) ? token.value : Number(token.value)]
    if (token?.kind !== 'name') return this.#fail()
    const name = token.value.toLowerCase()
    if (this.#takes('(')) return this.#call(name)
    if (name === 'true' || name === 'false') return [name === 'true']
    return name === 'null' ? [null] : this.#reference(name)
  }

  #call(name: string): readonly Value[] {
    const given: (readonly Value[])[] = []
    while (!this.#takes(')')) {
      if (this.#failed || this.#at >= this.#tokens.length) return this.#fail()
      given.push(this.#or())
      this.#takes(',')
    }
    const called = functions[name]
    const [first = unknown, ...others] = given
    // What a call gives may be indexed.
    const computed = this.#reference('')
    return called && computed === undefinedReference ? called(first, others) : unknown
  }

  /** The members named after a name: `.a`, `['a']`, `.*`. */
  #reference(name: string): readonly Value[] {
    const path = [name]
    for (;;) {
      if (this.#takes('.')) {
        const token = this.#tokens[this.#at++]
        path.push(token?.kind === 'name' || token?.kind === 'number' ? token.value.toLowerCase() : '*')
      } else if (this.#takes('[')) {
        const [index] = this.#or()
        if (!this.#takes(']')) return this.#fail()
        path.push(index === undefined ? '*' : textOf(index).toLowerCase())
      } else if (name === '') return path.length === 1 ? undefinedReference : unknown
      else return path.includes('*') ? unknown : [this.#scope(path.join('.'))]
    }
  }
}

const undefinedReference: readonly Value[] = []

type Function = (first: readonly Value[], others: readonly (readonly Value[])[]) => readonly Value[]

const onTexts = (judge: (text: string, part: string) => boolean): Function => (first, [second = unknown]) =>
  combined(first, second, (a, b) => [a === undefined || b === undefined ? undefined : judge(textOf(a).toLowerCase(), textOf(b).toLowerCase())])

const fold = (combine: (a: Value, b: Value) => readonly Value[]): Function => (first, others) => others.reduce((left, right) => combined(left, right, combine), first)

const functions: Readonly<Record<string, Function | undefined>> = Object.assign(Object.create(null) as object, {
  contains: onTexts((text, part) => text.includes(part)),
  startswith: onTexts((text, part) => text.startsWith(part)),
  endswith: onTexts((text, part) => text.endsWith(part)),
  eq: fold((a, b) => [areEqual(a, b)]),
  ne: fold((a, b) => [negated(areEqual(a, b))]),
  and: fold(both),
  or: fold(either),
  not: (first: readonly Value[]) => first.map(value => (value === undefined ? undefined : !isTrue(value))),
  in: (first: readonly Value[], others: readonly (readonly Value[])[]) => others.map(other => combined(first, other, (a, b) => [areEqual(a, b)])).reduce((left, right) => combined(left, right, either), [false]),
  always: () => [true],
  lower: (first: readonly Value[]) => first.map(value => (typeof value === 'string' ? value.toLowerCase() : value)),
  fromjson: (first: readonly Value[]) => first.map(value => (typeof value === 'string' && /^(true|false|\d+)$/.test(value) ? value === 'true' || (value !== 'false' && Number(value)) : undefined))
} satisfies Record<string, Function>)

/** `a && b`: of an `a` that nobody knows, either something false or `b`. */
function both(a: Value, b: Value): readonly Value[] {
  if (a === undefined) return b !== undefined && !isTrue(b) ? [false] : [false, b]
  return isTrue(a) ? [b] : [a]
}

/** `a || b`. */
function either(a: Value, b: Value): readonly Value[] {
  if (a === undefined) return [undefined, b]
  return isTrue(a) ? [a] : [b]
}

function combined(left: readonly Value[], right: readonly Value[], combine: (a: Value, b: Value) => readonly Value[]): readonly Value[] {
  const values = new Set<Value>()
  for (const a of left) for (const b of right) for (const value of combine(a, b)) values.add(value)
  return values.size > maximumValues ? unknown : [...values]
}

const isTrue = (value: Exclude<Value, undefined>): boolean => value !== false && value !== null && value !== '' && value !== 0

const negated = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value)

/** Both systems compare texts without regard to case. */
function areEqual(a: Value, b: Value): boolean | undefined {
  if (a === undefined || b === undefined) return undefined
  return textOf(a).toLowerCase() === textOf(b).toLowerCase()
}

const textOf = (value: Exclude<Value, undefined>): string => (value === null ? '' : String(value))
