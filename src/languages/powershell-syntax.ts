/** A place in the script that is read (offsets into its text). */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Decoded characters of a string or bare word; `text` has the length of the span if they stand for themselves. */
export interface LiteralPart extends Span {
  readonly text: string
}

/** A part of a string that is computed; without an expression it is filled in before PowerShell runs, as `${{ … }}` is. */
export interface ComputedPart extends Span {
  readonly expression: Expression | undefined
}

export type Part = LiteralPart | ComputedPart

export interface StringExpression extends Span {
  readonly kind: 'string'
  readonly parts: readonly Part[]
  /** Whether it is a number, which `+` adds up. */
  readonly number?: true
}

export interface Variable extends Span {
  readonly kind: 'variable'
  /** In lower case, without `script:`, `global:`, `local:`, `private:` and `using:`. */
  readonly name: string
  /** Whether the script's or the session's own variable is meant, from wherever: `$script:x`, `$global:x`. */
  readonly outer: boolean
  readonly splat: boolean
}

/** `.name`, `::name`, `[index]`, with the arguments of a call. */
export interface Step {
  /** In lower case; empty if computed, or an index. */
  readonly name: string
  readonly index: boolean
  readonly arguments: readonly Expression[] | undefined
}

export interface HashEntry {
  /** In lower case; empty if computed. */
  readonly key: string
  /** Where the key is written. */
  readonly at: Span
  readonly value: Statement | undefined
}

export type Expression =
  | StringExpression
  | Variable
  | (Span & { readonly kind: 'array'; readonly elements: readonly Expression[] })
  | (Span & { readonly kind: 'group'; readonly open: '(' | '$(' | '@('; readonly body: Block })
  | (Span & { readonly kind: 'script'; readonly body: Block })
  | (Span & { readonly kind: 'hash'; readonly entries: readonly HashEntry[] })
  /** Operands of one precedence, from left to right; operators in lower case, with their dash. */
  | (Span & { readonly kind: 'operation'; readonly operands: readonly Expression[]; readonly operators: readonly string[] })
  | (Span & { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression })
  | (Span & { readonly kind: 'access'; readonly target: Expression; readonly steps: readonly Step[] })
  | (Span & { readonly kind: 'type'; readonly name: string; readonly arguments: readonly Expression[] })
  | (Span & { readonly kind: 'cast'; readonly type: string; readonly operand: Expression })
  | (Span & { readonly kind: 'ternary'; readonly operands: readonly [condition: Expression, yes: Expression, no: Expression] })
  | (Span & { readonly kind: 'unknown' })

/** `-Name`, `-Name:value`. */
export interface Parameter extends Span {
  readonly kind: 'parameter'
  readonly text: string
  /** What is glued to its colon. */
  readonly argument: Expression | undefined
}

/** Everything after `--%`, which PowerShell does not read. */
export interface Verbatim extends Span {
  readonly kind: 'verbatim'
}

export type Element = Expression | Parameter | Verbatim

export interface Invocation extends Span {
  readonly kind: 'invocation'
  readonly operator: '' | '&' | '.'
  readonly elements: readonly Element[]
  /** Targets of `>`. */
  readonly redirections: readonly Expression[]
}

export interface Block extends Span {
  readonly statements: readonly Statement[]
}

export interface Clause {
  readonly condition: Statement | undefined
  readonly body: Block
}

export interface ParameterDeclaration {
  readonly name: string
  readonly attributes: readonly Expression[]
  readonly value: Expression | undefined
}

export type Statement =
  | (Span & { readonly kind: 'pipeline'; readonly elements: readonly (Expression | Invocation)[]; readonly redirections: readonly Expression[] })
  /** Pipelines joined by `&&` and `||`. */
  | (Span & { readonly kind: 'chain'; readonly pipelines: readonly Statement[] })
  | (Span & { readonly kind: 'assignment'; readonly target: Expression; readonly operator: string; readonly value: Statement | undefined })
  | (Span & { readonly kind: 'if'; readonly clauses: readonly Clause[] })
  | (Span & { readonly kind: 'loop'; readonly variable: Expression | undefined; readonly heads: readonly Statement[]; readonly body: Block; readonly runs: 'maybe' | 'once' })
  | (Span & { readonly kind: 'switch'; readonly subject: Statement | undefined; readonly exact: boolean; readonly cases: readonly { readonly test: Expression | undefined; readonly body: Block }[] })
  | (Span & { readonly kind: 'try'; readonly body: Block; readonly catches: readonly Block[]; readonly last: Block | undefined })
  | (Span & { readonly kind: 'function'; readonly name: string; readonly parameters: readonly ParameterDeclaration[]; readonly body: Block })
  | (Span & { readonly kind: 'parameters'; readonly parameters: readonly ParameterDeclaration[] })
  /** `begin { }`, `trap { }` and other blocks with a word before them. */
  | (Span & { readonly kind: 'block'; readonly word: string; readonly body: Block })
  | (Span & { readonly kind: 'jump'; readonly word: string; readonly value: Statement | undefined })
