import type { Guard } from '../command.ts'
import type { Char } from './cmd-character.ts'

export type Operator = '&' | '&&' | '|' | '||'

/** `>` and `>>`, and the file after it. */
export interface Redirection {
  readonly target: readonly Char[]
  readonly appends: boolean
}

/** A command of cmd's own or a program. */
export interface SimpleNode {
  readonly kind: 'simple'
  /** In lower case, holes as they are written. */
  readonly name: string
  /** All of it, as it goes to the program; `nameLength` of these characters are the name. */
  readonly chars: readonly Char[]
  readonly nameLength: number
  /** Where it writes what it prints. */
  readonly output?: Redirection | undefined
}

export interface LabelNode {
  readonly kind: 'label'
  readonly name: string
}

export interface IfNode {
  readonly kind: 'if'
  readonly guard: Guard | undefined
  readonly then: ListNode
  readonly otherwise: ListNode | undefined
}

export interface ForNode {
  readonly kind: 'for'
  /** The script in `in ('…')`. */
  readonly command: ListNode | undefined
  readonly body: ListNode
  /** What the body may assign to, `undefined` standing for a computed name. */
  readonly assigned: readonly (string | undefined)[]
}

export interface ListNode {
  readonly kind: 'list'
  readonly items: readonly { readonly operator: Operator; readonly node: Node }[]
  /** Where all of it writes what it prints. */
  readonly output?: Redirection | undefined
}

export type Node = SimpleNode | LabelNode | IfNode | ForNode | ListNode
